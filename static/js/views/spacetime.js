/**
 * The space-time diagram: a line for each node, coloured by role; an arrow for each message. It is
 * drawn on a canvas when its content changes; the cursor and the veil over what is still to come
 * are elements that only move.
 *
 * @module views/spacetime
 */

import { toP, toX } from '../geometry/spacetime.js';
import { about } from '../lib/ask.js';
import { milliseconds } from '../lib/format.js';
import { glide } from '../lib/glide.js';
import { attr, hide, html, keyed, style, svg, text, toggle } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { icon } from './parts/icons.js';
import { createClientLane } from './parts/clientlane.js';
import { arrowPlace, arrowsIn, drawDiagram, nearestArrow, nextArrow, rowY } from './parts/diagram.js';
import { createHands } from './parts/hands.js';
import { horizon, lanes, linesTo } from './parts/horizon.js';
import { inks } from './parts/inks.js';
import { typeScale } from './parts/visible.js';

/** @typedef {import('../types.js').Arrow} Arrow */
/** @typedef {import('../types.js').Model} Model */

/** While time runs the flag is written every so many frames: faster cannot be read. */
const CLOCK_FRAMES = 6;

/**
 * @param {number} arrows
 * @returns {number} While time runs, in every so manieth frame it is drawn. What comes new begins at the cursor,
 *   and what is under way lies whole under the veil, so that this is not seen.
 */
const pace = (arrows) => (arrows > 120 ? 12 : 6);

/** How much a press of a button or key zooms, and how much of what is shown an arrow key moves. */
const ZOOM = 1.8;
const PAN = 0.12;

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createSpacetime(root, dispatch) {
  const names = html('div', { class: 'spacetime-names' });
  /** What is drawn is handed over whole: a canvas that is drawn on itself is copied in every frame, changed or not. */
  const paper = new OffscreenCanvas(1, 1);
  const canvas = html('canvas', { class: 'spacetime-canvas', 'aria-hidden': 'true' });
  const face = canvas.getContext('bitmaprenderer');
  const veil = html('div', { class: 'spacetime-veil' });
  const flag = html('output', { class: 'spacetime-flag', 'aria-live': 'off' });
  const cursor = html('div', { class: 'spacetime-cursor' }, [flag]);
  const tip = html('div', { class: 'spacetime-tip', hidden: true });
  const line = svg('line', { class: 'pointed-line' });
  const ends = [svg('circle', { class: 'pointed-end', r: 5 }), svg('circle', { class: 'pointed-end', r: 5 })];
  const pointed = svg('svg', { class: 'spacetime-pointed', 'aria-hidden': 'true' }, [line, ...ends]);
  const spoken = html('div', { class: 'visually-hidden', role: 'status' });
  /** @param {string} name @param {string} drawing @param {number} factor 0: everything. */
  const zoomer = (name, drawing, factor) =>
    html('button', { class: 'icon quiet', type: 'button', 'aria-label': name, title: name, onclick: () => dispatch({ type: 'zoom', factor }) }, [icon(drawing)]);
  const [out, all, closer] = [zoomer(t('diagram.out'), 'zoomOut', ZOOM), zoomer(t('diagram.all'), 'fit', 0), zoomer(t('diagram.in'), 'zoomIn', 1 / ZOOM)];
  const zoomers = html('div', { class: 'spacetime-zoom', role: 'group', 'aria-label': t('diagram.zoom') }, [out, all, closer]);
  const plane = html('div', { class: 'spacetime-plane', tabindex: 0, role: 'application', 'aria-label': t('diagram.title'), 'aria-description': t('diagram.keys') }, [
    canvas, veil, pointed, cursor, tip,
  ]);
  /** Read more often than seen: it shows itself to who comes to it by Tab. */
  const listed = html('button', { class: 'spacetime-list', type: 'button', 'aria-haspopup': 'dialog', text: t('diagram.list'), onclick: () => void list() });
  root.append(names, plane, zoomers, listed, spoken);

  /** @type {Model|null} */
  let latest = null;
  /** `height` is that of the nodes' lines; `whole` has the clients' lane below them, too. */
  let size = { width: 0, height: 0, whole: 0, scale: 1, dense: 1 };
  const clients = createClientLane();
  let drawnKey = '';
  /** @type {import('../types.js').Stretch|null} */
  let drawnStretch = null;
  /** How many arrows there were when it was drawn last. */
  let arrows = 0;
  /** How far the lines are drawn, presentation µs. */
  let drawnTo = 0;
  let frames = 0;

  new ResizeObserver(([entry]) => {
    const { width, height } = entry.contentRect;
    size = { width: Math.round(width), height: Math.round(height), whole: Math.round(height), scale: typeScale(), dense: Math.min(devicePixelRatio || 1, 2) };
    paper.width = Math.round(size.width * size.dense);
    paper.height = Math.round(size.whole * size.dense);
    drawnKey = '';
    drawnStretch = null;
    if (latest) draw(latest);
  }).observe(plane);

  /** @param {Arrow} arrow */
  function says(arrow) {
    const sent = latest?.event(arrow.sentSeq);
    const said = sent && latest?.explain(sent);
    return said?.text ?? t('diagram.message', { type: arrow.message.type, from: arrow.message.from, to: arrow.message.to });
  }

  /** Stand where a message is half way, and choose it. @param {Arrow} arrow */
  function pick(arrow) {
    const p1 = arrow.p1 ?? arrow.p0;
    dispatch({ type: 'seek', p: arrow.p0 + (p1 - arrow.p0) / 2 });
    dispatch({ type: 'select', selection: { kind: 'message', id: String(arrow.id) } });
  }

  /** @type {ReturnType<typeof import('./parts/messagelist.js').createMessageList>|null} */
  let table = null;
  /** The messages of the stretch, to read. */
  async function list() {
    const { createMessageList } = await import('./parts/messagelist.js');
    table ??= createMessageList(pick, says);
    if (latest) table.show(latest, arrowsIn(latest, latest.stretch), horizon(latest));
  }

  /** The message pointed at, from the moment of the key on: the next key may be faster than a frame. @type {number|null} */
  let aimed = null;

  /** @param {Arrow|null} arrow */
  function point(arrow) {
    const id = arrow?.id ?? null;
    if (!latest || id === aimed) return;
    aimed = id;
    dispatch({ type: 'point', message: id });
  }

  /** Whether it was from here that the message is pointed at: then it is told here. */
  let told = false;

  /** @param {number} x @param {number} y */
  function showTip(x, y) {
    const left = x > size.width * 0.66;
    style(tip, 'transform', `translate(${Math.round(left ? x - 12 : x + 12)}px, ${Math.round(Math.min(y + 12, size.height - 24))}px)${left ? ' translateX(-100%)' : ''}`);
    tip.hidden = false;
  }

  createHands(plane, {
    stretch: () => latest?.stretch ?? null,
    partial: () => latest !== null && latest.stretch !== latest.whole,
    show: (stretch) => dispatch({ type: 'stretch', stretch }),
    zoom: (factor, p) => dispatch({ type: 'zoom', factor, p }),
    click({ x, y }) {
      if (!latest) return;
      const arrow = nearestArrow(latest, latest.stretch, size, x, y);
      if (arrow) {
        pick(arrow);
        return;
      }
      const [p0, p1] = latest.span;
      dispatch({ type: 'seek', p: Math.max(p0, Math.min(p1, toP(latest.stretch, x, size.width))) });
    },
    hover(at) {
      const arrow = latest && at && nearestArrow(latest, latest.stretch, size, at.x, at.y);
      if (arrow && at) {
        text(tip, says(arrow));
        showTip(at.x, at.y);
      } else {
        tip.hidden = true;
      }
      if (!arrow && !told) return;
      told = Boolean(arrow);
      point(arrow);
    },
  });

  /** What the keys do where the diagram has the focus. @type {Record<string, () => boolean>} */
  const keys = {
    ArrowLeft: () => move(-PAN),
    ArrowRight: () => move(PAN),
    ArrowUp: () => walk(-1),
    ArrowDown: () => walk(1),
    Enter() {
      const arrow = aimed === null ? undefined : latest?.arrow(aimed);
      if (arrow) pick(arrow);
      return arrow !== undefined;
    },
    /** The menu of what is chosen lies on top and goes first; that is not done here. */
    Escape() {
      if (!latest || latest.selection || aimed === null) return false;
      point(null);
      return true;
    },
  };
  /** @param {number} share */
  function move(share) {
    if (!latest || latest.stretch === latest.whole) return false;
    dispatch({ type: 'pan', share });
    return true;
  }
  /** @param {1|-1} direction */
  function walk(direction) {
    const arrow = latest && nextArrow(latest, latest.stretch, aimed, direction);
    if (!arrow) return true;
    told = true;
    point(arrow);
    text(spoken, says(arrow));
    return true;
  }
  plane.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !keys[event.key]?.()) return;
    event.preventDefault();
    event.stopPropagation();
  });
  plane.addEventListener('blur', () => {
    if (told) point(null);
    told = false;
  });

  /** @param {Model} model @returns {number} How often a role has changed. */
  const changes = ({ roles }) => Object.values(roles).reduce((sum, spans) => sum + spans.length, 0);

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

  /**
   * What is on the canvas. While a server plays, lines are drawn ahead of what there is, and only a message that
   * is sent or a role that changes is new; in a lesson, what moves its end by less than a pixel is not.
   * @param {Model} model @param {number} seen @param {boolean} playing
   */
  function content(model, seen, playing) {
    const { stretch } = model;
    const end = seen >= model.last ? model.span[1] : model.pOf(seen);
    const far = playing && model.live ? `${model.arrows.length} ${changes(model)}` : playing || model.live ? Math.floor(Math.max(-1, Math.min(size.width + 1, toX(stretch, end, size.width)))) : `${model.last} ${seen}`;
    return [model.branch, model.knower, far, playing, stretch.p0, stretch.p1, model.theme, size.width, size.height, size.scale].join(' ');
  }

  /** The message pointed at, or else chosen, over the drawing. @param {Model} model */
  function drawPointed(model) {
    const chosen = model.selection?.kind === 'message' ? Number(model.selection.id) : null;
    const id = model.pointed ?? chosen;
    const at = id === null ? null : arrowPlace(model, model.stretch, size, id);
    toggle(pointed, 'on', at !== null);
    attr(plane, 'data-ask', at && about('message', at.arrow.id));
    if (!at) return;
    for (const [name, value] of Object.entries({ x1: at.x0, y1: at.y0, x2: at.x1, y2: at.y1 })) attr(line, name, value.toFixed(1));
    ends.forEach((end, i) => {
      attr(end, 'cx', (i ? at.x1 : at.x0).toFixed(1));
      attr(end, 'cy', (i ? at.y1 : at.y0).toFixed(1));
    });
    attr(pointed, 'data-pointed', id);
  }

  /** @param {Model} model */
  function draw(model) {
    if (size.width < 10 || size.height < 10) return;
    const { stretch } = model;
    attr(root, 'data-window', `${Math.round(stretch.p0)} ${Math.round(stretch.p1)}`);
    const above = size.whole - clients.room(model, size.scale);
    if (above !== size.height) size = { ...size, height: above };
    const seen = horizon(model);
    const between = seen < model.last && model.p > model.pOf(seen);
    const playing = model.playing || between;
    const key = content(model, seen, playing);
    frames += 1;
    const waits = playing && stretch === drawnStretch && frames % pace(arrows) !== 0;
    if (!waits && (key !== drawnKey || toX(stretch, model.p, size.width) > toX(stretch, drawnTo, size.width) + 1)) {
      drawnKey = key;
      drawnStretch = stretch;
      drawnTo = linesTo(model, seen, playing);
      const context = paper.getContext('2d');
      if (context) {
        const ink = inks(root, model.theme);
        const on = lanes(model, seen);
        arrows = drawDiagram(context, { ...model, playing }, stretch, size, ink, seen);
        clients.draw(context, model, stretch, size, ink, seen, (id) => (on.includes(id) ? rowY(on.indexOf(id), on.length, size) : null));
        face?.transferFromImageBitmap(paper.transferToImageBitmap());
      }
    }
    drawPointed(model);
    const x = toX(stretch, model.p, size.width);
    const on = x >= -1 && x <= size.width + 1;
    hide(cursor, !on);
    for (const each of [cursor, veil]) glide(each, 'translateX(0px)', `translateX(${size.width}px)`, x / size.width);
    if (!model.playing || frames % CLOCK_FRAMES === 0) text(flag, milliseconds(model.time));
    const half = 44 * size.scale;
    const shift = x < half ? (-50 * x) / half : x > size.width - half ? -100 + (50 * (size.width - x)) / half : -50;
    style(flag, 'transform', `translateX(${shift.toFixed(1)}%)`);
    const ids = lanes(model, seen);
    rows = ids.length;
    drawNames(ids);
    all.disabled = stretch === model.whole;
    out.disabled = stretch === model.whole;
    toggle(plane, 'partial', stretch !== model.whole);
  }

  return {
    update(model) {
      latest = model;
      aimed = model.pointed;
      style(root, '--nodes', Math.max(Object.keys(model.roles).length, model.nodes.length) || 3);
      draw(model);
    },
  };
}
