/**
 * What a reload must find again: the tab's room and place in the session's storage, the rooms'
 * tokens in the browser's.
 *
 * @module link/memory
 */

/** How many tokens are kept: the oldest are of rooms long gone. */
const MOST_TOKENS = 50;

const TOKENS = 'raftviz:tokens';

/** @typedef {{room: string, branch: string, seq: number, step: number, rate: number, answers: Record<string, number>}} Place */

/**
 * @param {() => Storage} storage
 * @param {string} key
 * @returns {any} Null where there is nothing that makes sense.
 */
function read(storage, key) {
  try {
    return JSON.parse(storage().getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

/**
 * Where storage is forbidden (some embeddings forbid it) nothing is remembered, and all else works.
 * @param {() => Storage} storage
 * @param {string} key
 * @param {any} value
 */
function write(storage, key, value) {
  try {
    storage().setItem(key, JSON.stringify(value));
  } catch {
    return;
  }
}

const tab = () => sessionStorage;
const browser = () => localStorage;

/**
 * @param {string} page What the tab shows: one room for each.
 */
export function createMemory(page) {
  const key = `raftviz:place:${page}`;
  return {
    /** @returns {Place|null} */
    place: () => read(tab, key),
    /** @param {Place} place */
    keep: (place) => write(tab, key, place),
    forget: () => write(tab, key, null),
    /**
     * @param {string} room
     * @returns {string|null}
     */
    token(room) {
      /** @type {Array<[string, string]>} */
      const tokens = read(browser, TOKENS) ?? [];
      return tokens.find(([each]) => each === room)?.[1] ?? null;
    },
    /**
     * @param {string} room
     * @param {string} token
     */
    keepToken(room, token) {
      /** @type {Array<[string, string]>} */
      const tokens = read(browser, TOKENS) ?? [];
      const others = tokens.filter(([each]) => each !== room);
      write(browser, TOKENS, [[room, token], ...others].slice(0, MOST_TOKENS));
    },
  };
}
