/**
 * The promises that are watched, by the names that events and sessions give them, in the page's language.
 *
 * @module lib/promises
 */

import { isWord, t } from './words.js';

/** @param {string} name @returns {string} How the catalogue calls it. */
const slug = (name) => name.toLowerCase().replaceAll(' ', '-');

/**
 * @param {string} name For example "Election Safety".
 * @returns {string} The same where the catalogue does not know it.
 */
export function promiseName(name) {
  const key = `promise.${slug(name)}`;
  return isWord(key) ? t(key) : name;
}

/**
 * @param {{name: string, text: string}} promise
 * @returns {string} What it says; as the server tells it where the catalogue does not know it.
 */
export function promiseText({ name, text }) {
  const key = `promise.${slug(name)}.text`;
  return isWord(key) ? t(key) : text;
}
