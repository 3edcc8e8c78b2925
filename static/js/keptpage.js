/**
 * The page of a room that is no more: where this browser still holds the run that was there, it is
 * offered to be carried on or saved.
 *
 * @module keptpage
 */

import { html } from './lib/svg.js';
import { language, t } from './lib/words.js';
import { carriedTo, keptRun } from './link/kept.js';
import { readRun } from './store/saved.js';
import { downloadSession } from './takeaway/file.js';
import { LONGEST_SESSION, fitting, pack, runLink } from './takeaway/links.js';

/** @typedef {import('./store/saved.js').Saved} Saved */

/** @param {string} path Of the page's address. @returns {string|null} The room. */
export const roomIn = (path) => /^\/room\/([\w-]+)$/.exec(path)?.[1] ?? null;

/**
 * @param {string} room
 * @param {Element} actions What else the page offers.
 */
export function offerKept(room, actions) {
  const run = readRun(keptRun(room));
  if (!run) return;
  const there = carriedTo(room);
  const complaint = html('p', { class: 'complaint', role: 'alert' });
  async function carryOn(/** @type {Saved} */ all) {
    const fits = fitting(all);
    if (there) location.assign(`/room/${encodeURIComponent(there)}`);
    else if (fits) location.assign(runLink(location.origin, await pack(fits)));
    else complaint.textContent = t('carry.long', { most: (LONGEST_SESSION / 1000).toLocaleString(language()) });
  }
  actions.before(html('p', { class: 'remedy', text: t('kept.page') }));
  actions.prepend(
    html('button', { type: 'button', class: 'primary', text: t('veil.carry'), onclick: () => void carryOn(run) }),
    html('button', { type: 'button', text: t('veil.save'), onclick: () => downloadSession(run, run.title ?? '') }),
  );
  actions.querySelector('a.primary')?.classList.remove('primary');
  actions.after(complaint);
}
