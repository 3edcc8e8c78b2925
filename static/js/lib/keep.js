/**
 * What a browser keeps for a person between pages and visits. Where storage is forbidden (some
 * embeddings forbid it) or full, nothing is remembered, and all else works.
 *
 * @module lib/keep
 */

/** @typedef {() => Pick<Storage, 'getItem'|'setItem'|'removeItem'>} Shelf Asked for each time: to look at it may be forbidden. */

/** What all pages share, for good. @type {Shelf} */
export const browser = () => localStorage;

/** What one tab keeps over a reload. @type {Shelf} */
export const tab = () => sessionStorage;

/**
 * @param {string} key
 * @param {Shelf} [shelf]
 * @returns {string|null} Null where nothing is kept, or may not be read.
 */
export function kept(key, shelf = browser) {
  try {
    return shelf().getItem(key);
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string|null} text Null: nothing any more.
 * @param {Shelf} [shelf]
 * @returns {boolean} Whether it could be kept.
 */
export function keep(key, text, shelf = browser) {
  try {
    if (text === null) shelf().removeItem(key);
    else shelf().setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} key
 * @param {Shelf} [shelf]
 * @returns {any} The value that was kept; null where there is none that makes sense.
 */
export function keptValue(key, shelf = browser) {
  try {
    return JSON.parse(kept(key, shelf) ?? 'null');
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {any} value Of what JSON can hold; null: nothing any more.
 * @param {Shelf} [shelf]
 * @returns {boolean} Whether it could be kept.
 */
export function keepValue(key, value, shelf = browser) {
  return keep(key, value === null ? null : JSON.stringify(value), shelf);
}
