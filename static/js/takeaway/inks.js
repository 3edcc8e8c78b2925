/**
 * The colours of a figure, as the style sheet has them in its theme.
 *
 * @module takeaway/inks
 */

import { paint } from './markup.js';

const NAMES = /** @type {const} */ ([
  'leader', 'candidate', 'precandidate', 'question', 'snapshot', 'follower-track', 'follower', 'dead', 'danger', 'accent', 'ink', 'ink-2', 'ink-3',
  'line', 'card', 'dead-soft', 'lane', 'leader-ink', 'candidate-ink', 'precandidate-ink', 'follower-ink', 'dead-ink',
]);

/** @typedef {Record<(typeof NAMES)[number], string>} Inks */

/**
 * @param {HTMLElement} near An element whose `color-scheme` is the figure's.
 * @returns {Inks} Without transparency, as "#rrggbb".
 */
export function readInks(near) {
  const probe = document.createElement('span');
  near.append(probe);
  const found = /** @type {Inks} */ ({});
  for (const name of NAMES) {
    probe.style.color = `var(--${name})`;
    found[name] = paint(getComputedStyle(probe).color).paint;
  }
  probe.remove();
  return found;
}
