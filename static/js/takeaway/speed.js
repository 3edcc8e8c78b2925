/**
 * How fast a film runs. A step may take a few milliseconds, over before anybody has looked; so a stretch
 * that was chosen lasts as long as it takes to follow it, unless a speed is chosen too.
 *
 * @module takeaway/speed
 */

import { RATES } from '../lib/format.js';

/** @typedef {import('./moment.js').Span} Span */

/** The speeds of which one may be chosen, slowest first: virtual seconds a real second. A film may be slower than the page. */
export const FILM_RATES = Object.freeze([1 / 1000, 1 / 500, 1 / 200, ...RATES]);

/** So long does a film last at least that is to be followed, s. */
const FOLLOWED = 4;

/**
 * @param {string} choice "follow", "page", or one of FILM_RATES.
 * @param {Span|null} span What is filmed; null where that is so many seconds of the film itself.
 * @param {number} page The page's speed.
 * @returns {number} Virtual seconds a real second.
 */
export function filmRate(choice, span, page) {
  if (choice !== 'follow') return choice === 'page' ? page : Number(choice);
  if (!span) return page;
  const slowness = (FOLLOWED * 1e6) / Math.max(1, span.p1 - span.p0);
  if (slowness * page <= 1) return page;
  const unit = 10 ** (Math.floor(Math.log10(slowness)) - 1); // Two digits say it well enough.
  return 1 / (Math.ceil(slowness / unit) * unit);
}
