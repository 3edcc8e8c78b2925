/**
 * The only place that reads the wall clock, and the two ways in which the cursor keeps time.
 *
 * @module store/clock
 */

/** @returns {number} Wall time, ms, never falling. */
export function wallNow() {
  return performance.now();
}

/** @returns {number} Which moment it is, ms since 1970, rounded. */
export function dateNow() {
  return Math.round(performance.timeOrigin + performance.now());
}

/**
 * @typedef {object} PageTime Wall time that stands still while nobody looks: what plays is held, not missed.
 * @property {(wall: number) => number} at Page time at a wall time, ms.
 * @property {(wall: number) => void} hold
 * @property {(wall: number) => number} goOn Gives how long it was held, ms.
 */

/** @returns {PageTime} */
export function createPageTime() {
  let away = 0;
  /** @type {number|null} */
  let since = null;
  return {
    at: (wall) => (since === null ? wall : Math.min(since, wall)) - away,
    hold: (wall) => void (since ??= wall),
    goOn(wall) {
      const held = since === null ? 0 : Math.max(0, wall - since);
      since = null;
      away += held;
      return held;
    },
  };
}

/** Microseconds of presentation time in a wall millisecond at rate 1. */
const US_PER_MS = 1000;

/** How far behind the head a live cursor stays, ms of wall time: frames may come late by so much. */
export const JITTER = 100;

/** In how many ms of wall time a live cursor makes good what it is ahead or behind. */
const SETTLING = 500;

/** The same, where it is far behind. */
const CATCHING_UP = 150;

/**
 * @typedef {object} RateClock
 * @property {(now: number) => number} at Presentation time at a wall time, ms.
 * @property {(rate: number, now: number) => void} setRate Go on from where it is, faster or slower.
 * @property {() => number} rate
 */

/**
 * p = base + rate × elapsed. Re-based at each change of rate, so that no error adds up.
 * @param {number} p Where it begins.
 * @param {number} rate Virtual seconds a real second.
 * @param {number} now Wall time, ms.
 * @returns {RateClock}
 */
export function createClock(p, rate, now) {
  let base = p;
  let since = now;
  let current = rate;
  /** @param {number} wall */
  const at = (wall) => base + current * US_PER_MS * Math.max(0, wall - since);
  return {
    at,
    setRate(value, wall) {
      base = at(wall);
      since = Math.max(since, wall);
      current = value;
    },
    rate: () => current,
  };
}

/**
 * One frame of following a head that moves by jerks (frames from the server): keep a small distance
 * to it and change pace gently, never faster than the head is known and never backwards.
 *
 * @param {number} p Where the cursor is.
 * @param {number} head How far the branch is known.
 * @param {number} rate The server's rate.
 * @param {number} elapsed Wall time since the last frame, ms.
 * @param {number} [buffer] Distance to keep, ms of wall time.
 * @returns {number}
 */
export function follow(p, head, rate, elapsed, buffer = JITTER) {
  const pace = rate * US_PER_MS;
  const ahead = (head - p) / pace - buffer;
  const settling = ahead > 3 * buffer + 100 ? CATCHING_UP : SETTLING;
  const correction = Math.max(-0.5, ahead / settling);
  return Math.max(p, Math.min(head, p + pace * elapsed * (1 + correction)));
}
