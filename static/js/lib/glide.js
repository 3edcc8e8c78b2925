/**
 * What moves with time goes along an animation that stands still: a frame only sets where on its way
 * it is. To set its transform instead would make the browser put its layers together anew each time.
 *
 * @module lib/glide
 */

import { style } from './svg.js';

/** As long as a way is, ms: it never runs. */
const WAY = 1000;

/** @typedef {{from: string, to: string, at: number, animation: Animation}} Way */

/** @type {WeakMap<Element, Way>} */
const ways = new WeakMap();

/**
 * Move an element on a straight way. It writes only what differs from what it wrote last.
 * @param {HTMLElement} element
 * @param {string} from A CSS transform.
 * @param {string} to The same functions with other numbers.
 * @param {number} share 0 where it begins, 1 where it ends.
 */
export function glide(element, from, to, share) {
  const at = Math.round(Math.max(0, Math.min(1, share)) * 1e5) / 1e5;
  let way = ways.get(element);
  if (!way || way.from !== from || way.to !== to) {
    way?.animation.cancel();
    const animation = element.animate([{ transform: from }, { transform: to }], { duration: WAY, fill: 'both' });
    animation.pause();
    way = { from, to, at: -1, animation };
    ways.set(element, way);
  }
  if (way.at === at) return;
  way.at = at;
  way.animation.currentTime = at * WAY;
}

/**
 * Put an element at a place where it is not to be a layer of its own, as when there are very many.
 * @param {HTMLElement} element
 * @param {string} transform
 */
export function put(element, transform) {
  ways.get(element)?.animation.cancel();
  ways.delete(element);
  style(element, 'transform', transform);
}
