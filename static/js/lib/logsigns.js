/**
 * The marks of the logs, as they are drawn: the legend and the help list them.
 *
 * @module lib/logsigns
 */

import { STAGES } from './signs.js';
import { html, svg } from './svg.js';

/** @typedef {keyof typeof STAGES} Stage */

/** Every mark of the logs, in the order in which they are explained. */
export const LOG_MARKS = /** @type {const} */ (['open', 'committed', 'applied', 'answered', 'unwritten', 'next', 'match', 'count', 'snapshot', 'members', 'veiled']);

/** @typedef {(typeof LOG_MARKS)[number]} LogMark */

/** Who has it, a line after a majority, who has not. */
const COUNT = '●●|○';

/** @returns {SVGElement} The mark of how far an entry has come; empty until its path is given. */
export function makeStage() {
  return svg('svg', { class: 'log-stage', viewBox: '-5 -5 10 10', 'aria-hidden': 'true' }, [svg('path', {})]);
}

/** @param {Stage} stage */
function stageSign(stage) {
  const sign = makeStage();
  sign.setAttribute('data-stage', stage);
  sign.firstElementChild?.setAttribute('d', STAGES[stage]);
  return sign;
}

/**
 * @param {LogMark} mark
 * @returns {HTMLElement}
 */
export function logSign(mark) {
  if (mark === 'next') return html('span', { class: 'log-next', text: '▲' });
  if (mark === 'match') return html('span', { class: 'log-match', text: '●' });
  if (mark === 'count') return html('span', { class: 'log-count', text: COUNT });
  if (mark === 'open') return html('span', { class: 'key' });
  if (mark === 'applied' || mark === 'answered') return html('span', {}, [stageSign(mark)]);
  return html('span', { class: `key ${mark}` }, mark === 'committed' ? [stageSign(mark)] : []);
}
