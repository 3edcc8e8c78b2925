/**
 * The scrub bar: the whole branch from first to last event, with a mark for every turning point.
 *
 * @module views/scrub
 */

import { USUAL, named, toP, toX } from '../geometry/spacetime.js';
import { textWidth } from '../geometry/labels.js';
import { about } from '../lib/ask.js';
import { milliseconds } from '../lib/format.js';
import { attr, html, keyed, style, text, toggle } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { horizon } from './parts/horizon.js';
import { typeScale } from './parts/visible.js';

/** @typedef {import('../types.js').Mark} Mark */
/** @typedef {import('../types.js').Model} Model */

/** Marks closer than this are drawn as one, px. */
const APART = 9;

/** How far names may reach over the ends of the bar, px. */
const EDGE = 10;

/** Which names stay where room is short. @type {Record<string, number>} */
const WEIGHT = { violation: 9, leader: 6, members: 6, crash: 5, cut: 5, heal: 5, commit: 4, election: 4, restart: 3, snapshot: 3, term: 3, write: 2 };

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createScrub(root, dispatch) {
  const fill = html('div', { class: 'scrub-fill' });
  const seen = html('div', { class: 'scrub-seen' });
  const knob = html('div', { class: 'scrub-knob' });
  const marks = html('div', { class: 'scrub-marks' });
  const track = html('div', { class: 'scrub-track', tabindex: 0, role: 'slider', 'aria-label': t('time.title'), 'aria-orientation': 'horizontal' }, [html('div', { class: 'scrub-line' }, [seen, fill]), marks, knob]);
  root.append(track);

  /** @type {Model|null} */
  let latest = null;
  let width = 0;
  let dragging = false;

  new ResizeObserver(([entry]) => {
    width = entry.contentRect.width;
    if (latest) draw(latest, true);
  }).observe(track);

  /** @param {PointerEvent} event */
  function seek(event) {
    if (!latest) return;
    const box = track.getBoundingClientRect();
    const [p0, p1] = latest.span;
    const p = toP(whole, event.clientX - box.left, box.width);
    dispatch({ type: 'seek', p: Math.max(p0, Math.min(p1, p)) });
  }
  track.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    const mark = event.target instanceof Element ? event.target.closest('.scrub-mark') : null;
    if (mark instanceof HTMLElement) {
      dispatch({ type: 'seekSeq', seq: Number(mark.dataset.seq) });
      return;
    }
    dragging = true;
    track.setPointerCapture(event.pointerId);
    seek(event);
  });
  track.addEventListener('pointermove', (event) => {
    if (dragging) seek(event);
  });
  for (const end of ['pointerup', 'pointercancel']) track.addEventListener(end, () => (dragging = false));
  track.addEventListener('keydown', (event) => {
    if (!latest) return;
    const [p0, p1] = latest.span;
    const page = (p1 - p0) / 12;
    const { p } = latest;
    /** @type {import('../types.js').Action|undefined} */
    const action = {
      ArrowRight: { type: /** @type {const} */ ('step') },
      ArrowUp: { type: /** @type {const} */ ('step') },
      ArrowLeft: { type: /** @type {const} */ ('stepBack') },
      ArrowDown: { type: /** @type {const} */ ('stepBack') },
      Home: { type: /** @type {const} */ ('seek'), p: p0 },
      End: { type: /** @type {const} */ ('seek'), p: p1 },
      PageUp: { type: /** @type {const} */ ('seek'), p: Math.min(p1, p + page) },
      PageDown: { type: /** @type {const} */ ('seek'), p: Math.max(p0, p - page) },
    }[event.key];
    if (!action || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    dispatch(action);
  });

  /** @type {Set<Mark>} */
  let names = new Set();
  /** @type {import('../geometry/spacetime.js').Window} */
  let whole = { p0: 0, p1: 1 };
  const drawMarks = keyed(
    marks,
    (/** @type {Mark} */ mark) => mark.seq,
    (mark) => html('span', { class: 'scrub-mark', 'data-kind': mark.kind, 'data-seq': mark.seq, 'data-ask': about('event', mark.from) }, [html('span', { class: 'scrub-dot' }), html('span', { class: 'scrub-name' })]),
    (element, mark) => {
      style(element, 'transform', `translateX(${toX(whole, mark.p, width).toFixed(1)}px)`);
      attr(element, 'title', mark.node ? t('time.mark', { mark: mark.label, node: mark.node }) : mark.label);
      const name = names.has(mark) ? mark.label : '';
      text(element.children[1], name);
      const x = toX(whole, mark.p, width);
      const half = textWidth(name, 11 * typeScale()) / 2 + 4;
      style(element.children[1], '--shift', `${Math.max(half - x - EDGE, Math.min(0, width + EDGE - x - half)).toFixed(0)}px`);
      toggle(element, 'ahead', mark.seq > (latest?.seq ?? 0));
    },
  );

  /** @param {Model} model */
  function placeMarks(model) {
    const limit = horizon(model);
    /** @type {Mark[]} */
    const kept = [];
    let edge = -Infinity;
    for (const mark of model.marks) {
      if (mark.seq > limit) break;
      const x = toX(whole, mark.p, width);
      const last = kept[kept.length - 1];
      if (x - edge < APART && last) {
        if ((WEIGHT[mark.kind] ?? 0) > (WEIGHT[last.kind] ?? 0)) kept[kept.length - 1] = mark;
        continue;
      }
      kept.push(mark);
      edge = x;
    }
    const size = 11 * typeScale();
    const half = (/** @type {Mark} */ mark) => textWidth(mark.label, size) / 2 + 4;
    names = named(kept, (mark) => Math.max(half(mark) - EDGE, Math.min(width + EDGE - half(mark), toX(whole, mark.p, width))), (mark) => WEIGHT[mark.kind] ?? 0, (mark) => textWidth(mark.label, size));
    drawMarks(kept);
  }

  /**
   * A growing session's bar grows in steps, so that its marks need not move with every frame.
   * @param {number} end
   */
  function roomFor(end) {
    if (end <= whole.p1 && end > whole.p1 * 0.9) return whole.p1;
    return Math.max(USUAL, end * 1.03);
  }

  /** @param {Model} model @param {boolean} all */
  function draw(model, all) {
    if (width <= 0) return;
    const [p0] = model.span;
    const p1 = model.session.timers === 'auto' ? roomFor(model.span[1]) : model.span[1];
    const changed = all || whole.p0 !== p0 || whole.p1 !== p1;
    whole = { p0, p1 };
    const x = Math.max(0, Math.min(width, toX(whole, model.p, width)));
    style(fill, 'transform', `scaleX(${(x / width).toFixed(5)})`);
    style(knob, 'transform', `translateX(${x.toFixed(1)}px)`);
    const was = drawn;
    drawn = model;
    if (!was || changed || was.seq !== model.seq || was.reveal !== model.reveal) {
      const seenSeq = horizon(model);
      const far = seenSeq >= model.last ? model.span[1] : model.pOf(seenSeq);
      style(seen, 'transform', `scaleX(${Math.min(1, Math.max(0, toX(whole, far, width) / width)).toFixed(4)})`);
      placeMarks(model);
    }
    if (said !== model.seq) {
      said = model.seq;
      attr(track, 'aria-valuemin', 0);
      attr(track, 'aria-valuemax', model.last);
      attr(track, 'aria-valuenow', model.seq);
      attr(track, 'aria-valuetext', t('time.at', { time: milliseconds(model.time), event: model.seq, of: model.last }));
    }
  }
  /** @type {Model|null} */
  let drawn = null;
  let said = -1;

  return {
    update(model) {
      latest = model;
      draw(model, false);
    },
  };
}
