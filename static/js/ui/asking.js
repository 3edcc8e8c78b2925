/**
 * Asking "why?" of whatever shows a value: an element says with `data-ask` what it shows. One of the class
 * `ask` answers to a click and to Enter; all answer to W while they have the focus, and to the
 * context menu.
 *
 * @module ui/asking
 */

import { html } from '../lib/svg.js';
import { t } from '../lib/words.js';

/** @typedef {import('../types.js').Dispatch} Dispatch */

/**
 * @param {EventTarget|null} target
 * @returns {HTMLElement|SVGElement|null} What shows a value there.
 */
function shower(target) {
  const found = target instanceof Element ? target.closest('[data-ask]') : null;
  return found instanceof HTMLElement || found instanceof SVGElement ? found : null;
}

/**
 * @param {EventTarget|null} target
 * @returns {string|null} What is asked about there, as lib/ask.js writes it.
 */
export function askedBy(target) {
  return shower(target)?.dataset.ask ?? null;
}

/**
 * Listen to the questions of the whole page.
 * @param {Dispatch} dispatch
 * @param {Document} [page]
 */
export function listenToQuestions(dispatch, page = document) {
  const item = html('button', { class: 'menu-verb', type: 'button', role: 'menuitem' });
  const menu = html('div', { class: 'ask-menu', role: 'menu', popover: 'manual', 'aria-label': t('tab.why') }, [item]);
  page.body.append(menu);
  /** @type {HTMLElement|SVGElement|null} */
  let opener = null;

  /** @param {Element|null} element */
  const isOne = (element) => element !== null && element.classList.contains('ask');

  page.addEventListener('click', (event) => {
    const found = shower(event.target);
    if (event.defaultPrevented || !found || !isOne(found)) return;
    dispatch({ type: 'ask', about: found.dataset.ask ?? null });
  });
  page.addEventListener('keydown', (event) => {
    const found = shower(event.target);
    if ((event.key !== 'Enter' && event.key !== ' ') || event.defaultPrevented || !found || found !== event.target || !isOne(found)) return;
    event.preventDefault();
    dispatch({ type: 'ask', about: found.dataset.ask ?? null });
  });
  page.addEventListener('contextmenu', (event) => {
    const found = shower(event.target);
    if (event.defaultPrevented || !found) return;
    event.preventDefault();
    opener = found;
    item.textContent = t('tab.why');
    menu.showPopover();
    // The keyboard's own context menu key has no place of its own.
    const box = found.getBoundingClientRect();
    const [x, y] = event.clientX || event.clientY ? [event.clientX, event.clientY] : [box.left, box.bottom];
    menu.style.left = `${Math.max(4, Math.min(x, innerWidth - menu.offsetWidth - 4))}px`;
    menu.style.top = `${Math.max(4, Math.min(y, innerHeight - menu.offsetHeight - 4))}px`;
    item.focus();
  });
  const close = () => {
    if (menu.matches(':popover-open')) menu.hidePopover();
  };
  // A popover that closes by itself would take the button that comes up over it for a click outside.
  page.addEventListener('pointerdown', (event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) close();
  });
  item.addEventListener('blur', close);
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' && event.key !== 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    close();
    opener?.focus();
  });
  item.addEventListener('click', () => {
    close();
    dispatch({ type: 'ask', about: askedBy(opener) });
  });
}
