/**
 * The style sheet's colours, for drawing on a canvas. Read once for each theme.
 *
 * @module views/parts/inks
 */

const NAMES = /** @type {const} */ (['leader', 'candidate', 'precandidate', 'question', 'snapshot', 'follower-track', 'follower', 'dead', 'danger', 'accent', 'ink-3', 'line', 'card', 'dead-soft']);

/** @typedef {Record<(typeof NAMES)[number], string>} Inks */

/** Under forced colours, those of the system; what these cannot tell apart differs by its shape. @type {Partial<Record<(typeof NAMES)[number], string>>} */
const FORCED = { card: 'Canvas', 'dead-soft': 'Canvas', line: 'GrayText', dead: 'GrayText' };

/** @type {{key: string, inks: Inks}|null} */
let known = null;

/**
 * @param {HTMLElement} near An element that stands where the drawing stands.
 * @param {string} theme
 * @returns {Inks}
 */
export function inks(near, theme) {
  const forced = matchMedia('(forced-colors: active)').matches;
  const key = `${theme} ${forced} ${matchMedia('(prefers-contrast: more)').matches}`;
  if (known?.key === key) return known.inks;
  const probe = document.createElement('span');
  probe.style.transition = 'none'; // Where motion is reduced all changes take a moment, and each colour would be read too early.
  near.append(probe);
  const found = /** @type {Inks} */ ({});
  for (const name of NAMES) {
    probe.style.color = forced ? FORCED[name] ?? 'CanvasText' : `var(--${name})`;
    found[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  known = { key, inks: found };
  return found;
}
