/**
 * Parts of the narration: questions with feedback, the document beside the paper, and which
 * events are worth a headline.
 *
 * @module views/parts/telling
 */

import { html } from '../../lib/svg.js';
import { richText } from './richtext.js';

/** @typedef {import('../../types.js').Ask} Ask */
/** @typedef {import('../../types.js').Predict} Predict */
/** @typedef {import('../../types.js').WireEvent} WireEvent */

const HEADLINES = new Set(['role_changed', 'crashed', 'restarted', 'paused', 'resumed', 'log_truncated', 'client_reply', 'invariant_violated', 'option_changed', 'transfer_changed']);

/** Commands whose effects have no headline of their own. */
const TELLING = ['partition', 'isolate', 'cut', 'heal', 'link', 'drop', 'delay', 'duplicate'];

/**
 * @param {WireEvent} event
 * @returns {boolean} Whether it is worth telling a hall.
 */
export function isHeadline(event) {
  if (!event.say) return false;
  if (event.kind === 'index_changed') return event.data.what === 'commitIndex' && event.data.why === 'majority';
  if (event.kind === 'term_changed') return event.data.why === 'election';
  if (event.kind === 'command') return TELLING.some((name) => event.data.command?.[name] !== undefined);
  return HEADLINES.has(event.kind);
}

/**
 * @param {Ask|Predict} question
 * @param {string} heading
 * @param {string} given The choice made, or empty.
 * @param {(choice: string) => void} answer
 * @returns {HTMLElement}
 */
export function createQuestion(question, heading, given, answer) {
  const right = given === question.answer;
  const choices = question.choices.map((choice) => {
    const mark = given === '' ? '' : choice === question.answer ? 'right' : choice === given ? 'wrong' : 'other';
    return html('button', { class: 'choice', type: 'button', 'data-mark': mark || null, disabled: given !== '', text: choice, onclick: () => answer(choice) });
  });
  const why = question.why ? ` ${question.why}` : '';
  const feedback = given === '' ? '' : right ? `Right.${why}` : `Not so: the answer is ${question.answer}.${why}`;
  return html('section', { class: 'question' }, [
    html('p', {}, [html('strong', { text: `${heading}: ` }), question.question]),
    html('div', { class: 'choices', role: 'group', 'aria-label': question.question }, choices),
    html('p', { class: 'feedback', role: 'status', 'data-right': given === '' ? null : String(right), text: feedback }),
  ]);
}

/** @param {string} markup */
function rich(markup) {
  const made = html('dd');
  richText(made, markup);
  return made;
}

/**
 * @param {{document: string, paper: string}} differs
 * @returns {HTMLElement} What the document says, beside what the paper says.
 */
export function createAfterword(differs) {
  return html('dl', { class: 'differs' }, [
    html('div', {}, [html('dt', { text: 'The document says' }), rich(differs.document)]),
    html('div', {}, [html('dt', { text: 'The paper says' }), rich(differs.paper)]),
  ]);
}
