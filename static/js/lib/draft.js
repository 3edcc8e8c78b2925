/**
 * The lesson that a person is writing, kept in the browser's storage between pages and visits.
 *
 * @module lib/draft
 */

const KEY = 'raftviz:draft';

/** The longest that the server takes, in bytes. */
export const LONGEST_DRAFT = 60_000;

/** @returns {string} Empty where there is none, or storage is forbidden. */
export function keptDraft() {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

/**
 * @param {string} text
 * @returns {boolean} Whether it could be kept.
 */
export function keepDraft(text) {
  try {
    localStorage.setItem(KEY, text);
    return true;
  } catch {
    return false;
  }
}
