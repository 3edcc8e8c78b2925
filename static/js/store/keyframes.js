/**
 * States kept at regular distances, so that any other is few events away.
 *
 * @module store/keyframes
 */

import { applyEvents } from './changes.js';

/** @typedef {import('../types.js').View} View */
/** @typedef {import('../types.js').WireEvent} WireEvent */

/** How many events lie between two kept states. */
export const DISTANCE = 256;

/** How many states computed of late are kept to go on from. */
const RECENT = 6;

/**
 * @typedef {object} Keyframes
 * @property {(view: View) => void} keep Keep a state at its place, if it stands on a boundary.
 * @property {(position: number, events: readonly WireEvent[]) => View} at State after `position`
 *   events. The same object as long as it is remembered.
 */

/**
 * @param {View} base State before the first held event; its number is the base of all positions.
 * @returns {Keyframes}
 */
export function createKeyframes(base) {
  const kept = [base];
  /** @type {View[]} Latest first. */
  let recent = [];

  /** @param {View} view */
  function keep(view) {
    const position = view.seq - base.seq;
    if (position % DISTANCE === 0) kept[position / DISTANCE] = view;
  }

  /** @type {Keyframes['at']} */
  function at(position, events) {
    const seq = base.seq + position;
    let start = kept[Math.min(Math.floor(position / DISTANCE), kept.length - 1)];
    for (const view of recent) {
      if (view.seq <= seq && view.seq > start.seq) start = view;
    }
    const view = applyEvents(start, events, start.seq - base.seq, position);
    if (recent[0] !== view) recent = [view, ...recent.filter((each) => each !== view)].slice(0, RECENT);
    return view;
  }

  return { keep, at };
}
