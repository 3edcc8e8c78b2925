/**
 * Letters that look the same elsewhere. A picture carries no fonts: they would make it five times as large, and
 * programs for papers and slides ignore them. So every text is as wide as it is in the page's faces,
 * whichever are at hand, and nothing overlaps; and its halo is a text of its own beneath it, as few programs but
 * browsers know how to paint a stroke before its letters.
 *
 * @module takeaway/letters
 */

import { FACES, part } from './markup.js';

/** @typedef {import('./markup.js').Part} Part */

/** The page's own names of its faces. */
const PAGE = Object.freeze({ sans: `'Inter Variable', ${FACES.sans}`, mono: `'JetBrains Mono Variable', ${FACES.mono}` });

/** The type that is measured, px: large, as small letters may be moved to whole pixels. */
const LARGE = 100;

/** How wide words are in type of LARGE, by face, weight and words. @type {Map<string, number>} */
const known = new Map();

/** @type {OffscreenCanvasRenderingContext2D|null} */
let context = null;

/** @typedef {(said: string, size: number, weight: number, mono: boolean) => number} Measure How wide words are, px. */

/** @type {Measure} */
function measure(said, size, weight, mono) {
  const font = `${weight} ${LARGE}px ${mono ? PAGE.mono : PAGE.sans}`;
  const key = `${mono} ${weight} ${said}`;
  let width = known.get(key);
  if (width === undefined) {
    context ??= new OffscreenCanvas(1, 1).getContext('2d');
    if (!context) throw new Error('no canvas');
    context.font = font;
    width = context.measureText(said).width;
    known.set(key, width);
  }
  return (width * size) / LARGE;
}

/**
 * @param {Part} tree
 * @param {Measure} [of]
 * @returns {Part} The same, each text as wide as it is here.
 */
export function pinned(tree, of = measure) {
  const { name, attributes, children } = tree;
  if (name !== 'text') return { ...tree, children: children.map((each) => (typeof each === 'string' ? each : pinned(each, of))) };
  const mono = attributes['font-family'] === FACES.mono;
  const wide = of(children.join(''), Number(attributes['font-size']), Number(attributes['font-weight'] ?? 400), mono);
  return part(name, { ...attributes, textLength: wide, lengthAdjust: 'spacingAndGlyphs' }, children);
}

/**
 * @param {Part['attributes']} attributes Of the letters, without a stroke.
 * @param {string} said
 * @param {string} colour
 * @param {number} wide How far the halo reaches around a letter, px.
 * @returns {{halo: Part, letters: Part}} To be painted in this order.
 */
export function haloed(attributes, said, colour, wide) {
  return {
    halo: part('text', { ...attributes, fill: colour, stroke: colour, 'stroke-width': 2 * wide, 'stroke-linejoin': 'round' }, [said]),
    letters: part('text', attributes, [said]),
  };
}
