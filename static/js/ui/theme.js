/**
 * Light or dark: as the system has it, until a person chooses.
 *
 * @module ui/theme
 */

/** @typedef {'light'|'dark'} Theme */

const KEY = 'raftviz:theme';

/**
 * @param {(theme: Theme) => void} changed
 * @returns {{theme: () => Theme, flip: () => void}}
 */
export function createTheme(changed) {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const chosen = localStorage.getItem(KEY);
  /** @type {Theme|null} */
  let choice = chosen === 'light' || chosen === 'dark' ? chosen : null;

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
      localStorage.setItem(KEY, choice);
      show();
    },
  };
}
