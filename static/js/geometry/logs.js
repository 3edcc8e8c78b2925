/**
 * Which part of a long log is on the screen, and how its cells look.
 *
 * @module geometry/logs
 */

/** How many colours the terms take turns with. */
export const TERM_COLOURS = 8;

/**
 * @param {number} term
 * @returns {number} The number of its colour, 1…TERM_COLOURS; 0 for term 0.
 */
export function termColour(term) {
  return term > 0 ? ((term - 1) % TERM_COLOURS) + 1 : 0;
}

/**
 * @param {number} scroll How far the panel is scrolled, px.
 * @param {number} width Of what is seen, px.
 * @param {number} cell Width of a column, px.
 * @param {number} count Columns in all.
 * @param {number} [spare] Columns to keep ready on either side.
 * @returns {{first: number, last: number}} Columns as 1-based indices; last < first when there are none.
 */
export function columns(scroll, width, cell, count, spare = 2) {
  const first = Math.max(1, Math.floor(scroll / cell) + 1 - spare);
  const last = Math.min(count, Math.ceil((scroll + width) / cell) + spare);
  return { first, last };
}

/**
 * @param {number[]} lengths Of all logs.
 * @param {number[]} next nextIndex of every follower, if there is a leader.
 * @param {number} least Columns to show at least.
 * @returns {number} How many columns the panel has.
 */
export function columnCount(lengths, next, least) {
  return Math.max(least, 1, ...lengths.map((each) => each + 1), ...next);
}

/**
 * Keep the tail in view while nobody scrolled away from it.
 * @param {{scroll: number, width: number, before: number, after: number}} at Scroll position,
 *   visible width, and the content's width before and now, px.
 * @returns {number} The scroll position to take.
 */
export function keepTail({ scroll, width, before, after }) {
  const atTail = scroll + width >= before - 4;
  return atTail ? Math.max(0, after - width) : scroll;
}
