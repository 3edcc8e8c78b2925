/**
 * A figure: title line, stage, space-time diagram and legend on one sheet, as one SVG.
 *
 * @module takeaway/figure
 */

import { toX } from '../geometry/spacetime.js';
import { milliseconds } from '../lib/format.js';
import { t } from '../lib/words.js';
import { drawDiagram, rowY } from '../views/parts/diagram.js';
import { lanes } from '../views/parts/horizon.js';
import { describe } from '../views/stage/nodes.js';
import { copyStage } from './copy.js';
import { readInks } from './inks.js';
import { pinned } from './letters.js';
import { FACES, cut, part, widthOf, write } from './markup.js';
import { pOfTime } from './moment.js';
import { createPen } from './pen.js';
import { legend, signsInDiagram, signsOnStage } from './signs.js';
import { createStudio } from './studio.js';

/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('../store/journal.js').Journal} Journal */
/** @typedef {import('./markup.js').Part} Part */
/** @typedef {import('./inks.js').Inks} Inks */
/** @typedef {import('./moment.js').Span} Span */

/**
 * @typedef {object} Sheet What is to be on a figure.
 * @property {'stage'|'diagram'|'both'} what
 * @property {'light'|'dark'} theme
 * @property {boolean} legend
 * @property {Span} span Of the diagram, presentation µs.
 * @property {number} seen The last event that the diagram shows.
 */

/** @typedef {{svg: string, width: number, height: number}} Figure px. */

/** How wide a sheet is, its margins, and how high the stage and a line of the diagram are, px. */
const [WIDTH, MARGIN, STAGE, LANE] = [960, 28, 560, 46];

/** Room for the names of the nodes at the left of the diagram, px, and for its axis. */
const [NAMES, AXIS] = [84, 30];

/** The type of an axis, px, how far its labels are apart at least, and how far at least on average. */
const [AXIS_TYPE, APART, USUALLY] = [11, 12, 56];

/** @typedef {{x: number, said: string, anchor: 'start'|'middle'|'end', from: number, to: number}} Tick A mark, and from where to where its label reaches, px. */

/**
 * @param {number} at Least size.
 * @returns {Generator<number>} The round numbers from there on: 1, 2 and 5, 10, 20 and 50, and so on.
 */
function* round(at) {
  for (let power = 10 ** Math.floor(Math.log10(at)); ; power *= 10) {
    for (const each of [1, 2, 5]) if (each * power >= at) yield each * power;
  }
}

/** @param {number} x @param {number} time @param {number} width @returns {Tick} */
function tick(x, time, width) {
  const said = milliseconds(time);
  const wide = widthOf(said, AXIS_TYPE);
  const anchor = x < 24 ? 'start' : x > width - 24 ? 'end' : 'middle';
  const from = x - { start: 0, middle: wide / 2, end: wide }[anchor];
  return { x, said, anchor, from, to: from + wide };
}

/**
 * The axis: every round virtual time has its mark, as close as labels have room everywhere. Presentation time
 * has gaps, so marks need not stand evenly; but none is ever left out.
 * @param {Journal} journal
 * @param {Span} span
 * @param {number} width px.
 * @returns {Tick[]}
 */
export function ticks(journal, span, width) {
  const [first, last] = [journal.timeAt(span.p0), journal.timeAt(span.p1)];
  /** @type {Tick[]} */
  let found = [];
  for (const step of round(Math.max(1000, (last - first) / (width / USUALLY)))) {
    found = [];
    for (let time = Math.ceil(first / step) * step; time <= last; time += step) {
      const x = toX(span, Math.max(span.p0, pOfTime(journal, time)), width);
      if (x <= width) found.push(tick(x, time, width));
    }
    if (found.every((each, i) => i === 0 || each.from - found[i - 1].to >= APART)) break;
  }
  return found;
}

/** Presentation time is so much longer than virtual time where the axis is called stretched. */
const STRETCHED = 1.02;

/**
 * @param {Journal} journal
 * @param {Span} span
 * @returns {boolean} Whether a px does not mean the same time everywhere.
 */
export function stretched(journal, { p0, p1 }) {
  const end = Math.min(p1, journal.end());
  return end - p0 > (journal.timeAt(end) - journal.timeAt(p0)) * STRETCHED;
}

/** @param {string} said @param {number} x @param {number} y @param {number} size @param {string} fill @param {Record<string, any>} [more] */
const text = (said, x, y, size, fill, more = {}) => part('text', { x, y, 'font-size': size, fill, ...more }, [said]);

/**
 * @param {Model} model
 * @returns {{title: string, where: string, when: string}} The words of the title line.
 */
export function headline({ session, lesson, step, time, seq }) {
  const at = lesson?.steps[step];
  return {
    title: session.title,
    where: at && lesson
      ? t('takeaway.figure.step', { number: at.index + 1, of: lesson.steps.length, title: at.title })
      : t('takeaway.figure.seed', { count: session.nodes.length, seed: session.seed }),
    when: t('takeaway.figure.time', { time: milliseconds(time), event: seq }),
  };
}

/** @param {Model} model @param {Inks} ink @returns {Part[]} */
function head(model, ink) {
  const { title, where, when } = headline(model);
  const right = WIDTH - MARGIN;
  const room = right - MARGIN - widthOf(when, 13) - 40;
  return [
    text(cut(title, right - MARGIN, 19), MARGIN, 40, 19, ink.ink, { 'font-weight': 650 }),
    text(cut(where, room, 13.5), MARGIN, 62, 13.5, ink['ink-2']),
    text(when, right, 62, 13, ink['ink-3'], { 'text-anchor': 'end' }),
  ];
}

/**
 * @param {Model} model
 * @param {Journal} journal
 * @param {Sheet} sheet
 * @param {Inks} ink
 * @returns {{parts: Part[], height: number}} The diagram, from its own top left corner.
 */
function diagram(model, journal, sheet, ink) {
  const ids = lanes(model, sheet.seen);
  const size = { width: WIDTH - 2 * MARGIN - NAMES, height: 40 + ids.length * LANE, scale: 1, dense: 1 };
  const pen = createPen();
  const last = Math.max(sheet.seen, model.seq);
  const known = Math.max(model.p, journal.pOf(sheet.seen));
  drawDiagram(pen.context, { ...model, reveal: last }, sheet.span, size, ink, sheet.seen, known);
  const names = ids.map((id, i) => {
    const node = model.view.nodes[id];
    const role = !node ? 'dead' : node.crashed ? 'dead' : node.state;
    return text(id, NAMES - 12, rowY(i, ids.length, size) + 4.5, 13, ink[/** @type {keyof Inks} */ (`${role}-ink`)], { 'text-anchor': 'end', 'font-weight': 620 });
  });
  const bottom = size.height + 4;
  const axis = ticks(journal, sheet.span, size.width).flatMap(({ x, said, anchor }) => [
    part('path', { d: `M${Math.round(x)} ${bottom}v5`, stroke: ink['ink-3'], 'stroke-width': 1 }),
    text(said, x, bottom + 18, AXIS_TYPE, ink['ink-3'], { 'text-anchor': anchor }),
  ]);
  const x = toX(sheet.span, model.p, size.width);
  const here = x >= -1 && x <= size.width + 1
    ? [part('path', { d: `M${x.toFixed(1)} 20V${bottom}`, stroke: ink.ink, 'stroke-width': 1.4 }), part('path', { d: `M${(x - 5).toFixed(1)} 13h10l-5 7z`, fill: ink.ink })]
    : [];
  return {
    parts: [
      ...names,
      part('defs', {}, [part('clipPath', { id: 'window' }, [part('rect', { x: -4, y: 0, width: size.width + 8, height: size.height })])]),
      part('g', { transform: `translate(${NAMES} 0)` }, [
        part('g', { 'clip-path': 'url(#window)' }, pen.parts()),
        part('path', { d: `M0 ${bottom}H${size.width}`, stroke: ink.line, 'stroke-width': 1 }),
        ...axis,
        ...here,
      ]),
    ],
    height: size.height + AXIS,
  };
}

/**
 * @param {Model} model
 * @param {Sheet} sheet
 * @returns {string} The figure for those who do not see it.
 */
export function described(model, sheet) {
  const nodes = model.nodes.map((id) => (model.view.nodes[id] ? describe(id, model) : '')).filter(Boolean).join('. ');
  const kind = sheet.what === 'diagram' ? t('takeaway.figure.diagram') : '';
  return [kind, nodes].filter(Boolean).join(' ');
}

/**
 * @param {Journal} journal
 * @param {Sheet} sheet
 * @returns {{draw: (model: Model, signs?: Set<string>) => Figure, signs: (model: Model) => Set<string>, size: (model: Model) => {width: number, height: number}, close: () => void}}
 *   `draw` makes the figure of one moment; with `signs` the legend lists these, so that it is the same on each frame of a film.
 */
export function createPress(journal, sheet) {
  const studio = createStudio(sheet.theme);
  const ink = readInks(studio.root);
  const staged = sheet.what !== 'diagram';

  /** @param {Model} model */
  function signs(model) {
    return new Set([
      ...(staged ? signsOnStage(model) : []),
      ...(sheet.what !== 'stage' ? signsInDiagram(model, sheet.span, sheet.seen) : []),
      ...(sheet.what !== 'stage' && stretched(journal, sheet.span) ? ['stretched'] : []),
    ]);
  }

  /** @param {Model} model @param {Set<string>} [shown] @returns {Figure} */
  function draw(model, shown = signs(model)) {
    const children = head(model, ink);
    let y = 76;
    if (staged) {
      studio.draw(model, { width: WIDTH - 2 * MARGIN, height: STAGE });
      children.push(part('g', { transform: `translate(${MARGIN} ${y})` }, copyStage(studio)));
      y += STAGE + 12;
    }
    if (sheet.what !== 'stage') {
      const made = diagram(model, journal, sheet, ink);
      children.push(part('g', { transform: `translate(${MARGIN} ${y})` }, made.parts));
      y += made.height + 12;
    }
    if (sheet.legend) {
      const rows = legend(shown, WIDTH - 2 * MARGIN, ink);
      if (rows.height > 0) {
        children.push(part('path', { d: `M${MARGIN} ${y}H${WIDTH - MARGIN}`, stroke: ink.line, 'stroke-width': 1 }));
        children.push(part('g', { transform: `translate(${MARGIN} ${y + 12})` }, [rows.part]));
        y += rows.height + 12;
      }
    }
    const height = Math.round(y + 18);
    const { title, where, when } = headline(model);
    const root = part('svg', {
      xmlns: 'http://www.w3.org/2000/svg', width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', 'aria-labelledby': 'title desc', 'font-family': FACES.sans,
    }, [
      part('title', { id: 'title' }, [`${title}: ${where}, ${when}`]),
      part('desc', { id: 'desc' }, [described(model, sheet)]),
      part('rect', { width: WIDTH, height, fill: ink.card }),
      ...children,
    ]);
    return { svg: `<?xml version="1.0" encoding="UTF-8"?>\n${write(pinned(root))}\n`, width: WIDTH, height };
  }

  return { draw, signs, size: (model) => draw(model), close: studio.close };
}
