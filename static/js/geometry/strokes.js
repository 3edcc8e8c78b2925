/**
 * The scissors: which links a line crosses, and what the line does to them.
 *
 * @module geometry/strokes
 */

import { crosses } from './flight.js';

/** @typedef {import('./flight.js').Point} Point */
/** @typedef {[a: string, b: string]} Pair The two ends of a link, in ring order. */

/**
 * @typedef {object} Plan What a line does.
 * @property {'cut'|'mend'|'none'} kind
 * @property {Pair[]} pairs The links that it changes.
 * @property {Array<Record<string, any>>} commands
 */

/**
 * @param {Point} from
 * @param {Point} to
 * @param {string[]} ids In ring order.
 * @param {Record<string, Point>} places
 * @returns {Pair[]} The links that the line from–to crosses.
 */
export function crossed(from, to, ids, places) {
  return ids.flatMap((a, i) =>
    ids.slice(i + 1).flatMap((b) => (crosses(from, to, places[a], places[b]) ? [/** @type {Pair} */ ([a, b])] : [])),
  );
}

/**
 * A line cuts what it crosses; where all of that is cut already, it mends it.
 * @param {Pair[]} pairs
 * @param {Record<string, {cut: boolean}>} links By "from>to".
 * @returns {Plan}
 */
export function plan(pairs, links) {
  const whole = pairs.filter(([a, b]) => !links[`${a}>${b}`]?.cut || !links[`${b}>${a}`]?.cut);
  if (whole.length > 0) return { kind: 'cut', pairs: whole, commands: whole.map((pair) => ({ cut: pair })) };
  return { kind: pairs.length > 0 ? 'mend' : 'none', pairs, commands: pairs.map((pair) => ({ heal: pair })) };
}
