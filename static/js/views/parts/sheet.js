/**
 * The panels of a phone as a sheet that is drawn up from the bottom: low, half or high. Dragged by its
 * handle, or stepped with the same handle as a button.
 *
 * @module views/parts/sheet
 */

import { attr, html, style } from '../../lib/svg.js';
import { t } from '../../lib/words.js';

/** From the lowest to the highest; css/phone.css gives the heights. */
const HEIGHTS = /** @type {const} */ (['low', 'half', 'high']);

/** A finger that moved less has pressed, not dragged, px. */
const STILL = 8;

/** @typedef {typeof HEIGHTS[number]} Height */

/**
 * @param {HTMLElement} root The sheet.
 * @returns {{handle: HTMLElement, rise: () => void}} `rise`: at least half, so that what is in it can be read.
 */
export function createSheet(root) {
  const handle = html('button', { class: 'sheet-handle', type: 'button', 'aria-controls': root.id });
  /** @type {Height} */
  let height = 'half';

  /** @param {Height} to */
  function stand(to) {
    height = to;
    attr(document.documentElement, 'data-sheet', to);
    attr(handle, 'aria-label', t(`sheet.${to}`));
    attr(handle, 'aria-expanded', to === 'low' ? 'false' : 'true');
  }

  /** @param {number} by */
  const step = (by) => stand(HEIGHTS[Math.max(0, Math.min(HEIGHTS.length - 1, HEIGHTS.indexOf(height) + by))]);

  /** @type {{y: number, at: number, moved: boolean}|null} */
  let held = null;
  let dragged = false;
  handle.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    held = { y: event.clientY, at: root.getBoundingClientRect().height, moved: false };
    dragged = false;
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener('pointermove', (event) => {
    if (!held) return;
    const by = event.clientY - held.y;
    held.moved ||= Math.abs(by) > STILL;
    // The sheet follows the finger; the stage takes its new size once the sheet is let go.
    if (held.moved) style(root, 'transform', `translateY(${Math.round(by)}px)`);
  });
  for (const end of ['pointerup', 'pointercancel']) {
    handle.addEventListener(end, (event) => {
      if (!held) return;
      const { y, at, moved } = held;
      held = null;
      style(root, 'transform', null);
      dragged = moved;
      if (!moved || event.type === 'pointercancel') return;
      const wanted = (at - (/** @type {PointerEvent} */ (event).clientY - y)) / innerHeight;
      stand(wanted < 0.24 ? 'low' : wanted < 0.54 ? 'half' : 'high');
    });
  }
  handle.addEventListener('click', () => {
    if (dragged) dragged = false;
    else stand(HEIGHTS[(HEIGHTS.indexOf(height) + 1) % HEIGHTS.length]);
  });
  handle.addEventListener('keydown', (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    step(by);
  });

  stand('half');
  return {
    handle,
    rise() {
      if (height === 'low') stand('half');
    },
  };
}
