/**
 * The kinds of moments of interest: what a mark on the time line is of, and what one can go to next.
 *
 * @module lib/moments
 */

/** @typedef {import('../types.js').MarkKind} MarkKind */
/** @typedef {import('../types.js').Moment} Moment */

/** In the order in which they are offered. @type {Readonly<Record<Moment, readonly MarkKind[]>>} */
export const MOMENTS = Object.freeze({
  role: ['leader', 'election'],
  vote: ['vote'],
  term: ['term', 'election'],
  commit: ['commit'],
  client: ['write'],
  command: ['command', 'cut', 'heal', 'crash', 'restart', 'members', 'snapshot'],
  violation: ['violation'],
});

/** @type {readonly Moment[]} */
export const ALL_MOMENTS = Object.freeze(/** @type {Moment[]} */ (Object.keys(MOMENTS)));

/**
 * @param {MarkKind} kind
 * @returns {Moment} What it is first of all.
 */
export function momentOf(kind) {
  return ALL_MOMENTS.find((moment) => MOMENTS[moment].includes(kind)) ?? 'command';
}

/**
 * @param {readonly Moment[]} moments
 * @returns {MarkKind[]}
 */
export function kindsOf(moments) {
  return moments.flatMap((moment) => MOMENTS[moment]);
}
