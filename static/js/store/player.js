/**
 * The cursor of one branch and how it moves: not at all, to an event at a rate, or after a live head.
 * Knows nothing of lessons or servers; wall time comes in as an argument.
 *
 * @module store/player
 */

import { createClock, follow } from './clock.js';
import { LINGER } from './select.js';
import { countUpTo } from './seek.js';

/** @typedef {import('./journal.js').Journal} Journal */
/** @typedef {import('./clock.js').RateClock} RateClock */
/** @typedef {import('./select.js').Rest} Rest */

/** How long what died can still be seen where the cursor came to rest, ms of wall time. */
export const FADING = 1000;

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
 * @property {() => Rest} rest Where it came to rest, and how far what died there has faded.
 * @property {() => void} settle Show nothing that has ended before here.
 * @property {() => boolean} fading Whether something still fades where it rests.
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
  /** @type {Rest} */
  let rest = { p, fade: 1 };
  /** When the fading began, wall time in ms; null before the first tick of it. @type {number|null} */
  let faded = null;

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

  function settle() {
    rest = { p, fade: 1 };
  }

  /** The cursor has jumped: what died before stays in sight by its time, except at the head. */
  function landed() {
    if (p === rest.p) return;
    if (p >= journal.end()) settle();
    else rest = { p: -Infinity, fade: 0 };
  }

  /** The cursor has come to rest after a motion: what died on the way is seen to fade. */
  function arriveAtRest() {
    const { deaths } = journal.presentation;
    const last = deaths[countUpTo(deaths, p, (arrow) => Number(arrow.p1)) - 1];
    const fresh = last !== undefined && Number(last.p1) > Math.max(rest.p, p - LINGER);
    rest = { p, fade: fresh ? 0 : 1 };
    faded = null;
  }

  const fading = () => mode === 'still' && rest.p === p && rest.fade < 1;

  /** @param {number} now */
  function tickRest(now) {
    if (!fading()) return false;
    faded ??= now;
    rest = { p, fade: Math.min(1, Math.max(0, (now - faded) / FADING)) };
    return true;
  }

  /** Go on from where it rests: what is fading there is gone. */
  function leave() {
    if (rest.fade < 1 && rest.p >= 0) rest = { p: rest.p, fade: 1 };
  }

  /** @param {Journal} next */
  function use(next) {
    halt();
    journal = next;
    reveal = 0;
    stand(journal.end(), journal.last());
    settle();
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
    landed();
  }

  /** @param {number} to */
  function seekSeq(to) {
    halt();
    const target = Math.min(journal.last(), Math.max(journal.first - 1, to));
    stand(placeOf(target), target);
    landed();
  }

  function finish() {
    if (mode === 'draining') seekSeq(journal.last());
    if (!move) return;
    const { seq: target, arrived } = move;
    halt();
    stand(placeOf(target), target);
    arriveAtRest();
    arrived();
  }

  /** @type {Player['moveTo']} */
  function moveTo(to, now, options = {}) {
    const arrived = options.arrived ?? (() => {});
    const target = Math.min(journal.last(), to);
    halt();
    leave();
    const distance = placeOf(target) - p;
    if (target < seq || still() || distance <= 0) {
      stand(placeOf(target), target);
      arriveAtRest();
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
    leave();
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
    if (mode === 'draining' && at >= head) {
      halt();
      arriveAtRest();
    }
  }

  /** @param {number} now */
  function tick(now) {
    const before = p;
    const beforeSeq = seq;
    const fades = tickRest(now);
    if (mode === 'moving') tickMove(now);
    else if (mode !== 'still') tickLive(now);
    return fades || p !== before || seq !== beforeSeq;
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
    rest: () => rest,
    settle,
    fading,
    moving: () => mode !== 'still',
    following: () => mode === 'live' || mode === 'draining',
    atHead: () => seq >= journal.last() || mode === 'live' || mode === 'draining' || (move?.seq ?? -1) >= journal.last(),
  };
}
