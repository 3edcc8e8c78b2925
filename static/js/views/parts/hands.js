/**
 * Hands on a drawing of time: dragging and wheeling move it, pinching and wheeling with Ctrl zoom
 * it, a press that does not move is a click.
 *
 * @module views/parts/hands
 */

import { toP } from '../../geometry/spacetime.js';

/** @typedef {import('../../types.js').Stretch} Stretch */
/** @typedef {{x: number, y: number}} Place */

/** A press that moves less is a click, px. */
const STILL = 5;

/** How much a notch of the wheel zooms: e to the power of this for each px. */
const WHEEL = 0.0022;

/** How many px a line of the wheel is, where a browser counts in lines. */
const LINE = 16;

/**
 * @typedef {object} Hooks
 * @property {() => Stretch|null} stretch What is shown.
 * @property {() => boolean} partial Whether there is more than what is shown, so that it can be moved.
 * @property {(stretch: Stretch) => void} show
 * @property {(factor: number, p: number) => void} zoom
 * @property {(at: Place) => void} click
 * @property {(at: Place|null) => void} hover Null: the pointer has left, or does something else.
 */

/**
 * @param {HTMLElement} plane
 * @param {Hooks} hooks
 */
export function createHands(plane, hooks) {
  /** Where each finger is. @type {Map<number, Place>} */
  const fingers = new Map();
  /** What was shown, and where, when the fingers came down. @type {{stretch: Stretch, xs: number[], moved: boolean}|null} */
  let hold = null;

  /** @param {MouseEvent} event @returns {Place} */
  function at(event) {
    const box = plane.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  const xs = () => [...fingers.values()].map(({ x }) => x).slice(0, 2);

  function grip() {
    const stretch = hooks.stretch();
    hold = stretch && fingers.size > 0 ? { stretch, xs: xs(), moved: (hold?.moved ?? false) || fingers.size > 1 } : null;
  }

  function drag() {
    if (!hold) return;
    const width = plane.clientWidth || 1;
    const { stretch, xs: from } = hold;
    const to = xs();
    if (to.length > 1) {
      const apart = Math.max(12, Math.abs(from[0] - from[1])) / Math.max(12, Math.abs(to[0] - to[1]));
      const length = (stretch.p1 - stretch.p0) * apart;
      const p0 = toP(stretch, (from[0] + from[1]) / 2, width) - (((to[0] + to[1]) / 2) * length) / width;
      hooks.show({ p0, p1: p0 + length });
      return;
    }
    if (!hooks.partial()) return;
    const by = ((from[0] - to[0]) / width) * (stretch.p1 - stretch.p0);
    hooks.show({ p0: stretch.p0 + by, p1: stretch.p1 + by });
  }

  plane.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    fingers.set(event.pointerId, at(event));
    if (fingers.size === 1) hold = null;
    grip();
  });
  plane.addEventListener('pointermove', (event) => {
    const place = at(event);
    if (!fingers.has(event.pointerId)) {
      if (event.pointerType !== 'touch') hooks.hover(place);
      return;
    }
    fingers.set(event.pointerId, place);
    if (!hold) return;
    if (!hold.moved && Math.abs(place.x - hold.xs[0]) < STILL) return;
    if (!hold.moved || !plane.hasPointerCapture(event.pointerId)) plane.setPointerCapture(event.pointerId);
    hold.moved = true;
    hooks.hover(null);
    drag();
  });
  plane.addEventListener('pointerup', (event) => {
    if (!fingers.delete(event.pointerId)) return;
    const clicked = hold !== null && !hold.moved;
    grip();
    if (clicked) hooks.click(at(event));
  });
  plane.addEventListener('pointercancel', (event) => {
    fingers.delete(event.pointerId);
    grip();
  });
  plane.addEventListener('pointerleave', (event) => {
    if (!fingers.has(event.pointerId)) hooks.hover(null);
  });
  plane.addEventListener('wheel', (event) => {
    const stretch = hooks.stretch();
    if (!stretch) return;
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    const width = plane.clientWidth || 1;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const factor = Math.min(2, Math.max(0.5, Math.exp(dy * WHEEL)));
      hooks.zoom(factor, toP(stretch, at(event).x, width));
    } else if (hooks.partial()) {
      event.preventDefault();
      const by = ((Math.abs(dx) > Math.abs(dy) ? dx : dy) / width) * (stretch.p1 - stretch.p0);
      hooks.show({ p0: stretch.p0 + by, p1: stretch.p1 + by });
    }
  }, { passive: false });
}
