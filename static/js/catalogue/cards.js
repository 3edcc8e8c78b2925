/**
 * What the cards of the lessons tell of the one who looks: how far each has come, where to go on.
 *
 * @module catalogue/cards
 */

import { keep, kept } from '../lib/keep.js';
import { PROGRESS, readProgress } from '../lib/progress.js';
import { html, style, svg } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { copy } from '../ui/clipboard.js';
import { counted, recommended, standing } from './path.js';

/** @typedef {import('./path.js').Standing} Standing */
/** @typedef {import('./path.js').Stop} Stop */

/**
 * @param {HTMLElement} card
 * @returns {Stop}
 */
export function stopOf(card) {
  const { lesson = '', steps = '1', next = '' } = card.dataset;
  return { id: lesson, steps: Number(steps), next: next.split(' ').filter(Boolean) };
}

/**
 * @param {Standing} state
 * @returns {Element} A ring that fills; with a tick once the lesson is done.
 */
function ring({ state, share }) {
  const way = svg('circle', { class: 'ring-way', cx: 10, cy: 10, r: 8, pathLength: 100 });
  style(way, 'stroke-dasharray', `${Math.round(share * 100)} 100`);
  return svg('svg', { class: 'ring', viewBox: '0 0 20 20', 'aria-hidden': 'true', 'data-state': state }, [
    svg('circle', { class: 'ring-track', cx: 10, cy: 10, r: 8 }),
    way,
    state === 'done' ? svg('path', { class: 'ring-tick', d: 'M6.2 10.3l2.6 2.6 5-5.4' }) : null,
  ]);
}

/**
 * @param {HTMLElement} card
 * @param {Standing} now
 */
function tell(card, now) {
  const place = card.querySelector('.card-progress');
  const title = card.querySelector('.card-title')?.textContent ?? '';
  const { lesson = '', steps = '' } = card.dataset;
  card.dataset.state = now.state;
  if (now.state === 'new') {
    place?.replaceChildren();
    return;
  }
  const done = now.asked > 0 ? t('catalogue.done.right', { right: now.right, asked: now.asked }) : t('catalogue.done');
  const reached = now.seen === now.step ? t('catalogue.reached', { step: now.step, of: steps }) : t('catalogue.seen', { count: now.seen, of: steps });
  const text = now.state === 'done' ? done : reached;
  const goOn = html('a', {
    class: 'card-resume',
    href: `/lesson/${lesson}?step=${now.step}`,
    'aria-label': t('catalogue.resume.step', { step: now.step, title }),
    text: t('catalogue.continue', { step: now.step }),
  });
  place?.replaceChildren(ring(now), html('span', { text }), ...(now.state === 'begun' ? [goOn] : []));
}

/**
 * @param {HTMLElement[]} cards In order.
 * @param {object} parts
 * @param {Element} parts.walked Where it is said how much is done.
 * @param {HTMLAnchorElement|null} parts.resume The way into the lesson to go on with.
 * @param {(line: string) => void} parts.say What a screen reader is told.
 */
export function createCards(cards, { walked, resume, say }) {
  const path = cards.map(stopOf);
  const lead = walked.textContent;
  const first = resume?.textContent ?? '';
  /** What was forgotten last, so that it can come back. @type {string|null} */
  let forgotten = null;

  /** @param {string} selector */
  const focusOn = (selector) => /** @type {HTMLElement|null} */ (walked.querySelector(selector))?.focus();

  function forget() {
    forgotten = kept(PROGRESS);
    keep(PROGRESS, null);
    show();
    say(t('catalogue.forgotten'));
    focusOn('[data-undo]');
  }

  function bringBack() {
    keep(PROGRESS, forgotten);
    forgotten = null;
    show();
    say(lineOf(readProgress()));
    focusOn('[data-forget]');
  }

  /** @param {Record<string, import('../lib/progress.js').Progress>} all */
  function lineOf(all) {
    const { done, begun } = counted(path, all);
    return t(begun > 0 ? 'catalogue.walked.begun' : 'catalogue.walked', { done, begun, all: path.length });
  }

  /** @param {Record<string, import('../lib/progress.js').Progress>} all */
  function showWalked(all) {
    const { done, begun } = counted(path, all);
    if (done + begun > 0) {
      forgotten = null;
      const button = html('button', { type: 'button', class: 'quiet', 'data-forget': true, text: t('catalogue.forget'), onclick: forget });
      walked.replaceChildren(html('span', { text: lineOf(all) }), button);
    } else if (forgotten !== null) {
      const button = html('button', { type: 'button', class: 'quiet', 'data-undo': true, text: t('catalogue.undo'), onclick: bringBack });
      walked.replaceChildren(html('span', { text: t('catalogue.forgotten') }), button);
    } else {
      walked.textContent = lead;
    }
  }

  /** @param {ReturnType<typeof recommended>} wanted */
  function showWay(wanted) {
    for (const card of cards) {
      const here = card.querySelector('.card-here');
      const is = card.dataset.lesson === wanted?.id;
      card.toggleAttribute('data-here', is);
      if (!here) continue;
      here.toggleAttribute('hidden', !is);
      here.textContent = is ? t(wanted?.first ? 'catalogue.start' : 'catalogue.on') : '';
    }
    if (!resume || !wanted) return;
    const title = cards.find((card) => card.dataset.lesson === wanted.id)?.querySelector('.card-title')?.textContent ?? '';
    resume.href = `/lesson/${wanted.id}${wanted.step > 1 ? `?step=${wanted.step}` : ''}`;
    resume.textContent = wanted.first ? first : t('catalogue.resume', { title });
  }

  function show() {
    const all = readProgress();
    cards.forEach((card, index) => tell(card, standing(all[path[index].id], path[index].steps)));
    showWalked(all);
    showWay(recommended(path, all));
  }

  for (const card of cards) {
    card.querySelector('.card-copy')?.addEventListener('click', async ({ currentTarget }) => {
      const button = /** @type {HTMLElement} */ (currentTarget);
      const worked = await copy(new URL(`/lesson/${card.dataset.lesson}`, location.href).href);
      if (!worked) return;
      for (const each of document.querySelectorAll('.card-copy[data-copied]')) each.removeAttribute('data-copied');
      button.setAttribute('data-copied', t('catalogue.copied'));
      say(t('catalogue.copied'));
    });
  }
  addEventListener('storage', ({ key }) => (key === PROGRESS || key === null) && show());
  addEventListener('pageshow', ({ persisted }) => persisted && show());
  show();
}
