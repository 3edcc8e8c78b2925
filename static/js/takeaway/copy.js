/**
 * Taking down a stage as plain SVG: every colour and measure as the browser computed it, written out,
 * so that the picture needs neither style sheet nor fonts. Messages are HTML on the screen and become
 * SVG here.
 *
 * @module takeaway/copy
 */

import { outline, shapeOf } from '../geometry/kinds.js';
import { haloed } from './letters.js';
import { FACES, paint, part } from './markup.js';

/** @typedef {import('./markup.js').Part} Part */
/** @typedef {import('./studio.js').Stage} Stage */

const SHAPES = new Set(['circle', 'rect', 'path', 'line', 'text', 'polygon', 'polyline', 'ellipse']);

/** Attributes that say where something is. */
const PLACES = ['d', 'x', 'y', 'x1', 'y1', 'x2', 'y2', 'cx', 'cy', 'r', 'rx', 'ry', 'width', 'height', 'points', 'text-anchor'];

/** How far the halo of a letter reaches at least, px: in a picture nothing moves out of the way of a word. */
const HALO = 3.2;

/** @param {string} value For example "7px, 5px". */
const unitless = (value) => value.split(/[ ,]+/).map(parseFloat).filter((each) => !Number.isNaN(each));

/** @param {CSSStyleDeclaration} css @returns {Record<string, string|number|null>} How its letters look. */
function letters(css) {
  return {
    'font-family': /mono/i.test(css.fontFamily) ? FACES.mono : null,
    'font-size': parseFloat(css.fontSize),
    'font-weight': css.fontWeight === '400' ? null : css.fontWeight,
  };
}

/**
 * @param {CSSStyleDeclaration} css
 * @param {boolean} filled Whether it has an inside.
 * @returns {Record<string, string|number|null>|null} Fill and stroke; null where there is nothing to see.
 */
function inked(css, filled) {
  const fill = !filled ? { paint: 'none', opacity: 1 } : css.fill.startsWith('url') ? { paint: css.fill.replace(/url\(["']?[^#]*#([\w-]+)["']?\).*/, 'url(#$1)'), opacity: 1 } : paint(css.fill);
  const stroke = paint(css.stroke);
  const width = parseFloat(css.strokeWidth);
  const drawsStroke = stroke.paint !== 'none' && width > 0;
  if (fill.paint === 'none' && !drawsStroke) return null;
  const [inside, outline] = [fill.opacity * Number(css.fillOpacity), stroke.opacity * Number(css.strokeOpacity)];
  const dashes = css.strokeDasharray === 'none' ? [] : unitless(css.strokeDasharray);
  return {
    fill: filled ? fill.paint : null,
    'fill-opacity': fill.paint !== 'none' && inside < 1 ? inside : null,
    ...(drawsStroke && {
      stroke: stroke.paint,
      'stroke-width': width,
      'stroke-opacity': outline < 1 ? outline : null,
      'stroke-dasharray': dashes.length > 0 ? dashes.join(' ') : null,
      'stroke-linecap': css.strokeLinecap === 'butt' ? null : css.strokeLinecap,
      'stroke-linejoin': css.strokeLinejoin === 'miter' ? null : css.strokeLinejoin,
    }),
  };
}

/** @param {Element} element @param {CSSStyleDeclaration} css @returns {string|null} Its transform, that of the style sheet about its own middle. */
function turned(element, css) {
  const own = element.getAttribute('transform');
  if (own !== null || css.transform === 'none') return own;
  const { x, y, width, height } = /** @type {SVGGraphicsElement} */ (element).getBBox();
  const [cx, cy] = [x + width / 2, y + height / 2];
  const numbers = unitless(css.transform.replace(/^matrix\(|\)$/g, '')).map((each) => Math.round(each * 1e4) / 1e4);
  return `translate(${cx} ${cy}) matrix(${numbers.join(' ')}) translate(${-cx} ${-cy})`;
}

/**
 * A dial's arc is a circle of which a share is drawn, in units that few programs but browsers know.
 * @param {number} r
 * @param {number} share 0 to 1.
 * @returns {string} The arc as a path, from the top, clockwise.
 */
export function arc(r, share) {
  const angle = Math.min(share, 0.9999) * Math.PI * 2;
  const [x, y] = [r * Math.sin(angle), -r * Math.cos(angle)];
  return `M0 ${-r}A${r} ${r} 0 ${share > 0.5 ? 1 : 0} 1 ${Math.round(x * 100) / 100} ${Math.round(y * 100) / 100}`;
}

/** @param {Element} element @param {Record<string, any>} ink @param {CSSStyleDeclaration} css @returns {Part} */
function shape(element, ink, css) {
  const name = element.localName;
  const opacity = Number(css.opacity) < 1 ? Number(css.opacity) : null;
  const transform = turned(element, css);
  if (element.hasAttribute('pathLength')) {
    const [dash] = unitless(element.getAttribute('stroke-dasharray') ?? '100');
    return part('path', { d: arc(Number(element.getAttribute('r')), dash / 100), ...ink, 'stroke-dasharray': null, opacity });
  }
  /** @type {Record<string, string|number|null>} */
  const places = {};
  for (const each of PLACES) places[each] = element.getAttribute(each);
  if (name === 'rect' && css.rx !== 'auto') places.rx = parseFloat(css.rx) || null;
  if (name !== 'text') return part(name, { ...places, ...ink, transform, opacity });
  const said = element.textContent ?? '';
  const { stroke, 'stroke-width': wide, 'stroke-linejoin': _, ...plain } = ink;
  const look = { ...places, 'text-anchor': css.textAnchor === 'start' ? null : css.textAnchor, ...letters(css) };
  if (!stroke || !css.paintOrder.startsWith('stroke')) return part('text', { ...look, ...ink, transform, opacity }, [said]);
  const { halo, letters: over } = haloed({ ...look, ...plain }, said, stroke, Math.max(HALO, wide / 2));
  return part('g', { transform, opacity }, [halo, over]);
}

/**
 * @param {Element} element
 * @returns {Part|null} What can be seen of it.
 */
function taken(element) {
  const name = element.localName;
  if (name === 'defs' || name === 'title') return null;
  const css = getComputedStyle(element);
  if (css.display === 'none' || css.opacity === '0') return null;
  if (SHAPES.has(name)) {
    if (css.visibility !== 'visible' || (name === 'text' && !element.textContent?.trim())) return null;
    const ink = inked(css, name !== 'line');
    return ink && shape(element, ink, css);
  }
  const children = [...element.children].map(taken).filter((each) => each !== null);
  if (children.length === 0) return null;
  return part('g', { transform: turned(element, css), opacity: Number(css.opacity) < 1 ? Number(css.opacity) : null }, children);
}

/** @param {Element} element @returns {[number, number]} How far it is moved. */
function moved(element) {
  const { e, f } = new DOMMatrix(getComputedStyle(element).transform);
  return [Math.round(e * 10) / 10, Math.round(f * 10) / 10];
}

/** @param {Element} element @param {string} card @returns {Part[]} The mark of a message, around 0, 0. */
function mark(element, card) {
  const css = getComputedStyle(element);
  const half = parseFloat(css.width) / 2;
  const edge = parseFloat(css.borderTopWidth) || 0;
  const fill = paint(css.backgroundColor);
  const ink = edge > 0 ? { fill: fill.paint, stroke: paint(css.borderTopColor).paint, 'stroke-width': edge } : { fill: fill.paint };
  const r = half - edge / 2;
  const shape = shapeOf(element.closest('.message')?.getAttribute('data-type') ?? '');
  if (shape === 'up' || shape === 'down') {
    const colour = paint(css.color).paint;
    const hollow = element.closest('[data-reply]') !== null;
    return [part('path', { d: outline(shape, half * 0.92), fill: hollow ? card : colour, stroke: hollow ? colour : card, 'stroke-width': hollow ? half * 0.42 : 1.5, 'stroke-linejoin': 'round' })];
  }
  if (css.borderTopLeftRadius === '50%') return [part('circle', { r: half + 1.5, fill: card }), part('circle', { r, ...ink })];
  const transform = css.transform === 'none' ? null : 'rotate(45) scale(0.9)';
  const square = (/** @type {number} */ s, /** @type {Record<string, any>} */ more) => part('rect', { x: -s, y: -s, width: 2 * s, height: 2 * s, rx: 2, transform, ...more });
  return [square(half + 1.5, { fill: card }), square(r, ink)];
}

/** @param {Element} element @param {DOMRect} box Of the air. @param {string} align @param {string} card @returns {ReturnType<typeof haloed>|null} */
function words(element, box, align, card) {
  if (!element.textContent) return null;
  const css = getComputedStyle(element);
  const at = element.getBoundingClientRect();
  const anchor = align === 'end' ? 'end' : align === 'center' ? 'middle' : 'start';
  const x = at.left - box.left + { start: 0, middle: at.width / 2, end: at.width }[anchor];
  const y = at.top - box.top + at.height / 2 + parseFloat(css.fontSize) * 0.35;
  return haloed({ x, y, 'text-anchor': anchor === 'start' ? null : anchor, ...letters(css), fill: paint(css.color).paint }, element.textContent, card, HALO + 1);
}

/** @param {HTMLElement} air @param {string} card @returns {Part[]} Halos, then marks, then letters: no halo covers a mark. */
function messages(air, card) {
  const box = air.getBoundingClientRect();
  /** @type {[Part[], Part[], Part[]]} */
  const [halos, marks, names] = [[], [], []];
  for (const element of air.querySelectorAll('.message')) {
    const { opacity } = /** @type {HTMLElement} */ (element).style;
    const [x, y] = moved(element);
    const death = element.querySelector('.message-death');
    const dot = element.querySelector('.message-dot');
    const label = /** @type {HTMLElement|null} */ (element.querySelector('.message-label'));
    const dead = death && getComputedStyle(death).visibility === 'visible';
    const folded = !label || getComputedStyle(label).visibility !== 'visible';
    const faded = { opacity: opacity === '' ? null : opacity };
    marks.push(part('g', { ...faded, transform: `translate(${x} ${y})` }, [
      ...(dot ? mark(dot, card) : []),
      dead ? part('path', { d: 'M-6.800 -6.800L6.800 6.800M6.800 -6.800L-6.800 6.800', fill: 'none', stroke: paint(getComputedStyle(death).stroke).paint, 'stroke-width': 3.4, 'stroke-linecap': 'round' }) : null,
    ]));
    if (folded) continue;
    const lines = [...label.children].map((each) => words(each, box, label.style.alignItems, card)).filter((each) => each !== null);
    halos.push(part('g', faded, lines.map((each) => each.halo)));
    names.push(part('g', faded, lines.map((each) => each.letters)));
  }
  return [...halos, ...marks, ...names];
}

/**
 * @param {Stage} stage As it was drawn last.
 * @returns {Part[]} What can be seen on it, bottom first.
 */
export function copyStage({ root, dials, picture, air }) {
  const card = paint(getComputedStyle(root).backgroundColor).paint;
  const line = picture.querySelector('.hatch-line');
  const hatched = [...picture.querySelectorAll('.node-hatch')].some((each) => getComputedStyle(each).visibility === 'visible');
  const hatch = hatched && line ? [part('defs', {}, [part('pattern', { id: 'hatch', width: 7, height: 7, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }, [
    part('line', { x1: 0, y1: 0, x2: 0, y2: 7, stroke: paint(getComputedStyle(line).stroke).paint, 'stroke-width': 2 }),
  ])])] : [];
  return [...hatch, ...[dials, picture].map(taken).filter((each) => each !== null), ...messages(air, card)];
}
