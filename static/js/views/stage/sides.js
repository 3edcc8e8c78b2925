/**
 * The sides of a partition: a tinted area behind each, named.
 *
 * @module views/stage/sides
 */

import { settle, textWidth } from '../../geometry/labels.js';
import { area, sides } from '../../geometry/sides.js';
import { attr, keyed, svg, text } from '../../lib/svg.js';
import { currentConfiguration } from '../parts/roles.js';

/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../geometry/sides.js').Side} Side */
/** @typedef {import('./layout.js').Layout} Layout */
/** @typedef {import('../../geometry/labels.js').Box} Box */

/** @type {Box[]} */
const NOTHING = [];

/**
 * @param {SVGGElement} areas Below the links.
 * @param {SVGGElement} names Above them.
 * @returns {{update: (model: Model, layout: Layout, taken?: Box[]) => Side[], boxes: () => Box[]}} Gives
 *   the sides that stand; `boxes` is where their names are.
 */
export function createSides(areas, names) {
  /** @type {Record<string, any>|null} */
  let links = null;
  /** @type {Layout|null} */
  let drawn = null;
  /** @type {Side[]} */
  let found = [];
  /** @type {Box[]} */
  let named = [];

  const drawAreas = keyed(
    areas,
    (/** @type {Side} */ side) => side.key,
    () => svg('path', { class: 'side-area' }),
    (path, side) => {
      if (!drawn) return;
      const layout = drawn;
      const margin = layout.radius + 30 * layout.scale;
      const at = (/** @type {string} */ id) => layout.ring.places[id];
      const others = found.filter((each) => each !== side).map((each) => each.ids.map(at));
      attr(path, 'd', area(side.ids.map(at), others, margin + layout.radius * 0.6));
      attr(path, 'stroke-width', margin * 2);
      attr(path, 'data-kind', side.kind);
    },
  );

  const drawNames = keyed(
    names,
    (/** @type {Side} */ side) => side.key,
    () => svg('text', { class: 'side-name', 'text-anchor': 'middle' }),
    (name, side) => {
      attr(name, 'data-kind', side.kind);
      text(name, side.name);
    },
  );

  /** Put each name above its side, or below, where it covers no node, and nothing else that is written. @param {Layout} layout @param {Box[]} taken */
  function placeNames(layout, taken) {
    const high = 20 * layout.scale;
    const reach = layout.radius + 32 * layout.scale;
    const labels = found.map((side) => {
      const width = textWidth(side.name, 13 * layout.scale) + 8;
      const places = side.ids.map((id) => layout.ring.places[id]);
      const top = Math.min(...places.map((each) => each.y)) - reach - high;
      const bottom = Math.max(...places.map((each) => each.y)) + reach;
      const middle = places.reduce((sum, each) => sum + each.x, 0) / places.length;
      const highest = places.reduce((best, each) => (each.y < best.y ? each : best));
      const lowest = places.reduce((best, each) => (each.y > best.y ? each : best));
      const box = (/** @type {number} */ x, /** @type {number} */ y) => ({
        x: Math.max(4, Math.min(layout.width - width - 4, x - width / 2)),
        y: Math.max(2, Math.min(layout.height - high - 26 * layout.scale, y)),
        width,
        height: high,
      });
      const beside = places.flatMap((each) => {
        const x = each.x + (each.side === 'left' ? -1 : 1) * (reach + width / 2 - 18 * layout.scale);
        return [box(x, each.y + 24 * layout.scale), box(x, each.y - reach - high)];
      });
      const options = [box(middle, top), box(highest.x, top), box(middle, bottom), box(lowest.x, bottom), ...beside];
      return { id: side.key, weight: side.ids.length, places: options };
    });
    const { client } = layout.ring;
    const reserved = { x: client.x - 50 * layout.scale, y: client.y - 56 * layout.scale, width: 100 * layout.scale, height: 78 * layout.scale };
    const shown = settle(labels, [...layout.obstacles, reserved, ...taken]);
    named = [];
    labels.forEach((label, i) => {
      const at = shown.get(label.id);
      const element = names.children[i];
      // A name without a place of its own would cover what matters more; the area still has its colour.
      attr(element, 'visibility', at === undefined ? 'hidden' : null);
      if (at === undefined) return;
      const place = label.places[at];
      named.push(place);
      attr(element, 'x', place.x + place.width / 2);
      attr(element, 'y', place.y + high * 0.72);
    });
  }

  let voted = '';
  /** What else was written, when the names were placed. @type {Box[]} */
  let others = [];

  return {
    update(model, layout, taken = NOTHING) {
      const configuration = currentConfiguration(model);
      const votes = configuration ? `${configuration.members} ${configuration.old}` : '';
      if (model.view.links === links && layout === drawn && votes === voted && taken === others) return found;
      others = taken;
      links = model.view.links;
      drawn = layout;
      voted = votes;
      found = sides(layout.ids, model.view.links, configuration);
      drawAreas(found);
      drawNames(found);
      placeNames(layout, taken);
      return found;
    },
    boxes: () => named,
  };
}
