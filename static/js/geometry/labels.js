/**
 * Labels that fold away before they overlap: the weightiest first, each at the first of its
 * places that is free.
 *
 * @module geometry/labels
 */

/** @typedef {{x: number, y: number, width: number, height: number}} Box Top left corner and size, px. */

/**
 * @typedef {object} Label
 * @property {string|number} id
 * @property {number} weight Heavier labels choose first; equal ones in the order given.
 * @property {Box[]} places Where it may go, the best first.
 * @property {number} [held] The place that it had in the last frame: kept if still free, so that labels do not flicker.
 */

/**
 * @param {Box} a
 * @param {Box} b
 * @returns {boolean} Whether they share any area.
 */
export function overlap(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/**
 * @param {Box} a
 * @param {Box} b
 * @returns {number} The area that they share, px².
 */
export function shared(a, b) {
  const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return wide > 0 && high > 0 ? wide * high : 0;
}

/**
 * @param {Label[]} labels
 * @param {Box[]} taken What no label may cover.
 * @param {Box} [within] What no label may leave.
 * @returns {Map<string|number, number>} The place of each label that is shown; the others fold away.
 */
export function settle(labels, taken, within) {
  const covered = [...taken];
  /** @type {Map<string|number, number>} */
  const shown = new Map();
  const order = labels.map((label, i) => ({ label, i }));
  order.sort((a, b) => b.label.weight - a.label.weight || a.i - b.i);
  for (const { label } of order) {
    const held = label.held ?? -1;
    const tries = held >= 0 && held < label.places.length ? [held, ...label.places.keys()] : label.places.keys();
    for (const index of tries) {
      const box = label.places[index];
      if (within && !inside(box, within)) continue;
      if (covered.some((each) => overlap(box, each))) continue;
      covered.push(box);
      shown.set(label.id, index);
      break;
    }
  }
  return shown;
}

/**
 * @param {Box} box
 * @param {Box} within
 */
function inside(box, within) {
  return (
    box.x >= within.x &&
    box.y >= within.y &&
    box.x + box.width <= within.x + within.width &&
    box.y + box.height <= within.y + within.height
  );
}

/** Letters as wide as they are high: Chinese, Japanese, Korean, and their punctuation. */
const SQUARE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

/**
 * @param {string} text
 * @param {number} size Of the type, px.
 * @param {boolean} [mono] Monospaced.
 * @returns {number} About how wide it is, px; good enough to keep labels apart.
 */
export function textWidth(text, size, mono = false) {
  const square = text.match(SQUARE)?.length ?? 0;
  return (square + (text.length - square) * (mono ? 0.61 : 0.56)) * size;
}
