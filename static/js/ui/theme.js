/**
 * Light or dark: as the system has it, until a person chooses.
 *
 * @module ui/theme
 */

import { keep, kept } from '../lib/keep.js';

/** @typedef {'light'|'dark'} Theme */

const KEY = 'raftviz:theme';

/** @returns {Theme|null} What was chosen last. */
function remembered() {
  const chosen = kept(KEY);
  return chosen === 'light' || chosen === 'dark' ? chosen : null;
}

/**
 * @param {(theme: Theme) => void} changed
 * @returns {{theme: () => Theme, flip: () => void}}
 */
export function createTheme(changed) {
  const system = matchMedia('(prefers-color-scheme: dark)');
  let choice = remembered();

  /** @returns {Theme} */
  const theme = () => choice ?? (system.matches ? 'dark' : 'light');

  function show() {
    document.documentElement.dataset.theme = theme();
    changed(theme());
  }

  system.addEventListener('change', show);
  show();
  return {
    theme,
    flip() {
      choice = theme() === 'dark' ? 'light' : 'dark';
      keep(KEY, choice);
      show();
    },
  };
}
