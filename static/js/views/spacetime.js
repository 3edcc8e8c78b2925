/**
 * The space-time diagram: a line for each node, coloured by role; an arrow for each message. It is
 * drawn on a canvas when its content changes; the cursor and the veil over what is still to come
 * are elements that only move.
 *
 * @module views/spacetime
 */

import { USUAL, follow, toP, toX } from '../geometry/spacetime.js';
import { milliseconds } from '../lib/format.js';
import { attr, html, keyed, style, text } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { icon } from './parts/icons.js';
import { drawDiagram, nearestArrow, rowY } from './parts/diagram.js';
import { horizon, lanes, linesTo } from './parts/horizon.js';
import { inks } from './parts/inks.js';
import { typeScale } from './parts/visible.js';

/** @typedef {import('../types.js').Model} Model */

/** While time runs the flag is written every so many frames: faster cannot be read. */
const CLOCK_FRAMES = 5;

/** Lessons with no more messages than this are shown whole. */
const WHOLE = 400;

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createSpacetime(root, dispatch) {
  const names = html('div', { class: 'spacetime-names' });
  const canvas = html('canvas', { class: 'spacetime-canvas', role: 'img', 'aria-label': t('diagram.title') });
  const veil = html('div', { class: 'spacetime-veil' });
  const flag = html('output', { class: 'spacetime-flag' });
  const cursor = html('div', { class: 'spacetime-cursor' }, [flag]);
  const tip = html('div', { class: 'spacetime-tip', hidden: true });
  /** @param {string} name @param {string} drawing @param {number} factor 0: as usual. */
  const zoomer = (name, drawing, factor) =>
    html('button', { class: 'icon quiet', type: 'button', 'aria-label': name, title: name, onclick: () => zoom(factor) }, [icon(drawing)]);
  const zoomers = html('div', { class: 'spacetime-zoom', role: 'group', 'aria-label': t('diagram.zoom') }, [
    zoomer(t('diagram.out'), 'zoomOut', 1.8), zoomer(t('diagram.all'), 'fit', 0), zoomer(t('diagram.in'), 'zoomIn', 1 / 1.8),
  ]);
  const plane = html('div', { class: 'spacetime-plane' }, [canvas, veil, cursor, tip]);
  root.append(names, plane, zoomers);

  /** @type {Model|null} */
  let latest = null;
  let size = { width: 0, height: 0, scale: 1, dense: 1 };
  /** @type {import('../geometry/spacetime.js').Window|null} */
  let stretch = null;
  /** Chosen length of the window, µs; 0: as usual; Infinity: everything. */
  let chosen = 0;
  let drawnKey = '';
  /** How far the lines are drawn, presentation µs. */
  let drawnTo = 0;
  let frames = 0;

  new ResizeObserver(([entry]) => {
    const { width, height } = entry.contentRect;
    size = { width: Math.round(width), height: Math.round(height), scale: typeScale(), dense: Math.min(devicePixelRatio || 1, 2) };
    canvas.width = Math.round(size.width * size.dense);
    canvas.height = Math.round(size.height * size.dense);
    drawnKey = '';
    if (latest) draw(latest);
  }).observe(plane);

  /** @param {number} factor */
  function zoom(factor) {
    if (!latest || !stretch) return;
    const length = (stretch.p1 - stretch.p0) * factor;
    const whole = latest.span[1] - latest.span[0];
    chosen = factor === 0 || length >= whole ? Infinity : Math.max(20_000, length);
    stretch = null;
    drawnKey = '';
    draw(latest);
  }
  plane.addEventListener('wheel', (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.25 : 0.8);
  }, { passive: false });

  /** @param {MouseEvent} event */
  function at(event) {
    const box = plane.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
  plane.addEventListener('click', (event) => {
    if (!latest || !stretch) return;
    const { x, y } = at(event);
    const arrow = nearestArrow(latest, stretch, size, x, y);
    if (arrow) {
      const p1 = arrow.p1 ?? arrow.p0;
      dispatch({ type: 'seek', p: arrow.p0 + (p1 - arrow.p0) / 2 });
      dispatch({ type: 'select', selection: { kind: 'message', id: String(arrow.id) } });
      return;
    }
    const [p0, p1] = latest.span;
    dispatch({ type: 'seek', p: Math.max(p0, Math.min(p1, toP(stretch, x, size.width))) });
  });
  plane.addEventListener('pointermove', (event) => {
    if (!latest || !stretch || event.pointerType === 'touch') return;
    const { x, y } = at(event);
    const arrow = nearestArrow(latest, stretch, size, x, y);
    tip.hidden = !arrow;
    style(plane, 'cursor', arrow ? 'pointer' : null);
    if (!arrow) return;
    const sent = latest.event(arrow.sentSeq);
    const said = sent && latest.explain(sent);
    text(tip, said?.text ?? t('diagram.message', { type: arrow.message.type, from: arrow.message.from, to: arrow.message.to }));
    const left = x > size.width * 0.66;
    style(tip, 'transform', `translate(${Math.round(left ? x - 12 : x + 12)}px, ${Math.round(Math.min(y + 12, size.height - 24))}px)${left ? ' translateX(-100%)' : ''}`);
  });
  plane.addEventListener('pointerleave', () => (tip.hidden = true));

  let rows = 1;
  const drawNames = keyed(
    names,
    (/** @type {string} */ id) => id,
    (id) => html('span', { class: 'spacetime-name', text: id, title: id }),
    (element, id, index) => {
      const node = latest?.view.nodes[id];
      attr(element, 'data-role', !node ? 'absent' : node.crashed ? 'crashed' : node.state);
      style(element, 'top', `${rowY(index, rows, size).toFixed(1)}px`);
    },
  );

  /** @param {Model} model @returns {number} */
  function length(model) {
    if (chosen === Infinity) return model.span[1] - model.span[0];
    if (chosen > 0) return chosen;
    return model.session.kind === 'lesson' && model.arrows.length <= WHOLE ? model.span[1] - model.span[0] : USUAL;
  }

  /** @param {Model} model */
  function draw(model) {
    if (size.width < 10 || size.height < 10) return;
    stretch = follow(stretch, model.span, model.p, Math.max(1, length(model)), model.session.timers === 'auto' && chosen !== Infinity ? USUAL : 0);
    attr(root, 'data-window', `${Math.round(stretch.p0)} ${Math.round(stretch.p1)}`);
    const seen = horizon(model);
    const between = seen < model.last && model.p > model.pOf(seen);
    const playing = model.playing || between;
    const key = [model.branch, model.last, seen, playing, stretch.p0, stretch.p1, model.theme, size.width, size.height, size.scale].join(' ');
    if (key !== drawnKey || model.p > drawnTo) {
      drawnKey = key;
      drawnTo = linesTo(model, seen, playing);
      const context = canvas.getContext('2d');
      if (context) drawDiagram(context, { ...model, playing }, stretch, size, inks(root, model.theme), seen);
    }
    const x = toX(stretch, model.p, size.width);
    const on = x >= -1 && x <= size.width + 1;
    cursor.hidden = !on;
    style(cursor, 'transform', `translateX(${x.toFixed(1)}px)`);
    style(veil, 'transform', `translateX(${Math.max(0, Math.min(size.width, x)).toFixed(1)}px)`);
    frames += 1;
    if (!model.playing || frames % CLOCK_FRAMES === 0) text(flag, milliseconds(model.time));
    const half = 44 * size.scale;
    const shift = x < half ? (-50 * x) / half : x > size.width - half ? -100 + (50 * (size.width - x)) / half : -50;
    style(flag, 'transform', `translateX(${shift.toFixed(1)}%)`);
    const ids = lanes(model, seen);
    rows = ids.length;
    drawNames(ids);
  }

  return {
    update(model) {
      const same = latest && latest.branch === model.branch;
      if (!same) stretch = null;
      latest = model;
      style(root, '--nodes', Math.max(Object.keys(model.roles).length, model.nodes.length) || 3);
      draw(model);
    },
  };
}
