/**
 * The model of any moment, without moving the cursor: a picture or a frame of a film is a function of
 * presentation time.
 *
 * @module takeaway/moment
 */

import { flightsAt, nodesAt, stepAt } from '../store/select.js';
import { endOf } from '../views/parts/diagram.js';

/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('../store/journal.js').Journal} Journal */

/**
 * @param {Model} model The page's own, of the same branch.
 * @param {Journal} journal
 * @param {number} p Presentation time.
 * @param {number} [seq] The last event to show; of several at the same moment the last, else.
 * @returns {Model} At rest, with nothing chosen.
 */
export function momentAt(model, journal, p, seq = journal.seqAt(p)) {
  const view = journal.viewAt(seq);
  return {
    ...model,
    view,
    previous: null,
    p,
    seq,
    time: journal.timeAt(p),
    flights: flightsAt(journal, view, p),
    nodes: nodesAt(view, model.session),
    step: model.lesson ? stepAt(model.lesson, seq) : -1,
    selection: null,
    question: null,
    tool: 'select',
    playing: false,
    live: false,
  };
}

/**
 * @param {Journal} journal
 * @param {number} time Virtual time, µs.
 * @returns {number} The first presentation time at which it is so late; the head's where it never is.
 */
export function pOfTime(journal, time) {
  let [low, high] = [0, journal.end()];
  if (journal.timeAt(high) < time) return high;
  for (let i = 0; i < 60 && high - low > 0.5; i += 1) {
    const middle = (low + high) / 2;
    if (journal.timeAt(middle) < time) low = middle;
    else high = middle;
  }
  return Math.round(high);
}

/** @typedef {{p0: number, p1: number}} Span A stretch of presentation time, µs. */

/**
 * @param {Model} model
 * @param {Journal} journal
 * @returns {Span|null} The step of the lesson at the cursor; null without lesson, or where nothing happens in it.
 */
export function stepSpan(model, journal) {
  const step = model.lesson?.steps[Math.max(0, model.step)];
  if (!step || step.end < step.start) return null;
  const p1 = journal.pOf(step.end);
  const p0 = Math.min(p1, journal.pOf(step.start - 1));
  return p1 > p0 ? { p0, p1 } : null;
}

/**
 * @param {Model} model
 * @param {Journal} journal
 * @param {Span} window
 * @param {number} last The last event that is shown.
 * @returns {Span} The window without the empty stretch after it, and after what is still under way.
 */
export function upTo(model, journal, { p0, p1 }, last) {
  let end = Math.max(model.p, journal.pOf(last));
  for (const arrow of model.arrows) {
    if (arrow.sentSeq > last) break;
    end = Math.max(end, endOf(arrow, last));
  }
  return { p0, p1: Math.max(p0 + 1000, Math.min(p1, end + (end - p0) * 0.02)) };
}

/** The diagram of a film shows at least so much, presentation µs. */
const BEFORE = 80_000;

/**
 * @param {Span} filmed
 * @returns {Span} What its diagram shows: some time before, too, so that what arrives has come from somewhere.
 */
export function around({ p0, p1 }) {
  return { p0: Math.max(0, Math.min(p0 - (p1 - p0) * 0.06, p1 - BEFORE)), p1: p1 + (p1 - p0) * 0.02 };
}
