/**
 * What a reload must find again: the tab's room and place in the session's storage, the rooms'
 * tokens in the browser's.
 *
 * @module link/memory
 */

/** How many tokens are kept: the oldest are of rooms long gone. */
const MOST_TOKENS = 50;

const TOKENS = 'raftviz:tokens';

/** @typedef {{room: string, branch: string, seq: number, step: number, rate: number, answers: Record<string, string>}} Place */

/**
 * @param {Storage} storage
 * @param {string} key
 * @returns {any} Null where there is nothing that makes sense.
 */
function read(storage, key) {
  try {
    return JSON.parse(storage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

/**
 * @param {string} page What the tab shows: one room for each.
 */
export function createMemory(page) {
  const key = `raftviz:place:${page}`;
  return {
    /** @returns {Place|null} */
    place: () => read(sessionStorage, key),
    /** @param {Place} place */
    keep: (place) => sessionStorage.setItem(key, JSON.stringify(place)),
    forget: () => sessionStorage.removeItem(key),
    /**
     * @param {string} room
     * @returns {string|null}
     */
    token(room) {
      /** @type {Array<[string, string]>} */
      const tokens = read(localStorage, TOKENS) ?? [];
      return tokens.find(([each]) => each === room)?.[1] ?? null;
    },
    /**
     * @param {string} room
     * @param {string} token
     */
    keepToken(room, token) {
      /** @type {Array<[string, string]>} */
      const tokens = read(localStorage, TOKENS) ?? [];
      const others = tokens.filter(([each]) => each !== room);
      localStorage.setItem(TOKENS, JSON.stringify([[room, token], ...others].slice(0, MOST_TOKENS)));
    },
  };
}
