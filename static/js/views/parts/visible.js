/**
 * Hidden views skip updates; one that is shown again catches up at once.
 *
 * @module views/parts/visible
 */

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

/**
 * @returns {boolean} Whether the person asked for less motion.
 */
export function calm() {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** How much larger the projector's type is; as css/tokens.css has it. */
const PROJECTOR = 1.5;

/** The person's own size of type, measured once: asking costs a layout. @type {number|null} */
let own = null;

/**
 * @returns {number} How much larger than usual the type is.
 */
export function typeScale() {
  const root = document.documentElement;
  const factor = root.hasAttribute('data-projector') ? PROJECTOR : 1;
  own ??= (parseFloat(getComputedStyle(root).fontSize) || 16) / 16 / factor;
  return own * factor;
}
