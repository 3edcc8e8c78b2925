/**
 * A stage off the screen: drawn by the parts that draw the page's own, at a size and in a theme of its
 * own, so that a figure is the same from every device. `copyStage` takes down what stands on it.
 *
 * @module takeaway/studio
 */

import { attr, html, style, svg } from '../lib/svg.js';
import { createClients } from '../views/stage/client.js';
import { createLayouts } from '../views/stage/layout.js';
import { createLinks } from '../views/stage/links.js';
import { createMessages } from '../views/stage/messages.js';
import { createNodes } from '../views/stage/nodes.js';
import { createSides } from '../views/stage/sides.js';

/** @typedef {import('../types.js').Model} Model */
/** @typedef {{width: number, height: number, scale?: number}} Size px; `scale` of type and strokes, the usual one if left out. */

/**
 * @typedef {object} Stage
 * @property {HTMLElement} root
 * @property {SVGSVGElement} dials Timers, behind the picture.
 * @property {SVGSVGElement} picture
 * @property {HTMLElement} air Messages, before it.
 * @property {(model: Model, size: Size) => void} draw
 */

const nothing = () => {};

/**
 * A stage that is only looked at: nothing on it can be chosen.
 * @param {HTMLElement} root What it fills.
 * @returns {Stage}
 */
export function createStill(root) {
  const layer = (/** @type {string} */ name) => svg('g', { class: `layer-${name}` });
  const layers = {
    areas: layer('areas'), clientLines: layer('client-lines'), links: layer('links'), nodes: layer('nodes'),
    marks: layer('marks'), names: layer('side-names'), clients: layer('clients'),
  };
  const hatch = svg('pattern', { id: 'hatch', width: 7, height: 7, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }, [
    svg('line', { x1: 0, y1: 0, x2: 0, y2: 7, class: 'hatch-line' }),
  ]);
  const picture = svg('svg', { class: 'stage-picture' }, [
    svg('defs', {}, [hatch]), layers.areas, layers.clientLines, layers.links, layers.marks, layers.names, layers.nodes, layers.clients,
  ]);
  const dials = svg('svg', { class: 'stage-dials' });
  const air = html('div', { class: 'stage-air' });
  root.append(dials, picture, air);

  const sides = createSides(layers.areas, layers.names);
  const links = createLinks(layers.links, layers.marks, nothing);
  const nodes = createNodes(layers.nodes, dials, nothing);
  const messages = createMessages(air, nothing, nothing);
  const clients = createClients(layers.clientLines, layers.clients, nothing);
  const layouts = createLayouts();

  return {
    root, dials, picture, air,
    draw(model, { width, height, scale = 1 }) {
      const layout = layouts(model, { width, height, scale });
      for (const each of [picture, dials]) attr(each, 'viewBox', `0 0 ${width} ${height}`);
      clients.update(model, layout);
      sides.update(model, layout, clients.boxes());
      const written = [...layout.obstacles, ...clients.boxes(), ...sides.boxes()];
      links.update(model, layout, written);
      nodes.update(model, layout);
      messages.update(model, layout, [...written, ...links.boxes()]);
    },
  };
}

/**
 * @param {'light'|'dark'} theme
 * @returns {Stage & {close: () => void}} Out of sight, for as long as it is not closed.
 */
export function createStudio(theme) {
  const root = html('div', { class: 'stage studio', 'data-scheme': theme, 'aria-hidden': 'true', inert: true });
  document.body.append(root);
  const still = createStill(root);
  return {
    ...still,
    draw(model, size) {
      style(root, 'width', `${size.width}px`);
      style(root, 'height', `${size.height}px`);
      still.draw(model, size);
    },
    close: () => root.remove(),
  };
}
