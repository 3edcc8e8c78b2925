/**
 * The space-time diagram in numbers: which stretch of time is on the screen, and what of it.
 *
 * @module geometry/spacetime
 */

/** @typedef {{p0: number, p1: number}} Window A stretch of presentation time, µs. */

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
