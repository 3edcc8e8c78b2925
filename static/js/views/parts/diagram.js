/**
 * Drawing the space-time diagram's canvas: roles, steps and arrows of one window of time.
 *
 * @module views/parts/diagram
 */

import { shapeOf, trace } from '../../geometry/kinds.js';
import { firstFrom, stride, toX } from '../../geometry/spacetime.js';
import { horizon, lanes } from './horizon.js';

/** @typedef {import('../../types.js').Arrow} Arrow */
/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../types.js').Pen} Pen */
/** @typedef {import('../../geometry/spacetime.js').Window} Window */
/** @typedef {{width: number, height: number, scale: number, dense: number}} Size */
/** @typedef {import('./inks.js').Inks} Inks */

/** Arrows drawn at most of the dull ones, and of the others; beyond it they are thinned out. */
const MOST = 1400;

/** While a server plays, roles are drawn ahead of the last event, under the veil, until the next one comes, µs. */
const AHEAD = 12_000;

/** The colour of a node's line, by its role. @type {Record<import('../../types.js').Role|'crashed', keyof Inks>} */
export const INK_OF = { follower: 'follower-track', precandidate: 'precandidate', candidate: 'candidate', leader: 'leader', crashed: 'dead' };

/** How much of its ink the rest of the way has, where a message is still under way. */
const FAINT = 0.35;

/** The line of a message that is lost, and of any other. */
const DASHES = [4, 3];
/** @type {number[]} */
const SOLID = [];

/** The colour of an arrow; of other kinds, the accent. @type {Record<string, keyof Inks>} */
const ARROW_INK = { RequestVote: 'candidate', PreVote: 'question', TimeoutNow: 'leader', InstallSnapshot: 'snapshot' };

/**
 * @param {number} index
 * @param {number} count
 * @param {Size} size
 * @returns {number} Where the line of a node is, px from the top.
 */
export function rowY(index, count, size) {
  const top = (count > 5 ? 28 : 34) * size.scale;
  const bottom = size.height - (count > 5 ? 8 : 14) * size.scale;
  if (count < 2) return (top + bottom) / 2;
  const step = Math.min((bottom - top) / (count - 1), 52 * size.scale);
  return top + (bottom - top - step * (count - 1)) / 2 + step * index;
}

/** @param {Arrow} arrow @param {number} seen The last event that is shown. @returns {boolean} Whether its end is shown. */
export const ended = ({ endSeq }, seen) => endSeq !== null && endSeq <= seen;

/**
 * What is still under way goes to its addressee, straight on, whatever will become of it: the time line
 * may know, but does not tell.
 * @param {Arrow} arrow
 * @param {number} seen The last event that is shown.
 * @returns {number} Where its end is, or is to be, presentation µs.
 */
export function endOf(arrow, seen) {
  const { message, p0, p1, reach } = arrow;
  if (p1 !== null && ended(arrow, seen)) return p1;
  return p0 + (p1 !== null && reach > 0 ? (p1 - p0) / reach : Math.max(1, message.arrives - message.sent));
}

/** @param {Arrow} arrow */
function dull(arrow) {
  const { message } = arrow;
  if (arrow.end === 'dropped' || message.type !== 'AppendEntries') return false;
  return message.reply ? message.success : !(Array.isArray(message.entries) && message.entries.length > 0);
}

/**
 * @param {Model} model
 * @param {Window} window
 * @param {number} seen Events after this one are not shown.
 * @returns {Generator<Arrow>} The arrows that touch the window, in order.
 */
function* within(model, window, seen) {
  const { arrows } = model;
  for (let i = firstFrom(arrows, window.p0 - model.flight, (each) => each.p0); i < arrows.length; i += 1) {
    const arrow = arrows[i];
    if (arrow.p0 > window.p1 || arrow.sentSeq > seen) return;
    if (endOf(arrow, seen) >= window.p0) yield arrow;
  }
}

/**
 * @param {Model} model
 * @param {Window} window
 * @param {Size} size
 * @param {number} seen Events after this one are not shown.
 * @returns {(arrow: Arrow) => {x0: number, y0: number, x1: number, y1: number}|null} Where an arrow is drawn.
 */
function placing(model, window, size, seen) {
  const nodes = lanes(model, seen);
  const rows = new Map(nodes.map((id, i) => [id, rowY(i, nodes.length, size)]));
  return (arrow) => {
    const y0 = rows.get(arrow.message.from);
    const to = rows.get(arrow.message.to);
    if (y0 === undefined || to === undefined) return null;
    const y1 = arrow.end === 'dropped' && ended(arrow, seen) ? y0 + (to - y0) * arrow.reach : to;
    return { x0: toX(window, arrow.p0, size.width), y0, x1: toX(window, endOf(arrow, seen), size.width), y1 };
  };
}

/**
 * @param {Pen} context
 * @param {Model} model
 * @param {Window} window
 * @param {Size} size
 * @param {Inks} ink
 * @param {number} seen Events after this one are not drawn.
 * @param {number|null} [known] Where no veil will cover what is still to come: how far it is known what came of messages,
 *   presentation µs. From there on they are faint, and their end is open.
 * @returns {number} How many arrows there are.
 */
export function drawDiagram(context, model, window, size, ink, seen, known = null) {
  context.setTransform(size.dense, 0, 0, size.dense, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  drawSteps(context, model, window, size, ink, seen);
  drawRoles(context, model, window, size, ink, seen);
  return drawArrows(context, model, window, size, ink, seen, known);
}

/** @param {Pen} context @param {Model} model @param {Window} window @param {Size} size @param {Inks} ink @param {number} seen */
function drawSteps(context, model, window, size, ink, seen) {
  context.strokeStyle = ink.line;
  context.lineWidth = 1;
  context.beginPath();
  for (const step of model.lesson?.steps ?? []) {
    if (step.end < step.start || step.start > seen || step.index === 0) continue;
    const x = Math.round(toX(window, model.pOf(step.start), size.width)) - 0.5;
    context.moveTo(x, 24 * size.scale);
    context.lineTo(x, size.height);
  }
  context.stroke();
}

/** @param {Pen} context @param {Model} model @param {Window} window @param {Size} size @param {Inks} ink @param {number} seen */
function drawRoles(context, model, window, size, ink, seen) {
  const nodes = lanes(model, seen);
  const thick = Math.max(3, Math.min(6, 60 / nodes.length)) * size.scale;
  const next = model.playing ? seen + 1 : seen;
  const until = seen < model.last ? model.pOf(next) : model.span[1] + (model.live ? AHEAD : 0);
  const far = Math.min(size.width, toX(window, until, size.width));
  nodes.forEach((id, i) => {
    const y = rowY(i, nodes.length, size);
    const spans = model.roles[id] ?? [];
    const begin = spans.length > 0 && spans[0].p > 0 ? Math.max(0, toX(window, spans[0].p, size.width)) : 0;
    context.fillStyle = ink['follower-track'];
    context.globalAlpha = 0.45;
    context.fillRect(begin, y - thick * 0.2, Math.max(0, size.width - begin), thick * 0.4);
    context.globalAlpha = 1;
    const first = Math.max(0, firstFrom(spans, window.p0, (each) => each.p) - 1);
    for (let at = first; at < spans.length; at += 1) {
      const span = spans[at];
      if (span.p > window.p1 || span.seq > seen) break;
      const x0 = Math.max(0, toX(window, span.p, size.width));
      const next = spans[at + 1];
      const x1 = Math.min(next && next.seq <= seen ? toX(window, next.p, size.width) : far, size.width);
      if (x1 <= x0) continue;
      const role = span.crashed ? 'crashed' : span.role;
      context.fillStyle = ink[INK_OF[role]];
      if (role === 'crashed') {
        for (let x = x0; x < x1; x += 8) context.fillRect(x, y - thick * 0.25, Math.min(4, x1 - x), thick * 0.5);
      } else if (role === 'precandidate') {
        context.fillRect(x0, y - thick / 2, x1 - x0, thick);
        context.fillStyle = ink.candidate;
        for (let x = x0; x < x1; x += 8) context.fillRect(x, y - thick / 2, Math.min(3, x1 - x), thick);
      } else {
        const high = role === 'follower' ? thick * 0.6 : thick;
        context.fillRect(x0, y - high / 2, x1 - x0, high);
        context.fillStyle = ink.card;
        // As on the stage: a leader has a double line, a candidate a dashed one.
        if (role === 'leader') context.fillRect(x0, y - thick * 0.12, x1 - x0, thick * 0.24);
        else if (role === 'candidate') for (let x = x0 + 8; x < x1; x += 10) context.fillRect(x, y - thick / 2, Math.min(2, x1 - x), thick);
      }
    }
  });
}

/** @param {Pen} context @param {Model} model @param {Window} window @param {Size} size @param {Inks} ink @param {number} seen @param {number|null} known @returns {number} How many there are. */
function drawArrows(context, model, window, size, ink, seen, known) {
  const list = [...within(model, window, seen)];
  const plain = list.filter(dull).length;
  const every = stride(plain, MOST);
  const everyOther = stride(list.length - plain, MOST);
  const place = placing(model, window, size, seen);
  const roomy = list.length < 500;
  const radius = (roomy ? 3 : 2) * size.scale;
  context.lineWidth = (roomy ? 1.4 : 1) * size.scale;
  list.forEach((arrow, i) => {
    const thin = dull(arrow) ? every : everyOther;
    if (thin > 1 && i % thin !== 0) return;
    const at = place(arrow);
    if (!at) return;
    const lost = arrow.end === 'dropped' && ended(arrow, seen);
    const open = known !== null && !ended(arrow, seen);
    const flown = open ? Math.max(0, Math.min(1, (toX(window, known, size.width) - at.x0) / (at.x1 - at.x0 || 1))) : 1;
    const [x, y] = [at.x0 + (at.x1 - at.x0) * flown, at.y0 + (at.y1 - at.y0) * flown];
    const colour = ink[ARROW_INK[arrow.message.type] ?? 'accent'];
    context.globalAlpha = !dull(arrow) ? 1 : every > 1 ? 0.2 : 0.62;
    context.strokeStyle = colour;
    if (lost) context.setLineDash(DASHES);
    context.beginPath();
    context.moveTo(at.x0, at.y0);
    context.lineTo(x, y);
    context.stroke();
    if (lost) context.setLineDash(SOLID);
    if (open) {
      context.globalAlpha *= FAINT;
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(at.x1, at.y1);
      context.stroke();
    } else if (lost) {
      cross(context, at.x1, at.y1, 4 * size.scale, ink.danger);
    } else if (every === 1) {
      context.beginPath();
      trace(context, shapeOf(arrow.message.type), at.x1, at.y1, radius);
      context.fillStyle = arrow.message.reply ? ink.card : colour;
      context.fill();
      if (arrow.message.reply) context.stroke();
    }
  });
  context.globalAlpha = 1;
  return list.length;
}

/** @param {Pen} context @param {number} x @param {number} y @param {number} r @param {string} colour */
function cross(context, x, y, r, colour) {
  const { lineWidth } = context;
  context.strokeStyle = colour;
  context.lineWidth = lineWidth * 1.35;
  context.globalAlpha = 1;
  context.beginPath();
  context.moveTo(x - r, y - r);
  context.lineTo(x + r, y + r);
  context.moveTo(x + r, y - r);
  context.lineTo(x - r, y + r);
  context.stroke();
  context.lineWidth = lineWidth;
}

/**
 * @param {Model} model
 * @param {Window} window
 * @param {Size} size
 * @param {number} id A message's.
 * @returns {{x0: number, y0: number, x1: number, y1: number, arrow: Arrow}|null} Where its arrow is; null where none is drawn.
 */
export function arrowPlace(model, window, size, id) {
  const seen = horizon(model);
  const arrow = model.arrow(id);
  if (!arrow || arrow.sentSeq > seen || arrow.p0 > window.p1 || endOf(arrow, seen) < window.p0) return null;
  const at = placing(model, window, size, seen)(arrow);
  return at && { ...at, arrow };
}

/**
 * @param {Model} model
 * @param {Window} window
 * @returns {Arrow[]} The messages that are shown in a window, in the order of their sending.
 */
export const arrowsIn = (model, window) => [...within(model, window, horizon(model))];

/**
 * @param {Model} model
 * @param {Window} window
 * @param {number|null} id The message pointed at now.
 * @param {1|-1} direction
 * @returns {Arrow|null} The next or previous arrow in the window; without one pointed at, the one nearest to the cursor.
 */
export function nextArrow(model, window, id, direction) {
  const list = arrowsIn(model, window);
  const at = list.findIndex((each) => each.id === id);
  if (at >= 0) return list[at + direction] ?? null;
  return list[Math.min(firstFrom(list, model.p, (each) => endOf(each, horizon(model))), list.length - 1)] ?? null;
}

/**
 * @param {Model} model
 * @param {Window} window
 * @param {Size} size
 * @param {number} x px
 * @param {number} y px
 * @returns {Arrow|null} The arrow under the pointer.
 */
export function nearestArrow(model, window, size, x, y) {
  const seen = horizon(model);
  const place = placing(model, window, size, seen);
  /** @type {Arrow|null} */
  let best = null;
  let least = 6 * size.scale;
  for (const arrow of within(model, window, seen)) {
    const at = place(arrow);
    if (!at || x < Math.min(at.x0, at.x1) - least || x > Math.max(at.x0, at.x1) + least) continue;
    const [dx, dy] = [at.x1 - at.x0, at.y1 - at.y0];
    const along = Math.max(0, Math.min(1, ((x - at.x0) * dx + (y - at.y0) * dy) / (dx * dx + dy * dy || 1)));
    const distance = Math.hypot(x - at.x0 - dx * along, y - at.y0 - dy * along);
    if (distance < least) {
      least = distance;
      best = arrow;
    }
  }
  return best;
}
