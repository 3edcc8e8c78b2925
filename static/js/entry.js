/**
 * How a person comes into a lesson or a room: by the address of a step or an event, or from the start, for
 * the first time or again.
 *
 * @module entry
 */

import { recalled } from './lib/progress.js';
import { t } from './lib/words.js';

/** @typedef {import('./types.js').LessonInfo} LessonInfo */
/** @typedef {import('./store/player.js').Player} Player */
/** @typedef {import('./store/walk.js').Walk} Walk */
/** @typedef {import('./store/model.js').Desk} Desk */

/**
 * What was seen and answered in this browser before; whoever begins a lesson again that is done answers anew.
 * @param {LessonInfo} lesson
 * @param {Pick<Walk, 'recall'>} walk
 * @param {Pick<Desk, 'answers'>} desk
 * @param {string|undefined} asked The step that the address names, from 1.
 */
export function recallVisit(lesson, walk, desk, asked) {
  const { seen, answers } = recalled(lesson, Boolean(asked));
  walk.recall(seen);
  desk.answers = answers;
}

/**
 * Stand at the step that the address names; where there is none, at the nearest, and say so.
 * @param {LessonInfo} lesson
 * @param {Pick<Walk, 'go'>} walk
 * @param {Pick<Desk, 'notice'>} desk
 * @param {string|undefined} asked From 1; the first where none is named.
 */
export function goToStep(lesson, walk, desk, asked) {
  const count = lesson.steps.length;
  const wanted = Number(asked || 1);
  const step = Math.min(Math.max(1, wanted), count);
  walk.go(step - 1);
  if (step !== wanted) desk.notice = t('lesson.step.none', { asked: wanted, step, count });
}

/**
 * Stand right after the event that the address names; where there is none, at the last, and say so.
 * @param {Pick<Player, 'seekSeq'|'journal'>} player
 * @param {Pick<Desk, 'notice'>} desk
 * @param {number} asked
 * @param {boolean} whole Whether nothing more can come: it is a lesson's own run.
 */
export function goToEvent(player, desk, asked, whole) {
  player.seekSeq(asked);
  const last = player.journal().last();
  if (asked > last) desk.notice ??= t(whole ? 'lesson.event.none' : 'moment.later', { asked, last });
}
