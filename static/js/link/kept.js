/**
 * The runs of rooms, kept in the browser: a room lives in the server's memory, and what was done in it
 * is to outlive that. One run for each room, the latest few.
 *
 * @module link/kept
 */

import { browser, keep, keepValue, kept, keptValue } from '../lib/keep.js';

/** @typedef {import('../lib/keep.js').Shelf} Shelf */

const RUN = 'raftviz:run:';

/** The rooms of which there is a run, the latest first. */
const RUNS = 'raftviz:runs';

const CARRIED = 'raftviz:carried';

/** How many runs are kept. */
const MOST_RUNS = 8;

/** How many rooms are remembered that others took the place of. */
const MOST_CARRIED = 20;

/** A longer run is not kept, in characters; no room lets one come about. Browsers give all of a site's pages about five million. */
const LONGEST_RUN = 500_000;

/** @param {unknown} value @returns {value is string} */
const isText = (value) => typeof value === 'string';

/** @param {Shelf} shelf @returns {string[]} */
function rooms(shelf) {
  const list = keptValue(RUNS, shelf);
  return Array.isArray(list) ? list.filter(isText) : [];
}

/** @param {Shelf} shelf @returns {string[][]} Pairs: a room, and the one that took its place. */
function carried(shelf) {
  const list = keptValue(CARRIED, shelf);
  return Array.isArray(list) ? list.filter((each) => Array.isArray(each) && each.every(isText)) : [];
}

/**
 * @param {string} room
 * @param {Shelf} [shelf]
 */
export function forgetRun(room, shelf = browser) {
  keep(RUN + room, null, shelf);
  keepValue(RUNS, rooms(shelf).filter((each) => each !== room), shelf);
}

/**
 * Where there is no place, the oldest go.
 * @param {string} room
 * @param {Record<string, any>} session
 * @param {Shelf} [shelf]
 * @returns {boolean} Whether it could be kept.
 */
export function keepRun(room, session, shelf = browser) {
  const text = JSON.stringify(session);
  const others = rooms(shelf).filter((each) => each !== room);
  let stays = text.length <= LONGEST_RUN;
  while (others.length >= MOST_RUNS) forgetRun(others.pop() ?? '', shelf);
  while (stays && !keep(RUN + room, text, shelf)) {
    const oldest = others.pop();
    if (oldest === undefined) stays = false;
    else forgetRun(oldest, shelf);
  }
  if (stays) keepValue(RUNS, [room, ...others], shelf);
  else forgetRun(room, shelf);
  return stays;
}

/**
 * @param {string} room
 * @param {Shelf} [shelf]
 * @returns {string|null} What is kept of it, as it stands there.
 */
export const keptRun = (room, shelf = browser) => kept(RUN + room, shelf);

/**
 * @param {string} room
 * @param {Shelf} [shelf]
 * @returns {string|null} The room in which its run was carried on by another page of this browser.
 */
export const carriedTo = (room, shelf = browser) => carried(shelf).find(([from]) => from === room)?.[1] ?? null;

/**
 * @param {string} room
 * @param {string} to
 * @param {Shelf} [shelf]
 */
export function carriedOn(room, to, shelf = browser) {
  keepValue(CARRIED, [[room, to], ...carried(shelf).filter(([from]) => from !== room)].slice(0, MOST_CARRIED), shelf);
}
