/**
 * What went wrong, and what to do: a banner for an error or a word from the server, one for a
 * connection that is not there, and a veil while there is no room to show.
 *
 * @module views/status
 */

import { attr, html, text } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { icon } from './parts/icons.js';

/** @typedef {import('../types.js').Model} Model */

/** How long an error or a word stays, ms. */
const SAID_TIME = 8000;

/** States in which there is nothing more to be had from the server. */
const OVER = /** @type {const} */ (['gone', 'error', 'busy']);

/**
 * @param {Model} model
 * @returns {typeof OVER[number]|null}
 */
const overBy = ({ connection }) => OVER.find((each) => each === connection) ?? null;

/** @param {Model} model @returns {string} What it is to go on elsewhere: who watched gets a copy. */
const carrying = ({ kept }) => t(kept === 'copy' ? 'veil.copy' : 'veil.carry');

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createStatus(root, dispatch) {
  const title = html('h2', { id: 'veil-title' });
  const words = html('p', { id: 'veil-words' });
  const said = html('p', { class: 'veil-said' });
  const carry = html('button', { class: 'primary', type: 'button', onclick: () => dispatch({ type: 'carryOn' }) });
  const save = html('button', { type: 'button', text: t('veil.save'), onclick: () => dispatch({ type: 'saveRun' }) });
  const again = html('button', { type: 'button', onclick: () => startAgain() });
  const look = html('button', { type: 'button', text: t('veil.look'), onclick: () => lift() });
  const veil = html('div', { class: 'veil', hidden: true, role: 'alertdialog', 'aria-modal': 'false', 'aria-labelledby': 'veil-title', 'aria-describedby': 'veil-words' }, [
    title,
    words,
    said,
    html('div', { class: 'veil-actions' }, [carry, save, again, html('a', { class: 'button', href: '/', text: t('header.home') }), look]),
  ]);
  const waitWords = html('p');
  const restart = html('button', { type: 'button', hidden: true, onclick: () => (drawn?.kept ? dispatch({ type: 'carryOn' }) : startAgain()) });
  const aside = html('button', { class: 'icon quiet', type: 'button', 'aria-label': t('banner.dismiss'), onclick: () => putAway(wait) }, [icon('close')]);
  const wait = html('div', { class: 'banner', 'data-tone': 'warn', hidden: true, role: 'status' }, [waitWords, restart, aside]);
  const message = html('p');
  const banner = html('div', { class: 'banner', hidden: true, role: 'alert' }, [
    message,
    html('button', { class: 'icon quiet', type: 'button', 'aria-label': t('banner.dismiss'), onclick: () => dispatch({ type: 'dismissError' }) }, [icon('close')]),
  ]);
  root.append(wait, banner, veil);
  veil.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || look.hidden) return;
    event.stopPropagation();
    lift();
  });

  function startAgain() {
    if (drawn?.connection === 'busy') {
      dispatch({ type: 'retry' });
      return;
    }
    dispatch({ type: 'anew' });
    const { kind, lesson } = document.body.dataset;
    const elsewhere = kind === 'draft' ? '/edit' : kind === 'room' || kind === 'run' ? '/' : location.href;
    const step = drawn && drawn.step > 0 ? `?step=${drawn.step + 1}` : '';
    location.assign(kind === 'lesson' && lesson ? `/lesson/${encodeURIComponent(lesson)}${step}` : elsewhere);
  }

  /** Look at what is there all the same; a line tells on what it is. */
  function lift() {
    putAway(veil);
    if (drawn) drawWait(drawn);
  }

  /** Who had the focus there goes on at the stage. @param {HTMLElement} box */
  function putAway(box) {
    const focused = box.contains(document.activeElement);
    box.hidden = true;
    if (focused) document.getElementById('stage')?.focus();
  }

  /** An open form says beside its fields what went wrong. */
  const saidInForm = () => document.querySelector('.acts:not([hidden])') !== null;

  /** @param {Model} model */
  function drawVeil(model) {
    const over = overBy(model);
    const kept = over === 'gone' ? model.kept : null;
    const { kind } = document.body.dataset;
    const run = over === 'error' && (kind === 'run' || kind === 'draft');
    const appears = Boolean(over) && veil.hidden;
    veil.hidden = !over;
    veil.toggleAttribute('data-beside', Boolean(kept) && model.last > 0);
    text(title, run ? t(kind === 'draft' ? 'draft.title' : 'veil.run') : over ? t(`veil.${over}`) : '');
    text(words, run ? model.error ?? '' : kept ? t(`kept.${model.last > 0 ? kept : 'stored'}`) : over ? t(`veil.${over}.words`) : '');
    text(said, over === 'busy' || over === 'gone' ? model.reason ?? '' : '');
    said.hidden = !said.textContent;
    text(again, t(over === 'busy' ? 'veil.retry' : 'veil.again'));
    again.classList.toggle('primary', !kept);
    carry.hidden = save.hidden = !kept;
    text(carry, carrying(model));
    look.hidden = model.last === 0;
    if (appears) (kept ? carry : again).focus();
  }

  /** @param {Model} model */
  function drawWait(model) {
    const over = overBy(model);
    const lifted = over !== null && veil.hidden;
    const waiting = model.connection === 'reconnecting' || model.connection === 'connecting';
    wait.hidden = !waiting && !lifted;
    restart.hidden = !lifted;
    aside.hidden = lifted;
    if (lifted) {
      text(waitWords, t(`banner.${over}`));
      text(restart, model.kept ? carrying(model) : t(over === 'busy' ? 'veil.retry' : 'veil.again'));
    } else if (waiting) {
      text(waitWords, t(model.connection === 'reconnecting' ? 'banner.reconnecting' : 'banner.connecting'));
    }
  }

  let timer = 0;
  /** @type {Model|null} */
  let drawn = null;
  return {
    update(model) {
      const was = drawn;
      drawn = model;
      if (was?.connection !== model.connection || was.reason !== model.reason) {
        drawVeil(model);
        drawWait(model);
      }
      if (was?.error !== model.error || was.notice !== model.notice) {
        clearTimeout(timer);
        if (model.error || model.notice) timer = window.setTimeout(() => dispatch({ type: 'dismissError' }), SAID_TIME);
        const words = model.error && saidInForm() ? null : model.error ?? model.notice;
        banner.hidden = !words;
        attr(banner, 'data-tone', model.error ? 'bad' : 'info');
        text(message, words ?? '');
      }
    },
  };
}
