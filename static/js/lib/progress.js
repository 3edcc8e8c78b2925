/**
 * How far a person has come in each lesson, kept in the browser's storage under `raftviz:progress`:
 * `{"<lesson id>": {"step": n, "of": n, "right": n, "asked": n, "done": bool, "at": ms}}`. Should the
 * shape ever change, so does the key.
 *
 * @module lib/progress
 */

import { browser, keepValue, keptValue } from './keep.js';

/** @typedef {import('../types.js').LessonInfo} LessonInfo */
/** @typedef {import('../types.js').Model} Model */

/**
 * @typedef {object} Progress
 * @property {number} step The furthest step that was shown, from 1.
 * @property {number} of How many steps the lesson has.
 * @property {number} right How many of the questions that were answered were answered right.
 * @property {number} asked How many questions were answered.
 * @property {boolean} done Whether its end was reached.
 * @property {number} at When it was last walked in, wall time in ms.
 */

/** @typedef {Omit<Progress, 'at'>} Reached */

export const PROGRESS = 'raftviz:progress';

/**
 * @param {any} value
 * @returns {boolean} Whether it tells of a lesson as described above.
 */
function fits(value) {
  const counts = [value?.step, value?.of, value?.right, value?.asked, value?.at];
  return counts.every((each) => Number.isFinite(each) && each >= 0) && typeof value.done === 'boolean';
}

/**
 * @param {import('./keep.js').Shelf} [shelf]
 * @returns {Record<string, Progress>} By the lesson's id. Empty where nothing is kept.
 */
export function readProgress(shelf = browser) {
  return Object.fromEntries(Object.entries(keptValue(PROGRESS, shelf) ?? {}).filter(([, value]) => fits(value)));
}

/**
 * @param {LessonInfo} lesson
 * @param {Record<string, number>} answers The place of each choice made, by the step's index.
 * @returns {{right: number, asked: number, questions: number}} How the questions went; `questions` is how many there are.
 */
export function scoreOf(lesson, answers) {
  let right = 0;
  let asked = 0;
  let questions = 0;
  for (const { index, ask, predict } of lesson.steps) {
    const question = ask ?? predict;
    if (!question) continue;
    questions += 1;
    const given = answers[index];
    if (given === undefined) continue;
    asked += 1;
    if (question.choices[given] === question.answer) right += 1;
  }
  return { right, asked, questions };
}

/**
 * @param {Pick<Model, 'step'|'seq'|'answers'>} model
 * @param {LessonInfo} lesson
 * @returns {Reached} How far one has come at the cursor.
 */
export function reachedAt({ step, seq, answers }, lesson) {
  const { right, asked } = scoreOf(lesson, answers);
  const last = lesson.steps.length - 1;
  const done = step >= last && seq >= (lesson.steps[last]?.end ?? 0);
  return { step: Math.max(0, step) + 1, of: lesson.steps.length, right, asked, done };
}

/**
 * @param {Progress|undefined} before
 * @param {Reached} reached
 * @param {number} at Wall time, ms.
 * @returns {Progress} The furthest of both; the answers are those of the walk in which more was answered, of two alike the later.
 */
export function furthest(before, reached, at) {
  if (!before || before.of !== reached.of) return { ...reached, at };
  const { right, asked } = reached.asked >= before.asked ? reached : before;
  return { step: Math.max(before.step, reached.step), of: reached.of, right, asked, done: before.done || reached.done, at };
}

/**
 * @param {string} lesson Its id.
 * @param {Reached} reached
 * @param {number} at Wall time, ms.
 * @param {import('./keep.js').Shelf} [shelf]
 */
export function keepProgress(lesson, reached, at, shelf = browser) {
  const all = readProgress(shelf);
  keepValue(PROGRESS, { ...all, [lesson]: furthest(all[lesson], reached, at) }, shelf);
}

/**
 * Keeps how far the walk through a lesson has come, whenever it comes further.
 * @param {() => number} now Wall time, ms.
 * @param {import('./keep.js').Shelf} [shelf]
 * @returns {import('../types.js').ViewPart}
 */
export function createProgress(now, shelf) {
  let kept = '';
  return {
    update(model) {
      const { lesson } = model;
      if (!lesson || model.step < 0) return;
      const reached = reachedAt(model, lesson);
      const told = JSON.stringify([lesson.id, reached]);
      if (told === kept) return;
      kept = told;
      keepProgress(lesson.id, reached, now(), shelf);
    },
  };
}
