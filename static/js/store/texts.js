/**
 * A lesson in the page's language: its texts laid over what the room tells, which is the same for
 * everybody who watches.
 *
 * @module store/texts
 */

import { fetchBaked } from '../lib/baked.js';

/** @typedef {import('../types.js').LessonTexts} LessonTexts */
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
