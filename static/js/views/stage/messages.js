/**
 * The messages in the air: requests are filled, replies hollow. Their labels fold away before
 * they overlap; a message that is lost turns into a cross where it dies. They are elements of
 * their own over the picture, so that a frame only moves them and nothing is painted anew.
 *
 * @module views/stage/messages
 */

import { along, lane } from '../../geometry/flight.js';
import { settle, textWidth } from '../../geometry/labels.js';
import { about } from '../../lib/ask.js';
import { glide, put } from '../../lib/glide.js';
import { attr, html, keyed, style, svg, text, toggle } from '../../lib/svg.js';
import { isWord, t } from '../../lib/words.js';

/** @typedef {import('../../types.js').Flight} Flight */
/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('./layout.js').Layout} Layout */
/** @typedef {import('../../geometry/labels.js').Box} Box */

/** @param {Flight} flight @returns {string} How it was lost. */
function lost({ why }) {
  const key = `lost.${why}`;
  return isWord(key) ? t(key) : t('lost.other');
}

/**
 * @param {Flight} flight
 * @returns {number} Which labels stay when room is short: votes and entries before heartbeats.
 */
export function weight(flight) {
  const { message } = flight;
  if (flight.fade > 0) return 5;
  if (message.type === 'RequestVote' || message.type === 'PreVote') return message.reply ? 4 : 3;
  if (message.type !== 'AppendEntries') return 3;
  if (message.reply) return message.success ? 1 : 4;
  return Array.isArray(message.entries) && message.entries.length > 0 ? 3 : 0;
}

/** @param {{x: number, y: number}} place */
const shift = ({ x, y }) => `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;

/** @param {Flight} flight @param {string} detail @returns {string} What it is, and from whom to whom. */
function says({ label, message }, detail) {
  return t('message.says', { label, detail, from: message.from, to: message.to });
}

/**
 * What belongs to one message. Most are never named and never die: their label and their cross
 * are made when they are first shown.
 * @typedef {{group: HTMLElement, label: HTMLElement|null, detail: HTMLElement|null, death: SVGElement|null, said: string, width: number, scale: number, held: number, x: number, y: number, angle: number}} Parts
 */

/** @param {Parts} part @param {Flight} flight @returns {HTMLElement} What is written beside it. */
function labelOf(part, flight) {
  if (!part.label) {
    part.detail = html('span', { class: 'message-detail', text: part.said });
    part.label = html('span', { class: 'message-label' }, [html('span', { class: 'message-name', text: flight.label }), ' ', part.detail]);
    part.group.append(part.label);
  }
  return part.label;
}

/** @param {Parts} part */
function cross(part) {
  if (part.death) return;
  part.death = svg('svg', { class: 'message-death', viewBox: '-8 -8 16 16', 'aria-hidden': 'true' }, [svg('path', { d: 'M-6 -6L6 6M6 -6L-6 6' })]);
  part.group.firstElementChild?.after(part.death);
}

/**
 * @param {HTMLElement} layer
 * @param {(id: string) => void} pick A message was clicked.
 * @param {(id: number|null) => void} point A message is pointed at.
 * @param {import('./crowd.js').Crowd|null} [crowd] Who draws them where they are very many; nobody in a picture to take away.
 * @returns {{update: (model: Model, layout: Layout, taken: Box[]) => void, at: (id: string) => {x: number, y: number}|null}}
 */
export function createMessages(layer, pick, point, crowd = null) {
  /** @type {Map<number, Parts>} */
  const parts = new Map();
  const way = html('div', { class: 'message-lane' });
  layer.before(way);
  /** @type {Layout|null} */
  let drawn = null;
  /** @type {Model|null} */
  let shown = null;
  /** Whether a crowd is painted, which the elements only follow. */
  let crowded = false;
  /** What else is written on the stage, as it was drawn last. */
  let around = '';

  const draw = keyed(
    layer,
    (/** @type {Flight} */ flight) => flight.id,
    (flight) => {
      const { message } = flight;
      const group = html(
        'div',
        {
          class: 'message',
          'data-message': flight.id,
          'data-ask': about('message', flight.id),
          'data-type': message.type,
          'data-reply': message.reply ? 'true' : null,
          'data-weight': weight(flight) === 0 ? 'light' : null,
          title: says(flight, flight.detail),
          onclick: () => pick(String(flight.id)),
          onpointerenter: () => point(flight.id),
          onpointerleave: () => point(null),
        },
        [html('span', { class: 'message-dot' })],
      );
      parts.set(flight.id, { group, label: null, detail: null, death: null, said: flight.detail, width: 0, scale: 0, held: -1, x: 0, y: 0, angle: 0 });
      return group;
    },
    (group, flight) => {
      const part = parts.get(flight.id);
      if (!part || !drawn) return;
      const [from, to] = [drawn.ring.places[flight.message.from], drawn.ring.places[flight.message.to]];
      if (!from || !to) return;
      const on = lane(from, to, drawn.gap, drawn.lane);
      const gone = flight.fade > 0 && flight.dies !== null ? flight.dies : flight.fraction;
      const at = along(on, gone);
      part.x = at.x;
      part.y = at.y;
      part.angle = on.angle;
      if (crowded) put(group, shift(at));
      else glide(group, shift(along(on, 0)), shift(along(on, 1)), gone);
      const dead = flight.fade > 0;
      toggle(group, 'dead', dead);
      style(group, 'opacity', dead ? Math.max(0, 1 - flight.fade ** 2).toFixed(2) : null);
      const said = dead ? lost(flight) : flight.detail;
      if (dead) cross(part);
      if (said !== part.said) {
        part.said = said;
        if (part.detail) text(part.detail, said);
        attr(group, 'title', says(flight, said));
      }
      if (part.scale === drawn.scale && !dead) return;
      part.scale = drawn.scale;
      part.width = Math.max(textWidth(flight.label, 13.5 * drawn.scale), textWidth(said, 12 * drawn.scale, true)) + 4;
    },
  );

  /** @param {Part} part @param {number} scale @returns {Beside[]} Beside the dot on the lane's outer side first. */
  function options(part, scale) {
    const [width, height, gap] = [part.width, 33 * scale, 12 * scale];
    const beside = (/** @type {number} */ dx, /** @type {number} */ dy) => ({ x: part.x + dx, y: part.y + dy, width, height, dx, dy });
    const right = beside(gap, -height / 2);
    const left = beside(-gap - width, -height / 2);
    const above = beside(-width / 2, -gap - height);
    const below = beside(-width / 2, gap);
    const steep = Math.abs(Math.sin(part.angle)) > 0.8;
    const outwardLeft = Math.sin(part.angle) > 0;
    const outwardBelow = Math.cos(part.angle) > 0;
    if (steep) return outwardLeft ? [left, right, above, below] : [right, left, above, below];
    return outwardBelow ? [below, above, right, left] : [above, below, right, left];
  }

  /** @typedef {Parts} Part */
  /** @typedef {Box & {dx: number, dy: number}} Beside How far from the dot it is, too. */

  /** @param {Flight[]} flights @param {Layout} layout @param {Box[]} taken */
  function placeLabels(flights, layout, taken) {
    const dot = 9 * layout.scale;
    const all = [...taken];
    const wanted = [];
    for (const flight of flights) {
      const part = parts.get(flight.id);
      if (!part) continue;
      all.push({ x: part.x - dot, y: part.y - dot, width: dot * 2, height: dot * 2 });
      wanted.push({ id: flight.id, flight, weight: weight(flight), places: options(part, layout.scale), held: part.held });
    }
    const within = { x: 2, y: 2, width: layout.width - 4, height: layout.height - 4 };
    const shownAt = settle(wanted, all, within);
    for (const { id, flight, places } of wanted) {
      const part = parts.get(id);
      if (!part) continue;
      const place = shownAt.get(id);
      if (place === undefined) {
        if (part.label) toggle(part.label, 'folded', true);
        continue;
      }
      const label = labelOf(part, flight);
      toggle(label, 'folded', false);
      part.held = place;
      const box = places[place];
      const align = box.dx > 0 ? 'start' : box.dx + box.width < 0 ? 'end' : 'center';
      style(label, 'transform', shift({ x: box.dx, y: box.dy }));
      style(label, 'width', `${Math.ceil(box.width)}px`);
      style(label, 'align-items', align);
    }
  }

  /** The way of the message that is pointed at, where it is not in the air. @param {Model} model @param {Layout} layout */
  function drawWay({ pointed, arrow }, layout) {
    const message = pointed === null || parts.has(pointed) ? undefined : arrow(pointed)?.message;
    const [from, to] = message ? [layout.ring.places[message.from], layout.ring.places[message.to]] : [];
    toggle(way, 'on', Boolean(from && to));
    if (!from || !to) return;
    const on = lane(from, to, layout.gap, layout.lane);
    style(way, 'width', `${Math.hypot(on.x2 - on.x1, on.y2 - on.y1).toFixed(1)}px`);
    style(way, 'transform', `translate(${on.x1.toFixed(1)}px, ${on.y1.toFixed(1)}px) rotate(${on.angle.toFixed(4)}rad)`);
  }

  return {
    update(model, layout, taken) {
      const others = taken.map(({ x, y, width }) => `${Math.round(x)} ${Math.round(y)} ${Math.round(width)}`).join();
      const same = shown && layout === drawn && model.flights === shown.flights && model.selection === shown.selection && model.pointed === shown.pointed && others === around;
      around = others;
      if (same) return;
      const how = crowd?.draw(model, layout) ?? 'alone';
      if (how === 'wait') return;
      drawn = layout;
      shown = model;
      crowded = how === 'follow';
      draw(model.flights);
      if (parts.size > model.flights.length) {
        const alive = new Set(model.flights.map((each) => each.id));
        for (const id of parts.keys()) if (!alive.has(id)) parts.delete(id);
      }
      const chosen = model.selection?.kind === 'message' ? model.selection.id : null;
      const named = how === 'alone' ? model.flights : model.flights.filter(({ id }) => String(id) === chosen || id === model.pointed);
      placeLabels(named, layout, taken);
      for (const [id, part] of parts) {
        toggle(part.group, 'selected', String(id) === chosen);
        toggle(part.group, 'pointed', id === model.pointed);
      }
      drawWay(model, layout);
    },
    at(id) {
      const part = parts.get(Number(id));
      return part ? { x: part.x, y: part.y } : null;
    },
  };
}
