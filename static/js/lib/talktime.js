/**
 * How a talk stands: how long it goes on, and how much of it is left.
 *
 * @module lib/talktime
 */

/**
 * @param {number} ms
 * @returns {string} Minutes and seconds, for example "3:07".
 */
export function minutesAndSeconds(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/**
 * @param {ReadonlyArray<number|null>} planned Seconds that each step is meant to take; null where nobody said.
 * @param {number} step The one at hand, from 0.
 * @param {number} inStep How long it has stood, ms.
 * @returns {number} How long the rest is meant to take, ms: a step that lasts longer takes nothing from the others.
 */
export function timeLeft(planned, step, inStep) {
  const ahead = planned.slice(step + 1).reduce((/** @type {number} */ sum, each) => sum + (each ?? 0), 0);
  return Math.max(0, (planned[step] ?? 0) * 1000 - inStep) + ahead * 1000;
}
