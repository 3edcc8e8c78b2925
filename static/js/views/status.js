/**
 * What went wrong, and what to do: a banner for an error or a word from the server, a veil while
 * there is no room to show.
 *
 * @module views/status
 */

import { attr, html, text } from '../lib/svg.js';
import { icon } from './parts/icons.js';

/** @typedef {import('../types.js').Model} Model */

/** How long an error stays, ms. */
const ERROR_TIME = 8000;

/** @type {Partial<Record<import('../types.js').Connection, {title: string, words: string, reload: boolean}>>} */
const VEILS = {
  gone: {
    title: 'This room has closed',
    words: 'The server no longer holds it: rooms end when nobody has been in them for a while, or when the server is started anew. Begin again; lessons always run the same way.',
    reload: true,
  },
  error: {
    title: 'The server does not answer',
    words: 'Check that it runs (make run) and that this address is right, then try again. What you have seen so far can still be scrubbed through.',
    reload: true,
  },
};

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
      html('button', { class: 'primary', type: 'button', text: 'Start again', onclick: () => startAgain() }),
      html('a', { class: 'button', href: '/', text: 'All lessons' }),
      html('button', { type: 'button', text: 'Keep looking', onclick: () => { veil.hidden = true; } }),
    ]),
  ]);
  const wait = html('div', { class: 'banner', 'data-tone': 'warn', hidden: true, role: 'status' }, [html('p')]);
  const message = html('p');
  const banner = html('div', { class: 'banner', hidden: true, role: 'alert' }, [
    message,
    html('button', { class: 'icon quiet', type: 'button', 'aria-label': 'Dismiss', onclick: () => dispatch({ type: 'dismissError' }) }, [icon('close')]),
  ]);
  root.append(wait, banner, veil);

  function startAgain() {
    const { kind, lesson } = document.body.dataset;
    location.assign(kind === 'lesson' && lesson ? `/lesson/${encodeURIComponent(lesson)}` : location.pathname.startsWith('/room/') ? '/' : location.href);
  }

  /** An open form says beside its fields what went wrong. */
  const saidInForm = () => document.querySelector('.acts:not([hidden])') !== null;

  let timer = 0;
  /** @type {Model|null} */
  let drawn = null;
  return {
    update(model) {
      if (drawn?.connection !== model.connection) {
        const state = VEILS[model.connection];
        veil.hidden = !state;
        text(title, state?.title ?? '');
        text(words, state?.words ?? '');
        const waiting = model.connection === 'reconnecting' || model.connection === 'connecting';
        wait.hidden = !waiting;
        text(/** @type {Element} */ (wait.firstElementChild), model.connection === 'reconnecting'
          ? 'The connection is lost; trying again. Looking back works meanwhile.'
          : 'Connecting to the server…');
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
