/**
 * Free prediction as a person plays it: the guess at hand, the turn it was made about, and the score.
 *
 * @module store/guessing
 */

import { changesBetween, FIELDS, fittingValues, markOf } from './predict.js';

/** @typedef {import('./predict.js').Field} Field */
/** @typedef {import('./predict.js').Guess} Guess */
/** @typedef {import('./predict.js').Mark} Mark */
/** @typedef {import('./predict.js').Score} Score */
/** @typedef {import('./predict.js').Visible} Visible */
/** @typedef {import('../types.js').View} View */
/** @typedef {import('./journal.js').Journal} Journal */

/** @typedef {{guess: Guess|null, branch: string, from: number, to: number, mark: Mark|null, changes: Visible[]}} Turn A guess about the events up to `to`; `mark` is null until these are here. */

/**
 * @typedef {object} Guessing What the screen shows of it.
 * @property {Score} score
 * @property {Turn|null} turn The latest.
 * @property {readonly Field[]} fields
 * @property {(node: string, field: Field) => string[]} fitting What a field may become.
 */

/** @typedef {{score: Score, turn: Turn|null, weighed?: Guess|null}} Round What is remembered of it while it is on; `weighed` is a guess that was put together and not given yet. */

/** @returns {Round} */
export const newRound = () => ({ score: { right: 0, partly: 0, wrong: 0 }, turn: null });

/**
 * @param {Round} round
 * @param {Omit<Turn, 'mark'|'changes'>} turn
 * @param {Journal} journal
 * @returns {Round} With the turn, and its mark where its events are here; nothing is weighed any more.
 */
export function played(round, turn, journal) {
  if (journal.last() < turn.to) return { score: round.score, turn: { ...turn, mark: null, changes: [] } };
  const changes = changesBetween(journal.viewAt(turn.from), journal.viewAt(turn.to));
  const mark = markOf(turn.guess, changes);
  return { score: { ...round.score, [mark]: round.score[mark] + 1 }, turn: { ...turn, mark, changes } };
}

/**
 * @param {Round|null} round
 * @param {View} view
 * @returns {Guess|null|undefined} What was put together and can still come true; undefined where nothing was.
 */
export function weighedIn(round, view) {
  const weighed = round?.weighed;
  if (!weighed) return weighed;
  const fits = view.nodes[weighed.node] && fittingValues(view, weighed.node, weighed.field).includes(weighed.value);
  return fits ? weighed : undefined;
}

/**
 * @param {Round|null} round
 * @param {View} view
 * @returns {Guessing|null}
 */
export function shownRound(round, view) {
  return round && { ...round, fields: FIELDS, fitting: (node, field) => (view.nodes[node] ? fittingValues(view, node, field) : []) };
}
