/**
 * What went wrong, and what to do: a banner for an error or a word from the server, a veil while
 * there is no room to show.
 *
 * @module views/status
 */

import { attr, html, text } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { icon } from './parts/icons.js';

/** @typedef {import('../types.js').Model} Model */

/** How long an error stays, ms. */
const ERROR_TIME = 8000;

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createStatus(root, dispatch) {
  const title = html('h2');
  const words = html('p');
  const veil = html('div', { class: 'veil', hidden: true, role: 'alertdialog', 'aria-modal': 'false' }, [
    title,
    words,
    html('div', { class: 'veil-actions' }, [
      html('button', { class: 'primary', type: 'button', text: t('veil.again'), onclick: () => startAgain() }),
      html('a', { class: 'button', href: '/', text: t('header.home') }),
      html('button', { type: 'button', text: t('veil.look'), onclick: () => { veil.hidden = true; } }),
    ]),
  ]);
  const wait = html('div', { class: 'banner', 'data-tone': 'warn', hidden: true, role: 'status' }, [html('p')]);
  const message = html('p');
  const banner = html('div', { class: 'banner', hidden: true, role: 'alert' }, [
    message,
    html('button', { class: 'icon quiet', type: 'button', 'aria-label': t('banner.dismiss'), onclick: () => dispatch({ type: 'dismissError' }) }, [icon('close')]),
  ]);
  root.append(wait, banner, veil);

  function startAgain() {
    const { kind, lesson } = document.body.dataset;
    const elsewhere = kind === 'room' || kind === 'run' ? '/' : location.href;
    location.assign(kind === 'lesson' && lesson ? `/lesson/${encodeURIComponent(lesson)}` : elsewhere);
  }

  /** An open form says beside its fields what went wrong. */
  const saidInForm = () => document.querySelector('.acts:not([hidden])') !== null;

  let timer = 0;
  /** @type {Model|null} */
  let drawn = null;
  return {
    update(model) {
      if (drawn?.connection !== model.connection) {
        const { connection } = model;
        const over = connection === 'gone' || connection === 'error' ? connection : null;
        veil.hidden = !over;
        const run = over === 'error' && document.body.dataset.kind === 'run';
        text(title, run ? t('veil.run') : over ? t(`veil.${over}`) : '');
        text(words, run ? model.error ?? '' : over ? t(`veil.${over}.words`) : '');
        const waiting = connection === 'reconnecting' || connection === 'connecting';
        wait.hidden = !waiting;
        text(/** @type {Element} */ (wait.firstElementChild), t(connection === 'reconnecting' ? 'banner.reconnecting' : 'banner.connecting'));
      }
      if (drawn?.error !== model.error || drawn.notice !== model.notice) {
        if (drawn?.error !== model.error) {
          clearTimeout(timer);
          if (model.error) timer = window.setTimeout(() => dispatch({ type: 'dismissError' }), ERROR_TIME);
        }
        const words = model.error && saidInForm() ? null : model.error ?? model.notice;
        banner.hidden = !words;
        attr(banner, 'data-tone', model.error ? 'bad' : 'info');
        text(message, words ?? '');
      }
      drawn = model;
    },
  };
}
