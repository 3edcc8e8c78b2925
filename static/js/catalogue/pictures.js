/**
 * The pictures of lessons: fetched when they come near, put into the page so that they have its inks, and
 * played, a few moments of the run one after another, while somebody is at the card.
 *
 * @module catalogue/pictures
 */

import { createFrameLoop } from '../lib/frame_loop.js';
import { html } from '../lib/svg.js';
import { t } from '../lib/words.js';

/** How long a moment is seen, ms. */
const PACE = 1300;

/** How far outside the window a picture is fetched, px. */
const NEAR = '300px 0px';

/** What counts as the middle of the window where nothing can point at a card. */
const MIDDLE = '-38% 0px -38% 0px';

/**
 * @typedef {object} Held
 * @property {Element} holder
 * @property {Element|null} svg
 * @property {Element[]} frames In the run's order.
 * @property {Element|null} still That which is seen while nothing plays.
 * @property {Element} caption
 * @property {number|null} since When it began to play, ms; null before its first frame.
 */

/**
 * @param {Element[]} cards
 */
export function createPictures(cards) {
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  /** @type {Map<Element, Held>} */
  const held = new Map();
  /** @type {Set<Held>} */
  const playing = new Set();

  const loop = createFrameLoop((time) => {
    for (const each of playing) {
      each.since ??= time;
      show(each, each.frames[Math.floor((time - each.since) / PACE) % each.frames.length], true);
    }
    return playing.size > 0;
  });

  /**
   * @param {Held} one
   * @param {Element|null} frame
   * @param {boolean} named Whether its step is said.
   */
  function show(one, frame, named) {
    if (frame?.classList.contains('on') && named !== one.caption.hasAttribute('hidden')) return;
    for (const each of one.frames) each.classList.toggle('on', each === frame);
    one.caption.toggleAttribute('hidden', !named);
    if (frame && named) one.caption.textContent = t('catalogue.frame', { step: frame.getAttribute('data-step') ?? '' });
  }

  /** @param {Element} card */
  function play(card) {
    const one = held.get(card);
    if (!one?.svg || calm.matches || one.frames.length < 2 || playing.has(one)) return;
    for (const frame of one.frames) one.svg.append(frame);
    one.since = null;
    playing.add(one);
    loop.request();
  }

  /** @param {Element} card */
  function stop(card) {
    const one = held.get(card);
    if (one && playing.delete(one)) show(one, one.still, false);
  }

  /** @param {Element} card */
  async function fetchPicture(card) {
    const holder = card.querySelector('[data-picture]');
    const address = holder?.getAttribute('data-picture');
    if (!holder || !address) return;
    const answer = await fetch(address).catch(() => null);
    if (!answer?.ok) return; // A card without its picture is a card still.
    const drawn = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml').documentElement;
    const svg = document.importNode(drawn, true);
    const frames = [...svg.querySelectorAll('.frame')];
    const still = frames.find((each) => !each.hasAttribute('visibility')) ?? null;
    svg.querySelector('title')?.remove();
    for (const each of frames) {
      each.removeAttribute('visibility');
      if (each === still) each.classList.add('on');
      else each.remove();
    }
    const caption = html('span', { class: 'card-frame', hidden: true });
    holder.replaceChildren(svg, caption);
    held.set(card, { holder, svg, frames, still, caption, since: null });
    if (card.matches(':hover, :focus-within')) play(card);
  }

  const near = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      void fetchPicture(target);
    }
  }, { rootMargin: NEAR });

  const middle = matchMedia('(hover: none)').matches
    ? new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) (isIntersecting ? play : stop)(target);
    }, { rootMargin: MIDDLE })
    : null;

  for (const card of cards) {
    near.observe(card);
    middle?.observe(card);
    card.addEventListener('pointerenter', () => play(card));
    card.addEventListener('pointerleave', () => card.matches(':focus-within') || stop(card));
    card.addEventListener('focusin', () => play(card));
    card.addEventListener('focusout', () => card.matches(':hover') || stop(card));
  }
  calm.addEventListener('change', () => {
    for (const card of calm.matches ? cards : []) stop(card);
  });
  document.addEventListener('visibilitychange', () => (document.hidden ? loop.hold() : loop.goOn()));
}
