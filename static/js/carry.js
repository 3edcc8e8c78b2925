/**
 * A run outlives its room: what the page knows of it is kept as a file would hold it, saved without the
 * server, and carried on in a room of its own where the old one is no more.
 *
 * @module carry
 */

import { fetchWhenIdle } from './lib/idle.js';
import { language, t } from './lib/words.js';
import { carriedOn, carriedTo, forgetRun, keepRun, keptRun } from './link/kept.js';
import { RequestError } from './link/messages.js';
import { readRun, worthKeeping } from './store/saved.js';
import { LONGEST_SESSION, fitting } from './takeaway/links.js';

/** @typedef {import('./store/saved.js').Saved} Saved */
/** @typedef {import('./link/memory.js').Place} Place */
/** @typedef {import('./link/room.js').Room} Room */
/** @typedef {import('./types.js').Opened} Opened */

/** How long after something was done it is kept, ms: a browser that ends by itself tells nobody. */
const SOON = 2000;

/** What goes wrong with a request where the server is not there, or no longer knows the room. */
const AWAY = ['gone', 'offline', 'timeout'];

/**
 * @param {Saved} run
 * @param {Place|null} place
 * @returns {Saved} The run at a place, where it has such: another page of its room may have kept it at its own.
 */
function standing(run, place) {
  const there = run.branches.some(({ id, events }) => id === place?.branch && events >= place.seq);
  return place && there ? { ...run, moment: { branch: place.branch, event: place.seq } } : run;
}

/**
 * @param {Pick<import('./actions.js').Context, 'store'|'player'|'walk'|'desk'|'changed'>} context
 * @param {Place|null} before Where the page was when it was left.
 * @param {{room: () => Room, memory: () => ReturnType<typeof import('./link/memory.js').createMemory>}} way To the room, and to what is remembered of rooms.
 */
export function createCarry({ store, player, walk, desk, changed }, before, { room, memory }) {
  const filePart = fetchWhenIdle(() => import('./takeaway/file.js'));
  const text = before && keptRun(before.room);
  const found = readRun(text);
  /** Where to stand in the room that is being entered. @type {Place|null} */
  let place = null;
  let timer = 0;

  /** @returns {Saved|null} The run as this page knows it, or as it was kept by the page before it. */
  function run() {
    return store.session() ? store.saved(walk.aside()?.from ?? player.seq()) : found && standing(found, before);
  }

  function keep() {
    clearTimeout(timer);
    timer = 0;
    const now = desk.room !== null && store.role() === 'presenter' ? run() : null;
    if (desk.room !== null && now && worthKeeping(now)) keepRun(desk.room, now);
  }

  addEventListener('pagehide', keep);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) keep();
  });

  function carryOn() {
    const all = run();
    const fits = all && fitting(all);
    const old = desk.room ?? before?.room ?? '';
    if (!fits) {
      desk.reason = t('carry.long', { most: (LONGEST_SESSION / 1000).toLocaleString(language()) });
      return;
    }
    walk.rejoin();
    place = store.session()
      ? { room: old, branch: store.active(), seq: player.seq(), step: walk.step(), rate: player.rate(), answers: desk.answers }
      : { room: old, step: -1, rate: player.rate(), answers: {}, ...before, branch: fits.moment.branch, seq: fits.moment.event };
    // Another page of this browser may have carried it on already: then both are in one room again.
    const there = store.session() && store.role() !== 'presenter' ? null : carriedTo(old);
    room().carryOn({ room: there, token: there && memory().token(there), fresh: { session: fits } });
  }

  function saveRun() {
    const all = run();
    if (!all) return;
    filePart().then(({ downloadSession }) => downloadSession(all, store.session()?.title ?? all.title ?? '')).catch((error) => {
      desk.error = error instanceof Error ? error.message : String(error);
      changed();
    });
  }

  return {
    handlers: {
      carryOn,
      saveRun,
      anew() {
        desk.kept = null;
        memory().forget();
      },
    },
    /** Whether the page comes back to a run that is kept. */
    kept: found !== null,
    keep,
    /** Keep the run once it has rested for a moment. */
    soon() {
      timer ||= window.setTimeout(keep, SOON);
    },
    /**
     * The room is no more, or the one that was to take its place could not be opened.
     * @param {string|null} message
     */
    gone(message) {
      keep();
      desk.reason = place && t('carry.failed', { why: message ?? '' });
      place = null;
      desk.kept = run() && (store.session() && store.role() === 'viewer' ? 'copy' : 'own');
      if (!desk.kept) memory().forget();
    },
    /**
     * @param {Opened} answer
     * @returns {Place|null} Where to stand in a room that was entered.
     */
    arrived(answer) {
      const from = place;
      place = null;
      desk.kept = null;
      if (from) {
        carriedOn(from.room, answer.room);
        const { dataset } = document.body;
        if (dataset.kind === 'room') {
          dataset.room = answer.room;
          history.replaceState(null, '', `/room/${encodeURIComponent(answer.room)}`);
        }
        return { ...from, room: answer.room, branch: answer.branch };
      }
      if (before && text !== null && !found && before.room !== answer.room) {
        forgetRun(before.room);
        desk.notice = t('carry.damaged');
      }
      return before;
    },
    /**
     * Ask the room; what it cannot save because it is not there, the page saves.
     * @param {'save'|'record'|'variant'|'resync'} name
     * @param {Record<string, any>} request
     * @returns {Promise<any>}
     */
    async ask(name, request) {
      try {
        return await room().ask(name, request);
      } catch (error) {
        const session = name === 'save' && error instanceof RequestError && AWAY.includes(error.code) && run();
        if (!session) throw error;
        return { ok: true, session };
      }
    },
  };
}
