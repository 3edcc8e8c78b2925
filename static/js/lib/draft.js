/**
 * The lesson that a person is writing, kept in the browser's storage between pages and visits.
 *
 * @module lib/draft
 */

import { keep, kept } from './keep.js';

const KEY = 'raftviz:draft';

/** The longest that the server takes, in bytes. */
export const LONGEST_DRAFT = 60_000;

/** @returns {string} Empty where there is none. */
export const keptDraft = () => kept(KEY) ?? '';

/**
 * @param {string} text
 * @returns {boolean} Whether it could be kept.
 */
export const keepDraft = (text) => keep(KEY, text);
