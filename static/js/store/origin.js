/**
 * Where a branch left what nobody there did: the lesson's script, or the start of a sandbox. Pure.
 *
 * @module store/origin
 */

import { floor } from './deeds.js';
import { stepAt } from './select.js';

/** @typedef {import('../types.js').Branch} Branch */
/** @typedef {import('../types.js').LessonInfo} LessonInfo */

/** @typedef {{seq: number, step: LessonStep|null}} Origin The last event before anything was done here, and the step of the lesson that was left; null where none was. */
/** @typedef {import('../types.js').LessonStep} LessonStep */

/**
 * @param {Branch[]} branches
 * @param {string} branch
 * @param {LessonInfo|null} lesson The session's.
 * @param {number} stood The step that was shown last; of several that end where the branch left, it is this one.
 * @returns {Origin}
 */
export function originOf(branches, branch, lesson, stood) {
  const seq = floor(branches, branch);
  if (!lesson || !leftLesson(branches, branch)) return { seq, step: null };
  const step = lesson.steps[stood]?.end === seq ? stood : stepAt(lesson, seq);
  return { seq, step: lesson.steps[step] ?? null };
}

/** @param {Branch[]} branches @param {string} branch @returns {boolean} */
function leftLesson(branches, branch) {
  const parent = branches.find(({ id }) => id === branches.find((each) => each.id === branch)?.parent);
  return parent !== undefined && (parent.lesson || leftLesson(branches, parent.id));
}
