/**
 * Hidden views skip updates; one that is shown again catches up at once.
 *
 * @module views/parts/visible
 */

import { style } from '../../lib/svg.js';

/** @typedef {import('../../types.js').Model} Model */

/** The DOM event that tells a panel that it is on the screen again. */
export const SHOWN = 'raftviz:shown';

/**
 * @param {HTMLElement} root The panel: skipped while it has the attribute `hidden`.
 * @param {(model: Model) => void} draw Compares with what it drew itself, not with the last frame.
 * @returns {import('../../types.js').ViewPart}
 */
export function whenVisible(root, draw) {
  /** @type {Model|null} */
  let latest = null;
  root.addEventListener(SHOWN, () => {
    if (latest && !root.hidden) draw(latest);
  });
  return {
    update(model) {
      latest = model;
      if (!root.hidden) draw(model);
    },
  };
}

/** @type {MediaQueryList|null} */
let still = null;

/**
 * @returns {boolean} Whether the person asked for less motion.
 */
export function calm() {
  still ??= matchMedia('(prefers-reduced-motion: reduce)');
  return still.matches;
}

/** How much larger the projector's type is, and on a small screen; as css/tokens.css has it. */
const PROJECTOR = Object.freeze({ usual: 1.5, small: 1.25 });

/** @type {MediaQueryList|null} */
let small = null;

/** @returns {number} How much larger than a person's own the type of the page is. */
function projected() {
  if (!document.documentElement.hasAttribute('data-projector')) return 1;
  small ??= matchMedia('(max-width: 1400px), (max-height: 780px)');
  return small.matches ? PROJECTOR.small : PROJECTOR.usual;
}

/** The person's own size of type, measured once: asking costs a layout. @type {number|null} */
let own = null;

/**
 * @returns {number} How much larger than usual the type is.
 */
export function typeScale() {
  const factor = projected();
  own ??= (parseFloat(getComputedStyle(document.documentElement).fontSize) || 16) / 16 / factor;
  return own * factor;
}

/** A stage that shares its room with another one has type of the usual size from this size on, px. */
const AMPLE = Object.freeze({ width: 530, height: 330 });

/** How small its type may become, of the usual size, and how much wider than high a stage is wide. */
const [LEAST, WIDE] = [0.8, 1.4];

/**
 * How much larger than usual the type of a stage is: where two stages share the room, as large as both
 * roles and labels can be read. The style sheet is told, too.
 * @param {HTMLElement} stage
 * @param {number} width px.
 * @param {number} height px.
 * @returns {number}
 */
export function stageScale(stage, width, height) {
  const usual = typeScale();
  const page = document.documentElement;
  const fits = Math.min(height / AMPLE.height, width > height * WIDE ? width / AMPLE.width : Infinity);
  const scale = page.hasAttribute('data-compare') ? Math.max(Math.min(usual, LEAST), Math.min(usual, fits)) : usual;
  style(stage, '--k', scale === usual ? null : ((projected() * scale) / usual).toFixed(3));
  return scale;
}
