/**
 * The clients: what each asked last, whom, and what came back.
 *
 * @module views/stage/client
 */

import { clientBox } from '../../geometry/facts.js';
import { bow, curve } from '../../geometry/flight.js';
import { overlap, shared, textWidth } from '../../geometry/labels.js';
import { about } from '../../lib/ask.js';
import { value as printed } from '../../lib/format.js';
import { attr, keyed, svg, text, toggle } from '../../lib/svg.js';
import { isWord, t } from '../../lib/words.js';
import { calm } from '../parts/visible.js';

/** @typedef {import('../../types.js').ClientView} ClientView */
/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('./layout.js').Layout} Layout */

/** More clients than this are not drawn. */
const MOST = 4;

/** @param {string} text @param {number} most */
function short(text, most) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/**
 * @param {ClientView} client
 * @returns {string} What it asked, in one line.
 */
export function asked(client) {
  const { op, key, value } = client.request;
  if (op === 'set') return `${key}=${printed(value)}`;
  if (op === 'cas') return `${key}: ${printed(client.request.expected)}→${printed(value)}`;
  const known = `client.op.${op}`;
  return isWord(known) ? t(known, { key }) : `${op} ${key}`;
}

/**
 * @param {ClientView} client
 * @returns {string} The last word between it and the cluster.
 */
export function lastWord(client) {
  const question = short(asked(client), 15);
  if (client.outcome === 'waiting' && (client.attempt ?? 1) > 1) return t('client.retry', { asked: question, attempt: client.attempt ?? 1 });
  if (client.outcome === 'waiting') return t('client.waiting', { asked: question });
  if (client.outcome === 'ok') {
    if (client.request.op === 'read' || client.request.op === 'get') {
      const answer = client.value === null || client.value === undefined ? t('client.nothing') : printed(client.value);
      return t('client.is', { key: short(client.request.key, 8), value: short(answer, 12) });
    }
    return t('client.ok', { asked: question });
  }
  if (client.outcome === 'unknown') return t('client.unknown', { asked: question });
  return client.hint ? t('client.redirected', { node: short(client.hint, 10) }) : t('client.refused', { asked: question });
}

/** Room for a client's box, from the middle of one to the middle of the next, px. */
const APART = Object.freeze({ across: 132, least: 92, down: 78 });

/**
 * @param {number} index
 * @param {number} count Of all clients.
 * @param {Layout} layout
 * @returns {{x: number, y: number}} Where a client stands: at the left edge, one above the other, or at the bottom in a row.
 */
export function standing(index, count, { ring: { client, narrow, slim }, width, scale }) {
  const middle = index - (count - 1) / 2;
  if (narrow) return { x: client.x + (middle * (width - 40)) / count, y: client.y };
  if (!slim) return { x: client.x, y: client.y + middle * APART.down * scale };
  const room = count > 1 ? (width - 2 * client.x) / (count - 1) : 0;
  return { x: client.x + index * Math.min(APART.across * scale, Math.max(APART.least * scale, room)), y: client.y };
}

/**
 * @param {SVGGElement} lines Below the nodes.
 * @param {SVGGElement} boxes Above them.
 * @param {(id: string) => void} pick A client was clicked.
 * @returns {{update: (model: Model, layout: Layout) => void, boxes: () => import('../../geometry/labels.js').Box[], at: (id: string) => {x: number, y: number}|null}}
 */
export function createClients(lines, boxes, pick) {
  /** @type {Record<string, ClientView>|null} */
  let held = null;
  /** @type {Layout|null} */
  let drawn = null;
  /** @type {Array<{id: string, client: ClientView|null, x: number, y: number}>} */
  let list = [];
  /** @type {import('../../geometry/labels.js').Box[]} */
  let taken = [];

  /** What clients say, as far as it has its place. @type {import('../../geometry/labels.js').Box[]} */
  let spoken = [];

  /** @typedef {(typeof list)[number]} Item */

  /**
   * @param {Item} item
   * @param {Layout} layout
   * @returns {{to: import('../../geometry/flight.js').Point, control: import('../../geometry/flight.js').Point}|null} The way to the node it asked.
   */
  function way(item, layout) {
    const { places } = layout.ring;
    const node = item.client ? places[item.client.to] : null;
    if (!item.client || !node) return null;
    const others = layout.ids.filter((id) => id !== item.client?.to).map((id) => places[id]);
    const control = bow(item, node, others, layout.radius + 16 * layout.scale, layout);
    const length = Math.hypot(node.x - control.x, node.y - control.y) || 1;
    const stop = (length - layout.gap) / length;
    return { control, to: { x: control.x + (node.x - control.x) * stop, y: control.y + (node.y - control.y) * stop } };
  }

  const drawLines = keyed(
    lines,
    (/** @type {Item} */ item) => item.id,
    () => svg('path', { class: 'client-line' }),
    (line, item) => {
      const found = drawn && way(item, drawn);
      toggle(line, 'on', Boolean(found));
      if (found) {
        const [x, y, cx, cy] = [found.to.x, found.to.y, found.control.x, found.control.y].map((each) => each.toFixed(1));
        attr(line, 'd', `M${item.x} ${item.y}Q${cx} ${cy} ${x} ${y}`);
      }
      attr(line, 'data-outcome', item.client?.outcome ?? null);
    },
  );

  const drawBoxes = keyed(
    boxes,
    (/** @type {Item} */ item) => item.id,
    ({ id }) => {
      const group = svg('g', { class: 'client', 'data-client': id, onclick: () => pick(id) }, [
        svg('rect', { class: 'client-box' }),
        svg('text', { class: 'client-name', 'text-anchor': 'middle' }), ' ',
        svg('rect', { class: 'client-pill' }),
        svg('text', { class: 'client-word', 'text-anchor': 'middle' }),
        svg('circle', { class: 'client-dot', r: 5 }),
      ]);
      return group;
    },
    (group, item) => {
      if (!drawn) return;
      const { scale } = drawn;
      const [body, name, pill, word] = group.children;
      attr(group, 'transform', `translate(${item.x} ${item.y})`);
      const own = clientBox(item, scale);
      const { width: wide, height: high } = own;
      for (const [key, each] of Object.entries({ x: -wide / 2, y: -high / 2, width: wide, height: high, rx: high / 2 })) attr(body, key, each);
      text(name, item.id === 'client' ? t('client.name') : short(item.id, 9));
      attr(name, 'y', 5 * scale);
      toggle(group, 'spoken', Boolean(item.client));
      attr(group, 'data-outcome', item.client?.outcome ?? null);
      attr(group, 'data-ask', item.client ? about('client', item.id) : null);
      const said = item.client ? lastWord(item.client) : '';
      attr(group, 'aria-label', t('client.open', { client: item.id, says: said || t('not.asked') }));
      const width = textWidth(said, 12 * scale, true) + 20 * scale;
      const tall = 24 * scale;
      const above = -high / 2 - tall - 8 * scale;
      const middle = Math.max(width / 2 + 6 - item.x, Math.min(drawn.width - item.x - width / 2 - 6, 0));
      const box = (/** @type {[number, number]} */ [x, top]) => ({ x: item.x + x - width / 2, y: item.y + top, width, height: tall });
      const { obstacles, width: edge, height: bottom } = drawn;
      const row = list.length > 1 && (drawn.ring.slim || drawn.ring.narrow);
      const below = high / 2 + 8 * scale;
      const line = tall + 4 * scale;
      const beside = wide / 2 + 6 * scale + width / 2;
      /** @type {Array<[number, number]>} Over it, below it, beside it, and further away where others speak there. */
      const places = [
        [middle, above], [middle, below], [beside, -tall / 2], [middle, above - line], [middle, below + line], [-beside, -tall / 2],
        [middle, above - 2 * line], ...(row ? [] : /** @type {Array<[number, number]>} */ ([[beside, above], [beside, above - line]])),
      ];
      const others = list.filter((each) => each !== item).map((each) => clientBox(each, scale));
      const clear = (/** @type {import('../../geometry/labels.js').Box} */ at, /** @type {import('../../geometry/labels.js').Box[]} */ of) => !of.some((each) => overlap(each, at));
      const inside = (/** @type {{x: number, y: number}} */ { x, y }) => x >= 0 && y >= 0 && x + width <= edge && y + tall <= bottom;
      const open = places.filter((each) => inside(box(each)) && clear(box(each), [...others, ...spoken]));
      // Rather over what a node says than over what another client says, and over as little of it as can be.
      const covers = (/** @type {[number, number]} */ each) => obstacles.reduce((sum, one) => sum + shared(one, box(each)), 0);
      const place = open.reduce((best, each) => (covers(each) < covers(best) ? each : best), open[0] ?? places[0]);
      if (said) spoken.push(box(place));
      const [x, y] = place;
      text(word, said);
      attr(word, 'x', x);
      attr(word, 'y', y + 16 * scale);
      for (const [key, each] of Object.entries({ x: x - width / 2, y, width, height: tall, rx: tall / 2 })) attr(pill, key, each);
      taken.push(own);
      if (said) taken.push(box(place));
    },
  );

  /** A dot runs between client and node when something was said. @param {Item} item @param {boolean} outward @param {Layout} layout */
  function run(item, outward, layout) {
    const found = way(item, layout);
    const group = [...boxes.children].find((_, i) => list[i] === item);
    const dot = group?.querySelector('.client-dot');
    if (!found || !dot || calm()) return;
    const points = curve({ x: 0, y: 0 }, { x: found.control.x - item.x, y: found.control.y - item.y }, { x: found.to.x - item.x, y: found.to.y - item.y }, 10);
    if (!outward) points.reverse();
    dot.animate(
      points.map(({ x, y }) => ({ transform: `translate(${x}px, ${y}px)`, opacity: 1 })),
      { duration: 420, easing: 'ease-in-out' },
    );
  }

  return {
    update(model, layout) {
      const { clients } = model.view;
      if (clients === held && layout === drawn) return;
      const before = held;
      const moved = layout !== drawn;
      held = clients;
      drawn = layout;
      const ids = Object.keys(clients).slice(-MOST);
      const shown = ids.length > 0 ? ids : ['client'];
      list = shown.map((id, i) => ({ id, client: clients[id] ?? null, ...standing(i, shown.length, layout) }));
      taken = [];
      spoken = [];
      drawLines(list);
      drawBoxes(list);
      if (moved || !before || !model.playing) return;
      for (const item of list) {
        const was = before[item.id];
        if (!item.client || item.client === was) continue;
        if (item.client.outcome === 'waiting') run(item, true, layout);
        else if (was?.outcome === 'waiting') run(item, false, layout);
      }
    },
    boxes: () => taken,
    at: (id) => list.find((each) => each.id === id) ?? null,
  };
}
