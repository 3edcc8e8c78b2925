/**
 * The small drawings on buttons, on a grid of 16 by 16. Lines take the text's colour.
 *
 * @module views/parts/icons
 */

import { svg } from '../../lib/svg.js';

/** Each is a list of paths; one that begins with "!" is filled. @type {Record<string, string[]>} */
const PATHS = {
  play: ['!M4.5 2.8v10.4a.6.6 0 0 0 .9.5l8.2-5.2a.6.6 0 0 0 0-1L5.4 2.3a.6.6 0 0 0-.9.5Z'],
  pause: ['!M4 2.5h2.6v11H4zM9.4 2.5H12v11H9.4z'],
  start: ['M3.5 3v10', '!M13 3.4v9.2a.5.5 0 0 1-.8.4L6 8.4a.5.5 0 0 1 0-.8L12.200 3a.5.5 0 0 1 .8.4Z'],
  end: ['M12.500 3v10', '!M3 3.400v9.200a.5.5 0 0 0 .8.4L10 8.400a.5.5 0 0 0 0-.8L3.800 3a.5.5 0 0 0-.8.4Z'],
  back: ['!M10.500 3.400v9.200a.5.5 0 0 1-.8.4L4 8.400a.5.5 0 0 1 0-.8L9.700 3a.5.5 0 0 1 .8.4Z'],
  step: ['!M5.500 3.400v9.200a.5.5 0 0 0 .8.4L12 8.400a.5.5 0 0 0 0-.8L6.300 3a.5.5 0 0 0-.8.4Z'],
  moment: ['M3 8h6M6.500 4.500L10 8l-3.500 3.500', '!M12.500 5.500L15 8l-2.500 2.500L10.500 8Z'],
  momentBack: ['M13 8H7M9.500 4.500L6 8l3.500 3.500', '!M3.500 5.500L1 8l2.500 2.500L5.500 8Z'],
  choose: ['M2.500 4h11M4.500 8h7M6.500 12h3'],
  theme: ['M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Z', '!M8 2a6 6 0 0 1 0 12Z'],
  projector: ['M2 3h12v8H2z', 'M8 11v2.500M5 14h6'],
  select: ['M4 2.500l8.500 5.200-3.800.9-1.900 3.600Z'],
  cut: ['M3 8h3M10 8h3', 'M6 5l4 6M10 5l-4 6'],
  isolate: ['M8 5.800a2.200 2.200 0 1 0 0 4.400a2.200 2.200 0 0 0 0-4.400Z', 'M13.200 5.600a5.800 5.800 0 0 1 0 4.800M2.800 10.400a5.800 5.800 0 0 1 0-4.800M5.600 2.800a5.800 5.800 0 0 1 4.800 0M10.400 13.200a5.800 5.800 0 0 1-4.800 0'],
  crash: ['M8.800 1.800L4 9h3.500l-.8 5.200L12 6.800H8.300Z'],
  write: ['M3 13l.8-3L11 2.800l2.200 2.200L6 12.200Z'],
  act: ['M3 4.500h10M3 8h10M3 11.500h6'],
  copy: ['M5.500 5.500h8v8h-8z', 'M10.500 3V2.500h-8v8H3'],
  close: ['M4 4l8 8M12 4l-8 8'],
  hand: ['M5 8.500V4.200a.9.9 0 0 1 1.800 0V7.500V2.900a.9.9 0 0 1 1.800 0V7.500V3.700a.9.9 0 0 1 1.800 0V8V5.400a.9.9 0 0 1 1.800 0V10a4.200 4.200 0 0 1-4.200 4.200C5.900 14.200 5 13 3 9.900a.9.9 0 0 1 1.500-1Z'],
  zoomIn: ['M8 3.500v9M3.500 8h9'],
  zoomOut: ['M3.500 8h9'],
  fit: ['M2.500 5.500v-3h3M13.500 5.500v-3h-3M2.500 10.500v3h3M13.500 10.500v3h-3'],
  warning: ['M8 2.2L14.5 13.5H1.5Z', 'M8 6.5v3.2M8 11.8v.2'],
  share: ['M8 10V2.500M5 5.200L8 2.200l3 3', 'M4 7.500H3v6h10v-6h-1'],
  takeAway: ['M8 2.500v8M4.800 7.500L8 10.700l3.200-3.200', 'M2.500 10.500v3h11v-3'],
  branch: ['M4.500 4.500v7M4.500 9c4 0 7-.5 7-3', 'M4.500 1.800a1.400 1.400 0 1 0 0 2.800a1.400 1.400 0 0 0 0-2.800ZM4.500 11.400a1.400 1.400 0 1 0 0 2.800a1.400 1.400 0 0 0 0-2.800ZM11.500 3.200a1.400 1.400 0 1 0 0 2.800a1.400 1.400 0 0 0 0-2.800Z'],
  compare: ['M2 3h5v10H2zM9 3h5v10H9z'],
  swap: ['M3 5.500h9M9.500 3l2.500 2.500L9.500 8', 'M13 10.500H4M6.500 8L4 10.500 6.500 13'],
  check: ['M3 8.500l3.500 3.500L13 4.500'],
};

/**
 * @param {string} name One of PATHS.
 * @returns {SVGSVGElement} Hidden from screen readers: its button has a name.
 */
export function icon(name) {
  const paths = (PATHS[name] ?? []).map((each) =>
    each.startsWith('!') ? svg('path', { d: each.slice(1), class: 'solid' }) : svg('path', { d: each }),
  );
  return svg('svg', { viewBox: '0 0 16 16', class: 'glyph', 'aria-hidden': 'true' }, paths);
}

/**
 * @param {string} name
 * @returns {string} The path of a one-line icon, for use within another drawing.
 */
export function iconPath(name) {
  return (PATHS[name] ?? []).map((each) => each.replace('!', '')).join('');
}
