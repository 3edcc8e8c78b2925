/**
 * The way back to now, for who looks back while the room goes on.
 *
 * @module views/behind
 */

import { hide, html, text } from '../lib/svg.js';
import { t } from '../lib/words.js';

/** While time runs the number is written every so many frames: faster cannot be read. */
const COUNT_FRAMES = 12;

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createBehind(root, dispatch) {
  const count = html('span');
  const button = html('button', { class: 'behind', type: 'button', hidden: true, onclick: () => dispatch({ type: 'toEnd' }) }, [count, html('b', { text: t('behind.go') })]);
  root.append(button);

  let shown = 0;
  let frames = 0;
  return {
    update({ behind }) {
      frames += 1;
      const appears = behind > 0 && button.hidden;
      // A person who used it with the keyboard goes on from where time is steered.
      if (behind === 0 && document.activeElement === button) /** @type {HTMLElement|null} */ (document.querySelector('#scrub [tabindex]'))?.focus();
      hide(button, behind === 0);
      if (behind === shown || (!appears && behind > 0 && frames % COUNT_FRAMES !== 0)) return;
      shown = behind;
      if (behind > 0) text(count, t('behind.count', { count: behind }));
    },
  };
}
