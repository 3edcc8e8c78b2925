/**
 * Where a card stands that speaks of something on the page.
 *
 * @module geometry/beside
 */

/** @typedef {import('./labels.js').Box} Box */
/** @typedef {{width: number, height: number}} Size px. */

/** Between the card and what it speaks of, and the edges of the window, px. */
const [APART, EDGE] = [14, 12];

/**
 * @param {Box} target What is spoken of.
 * @param {Size} card
 * @param {Size} room The window.
 * @returns {{x: number, y: number}} Below it, above it, right or left of it, where there is room; else over
 *   its lower end, so that the best part of it stays in sight.
 */
export function beside(target, card, room) {
  const within = (/** @type {number} */ at, /** @type {number} */ size, /** @type {number} */ all) => Math.max(EDGE, Math.min(all - size - EDGE, at));
  const x = within(target.x + target.width / 2 - card.width / 2, card.width, room.width);
  const y = within(target.y + target.height / 2 - card.height / 2, card.height, room.height);
  const [below, above] = [target.y + target.height + APART, target.y - card.height - APART];
  const [right, left] = [target.x + target.width + APART, target.x - card.width - APART];
  if (below + card.height + EDGE <= room.height) return { x, y: below };
  if (above >= EDGE) return { x, y: above };
  if (right + card.width + EDGE <= room.width) return { x: right, y };
  if (left >= EDGE) return { x: left, y };
  return { x, y: within(target.y + target.height - card.height - APART, card.height, room.height) };
}
