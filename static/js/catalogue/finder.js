/**
 * Searching the lessons and keeping to a level; the address keeps both, so that it can be passed on.
 *
 * @module catalogue/finder
 */

import { isWord, t } from '../lib/words.js';
import { addressOf, fits, fold, wishOf } from './search.js';

/** @typedef {import('./search.js').Wish} Wish */

/**
 * @param {HTMLElement[]} cards
 * @param {object} parts
 * @param {HTMLFormElement} parts.form
 * @param {Element} parts.found Where it is said how many there are.
 * @param {HTMLElement} parts.nothing What is shown where there is none.
 */
export function createFinder(cards, { form, found, nothing }) {
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem('q'));
  const choices = [...form.querySelectorAll('input[type="radio"]')].map((each) => /** @type {HTMLInputElement} */ (each));
  const entries = cards.map((card) => ({ card, text: fold(card.dataset.search ?? ''), level: card.dataset.level ?? '' }));
  const chapters = [...document.querySelectorAll('.chapter')].map((each) => /** @type {HTMLElement} */ (each));
  const levels = choices.map(({ value }) => value).filter(Boolean);

  /** @returns {Wish} */
  const wish = () => ({ q: field.value, level: choices.find(({ checked }) => checked)?.value ?? '' });

  /** @param {Wish} wanted */
  function put({ q, level }) {
    field.value = q;
    for (const each of choices) each.checked = each.value === level;
    show();
  }

  function show() {
    const wanted = wish();
    let count = 0;
    for (const entry of entries) {
      const fit = fits(entry, wanted);
      entry.card.hidden = !fit;
      if (fit) count += 1;
    }
    for (const chapter of chapters) {
      chapter.hidden = chapter.querySelector('.card:not([hidden])') === null;
      const link = document.querySelector(`[data-chapter="${chapter.id.replace('chapter-', '')}"]`);
      link?.toggleAttribute('hidden', chapter.hidden);
    }
    const filtered = wanted.q.trim() !== '' || wanted.level !== '';
    found.textContent = filtered ? t('catalogue.found', { count, all: cards.length }) : t('catalogue.count', { count });
    nothing.hidden = count > 0;
    const why = nothing.querySelector('#nothing-why');
    const name = `level.${wanted.level}`;
    const level = isWord(name) ? t(name) : '';
    const q = wanted.q.trim();
    if (why) why.textContent = level ? t('catalogue.none.level', { q, level }) : t('catalogue.none.words', { q });
  }

  function keep() {
    show();
    const search = addressOf(wish(), location.search);
    history.replaceState(history.state, '', `${location.pathname}${search}${location.hash}`);
    for (const link of document.querySelectorAll('.languages a')) {
      const to = new URL(link.getAttribute('href') ?? '/', location.href);
      link.setAttribute('href', `${to.pathname}${addressOf(wish(), to.search)}`);
    }
  }

  form.addEventListener('input', keep);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    keep();
  });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    if (field.value === '') field.blur();
    field.value = '';
    keep();
  });
  nothing.querySelector('#show-all')?.addEventListener('click', () => {
    put({ q: '', level: '' });
    keep();
    field.focus();
  });
  document.addEventListener('keydown', (event) => {
    const { target, key } = event;
    const typing = target instanceof HTMLElement && target.closest('textarea, select, [contenteditable], input:not([type="radio"], [type="checkbox"])');
    if (key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  addEventListener('popstate', () => put(wishOf(location.search, levels)));
  put(wishOf(location.search, levels));
}
