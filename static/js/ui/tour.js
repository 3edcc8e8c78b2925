/**
 * A walk past the parts of the page, for who sees it for the first time. It is loaded when asked for.
 *
 * @module ui/tour
 */

import { attr, html, style, text } from '../lib/svg.js';
import { t } from '../lib/words.js';

/** @typedef {import('../lib/words.js').Word} Word */
/** @typedef {{x: number, y: number, width: number, height: number}} Box px. */

/**
 * @typedef {object} Stop
 * @property {'stage'|'time'|'lesson'|'tools'|'why'|'share'} name Its words are `tour.NAME.title` and `tour.NAME`.
 * @property {string[]} at Selectors: it points at the first that can be seen.
 */

/** @type {ReadonlyArray<Stop>} */
const COURSE = Object.freeze([
  { name: 'stage', at: ['#stage'] },
  { name: 'time', at: ['.time'] },
  { name: 'lesson', at: ['#lesson', '#tabs'] },
  { name: 'why', at: ['#tab-panel-why', '#tabs'] },
  { name: 'share', at: ['#share-button', '#header'] },
]);

/** A sandbox has tools where a lesson has its text. @type {Stop} */
const TOOLS = { name: 'tools', at: ['.tools', '#stage-tools'] };

/** The ring stands so far off what it is around, px. */
const OFF = 4;

/** @param {string[]} selectors @returns {Element|null} The first of them that is there, scrolled into sight. */
function seen(selectors) {
  for (const each of selectors) {
    const found = document.querySelector(each);
    found?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const box = found?.getBoundingClientRect();
    if (found && box && box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.left < innerWidth && box.top < innerHeight) return found;
  }
  return null;
}

/**
 * @param {{place: (target: Box, card: {width: number, height: number}, room: {width: number, height: number}) => {x: number, y: number}}} geometry
 * @returns {{show: (kind: string) => void}} `kind`: "lesson", or anything else for a page with tools.
 */
export function createTour({ place }) {
  const spot = html('div', { class: 'tour-spot', 'aria-hidden': 'true' });
  const count = html('p', { class: 'tour-count' });
  const title = html('h2', { id: 'tour-title' });
  const words = html('p', { id: 'tour-words' });
  const back = html('button', { type: 'button', text: t('tour.back'), onclick: () => go(at - 1) });
  const next = html('button', { type: 'button', class: 'primary', onclick: () => go(at + 1) });
  const skip = html('button', { type: 'button', class: 'quiet', text: t('tour.skip'), onclick: () => dialog.close() });
  const card = html('div', { class: 'tour-card' }, [
    html('div', { 'aria-live': 'polite' }, [count, title, words]),
    html('div', { class: 'tour-foot' }, [skip, html('span', { class: 'header-space' }), back, next]),
  ]);
  const dialog = html('dialog', { class: 'tour', 'aria-labelledby': 'tour-title', 'aria-describedby': 'tour-words' }, [spot, card]);
  document.body.append(dialog);

  /** @type {ReadonlyArray<Stop>} */
  let stops = COURSE;
  let at = 0;

  /** @param {number} index */
  function go(index) {
    if (index >= stops.length) {
      dialog.close();
      return;
    }
    at = Math.max(0, index);
    const { name } = stops[at];
    text(count, t('tour.count', { step: at + 1, of: stops.length }));
    text(title, t(`tour.${name}.title`));
    text(words, t(`tour.${name}`));
    text(next, t(at === stops.length - 1 ? 'tour.done' : 'tour.next'));
    // What has the focus is not taken away: it would be lost.
    attr(back, 'aria-disabled', at === 0 ? 'true' : null);
    skip.hidden = at === stops.length - 1;
    point();
  }

  function point() {
    const target = seen(stops[at].at);
    const room = { width: innerWidth, height: innerHeight };
    const box = target?.getBoundingClientRect() ?? new DOMRect(room.width / 2, room.height / 2, 0, 0);
    const [left, top] = [Math.max(2, box.left - OFF), Math.max(2, box.top - OFF)];
    const around = { x: left, y: top, width: Math.min(room.width - 2, box.right + OFF) - left, height: Math.min(room.height - 2, box.bottom + OFF) - top };
    for (const [name, value] of Object.entries({ left, top, width: around.width, height: around.height })) style(spot, name, `${Math.round(value)}px`);
    attr(dialog, 'data-at', stops[at].name);
    const stands = place(around, card.getBoundingClientRect(), room);
    style(card, 'left', `${Math.round(stands.x)}px`);
    style(card, 'top', `${Math.round(stands.y)}px`);
  }

  dialog.addEventListener('keydown', (event) => {
    const turn = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (turn && (turn < 0 || at < stops.length - 1)) go(at + turn);
  });
  addEventListener('resize', () => {
    if (dialog.open) point();
  });

  return {
    show(kind) {
      if (dialog.open) return;
      stops = kind === 'lesson' ? COURSE : COURSE.map((stop) => (stop.name === 'lesson' ? TOOLS : stop));
      dialog.showModal();
      go(0);
      next.focus();
    },
  };
}
