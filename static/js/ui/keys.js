/**
 * The keyboard, in one table: what the help dialog lists is what the keys do.
 *
 * @module ui/keys
 */

import { languageLinks } from '../lib/languages.js';
import { html } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { askedBy } from './asking.js';
import { createSigns } from './signs.js';

/** @typedef {import('../types.js').Action} Action */
/** @typedef {import('../types.js').Dispatch} Dispatch */

/**
 * @typedef {object} Binding
 * @property {string} key As KeyboardEvent.key.
 * @property {boolean} [shift] Whether Shift must be held; left out where the key itself tells.
 * @property {boolean} [ctrl] Whether Ctrl (or ⌘) must be held.
 * @property {string} shown How the help writes it.
 * @property {import('../lib/words.js').Word} label What it does: its key in the catalogue.
 * @property {Action} action
 */

/** @type {ReadonlyArray<Binding>} */
export const BINDINGS = Object.freeze([
  { key: ' ', shown: 'Space', label: 'keys.toggle', action: { type: 'toggle' } },
  { key: 'ArrowRight', shift: false, shown: '→', label: 'keys.step', action: { type: 'step' } },
  { key: 'ArrowLeft', shift: false, shown: '←', label: 'keys.stepBack', action: { type: 'stepBack' } },
  { key: 'ArrowRight', shift: true, shown: 'Shift →', label: 'keys.next', action: { type: 'next' } },
  { key: 'ArrowLeft', shift: true, shown: 'Shift ←', label: 'keys.back', action: { type: 'back' } },
  { key: 'PageDown', shown: 'Page ↓', label: 'keys.pageNext', action: { type: 'next' } },
  { key: 'PageUp', shown: 'Page ↑', label: 'keys.pageBack', action: { type: 'back' } },
  { key: 'Home', shown: 'Home', label: 'keys.toStart', action: { type: 'toStart' } },
  { key: 'End', shown: 'End', label: 'keys.toEnd', action: { type: 'toEnd' } },
  { key: '[', shown: '[', label: 'keys.slower', action: { type: 'slower' } },
  { key: ']', shown: ']', label: 'keys.faster', action: { type: 'faster' } },
  { key: 'e', shown: 'E', label: 'keys.nextElection', action: { type: 'nextElection' } },
  { key: 'c', shown: 'C', label: 'keys.nextCommit', action: { type: 'nextCommit' } },
  { key: 'w', shown: 'W', label: 'keys.why', action: { type: 'ask', about: null } },
  { key: 'n', shift: false, shown: 'N', label: 'keys.moment', action: { type: 'moment', direction: 1 } },
  { key: 'n', shift: true, shown: 'Shift N', label: 'keys.momentBack', action: { type: 'moment', direction: -1 } },
  { key: '+', shown: '+', label: 'diagram.in', action: { type: 'zoom', factor: 1 / 1.8 } },
  { key: '-', shown: '−', label: 'diagram.out', action: { type: 'zoom', factor: 1.8 } },
  { key: '0', shown: '0', label: 'diagram.all', action: { type: 'zoom', factor: 0 } },
  { key: 'z', ctrl: true, shift: false, shown: 'Ctrl Z', label: 'keys.undo', action: { type: 'undo' } },
  { key: 'z', ctrl: true, shift: true, shown: 'Ctrl Shift Z', label: 'keys.redo', action: { type: 'redo' } },
  { key: 'y', ctrl: true, shown: 'Ctrl Y', label: 'keys.redo.too', action: { type: 'redo' } },
  { key: 'd', shown: 'D', label: 'keys.compare', action: { type: 'compare' } },
  { key: 'x', shown: 'X', label: 'keys.leave', action: { type: 'leaveCompare' } },
  { key: 'o', shift: false, shown: 'O', label: 'keys.otherSide', action: { type: 'otherSide' } },
  { key: 'o', shift: true, shown: 'Shift O', label: 'keys.swapSides', action: { type: 'swapSides' } },
  { key: 's', shown: 'S', label: 'keys.takeAway', action: { type: 'takeAway' } },
  { key: 'p', ctrl: true, shown: 'Ctrl P', label: 'keys.print', action: { type: 'print' } },
  { key: 'p', shift: false, shown: 'P', label: 'keys.predict', action: { type: 'predict' } },
  { key: 'f', shown: 'F', label: 'keys.slides', action: { type: 'slides' } },
  { key: 'v', shown: 'V', label: 'keys.notes', action: { type: 'notes' } },
  { key: 't', shown: 'T', label: 'keys.theme', action: { type: 'theme' } },
  { key: 'Escape', shown: 'Esc', label: 'keys.escape', action: { type: 'escape' } },
  { key: '?', shown: '?', label: 'keys.help', action: { type: 'help' } },
]);

/**
 * What keys do where the focus is: each part listens to its own.
 * @type {ReadonlyArray<{shown: string, label: import('../lib/words.js').Word}>}
 */
const AT_FOCUS = Object.freeze([
  { shown: 'Tab', label: 'keys.focus.tab' },
  { shown: '← ↑ ↓ →', label: 'keys.focus.arrows' },
  { shown: 'Enter', label: 'keys.focus.enter' },
  { shown: 'Shift F10', label: 'keys.focus.menu' },
]);

/** What cannot be done where nobody answers but a recording. */
const OF_SERVERS = new Set(['compare', 'leaveCompare', 'otherSide', 'swapSides', 'undo', 'redo']);

/**
 * Elements that use some keys themselves; a key that they use is theirs, with Shift too where it is not said otherwise.
 * @type {ReadonlyArray<{selector: string, keys: string[]|null, shifted?: boolean}>}
 */
const THEIRS = [
  { selector: 'input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]', keys: null },
  { selector: 'input[type=range], [role=slider], [role=menuitem], [role=radio], input[type=radio]', keys: ['ArrowLeft', 'ArrowRight', 'Home', 'End'] },
  { selector: '[role=tab]', keys: ['ArrowLeft', 'ArrowRight', 'Home', 'End'], shifted: false },
  { selector: '[role=group][tabindex="0"]', keys: ['PageDown', 'PageUp'] },
  { selector: 'button, a[href], summary, [role=button], input[type=checkbox], input[type=radio], [role=menuitem]', keys: [' '] },
];

/**
 * @param {{key: string, shiftKey: boolean, ctrlKey: boolean, altKey: boolean, metaKey: boolean}} pressed
 * @returns {Action|null} What the key does on this page, wherever the focus is.
 */
export function actionFor(pressed) {
  if (pressed.altKey) return null;
  const held = pressed.ctrlKey || pressed.metaKey;
  const found = BINDINGS.find(({ key, shift, ctrl = false }) => {
    const same = key.length === 1 ? key === pressed.key.toLowerCase() : key === pressed.key;
    return same && ctrl === held && !(held && pressed.shiftKey && !shift) && (shift === undefined || shift === pressed.shiftKey);
  });
  return found?.action ?? null;
}

/**
 * @param {Element} target
 * @param {{key: string, shiftKey: boolean}} pressed
 * @returns {boolean} Whether the element that has the focus uses this key itself.
 */
function usedBy(target, { key, shiftKey }) {
  return THEIRS.some(({ selector, keys, shifted = true }) =>
    (shifted || !shiftKey) && (keys === null ? key !== 'Escape' : keys.includes(key)) && target.matches(selector));
}

/**
 * Listen to the keyboard of the whole page.
 * @param {Dispatch} dispatch
 * @param {Document} [page]
 */
export function listenToKeys(dispatch, page = document) {
  page.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (page.querySelector('dialog[open], [popover]:popover-open')) return;
    const action = actionFor(event);
    if (!action || (event.target instanceof Element && usedBy(event.target, event))) return;
    event.preventDefault();
    dispatch(action.type === 'ask' ? { ...action, about: askedBy(event.target) } : action);
  });
}

/**
 * @param {() => void} tour
 * @returns {{show: () => void}} The dialog that lists the keys, and what the signs on the stage mean.
 */
export function createHelp(tour) {
  /** @param {ReadonlyArray<{shown: string, label: import('../lib/words.js').Word}>} keys */
  const table = (keys) => html('table', {}, [html('tbody', {}, keys.map(({ shown, label }) => html('tr', {}, [
    html('th', { scope: 'row' }, [html('kbd', { text: shown === 'Space' ? t('keys.space') : shown })]),
    html('td', { text: t(label) }),
  ])))]);
  /** A page that plays without a server is in one language, and has no run under other rules. */
  const recorded = 'recorded' in document.body.dataset;
  const keys = recorded ? BINDINGS.filter(({ action }) => !OF_SERVERS.has(action.type)) : BINDINGS;
  const close = html('button', { type: 'button', class: 'button', text: t('keys.close') });
  const round = html('button', { type: 'button', text: t('keys.tour'), onclick: () => {
    dialog.close();
    tour();
  } });
  const dialog = html('dialog', { class: 'help', 'aria-labelledby': 'help-title' }, [
    html('div', { class: 'help-columns' }, [
      html('section', {}, [html('h2', { id: 'help-title', text: t('header.keyboard') }), table(keys), html('h3', { text: t('keys.focus') }), table(AT_FOCUS)]),
      html('section', {}, [html('h2', { text: t('sign.title') }), createSigns()]),
    ]),
    html('div', { class: 'help-foot' }, [recorded ? null : languageLinks(), html('span', { class: 'header-space' }), round, close]),
  ]);
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  return {
    show() {
      if (!dialog.open) dialog.showModal();
      dialog.scrollTop = 0;
    },
  };
}
