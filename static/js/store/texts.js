/**
 * A lesson in the page's language: its texts laid over what the room tells, which is the same for
 * everybody who watches.
 *
 * @module store/texts
 */

import { fetchBaked } from '../lib/baked.js';

/** @typedef {{question: string, choices: string[], answer: string, why?: string}} Ask */

/** @typedef {{question: string, field?: string, answer: string, choices: string[], after?: any, why?: string}} Predict */

/** @typedef {{file: string, line: number, node: string|null, field: string, expected: string, got: string}} Failure What a lesson's author expected, where that is written, and what it is instead. */

/**
 * @typedef {object} LessonStep
 * @property {number} index 0-based.
 * @property {string} title
 * @property {string} html Safe HTML, made by the server from Markdown without raw HTML.
 * @property {string[]} sources
 * @property {{document: string, paper: string}|null} [differs]
 * @property {number} start First event of the step. An empty step has end = start - 1.
 * @property {number} end Last event of the step.
 * @property {string[]} lines The state in the document's notation, with the step's comments.
 * @property {Failure[]} failures Expectations that did not hold.
 * @property {Ask|null} [ask]
 * @property {Predict|null} [predict]
 */

/**
 * @typedef {object} LessonInfo
 * @property {string} id
 * @property {string} title
 * @property {string} summary
 * @property {string} level
 * @property {string[]} sources
 * @property {number} number 1-based place among the lessons.
 * @property {number} of How many lessons there are.
 * @property {string|null} [next] The next lesson's id.
 * @property {string|null} [nextTitle] What it is called.
 * @property {string} [goal] What one can do after it.
 * @property {number|null} [minutes] How long it takes.
 * @property {string} [recap] What was learnt: safe HTML like a step's.
 * @property {string} [try] What to try by oneself: safe HTML like a step's.
 * @property {Lead[]} [leads] Where it leads.
 * @property {LessonStep[]} steps
 */

/** @typedef {{id: string, title: string}} Lead A lesson to go on with. */

/**
 * A lesson's texts in another language; what a step has of them stands for its own.
 * @typedef {Pick<LessonInfo, 'title'|'summary'|'goal'|'recap'|'try'|'nextTitle'|'leads'> & {steps: Array<Partial<LessonStep>>}} LessonTexts
 */

/** @typedef {import('../types.js').Session} Session */

/**
 * @param {Session} session As the room tells it.
 * @param {LessonTexts|null} texts
 * @returns {Session} The same, where there is nothing to lay over it.
 */
export function withTexts(session, texts) {
  const { lesson } = session;
  if (!lesson || !texts || texts.steps.length !== lesson.steps.length) return session;
  const { title, steps, ...head } = texts;
  return {
    ...session,
    title,
    lesson: { ...lesson, ...head, title, steps: lesson.steps.map((step, i) => ({ ...step, ...steps[i] })) },
  };
}

/**
 * @param {string|undefined} address Empty where the page's language is the lesson's own.
 * @returns {Promise<LessonTexts|null>} Null where they cannot be had: the lesson speaks its own language then.
 */
export async function fetchTexts(address) {
  if (!address) return null;
  try {
    const answer = await fetchBaked(address);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
