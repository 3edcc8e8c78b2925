/**
 * How far a person has come in each lesson, kept in the browser's storage under `raftviz:progress`:
 * `{"<lesson id>": {"step": n, "of": n, "right": n, "asked": n, "done": bool, "at": ms, "seen": [n, …],
 * "answers": {"<step>": n}}}`. A lesson is done when each of its steps was shown.
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
 * @property {boolean} done Whether every step was shown.
 * @property {number[]} [seen] The steps that were shown, from 0, in order; where it is not known, all up to the furthest.
 * @property {Record<string, number>} [answers] The place of each choice made, by the step's index.
 * @property {number} at When it was last walked in, wall time in ms.
 */

/** @typedef {Required<Omit<Progress, 'at'>>} Reached */

export const PROGRESS = 'raftviz:progress';

/**
 * @param {any} value
 * @returns {boolean} Whether it tells of a lesson as described above.
 */
function fits(value) {
  const counts = [value?.step, value?.of, value?.right, value?.asked, value?.at];
  const { seen = [], answers = {}, done } = value ?? {};
  const more = [...(Array.isArray(seen) ? seen : [NaN]), ...Object.values(answers ?? { none: NaN })];
  return [...counts, ...more].every((each) => Number.isFinite(each) && each >= 0) && typeof done === 'boolean';
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
 * @param {Pick<Model, 'step'|'seen'|'answers'>} model
 * @param {LessonInfo} lesson
 * @returns {Reached} How far one has come.
 */
export function reachedAt({ step, seen, answers }, lesson) {
  const { right, asked } = scoreOf(lesson, answers);
  const of = lesson.steps.length;
  return { step: Math.max(0, step) + 1, of, right, asked, done: unseen(lesson, seen).length === 0, seen: inOrder(seen, of), answers };
}

/** @param {Iterable<number>} steps @param {number} of */
const inOrder = (steps, of) => [...new Set(steps)].filter((each) => each < of).sort((one, other) => one - other);

/**
 * @param {LessonInfo} lesson
 * @param {ReadonlySet<number>} seen
 * @returns {number[]} The steps that were never shown, from 0.
 */
export function unseen(lesson, seen) {
  return lesson.steps.map((_, index) => index).filter((index) => !seen.has(index));
}

/** @param {Pick<Progress, 'seen'|'step'>} progress @returns {number[]} The steps that were shown, from 0. */
export const seenIn = ({ seen, step }) => seen ?? Array.from({ length: step }, (_, index) => index);

/**
 * What a new visit of a lesson goes on from.
 * @param {LessonInfo} lesson
 * @param {boolean} named Whether a step was asked for; else a lesson that is done is walked anew.
 * @param {import('./keep.js').Shelf} [shelf]
 * @returns {{seen: number[], answers: Record<string, number>}}
 */
export function recalled(lesson, named, shelf = browser) {
  const kept = readProgress(shelf)[lesson.id];
  if (!kept || kept.of !== lesson.steps.length) return { seen: [], answers: {} };
  const answers = Object.entries(kept.answers ?? {}).filter(([index, given]) => {
    const step = lesson.steps[Number(index)];
    return (step?.ask ?? step?.predict)?.choices[given] !== undefined;
  });
  return { seen: kept.done ? lesson.steps.map((_, index) => index) : seenIn(kept), answers: named || !kept.done ? Object.fromEntries(answers) : {} };
}

/**
 * @param {Progress|undefined} before
 * @param {Reached} reached
 * @param {number} at Wall time, ms.
 * @returns {Progress} The furthest of both; the answers are those of the walk in which more was answered, of two alike the later.
 */
export function furthest(before, reached, at) {
  if (!before || before.of !== reached.of) return { ...reached, at };
  const { right, asked, answers } = reached.asked >= before.asked ? reached : before;
  const seen = inOrder([...seenIn(before), ...reached.seen], reached.of);
  const done = before.done || seen.length === reached.of;
  return { step: Math.max(before.step, reached.step), of: reached.of, right, asked, done, at, seen, answers: answers ?? {} };
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
