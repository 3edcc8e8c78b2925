/**
 * Frames in order: each is handed on once, right after the one before it. What comes too early
 * waits while the gap is asked for; what came before is dropped.
 *
 * @module link/queue
 */

/** @typedef {import('../types.js').Frame} Frame */

/** How many frames may wait for a gap to close: beyond, the gap's answer brings their events too. */
const MOST_WAITING = 256;

/**
 * @typedef {object} Queue
 * @property {(frame: Frame) => void} accept
 * @property {(branch: string) => void} filled Tell that a gap of a branch was closed, or that closing it failed.
 * @property {() => void} clear Forget what waits.
 */

/**
 * @param {object} options
 * @param {(branch: string) => number} options.last The last event held of a branch.
 * @param {(frame: Frame) => void} options.deliver Takes frames whose first event follows the last held.
 * @param {(branch: string, have: number) => void} options.gap Asks for what is missing; called once for each gap.
 * @returns {Queue}
 */
export function createQueue({ last, deliver, gap }) {
  /** @type {Map<string, Frame[]>} */
  const waiting = new Map();

  /** @param {Frame} frame */
  function hand(frame) {
    const held = last(frame.branch);
    if (frame.first > held + 1) return false;
    if (frame.events.length && frame.last <= held) return true;
    const events = frame.events.filter((event) => event.seq > held);
    deliver(events.length === frame.events.length ? frame : { ...frame, first: held + 1, events });
    return true;
  }

  /** @param {Frame} frame */
  function accept(frame) {
    const early = waiting.get(frame.branch);
    if (!early) {
      if (hand(frame)) return;
      waiting.set(frame.branch, [frame]);
      gap(frame.branch, last(frame.branch));
      return;
    }
    early.push(frame);
    early.sort((a, b) => a.first - b.first);
    if (hand(early[0])) filled(frame.branch);
    else if (early.length > MOST_WAITING) early.pop();
  }

  /** @param {string} branch */
  function filled(branch) {
    const early = waiting.get(branch) ?? [];
    waiting.delete(branch);
    for (const frame of early) accept(frame);
  }

  return { accept, filled, clear: () => waiting.clear() };
}
