/**
 * Which part of the logs is on the screen, how high its rows are, and how its cells look.
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

/**
 * Bring into view what lies outside, and move no further than that needs. Where not all of it fits, as
 * much of it as does; where as much is in view already, nothing moves.
 * @param {number} scroll px.
 * @param {number} size Of what is seen, px.
 * @param {Array<[from: number, to: number]>} spots What to show, px. A spot that is named twice counts twice.
 * @returns {number} The scroll position to take.
 */
export function reveal(scroll, size, spots) {
  const seen = (/** @type {number} */ at) => spots.filter(([from, to]) => from >= at && to <= at + size).length;
  const least = Math.min(...spots.map(([from]) => from));
  const most = Math.max(...spots.map(([, to]) => to));
  if (spots.length === 0 || (least >= scroll && most <= scroll + size)) return scroll;
  if (most - least <= size) return least < scroll ? least : most - size;
  let [best, count] = [scroll, seen(scroll)];
  for (const [, to] of spots) {
    const at = Math.max(0, to - size);
    const there = seen(at);
    if (there > count || (there === count && best !== scroll && at > best)) [best, count] = [at, there];
  }
  return best;
}

/** Heights of the line of indices and of the space between rows, px at the usual size of type: as it is liked, and where room is short. */
const SPACING = Object.freeze([{ head: 18, gap: 3 }, { head: 14, gap: 1 }]);

/** Limits of a row's height, and how much a row needs for the copies below its entries, px at the usual size of type. */
const ROW = Object.freeze({ least: 15, most: 26, counted: 21 });

/** @typedef {{head: number, gap: number, row: number, counted: number}} Rows Heights, px; `counted` of the leader's row. */

/**
 * Rows share the panel's height, within limits. One of them is the leader's; room for it is kept also while nobody
 * leads, so that no row changes when somebody does.
 * @param {number} count
 * @param {number} height Of the panel, px.
 * @param {number} scale How much larger than usual the type is.
 * @returns {Rows}
 */
export function rowsIn(count, height, scale) {
  const counted = ROW.counted * scale;
  const fitted = SPACING.map(({ head, gap }) => {
    const room = height - head * scale - (count - 1) * gap;
    const equal = Math.floor(room / Math.max(1, count));
    const row = equal >= counted || count < 2 ? equal : Math.floor((room - counted) / (count - 1));
    return { head: head * scale, gap, row };
  });
  const { head, gap, row } = fitted.find((each) => each.row >= ROW.least * scale) ?? fitted[1];
  const within = Math.max(ROW.least * scale, Math.min(ROW.most * scale, row));
  return { head, gap, row: within, counted: Math.max(within, counted) };
}
