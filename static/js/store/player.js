/**
 * The cursor of one branch and how it moves: not at all, to an event at a rate, or after a live head.
 * Knows nothing of lessons or servers; wall time comes in as an argument.
 *
 * @module store/player
 */

import { createClock, follow } from './clock.js';

/** @typedef {import('./journal.js').Journal} Journal */
/** @typedef {import('./clock.js').RateClock} RateClock */

/**
 * @typedef {object} Player
 * @property {(journal: Journal) => void} use Take another branch; the cursor stands at its head.
 * @property {() => Journal} journal
 * @property {() => number} p
 * @property {() => number} seq
 * @property {() => number} reveal The furthest event seen on this branch.
 * @property {() => number} rate
 * @property {(rate: number, now: number) => void} setRate
 * @property {(p: number) => void} seek Stand at a presentation time.
 * @property {(seq: number) => void} seekSeq Stand right after an event.
 * @property {(seq: number, now: number, options?: MoveOptions) => void} moveTo Move forward to an event.
 * @property {(now: number) => void} live Follow the head, wherever it goes.
 * @property {() => void} drain Follow the head to where it is and stop there.
 * @property {() => void} halt Stop where it is.
 * @property {() => void} finish Be at once where a move leads to.
 * @property {(oldLast: number, now: number, longest?: number) => void} grew Tell that the journal has
 *   grown from oldLast: at the head, what came is played, within `longest` ms.
 * @property {(now: number) => boolean} tick Go on; whether the cursor moved.
 * @property {() => boolean} moving Whether the next tick may move it.
 * @property {() => boolean} following Whether it follows a head that may still move.
 * @property {() => boolean} atHead Whether it stands at the head, follows it, or is on the way there.
 */

/**
 * @typedef {object} MoveOptions
 * @property {number} [longest] Wall time that it may take, ms; the rate is raised where it must be.
 * @property {() => void} [arrived] Called once it is there; not where something else came between.
 */

/**
 * @param {Journal} firstJournal
 * @param {number} firstRate
 * @param {() => boolean} [still] Whether a person wants no motion: moves are jumps then.
 * @returns {Player}
 */
export function createPlayer(firstJournal, firstRate, still = () => false) {
  let journal = firstJournal;
  let rate = firstRate;
  let p = journal.end();
  let seq = journal.last();
  let reveal = seq;
  /** @type {'still'|'moving'|'live'|'draining'} */
  let mode = 'still';
  /** @type {{seq: number, clock: RateClock, longest: number, arrived: () => void}|null} */
  let move = null;
  let ticked = 0;

  /**
   * @param {number} newP
   * @param {number} newSeq
   */
  function stand(newP, newSeq) {
    p = newP;
    seq = newSeq;
    reveal = Math.max(reveal, seq);
  }

  function halt() {
    mode = 'still';
    move = null;
  }

  /** @param {Journal} next */
  function use(next) {
    halt();
    journal = next;
    reveal = 0;
    stand(journal.end(), journal.last());
  }

  /** @param {number} to */
  function placeOf(to) {
    return to >= journal.last() ? journal.end() : journal.pOf(to);
  }

  /** @param {number} to */
  function seek(to) {
    halt();
    const place = Math.min(journal.end(), Math.max(0, to));
    stand(place, Math.max(journal.first - 1, journal.seqAt(place)));
  }

  /** @param {number} to */
  function seekSeq(to) {
    halt();
    const target = Math.min(journal.last(), Math.max(journal.first - 1, to));
    stand(placeOf(target), target);
  }

  function finish() {
    if (mode === 'draining') seekSeq(journal.last());
    if (!move) return;
    const { seq: target, arrived } = move;
    halt();
    stand(placeOf(target), target);
    arrived();
  }

  /** @type {Player['moveTo']} */
  function moveTo(to, now, options = {}) {
    const arrived = options.arrived ?? (() => {});
    const target = Math.min(journal.last(), to);
    halt();
    const distance = placeOf(target) - p;
    if (target < seq || still() || distance <= 0) {
      stand(placeOf(target), target);
      arrived();
      return;
    }
    const longest = options.longest ?? Infinity;
    const pace = Math.max(rate, distance / 1000 / longest);
    move = { seq: target, clock: createClock(p, pace, now), longest, arrived };
    mode = 'moving';
  }

  /** @param {number} now */
  function live(now) {
    move = null;
    mode = 'live';
    ticked = now;
  }

  function drain() {
    if (mode === 'live') mode = 'draining';
  }

  /** @type {Player['grew']} */
  function grew(oldLast, now, longest) {
    if (mode === 'moving' && move && move.seq === oldLast) {
      moveTo(journal.last(), now, { arrived: move.arrived, longest: longest ?? move.longest });
    } else if (mode === 'still' && seq === oldLast) {
      moveTo(journal.last(), now, { longest });
    }
  }

  /** @param {number} now */
  function tickMove(now) {
    if (!move) return;
    const end = placeOf(move.seq);
    const at = move.clock.at(now);
    if (at < end) {
      stand(at, Math.max(seq, Math.min(move.seq, journal.seqAt(at))));
      return;
    }
    finish();
  }

  /** @param {number} now */
  function tickLive(now) {
    const elapsed = Math.max(0, now - ticked);
    ticked = now;
    const head = journal.end();
    const at = follow(p, head, rate, elapsed, mode === 'live' ? undefined : 0);
    stand(at, at >= head ? journal.last() : Math.max(seq, journal.seqAt(at)));
    if (mode === 'draining' && at >= head) halt();
  }

  /** @param {number} now */
  function tick(now) {
    const before = p;
    const beforeSeq = seq;
    if (mode === 'moving') tickMove(now);
    else if (mode !== 'still') tickLive(now);
    return p !== before || seq !== beforeSeq;
  }

  return {
    use,
    journal: () => journal,
    p: () => p,
    seq: () => seq,
    reveal: () => reveal,
    rate: () => rate,
    setRate(value, now) {
      rate = value;
      if (move) move.clock.setRate(value, now);
    },
    seek,
    seekSeq,
    moveTo,
    live,
    drain,
    halt,
    finish,
    grew,
    tick,
    moving: () => mode !== 'still',
    following: () => mode === 'live' || mode === 'draining',
    atHead: () => seq >= journal.last() || mode === 'live' || mode === 'draining' || (move?.seq ?? -1) >= journal.last(),
  };
}
