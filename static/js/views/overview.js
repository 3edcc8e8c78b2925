/**
 * The overview of a long session: a thin bar over all of it, with how much happened when, who had
 * which role, and a window over the stretch that is shown below: it is dragged and resized.
 *
 * @module views/overview
 */

import { toP, toX } from '../geometry/spacetime.js';
import { milliseconds } from '../lib/format.js';
import { attr, hide, html, style } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { INK_OF } from './parts/diagram.js';
import { lanes } from './parts/horizon.js';
import { inks } from './parts/inks.js';

/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('../types.js').Stretch} Stretch */

/** The window is drawn at least so wide, px, so that a hand can hold it. */
const LEAST_WIDE = 22;

/** How much of what is shown an arrow key moves the window or one of its ends. */
const STEP = 0.1;

/** Width of a column of the density, px. */
const COLUMN = 2;

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createOverview(root, dispatch) {
  const canvas = html('canvas', { class: 'overview-canvas', 'aria-hidden': 'true' });
  const cursor = html('div', { class: 'overview-cursor' });
  /** @param {'window'|'begin'|'end'} part */
  const handle = (part) => html('div', { class: `overview-${part}`, role: 'slider', tabindex: 0, 'aria-label': t(`overview.${part}`), 'aria-valuemin': 0, 'data-part': part });
  const [middle, begin, end] = [handle('window'), handle('begin'), handle('end')];
  const plane = html('div', { class: 'overview-plane', role: 'group', 'aria-label': t('overview.title') }, [canvas, cursor, middle, begin, end]);
  root.append(plane);

  /** @type {Model|null} */
  let latest = null;
  let size = { width: 0, height: 0, dense: 1 };
  let drawnKey = '';

  new ResizeObserver(([entry]) => {
    const { width, height } = entry.contentRect;
    size = { width: Math.round(width), height: Math.round(height), dense: Math.min(devicePixelRatio || 1, 2) };
    canvas.width = Math.round(size.width * size.dense);
    canvas.height = Math.round(size.height * size.dense);
    drawnKey = '';
    if (latest?.long) draw(latest);
  }).observe(plane);

  /** What is held, and where it was. @type {{part: string, x: number, stretch: Stretch}|null} */
  let held = null;

  /** @param {PointerEvent} event */
  const at = (event) => event.clientX - plane.getBoundingClientRect().left;

  /** @param {string} part @param {Stretch} from @param {number} by µs. @returns {Stretch} */
  function changed(part, from, by) {
    if (part === 'begin') return { p0: Math.min(from.p0 + by, from.p1), p1: from.p1 };
    if (part === 'end') return { p0: from.p0, p1: Math.max(from.p1 + by, from.p0) };
    return { p0: from.p0 + by, p1: from.p1 + by };
  }

  plane.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || !latest) return;
    plane.setPointerCapture(event.pointerId);
    const part = event.target instanceof HTMLElement ? event.target.dataset.part : undefined;
    if (part) {
      held = { part, x: at(event), stretch: latest.stretch };
      return;
    }
    const p = toP(latest.whole, at(event), size.width);
    dispatch({ type: 'seek', p: Math.max(latest.span[0], Math.min(latest.span[1], p)) });
    const half = (latest.stretch.p1 - latest.stretch.p0) / 2;
    held = { part: 'window', x: at(event), stretch: { p0: p - half, p1: p + half } };
    dispatch({ type: 'stretch', stretch: held.stretch });
  });
  plane.addEventListener('pointermove', (event) => {
    if (!held || !latest) return;
    const by = ((at(event) - held.x) / (size.width || 1)) * (latest.whole.p1 - latest.whole.p0);
    dispatch({ type: 'stretch', stretch: changed(held.part, held.stretch, by) });
  });
  for (const done of ['pointerup', 'pointercancel']) plane.addEventListener(done, () => (held = null));

  plane.addEventListener('keydown', (event) => {
    const part = event.target instanceof HTMLElement ? event.target.dataset.part : undefined;
    if (!part || !latest || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const { stretch, whole } = latest;
    const length = stretch.p1 - stretch.p0;
    const far = whole.p1 - whole.p0;
    const by = {
      ArrowRight: length * STEP, ArrowUp: length * STEP, ArrowLeft: -length * STEP, ArrowDown: -length * STEP,
      PageUp: length, PageDown: -length, Home: -far, End: far,
    }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    dispatch({ type: 'stretch', stretch: changed(part, stretch, by) });
  });

  /** How many events there were in each column, and who had which role. @param {Model} model */
  function drawWhole(model) {
    const context = canvas.getContext('2d');
    if (!context) return;
    const ink = inks(root, model.theme);
    const { whole } = model;
    const { width, height, dense } = size;
    context.setTransform(dense, 0, 0, dense, 0, 0);
    context.clearRect(0, 0, width, height);
    const counts = [];
    let before = model.seqAt(whole.p0);
    for (let x = COLUMN; x <= width + COLUMN - 1; x += COLUMN) {
      const now = model.seqAt(Math.min(model.span[1], toP(whole, x, width)));
      counts.push(now - before);
      before = now;
    }
    const most = Math.max(1, ...counts);
    context.fillStyle = ink.line;
    counts.forEach((count, i) => {
      const high = count ? Math.max(1, (count / most) * height) : 0;
      context.fillRect(i * COLUMN, height - high, COLUMN, high);
    });
    const nodes = lanes(model, model.last);
    const step = height / (nodes.length || 1);
    const thick = Math.max(1.25, Math.min(3, step * 0.6));
    nodes.forEach((id, i) => {
      const spans = model.roles[id] ?? [];
      spans.forEach((span, k) => {
        if (!span.crashed && span.role === 'follower') return;
        const x0 = toX(whole, span.p, width);
        const x1 = toX(whole, spans[k + 1]?.p ?? model.span[1], width);
        context.fillStyle = ink[INK_OF[span.crashed ? 'crashed' : span.role]];
        context.fillRect(x0, step * (i + 0.5) - thick / 2, Math.max(1, x1 - x0), thick);
      });
    });
    context.fillStyle = ink.danger;
    for (const mark of model.marks) if (mark.kind === 'violation') context.fillRect(toX(whole, mark.p, width) - 1, 0, 2, height);
  }

  /** @param {Element} element @param {number} p @param {Model} model @param {string} says */
  function tell(element, p, model, says) {
    attr(element, 'aria-valuemax', Math.round(model.timeAt(model.span[1]) / 1000));
    attr(element, 'aria-valuenow', Math.round(model.timeAt(Math.max(0, p)) / 1000));
    attr(element, 'aria-valuetext', says);
  }

  /** @param {Model} model */
  function draw(model) {
    const { width } = size;
    if (width < 10) return;
    const { whole, stretch } = model;
    const far = Math.floor(toX(whole, model.span[1], width) / COLUMN);
    const key = [model.branch, whole.p0, whole.p1, far, width, size.height, model.theme, model.live ? '' : model.last].join(' ');
    if (key !== drawnKey) {
      drawnKey = key;
      drawWhole(model);
    }
    style(cursor, 'transform', `translateX(${toX(whole, model.p, width).toFixed(1)}px)`);
    const [a, b] = [toX(whole, stretch.p0, width), toX(whole, stretch.p1, width)];
    const wide = Math.max(LEAST_WIDE, b - a);
    const left = Math.max(0, Math.min(width - wide, (a + b - wide) / 2));
    style(middle, 'transform', `translateX(${left.toFixed(1)}px)`);
    style(middle, 'width', `${wide.toFixed(1)}px`);
    style(begin, 'transform', `translateX(${left.toFixed(1)}px)`);
    style(end, 'transform', `translateX(${(left + wide).toFixed(1)}px)`);
    if (shownAt === stretch && model.live) return;
    shownAt = stretch;
    const [from, to] = [milliseconds(model.timeAt(stretch.p0)), milliseconds(model.timeAt(stretch.p1))];
    tell(middle, stretch.p0, model, t('overview.from', { from, to }));
    tell(begin, stretch.p0, model, from);
    tell(end, stretch.p1, model, to);
  }
  /** @type {Stretch|null} */
  let shownAt = null;

  return {
    update(model) {
      latest = model;
      hide(root, !model.long);
      if (root.parentElement) attr(root.parentElement, 'data-long', model.long);
      if (model.long) draw(model);
    },
  };
}
