/**
 * Which stretch of time the space-time diagram shows, and the scrub bar of a long session: all of
 * it, a stretch that turns its page when the cursor leaves it, or the one that a person chose.
 *
 * @module store/stretch
 */

/** @typedef {import('../types.js').Stretch} Stretch */

/** What is shown of a running cluster without asking, µs: about a dozen rounds of heartbeats. */
export const USUAL = 700_000;

/** The same where the session is long, µs. */
export const LONG_STRETCH = 2_000_000;

/** From so many events on a session is long: its bar shows a stretch, and an overview the whole. */
export const LONG = 10_000;

/** The least that can be shown, µs: a message's flight fills it. */
export const LEAST = 10_000;

/** Lessons with no more messages than this are shown whole. */
const WHOLE = 400;

/** How much room a growing session has at its end, so that not every frame moves everything. */
const ROOM = 1.03;

/**
 * @param {Stretch} stretch
 * @param {number} p
 * @returns {boolean} Whether p lies in it.
 */
export function holds({ p0, p1 }, p) {
  return p >= p0 && p <= p1;
}

/**
 * What is shown without a hand on it: everything while that is short, else a stretch around the
 * cursor that turns its page when the cursor leaves it.
 * @param {Stretch|null} held The stretch of the last frame.
 * @param {readonly [number, number]} span First and last presentation time of the branch.
 * @param {number} p The cursor.
 * @param {number} length How much to show at most.
 * @param {number} least How much to show at least, so that a young session fills it from the left.
 * @param {boolean} [going] Whether the cursor moves on by itself: then the page is turned a little early.
 * @returns {Stretch} The held one if nothing has to move.
 */
export function follow(held, span, p, length, least, going = true) {
  const [begin, end] = span;
  if (end - begin <= length) {
    const p1 = Math.max(end, begin + Math.min(length, least));
    return held && held.p0 === begin && held.p1 === p1 ? held : { p0: begin, p1 };
  }
  if (held && Math.abs(held.p1 - held.p0 - length) < 1) {
    const margin = going ? length : 0;
    const late = held.p1 - margin * 0.06;
    const early = held.p0 + (held.p0 > begin ? margin * 0.04 : 0);
    if (p >= early && (p <= late || (p <= held.p1 && held.p1 >= end))) return held;
  }
  const p0 = Math.max(begin, Math.min(p - length * 0.3, Math.max(begin, end - length * 0.5)));
  return { p0, p1: p0 + length };
}

/**
 * The whole of a session that grows, in steps.
 * @param {Stretch|null} held
 * @param {readonly [number, number]} span
 * @returns {Stretch} The held one while its room lasts.
 */
export function growing(held, [begin, end]) {
  if (held && held.p0 === begin && end <= held.p1 && end > begin + (held.p1 - begin) * 0.9) return held;
  const p1 = begin + Math.max(USUAL, (end - begin) * ROOM);
  return held && held.p0 === begin && held.p1 === p1 ? held : { p0: begin, p1 };
}

/**
 * @param {Stretch} stretch
 * @param {number} factor Below 1 shows less.
 * @param {number} p What stays in its place on the screen.
 * @returns {Stretch}
 */
export function zoomed({ p0, p1 }, factor, p) {
  const wanted = Math.max(LEAST, (p1 - p0) * factor);
  const share = (p - p0) / (p1 - p0 || 1);
  return { p0: p - share * wanted, p1: p + (1 - share) * wanted };
}

/**
 * @param {Stretch} stretch
 * @param {Stretch} whole
 * @returns {Stretch} The stretch, moved so that it lies within the whole; no longer than that.
 */
export function within({ p0, p1 }, whole) {
  const length = Math.min(Math.max(LEAST, p1 - p0), whole.p1 - whole.p0);
  const begin = Math.max(whole.p0, Math.min(p0, whole.p1 - length));
  return { p0: begin, p1: begin + length };
}

/**
 * @typedef {object} Facts What the stretch depends on.
 * @property {string} branch
 * @property {readonly [number, number]} span
 * @property {number} p
 * @property {boolean} going Whether the cursor moves by itself.
 * @property {boolean} auto Whether time may pass by itself, so that the session grows.
 * @property {boolean} lesson
 * @property {number} arrows How many messages there were.
 * @property {number} events How many events there were.
 */

/** @typedef {{stretch: Stretch, whole: Stretch, long: boolean}} Shown */

/**
 * @typedef {object} Stretches
 * @property {(facts: Facts) => Shown} at
 * @property {(factor: number, p?: number) => void} zoom About p, else about the cursor; 0 shows everything.
 * @property {(stretch: Stretch) => void} show
 * @property {(share: number) => void} pan Move by a share of what is shown.
 */

/** @returns {Stretches} */
export function createStretches() {
  /** @type {Stretch|null} */
  let held = null;
  /** @type {Stretch|null} */
  let whole = null;
  /** The length that a person chose, µs; 0: as usual; Infinity: everything. */
  let chosen = 0;
  /** Whether a person has moved it off the cursor: it stays there until the cursor comes, or jumps. */
  let away = false;
  let branch = '';
  let p = -1;

  /** @param {Facts} facts @param {boolean} long */
  function usual(facts, long) {
    if (chosen > 0) return chosen;
    if (facts.lesson && facts.arrows <= WHOLE) return Infinity;
    return long ? LONG_STRETCH : USUAL;
  }

  /** @type {Stretches['at']} */
  function at(facts) {
    const { span, auto } = facts;
    if (facts.branch !== branch) {
      held = whole = null;
      away = false;
      branch = facts.branch;
    }
    whole = auto ? growing(whole, span) : follow(whole, span, facts.p, Infinity, 0);
    const jumped = facts.p !== p && !facts.going;
    p = facts.p;
    if (away && (jumped || (held && holds(held, p)))) away = false;
    const long = facts.events >= LONG;
    const length = usual(facts, long);
    if (length >= whole.p1 - whole.p0) held = whole;
    else if (!away || !held) {
      const next = follow(held, span, p, length, auto ? USUAL : 0, facts.going);
      held = long && next.p1 > whole.p1 ? within(next, whole) : next;
    }
    return { stretch: held, whole, long };
  }

  /** @param {Stretch} wanted */
  function show(wanted) {
    if (!whole) return;
    const all = wanted.p1 - wanted.p0 >= whole.p1 - whole.p0;
    held = all ? whole : within(wanted, { p0: whole.p0, p1: Math.max(whole.p1, held?.p1 ?? 0) });
    chosen = all ? Infinity : held.p1 - held.p0;
    away = !holds(held, p);
  }

  /** @type {Stretches['zoom']} */
  function zoom(factor, about) {
    if (!held || !whole) return;
    if (factor === 0) show(whole);
    else show(zoomed(held, factor, about ?? (holds(held, p) ? p : (held.p0 + held.p1) / 2)));
  }

  return {
    at,
    zoom,
    show,
    pan(share) {
      if (held) show({ p0: held.p0 + (held.p1 - held.p0) * share, p1: held.p1 + (held.p1 - held.p0) * share });
    },
  };
}
