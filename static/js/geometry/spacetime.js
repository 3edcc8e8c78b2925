/**
 * The space-time diagram in numbers: which stretch of time is on the screen, and what of it.
 *
 * @module geometry/spacetime
 */

/** @typedef {{p0: number, p1: number}} Window A stretch of presentation time, µs. */

/** What the diagram of a running cluster shows without asking, µs: about a dozen rounds of heartbeats. */
export const USUAL = 700_000;

/** Presentation time of the last event that may still be looked for left of a window, µs. */
export const LONGEST_FLIGHT = 5_000_000;

/**
 * @param {Window} window
 * @param {number} p
 * @param {number} width px.
 * @returns {number} Where p is, px from the left.
 */
export function toX(window, p, width) {
  return ((p - window.p0) / (window.p1 - window.p0 || 1)) * width;
}

/**
 * @param {Window} window
 * @param {number} x px.
 * @param {number} width px.
 * @returns {number} The p that is there.
 */
export function toP(window, x, width) {
  return window.p0 + (x / (width || 1)) * (window.p1 - window.p0);
}

/**
 * The first place in an ordered list whose number is not less than `value`.
 * @template Item
 * @param {Item[]} items
 * @param {number} value
 * @param {(item: Item) => number} of
 * @returns {number} items.length if there is none.
 */
export function firstFrom(items, value, of) {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (of(items[middle]) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * What an automatic window shows: everything while that is short, else a stretch around the
 * cursor that turns its page only when the cursor leaves it.
 * @param {Window|null} held The window of the last frame.
 * @param {[number, number]} span First and last presentation time of the branch.
 * @param {number} p The cursor.
 * @param {number} length How much to show at most.
 * @param {number} least How much to show at least, so that a young session fills it from the left.
 * @returns {Window} The held one if nothing has to move.
 */
export function follow(held, span, p, length, least) {
  const [begin, end] = span;
  if (end - begin <= length) {
    const p1 = Math.max(end, begin + Math.min(length, least));
    return held && held.p0 === begin && held.p1 === p1 ? held : { p0: begin, p1 };
  }
  if (held && Math.abs(held.p1 - held.p0 - length) < 1) {
    const late = held.p0 + length * 0.94;
    const early = held.p0 + (held.p0 > begin ? length * 0.04 : 0);
    if (p >= early && (p <= late || held.p1 >= end)) return held;
  }
  const p0 = Math.max(begin, Math.min(p - length * 0.3, Math.max(begin, end - length * 0.5)));
  return { p0, p1: p0 + length };
}

/**
 * Which of many arrows to draw where they are too many to be told apart.
 * @param {number} count Arrows in the window.
 * @param {number} most Arrows to draw.
 * @returns {number} Draw each n-th of the dull ones.
 */
export function stride(count, most) {
  return Math.max(1, Math.ceil(count / most));
}

/**
 * Keep marks on the scrub bar apart: of those that would overlap, the heavier are named.
 * @template {{p: number, kind: string}} Item
 * @param {Item[]} marks Ordered by p.
 * @param {(item: Item) => number} x Where a mark is, px.
 * @param {(item: Item) => number} weight
 * @param {(item: Item) => number} width How wide its name is, px.
 * @returns {Set<Item>} Those to name.
 */
export function named(marks, x, weight, width) {
  /** @type {Array<[number, number]>} */
  const taken = [];
  /** @type {Set<Item>} */
  const out = new Set();
  for (const mark of [...marks].sort((a, b) => weight(b) - weight(a) || a.p - b.p)) {
    const [middle, half] = [x(mark), width(mark) / 2 + 5];
    if (taken.some(([low, high]) => middle - half < high && middle + half > low)) continue;
    taken.push([middle - half, middle + half]);
    out.add(mark);
  }
  return out;
}
