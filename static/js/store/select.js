/**
 * Answers read out of a journal at a cursor. Pure functions.
 *
 * @module store/select
 */

import { messageDetail, messageLabel } from '../lib/format.js';
import { progress } from './presentation.js';
import { countUpTo } from './seek.js';

/** @typedef {import('../types.js').Flight} Flight */
/** @typedef {import('../types.js').Arrow} Arrow */
/** @typedef {import('../types.js').Message} Message */
/** @typedef {import('../types.js').View} View */
/** @typedef {import('../types.js').LessonInfo} LessonInfo */
/** @typedef {import('../types.js').Mark} Mark */
/** @typedef {import('../types.js').MarkKind} MarkKind */
/** @typedef {import('../types.js').WireEvent} WireEvent */
/** @typedef {import('../types.js').Session} Session */
/** @typedef {import('../types.js').NodeId} NodeId */
/** @typedef {import('./journal.js').Journal} Journal */

/** Every ring that was ever seen, so that the same nodes are the same list. @type {Map<string, NodeId[]>} */
const rings = new Map();

/**
 * @param {View} view
 * @param {Session} session
 * @returns {NodeId[]} Who is there, in ring order: those that came later stand last, and before they
 *   came they are not there. Before everything, the nodes that the session is about to start with.
 */
export function nodesAt(view, session) {
  const found = Object.keys(view.nodes);
  const ids = found.length > 0 ? found : session.nodes;
  const key = ids.join(' ');
  const known = rings.get(key);
  if (known) return known;
  rings.set(key, ids);
  return ids;
}

/** How long a message that died can still be seen, µs of presentation time. */
export const LINGER = 5000;

/** How dead a message is at the very moment of its end: it is not in flight any more. */
const JUST_DEAD = 0.001;

/**
 * @typedef {object} Rest Where the cursor came to rest: what had died by then fades although no time passes.
 * @property {number} p Presentation time.
 * @property {number} fade From 0 to 1.
 */

/** @type {Rest} */
const RESTLESS = Object.freeze({ p: -Infinity, fade: 0 });

/** What is written beside a message, put together once. @type {WeakMap<Message, {label: string, detail: string}>} */
const beside = new WeakMap();

/** @param {Message} message */
function wordsFor(message) {
  let words = beside.get(message);
  if (!words) {
    words = { label: messageLabel(message), detail: messageDetail(message) };
    beside.set(message, words);
  }
  return words;
}

/**
 * @param {Arrow} arrow
 * @param {Message} message As it is at the cursor.
 * @param {number} fraction
 * @param {number} fade
 * @returns {Flight}
 */
function flight(arrow, message, fraction, fade) {
  const dropped = arrow.end === 'dropped';
  return {
    id: arrow.id,
    message,
    fraction,
    dies: dropped ? arrow.reach : null,
    fade,
    why: dropped ? arrow.why : null,
    sentSeq: arrow.sentSeq,
    endSeq: arrow.endSeq,
    ...wordsFor(message),
  };
}

/**
 * @param {Arrow} arrow
 * @param {Message} message
 * @param {number} p
 * @param {number} time Virtual time at p, µs.
 * @returns {number} Where the message is, 0 at its sender, 1 at its addressee.
 */
export function fractionAt(arrow, message, p, time) {
  if (arrow.p1 === null) return progress(message, time);
  if (arrow.why === 'user') return Math.min(arrow.reach, progress(message, time));
  const whole = arrow.p1 - arrow.p0;
  return arrow.reach * (whole > 0 ? Math.min(1, Math.max(0, (p - arrow.p0) / whole)) : 1);
}

/**
 * @param {Journal} journal
 * @param {View} view State at the cursor.
 * @param {number} p
 * @param {Rest} [rest]
 * @returns {Flight[]} What is in the air, then what died a moment ago.
 */
export function flightsAt(journal, view, p, rest = RESTLESS) {
  const { byId, deaths } = journal.presentation;
  const time = journal.timeAt(p);
  /** @type {Flight[]} */
  const flights = [];
  for (const message of Object.values(view.messages)) {
    const arrow = byId.get(message.id);
    if (arrow) flights.push(flight(arrow, message, fractionAt(arrow, message, p, time), 0));
  }
  const ended = (/** @type {Arrow} */ arrow) => Number(arrow.p1);
  for (let at = countUpTo(deaths, p, ended) - 1; at >= 0; at -= 1) {
    const arrow = deaths[at];
    const faded = (p - ended(arrow)) / LINGER;
    if (faded >= 1) break;
    const fade = Math.max(JUST_DEAD, faded, ended(arrow) <= rest.p ? rest.fade : 0);
    if (fade < 1 && Number(arrow.endSeq) <= view.seq) flights.push(flight(arrow, arrow.message, arrow.reach, fade));
  }
  return flights;
}

/**
 * @param {LessonInfo|null} lesson
 * @param {number} seq
 * @returns {number} The step that the event belongs to; of several that end there, the first. -1 without lesson.
 */
export function stepAt(lesson, seq) {
  if (!lesson || !lesson.steps.length) return -1;
  const found = countUpTo(lesson.steps, seq - 1, (step) => step.end);
  return Math.min(found, lesson.steps.length - 1);
}

/**
 * @param {Journal} journal
 * @param {number} seq
 * @param {1|-1} direction
 * @returns {number|null} The next event worth seeing, after or before: one that has a sentence
 *   (a timer that is set has none). Null where there is none.
 */
export function neighbour(journal, seq, direction) {
  for (let at = seq + direction; at >= journal.first && at <= journal.last(); at += direction) {
    const event = journal.event(at);
    if (event?.say) return at;
  }
  return null;
}

/**
 * @param {readonly Mark[]} marks
 * @param {number} seq
 * @param {MarkKind[]} kinds
 * @returns {Mark|null} The last mark of such a kind before the event.
 */
export function previousMark(marks, seq, kinds) {
  for (let at = countUpTo(marks, seq - 1, (mark) => mark.seq) - 1; at >= 0; at -= 1) {
    if (kinds.includes(marks[at].kind)) return marks[at];
  }
  return null;
}

/**
 * @param {readonly Mark[]} marks
 * @param {number} seq
 * @param {MarkKind[]} kinds
 * @returns {Mark|null} The first mark of such a kind after the event.
 */
export function nextMark(marks, seq, kinds) {
  for (let at = countUpTo(marks, seq, (mark) => mark.seq); at < marks.length; at += 1) {
    if (kinds.includes(marks[at].kind)) return marks[at];
  }
  return null;
}
