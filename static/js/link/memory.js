/**
 * What a reload must find again: the tab's room and place in the session's storage, the rooms'
 * tokens in the browser's.
 *
 * @module link/memory
 */

import { browser, keepValue, keptValue, tab } from '../lib/keep.js';

/** How many tokens are kept: the oldest are of rooms long gone. */
const MOST_TOKENS = 50;

const TOKENS = 'raftviz:tokens';

/** @typedef {{room: string, branch: string, seq: number, step: number, rate: number, answers: Record<string, number>}} Place */

/**
 * @param {string} page What the tab shows: one room for each.
 */
export function createMemory(page) {
  const key = `raftviz:place:${page}`;
  return {
    /** @returns {Place|null} */
    place: () => keptValue(key, tab),
    /** @param {Place} place */
    keep: (place) => keepValue(key, place, tab),
    forget: () => keepValue(key, null, tab),
    /**
     * @param {string} room
     * @returns {string|null}
     */
    token(room) {
      /** @type {Array<[string, string]>} */
      const tokens = keptValue(TOKENS, browser) ?? [];
      return tokens.find(([each]) => each === room)?.[1] ?? null;
    },
    /**
     * @param {string} room
     * @param {string} token
     */
    keepToken(room, token) {
      /** @type {Array<[string, string]>} */
      const tokens = keptValue(TOKENS, browser) ?? [];
      const others = tokens.filter(([each]) => each !== room);
      keepValue(TOKENS, [[room, token], ...others].slice(0, MOST_TOKENS), browser);
    },
  };
}
