/**
 * The small sheet below "Share": three links, each with what it is for and a button that copies it.
 *
 * @module takeaway/share
 */

import { html, text } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { copy } from '../ui/clipboard.js';
import { downloadSession } from './file.js';
import { LONGEST_LINK, liveLink, momentLink, pack, runLink } from './links.js';

/** @typedef {import('../types.js').Model} Model */

/** How long a button says that it has copied, ms. */
const TOLD = 2500;

/**
 * @param {{model: () => Model, ask: (name: 'save', request: Record<string, any>) => Promise<any>, takeAway: () => void}} source
 * @returns {{show: (near: Element|null) => void}}
 */
export function createShare({ model, ask, takeAway }) {
  const root = html('div', { class: 'share', id: 'share', popover: 'auto', role: 'dialog', 'aria-labelledby': 'share-title' });

  /** @param {'live'|'moment'|'run'} name @param {string} title @param {string} hint */
  function row(name, title, hint) {
    const link = html('input', { type: 'text', readonly: true, 'aria-label': title, onfocus: () => link.select() });
    const button = html('button', { type: 'button', text: t('share.copy'), 'aria-label': t('share.copy.what', { what: title }) });
    const words = html('p', { class: 'share-hint', text: hint });
    button.addEventListener('click', async () => {
      text(button, t((await copy(link.value)) ? 'share.copied' : 'share.by-hand'));
      link.select();
      setTimeout(() => text(button, t('share.copy')), TOLD);
    });
    const root = html('section', { class: 'share-row', 'data-link': name }, [html('h3', { text: title }), words, html('div', { class: 'share-line' }, [link, button])]);
    return { root, link, button, words };
  }
  const live = row('live', t('share.live'), t('share.live.hint'));
  const moment = row('moment', t('share.moment'), '');
  const run = row('run', t('share.run'), '');
  const file = html('button', { type: 'button', text: t('share.run.file'), hidden: true });
  run.root.append(file);
  const more = html('button', { type: 'button', class: 'quiet', text: t('share.more'), onclick: () => {
    root.hidePopover();
    takeAway();
  } });
  root.append(html('h2', { class: 'visually-hidden', id: 'share-title', text: t('header.share') }), live.root, moment.root, run.root, more);
  document.body.append(root);

  /** @type {any} */
  let saved = null;
  file.addEventListener('click', () => {
    if (saved) downloadSession(saved, model().session.title);
  });

  /** @param {ReturnType<typeof row>} of @param {string|null} address */
  function fill(of, address) {
    of.link.value = address ?? '';
    of.button.disabled = address === null;
    /** @type {HTMLElement} */ (of.link.parentElement).hidden = address === null;
  }

  async function fillRun() {
    const { branch, seq } = model();
    fill(run, null);
    file.hidden = true;
    text(run.words, t('share.run.making'));
    try {
      saved = (await ask('save', { moment: { branch, seq } })).session;
      const address = runLink(location.origin, await pack(saved));
      const short = address.length <= LONGEST_LINK;
      fill(run, short ? address : null);
      file.hidden = short;
      text(run.words, short ? t('share.run.hint') : t('share.run.long'));
    } catch (error) {
      text(run.words, error instanceof Error ? error.message : String(error));
    }
  }

  return {
    show(near) {
      if (root.matches(':popover-open')) {
        root.hidePopover();
        return;
      }
      const now = model();
      const place = {
        origin: location.origin, room: now.room, branch: now.branch, event: now.seq, compare: now.compare,
        lesson: now.lesson ? { id: now.lesson.id, step: Math.max(0, now.step) } : null,
      };
      fill(live, liveLink(place));
      fill(moment, momentLink(place));
      text(moment.words, t(now.lesson ? 'share.moment.lesson' : 'share.moment.room', { event: now.seq }));
      void fillRun();
      root.showPopover();
      live.button.focus();
      root.addEventListener('toggle', () => {
        if (near instanceof HTMLElement && document.activeElement === document.body) near.focus();
      }, { once: true });
    },
  };
}
