/**
 * Searching the lessons and keeping to a level; the address keeps both, so that it can be passed on.
 *
 * @module catalogue/finder
 */

import { isWord, t } from '../lib/words.js';
import { addressOf, fits, fold, meantBy, wishOf, wordsOf } from './search.js';

/** @typedef {import('./search.js').Wish} Wish */

/** How many words that may have been meant are said. */
const MOST_SAID = 3;

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

  /** Forgives typing errors, once it is there. @type {((typed: string) => string[])|null} */
  let near = null;
  let asked = false;

  function fetchNear() {
    if (asked) return;
    asked = true;
    Promise.all([import('./near.js'), import('../../vendor/minisearch.esm.min.js')]).then(([{ createNear }, { default: MiniSearch }]) => {
      near = createNear(MiniSearch, entries.map(({ text }) => text));
      show();
    }).catch(() => (asked = false)); // Without it, what is typed right is found all the same.
  }

  function show() {
    const wanted = wish();
    if (wordsOf(wanted.q).length > 0) fetchNear();
    const meant = near ? meantBy(entries, wanted, near) : {};
    let count = 0;
    for (const entry of entries) {
      const fit = fits(entry, wanted, meant);
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
    for (const [typed, like] of Object.entries(meant)) found.append(' ', t('catalogue.meant', { typed, like: like.slice(0, MOST_SAID).join(', ') }));
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
