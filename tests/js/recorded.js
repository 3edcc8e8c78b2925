/**
 * What Python recorded (tests/fixtures/make_wire.py), and a journal made the dumb way to compare with.
 */

import { readFileSync } from 'node:fs';
import { createJournal } from '../../static/js/store/journal.js';

/** @typedef {import('../../static/js/types.js').Opened & {views: import('../../static/js/types.js').View[], document: string[][], saved: any}} Recorded */

/**
 * @param {'election'|'partition'|'sandbox'} name
 * @returns {Recorded}
 */
export function recorded(name) {
  return JSON.parse(readFileSync(new URL(`../fixtures/wire/${name}.json`, import.meta.url), 'utf8'));
}

/**
 * @param {Recorded} answer
 * @returns {import('../../static/js/store/journal.js').Journal}
 */
export function journalOf(answer) {
  const journal = createJournal();
  journal.append(answer.events);
  return journal;
}

/**
 * The oracle: everything copied, everything applied from the very beginning, rule by rule.
 * @param {import('../../static/js/types.js').WireEvent[]} events
 * @param {number} seq
 * @returns {any}
 */
export function stateByHand(events, seq) {
  /** @type {any} */
  const state = { time: 0, seq: 0, options: {}, nodes: {}, messages: {}, links: {}, clients: {} };
  for (const event of events) {
    if (event.seq > seq) break;
    for (const [path, value] of event.changes) {
      let place = state;
      for (const part of path.slice(0, -1)) place = place[part];
      const key = /** @type {string|number} */ (path.at(-1));
      const copy = structuredClone(value);
      if (path[0] === 'nodes' && path.length === 3) place[key] = copy;
      else if (value !== null) Object.defineProperty(place, key, { value: copy, enumerable: true, configurable: true, writable: true });
      else if (Array.isArray(place)) place.length -= 1;
      else delete place[key];
    }
    state.time = event.time;
    state.seq = event.seq;
  }
  return state;
}

/**
 * A generator of numbers that is the same every time (mulberry32).
 * @param {number} seed
 * @returns {(below: number) => number} A whole number from 0 to below - 1.
 */
export function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/**
 * An event that changes nothing, for tests of what does not depend on content.
 * @param {number} seq
 * @param {Partial<import('../../static/js/types.js').WireEvent>} [fields]
 * @returns {import('../../static/js/types.js').WireEvent}
 */
export function event(seq, fields = {}) {
  return { seq, time: 0, kind: 'applied', node: null, cause: null, data: {}, changes: [], say: ['x', {}], ...fields };
}
