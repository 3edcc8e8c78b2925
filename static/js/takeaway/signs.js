/**
 * The legend: what the signs of a figure mean, and no others.
 *
 * @module takeaway/signs
 */

import { outline } from '../geometry/kinds.js';
import { firstFrom } from '../geometry/spacetime.js';
import { t } from '../lib/words.js';
import { endOf, ended } from '../views/parts/diagram.js';
import { part, widthOf } from './markup.js';

/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('../types.js').Arrow} Arrow */
/** @typedef {import('../types.js').RoleSpan} RoleSpan */
/** @typedef {import('./markup.js').Part} Part */
/** @typedef {import('./moment.js').Span} Span */
/** @typedef {import('./inks.js').Inks} Inks */

/** All signs, in the order in which a legend lists them. */
export const SIGNS = /** @type {const} */ ([
  'leader', 'candidate', 'precandidate', 'follower', 'crashed', 'timer', 'hand',
  'AppendEntries', 'RequestVote', 'PreVote', 'TimeoutNow', 'InstallSnapshot', 'reply', 'lost', 'open', 'cut', 'stretched',
]);

/** @typedef {(typeof SIGNS)[number]} Sign */

/**
 * @param {Model} model
 * @returns {Set<string>} The signs that the stage shows at a moment.
 */
export function signsOnStage({ view, nodes, flights }) {
  /** @type {Set<string>} */
  const found = new Set();
  for (const id of nodes) {
    const node = view.nodes[id];
    if (!node) continue;
    found.add(node.crashed ? 'crashed' : node.state);
    const timer = node.timers?.election;
    if (timer && !node.crashed && node.state !== 'leader') found.add(timer.due === null ? 'hand' : 'timer');
  }
  for (const { message, fade } of flights) {
    if (fade > 0) found.add('lost');
    else found.add(message.type);
    if (message.reply && fade === 0) found.add('reply');
  }
  if (Object.values(view.links).some(({ cut }) => cut)) found.add('cut');
  return found;
}

/**
 * @param {Pick<Model, 'arrows'|'roles'>} model
 * @param {Span} span
 * @param {number} seen Events after this one are not shown.
 * @returns {Set<string>} The signs that the space-time diagram shows.
 */
export function signsInDiagram({ arrows, roles }, span, seen) {
  /** @type {Set<string>} */
  const found = new Set();
  for (const spans of Object.values(roles)) {
    const first = Math.max(0, firstFrom(spans, span.p0, (/** @type {RoleSpan} */ each) => each.p) - 1);
    for (const { p, seq, role, crashed } of spans.slice(first)) {
      if (p > span.p1 || seq > seen) break;
      found.add(crashed ? 'crashed' : role);
    }
  }
  for (const arrow of arrows) {
    const { message, p0, sentSeq, end } = arrow;
    if (p0 > span.p1 || sentSeq > seen) break;
    if (endOf(arrow, seen) < span.p0) continue;
    found.add(message.type);
    if (message.reply) found.add('reply');
    if (!ended(arrow, seen)) found.add('open');
    else if (end === 'dropped') found.add('lost');
  }
  return found;
}

/** What a sign takes of a row beside its words, px, and how high rows are. */
const [SIGN, GAP, ROW, TYPE] = [29, 20, 26, 12.5];

/**
 * @param {Sign} sign
 * @param {Inks} ink
 * @returns {Part[]} Around 0, 0.
 */
function drawn(sign, ink) {
  const circle = (/** @type {number} */ r, /** @type {Record<string, any>} */ more) => part('circle', { r, ...more });
  switch (sign) {
    case 'leader': return [circle(9, { fill: 'none', stroke: ink.leader, 'stroke-width': 1.8 }), circle(6, { fill: ink.leader })];
    case 'candidate': return [circle(8, { fill: ink.candidate, stroke: ink.card, 'stroke-width': 1.4, 'stroke-dasharray': '3.5 2.5' })];
    case 'precandidate': return [circle(7.5, { fill: ink.precandidate, stroke: ink.candidate, 'stroke-width': 1.6, 'stroke-dasharray': '2 3' })];
    case 'follower': return [circle(7.5, { fill: ink.follower })];
    case 'crashed': return [circle(7.5, { fill: ink['dead-soft'], stroke: ink.dead, 'stroke-width': 1.2 }), part('path', { d: 'M-5 3L3 -5M-3 5.500L5.500 -3', stroke: ink.dead, 'stroke-width': 1 })];
    case 'timer':
    case 'hand': return [
      circle(7.5, { fill: 'none', stroke: ink.lane, 'stroke-width': 2.6 }),
      part('path', { d: sign === 'timer' ? 'M0 -7.5A7.5 7.5 0 1 1 -7.5 0' : 'M0 -7.5A7.5 7.5 0 1 1 -0.01 -7.5', fill: 'none', stroke: ink.follower, 'stroke-width': 2.6, 'stroke-opacity': sign === 'hand' ? 0.42 : null }),
    ];
    case 'RequestVote': return [part('path', { d: outline('up', 5.4), fill: ink.candidate })];
    case 'PreVote': return [part('path', { d: outline('diamond', 5), fill: ink.question })];
    case 'TimeoutNow': return [part('path', { d: outline('down', 5.4), fill: ink.leader })];
    case 'InstallSnapshot': return [part('rect', { x: -5.5, y: -5.5, width: 11, height: 11, rx: 1.5, fill: ink.snapshot })];
    case 'reply': return [circle(4.8, { fill: ink.card, stroke: ink.accent, 'stroke-width': 2.4 })];
    case 'lost': return [part('path', { d: 'M-5 -5L5 5M5 -5L-5 5', stroke: ink.danger, 'stroke-width': 2.2, 'stroke-linecap': 'round' })];
    case 'open': return [part('path', { d: 'M-12 0H0', stroke: ink.accent, 'stroke-width': 1.6 }), part('path', { d: 'M0 0H12', stroke: ink.accent, 'stroke-width': 1.6, 'stroke-opacity': 0.35 })];
    case 'stretched': return [part('path', { d: 'M-11 3H11M-11 3V-4M-7 3V-4M4 3V-4M11 3V-4', fill: 'none', stroke: ink['ink-3'], 'stroke-width': 1.2 })];
    case 'cut': return [part('path', { d: 'M-12 0H12', stroke: ink.danger, 'stroke-width': 1.6, 'stroke-dasharray': '4 3' }), part('path', { d: 'M-3.5 -3.5L3.5 3.5M3.5 -3.5L-3.5 3.5', stroke: ink.danger, 'stroke-width': 1.8, 'stroke-linecap': 'round' })];
    default: return [circle(6, { fill: ink.accent })];
  }
}

/**
 * @param {Set<string>} occurring
 * @param {number} width px.
 * @param {Inks} ink
 * @returns {{part: Part, height: number}} Rows that are as long as there is room; of height 0 where nothing occurs.
 */
export function legend(occurring, width, ink) {
  /** @type {Part[]} */
  const children = [];
  let [x, y] = [0, ROW / 2];
  for (const sign of SIGNS.filter((each) => occurring.has(each))) {
    const said = t(`takeaway.sign.${sign}`);
    const wide = SIGN + widthOf(said, TYPE);
    if (x > 0 && x + wide > width) [x, y] = [0, y + ROW];
    children.push(
      part('g', { transform: `translate(${x + 11} ${y})` }, drawn(sign, ink)),
      part('text', { x: x + SIGN, y: y + 4.3, 'font-size': TYPE, fill: ink['ink-2'] }, [said]),
    );
    x += wide + GAP;
  }
  return { part: part('g', {}, children), height: children.length > 0 ? y + ROW / 2 : 0 };
}
