/**
 * The scrub bar: the whole branch from first to last event, or the stretch that is shown of a long
 * one, with a mark for every moment of interest.
 *
 * @module views/scrub
 */

import { firstFrom, named, toP, toX } from '../geometry/spacetime.js';
import { textWidth } from '../geometry/labels.js';
import { about } from '../lib/ask.js';
import { milliseconds } from '../lib/format.js';
import { glide } from '../lib/glide.js';
import { momentOf } from '../lib/moments.js';
import { attr, html, keyed, style, text, toggle } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { horizon } from './parts/horizon.js';
import { typeScale } from './parts/visible.js';

/** @typedef {import('../types.js').Mark} Mark */
/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('../types.js').Stretch} Stretch */

/** Marks closer than this are drawn as one, px. */
const APART = 9;

/** How far names may reach over the ends of the bar, px. */
const EDGE = 10;

/** How much of the bar a page is. */
const PAGE = 1 / 12;

/** Which names stay where room is short. @type {Record<string, number>} */
const WEIGHT = {
  violation: 9, leader: 6, members: 6, crash: 5, cut: 5, heal: 5, commit: 4, election: 4, restart: 3, snapshot: 3, term: 3, write: 2, command: 1, vote: 0,
};

/** @param {Mark} mark */
const weight = (mark) => WEIGHT[mark.kind] ?? 0;

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createScrub(root, dispatch) {
  const fill = html('div', { class: 'scrub-fill' });
  const seen = html('div', { class: 'scrub-seen' });
  const knob = html('div', { class: 'scrub-knob' });
  const track = html('div', { class: 'scrub-track', tabindex: 0, role: 'slider', 'aria-label': t('time.title'), 'aria-orientation': 'horizontal' }, [html('div', { class: 'scrub-line' }, [seen, fill]), knob]);
  const marks = html('div', { class: 'scrub-marks', role: 'list', 'aria-label': t('time.marks') });
  root.append(html('div', { class: 'scrub-bar' }, [track, marks]));

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
    const p = toP(bar, Math.max(0, Math.min(box.width, event.clientX - box.left)), box.width);
    dispatch({ type: 'seek', p: Math.max(p0, Math.min(p1, p)) });
  }
  track.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
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
    const page = (bar.p1 - bar.p0) * PAGE;
    const { p } = latest;
    /** @type {import('../types.js').Action|undefined} */
    const action = {
      ArrowRight: { type: /** @type {const} */ ('step') },
      ArrowUp: { type: /** @type {const} */ ('step') },
      ArrowLeft: { type: /** @type {const} */ ('stepBack') },
      ArrowDown: { type: /** @type {const} */ ('stepBack') },
      Home: { type: /** @type {const} */ ('seek'), p: p0 },
      End: { type: /** @type {const} */ ('seek'), p: p1 },
      ...(latest.lesson ? {} : {
        PageUp: { type: /** @type {const} */ ('seek'), p: Math.min(p1, p + page) },
        PageDown: { type: /** @type {const} */ ('seek'), p: Math.max(p0, p - page) },
      }),
    }[event.key];
    if (!action || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    dispatch(action);
  });

  /** @param {Element|null} element */
  const seqOf = (element) => Number(element instanceof HTMLElement ? element.dataset.seq : NaN);
  marks.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('.scrub-dot') : null;
    if (button) dispatch({ type: 'seekSeq', seq: seqOf(button.parentElement) });
  });
  marks.addEventListener('keydown', (event) => {
    const turn = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!turn || event.shiftKey || !(event.target instanceof Element)) return;
    event.preventDefault();
    event.stopPropagation();
    const here = event.target.closest('.scrub-mark');
    const next = turn > 0 ? here?.nextElementSibling : here?.previousElementSibling;
    if (!next) return;
    stop(next);
    /** @type {HTMLElement} */ (next.children[0]).focus();
  });

  /** One mark of all is a stop of the Tab key; from there the arrow keys go on. @param {Element|null} mark */
  function stop(mark) {
    if (mark === stopped) return;
    if (stopped) attr(stopped.children[0], 'tabindex', -1);
    if (mark) attr(mark.children[0], 'tabindex', 0);
    stopped = mark;
  }
  /** @type {Element|null} */
  let stopped = null;

  /** @type {Set<Mark>} */
  let names = new Set();
  /** What the bar shows. @type {Stretch} */
  let bar = { p0: 0, p1: 1 };
  const drawMarks = keyed(
    marks,
    (/** @type {Mark} */ mark) => mark.from,
    () => html('div', { class: 'scrub-mark', role: 'listitem' }, [html('button', { class: 'scrub-dot', type: 'button', tabindex: -1 })]),
    (element, mark) => {
      const [dot] = element.children;
      const x = toX(bar, mark.p, width);
      style(element, 'transform', `translateX(${x.toFixed(1)}px)`);
      attr(element, 'data-kind', mark.kind);
      attr(element, 'data-from', mark.from);
      attr(element, 'data-seq', mark.seq);
      attr(dot, 'data-ask', about('event', mark.from));
      attr(dot, 'title', null);
      name(element, names.has(mark) ? mark.label : '', x);
      if (!latest) return;
      const told = { kind: t(`moment.${momentOf(mark.kind)}`), mark: mark.label, time: milliseconds(latest.timeAt(mark.p)) };
      attr(dot, 'aria-label', mark.node ? t('time.mark.node', { ...told, node: mark.node }) : t('time.mark.at', told));
    },
    { anew: true },
  );

  /** Few marks have room for a name: it is made when there is one. @param {Element} element @param {string} said @param {number} x */
  function name(element, said, x) {
    if (!said && !element.children[1]) return;
    if (!element.children[1]) element.append(html('span', { class: 'scrub-name', 'aria-hidden': 'true' }));
    const label = element.children[1];
    text(label, said);
    const half = textWidth(said, 11 * typeScale()) / 2 + 4;
    style(label, '--shift', `${Math.max(half - x - EDGE, Math.min(0, width + EDGE - x - half)).toFixed(0)}px`);
  }

  marks.addEventListener('pointerover', (event) => {
    const dot = event.target instanceof Element ? event.target.closest('.scrub-dot') : null;
    if (!(dot instanceof HTMLElement) || !latest) return;
    const marked = latest.event(Number(dot.parentElement?.dataset.from));
    const said = marked && latest.explain(marked);
    attr(dot, 'title', [dot.getAttribute('aria-label'), said?.text].filter(Boolean).join('\n'));
  });

  /** The marks that there is room for. @param {Model} model @param {number} limit The last event that may be shown. */
  function placeMarks(model, limit) {
    /** @type {Mark[]} */
    const kept = [];
    let edge = -Infinity;
    for (let i = firstFrom(model.marks, bar.p0, (each) => each.p); i < model.marks.length; i += 1) {
      const mark = model.marks[i];
      if (mark.seq > limit || mark.p > bar.p1) break;
      const x = toX(bar, mark.p, width);
      const last = kept[kept.length - 1];
      if (x - edge < APART && last) {
        if (weight(mark) > weight(last)) kept[kept.length - 1] = mark;
        continue;
      }
      kept.push(mark);
      edge = x;
    }
    const size = 11 * typeScale();
    const half = (/** @type {Mark} */ mark) => textWidth(mark.label, size) / 2 + 4;
    names = named(kept, (mark) => Math.max(half(mark) - EDGE, Math.min(width + EDGE - half(mark), toX(bar, mark.p, width))), weight, (mark) => textWidth(mark.label, size));
    drawMarks(kept);
    if (!stopped?.isConnected) {
      stopped = null;
      stop(marks.firstElementChild);
    }
  }

  /** What the marks were placed by: while it is the same, none of them moves. */
  let placed = '';

  /** @param {Model} model @param {boolean} all */
  function draw(model, all) {
    if (width <= 0) return;
    bar = model.long ? model.stretch : model.whole;
    const x = toX(bar, model.p, width);
    const on = x >= -1 && x <= width + 1;
    const inside = Math.max(0, Math.min(width, x));
    glide(fill, 'scaleX(0)', 'scaleX(1)', inside / width);
    glide(knob, 'translateX(0px)', `translateX(${width}px)`, inside / width);
    toggle(knob, 'off', !on);
    const limit = horizon(model);
    const far = limit >= model.last ? model.span[1] : model.pOf(limit);
    glide(seen, 'scaleX(0)', 'scaleX(1)', toX(bar, far, width) / width);
    const key = `${model.branch} ${bar.p0} ${bar.p1} ${width} ${firstFrom(model.marks, limit + 1, (each) => each.seq)} ${model.marks[model.marks.length - 1]?.seq}`;
    const anew = all || key !== placed;
    if (anew) {
      placed = key;
      placeMarks(model, limit);
    }
    if (anew || said !== model.seq) {
      for (const mark of marks.children) toggle(mark, 'ahead', seqOf(mark) > model.seq);
    }
    if (said !== model.seq) {
      said = model.seq;
      attr(track, 'aria-valuemin', 0);
      attr(track, 'aria-valuemax', model.last);
      attr(track, 'aria-valuenow', model.seq);
      attr(track, 'aria-valuetext', t('time.at', { time: milliseconds(model.time), event: model.seq, of: model.last }));
    }
  }
  let said = -1;

  return {
    update(model) {
      latest = model;
      draw(model, false);
    },
  };
}
