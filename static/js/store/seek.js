/**
 * Finding places by bisection.
 *
 * @module store/seek
 */

/**
 * @template Item
 * @param {readonly Item[]} items Ordered by `keyOf`.
 * @param {number} key
 * @param {(item: Item) => number} keyOf
 * @returns {number} How many items have a key of at most `key`: the position of the first one beyond.
 */
export function countUpTo(items, key, keyOf) {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keyOf(items[middle]) <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {number} value */
const itself = (value) => value;

/**
 * @param {readonly number[]} times Presentation times, never falling.
 * @param {number} p
 * @returns {number} How many events happened at or before p.
 */
export function positionAt(times, p) {
  return countUpTo(times, p, itself);
}
