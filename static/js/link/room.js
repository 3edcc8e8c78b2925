/**
 * The room at the other end of the link: entered, kept in step with, and entered again after the
 * connection was lost. Writes the store and tells what happened; decides nothing else.
 *
 * @module link/room
 */

import { describe } from '../lib/refused.js';
import { t } from '../lib/words.js';
import { PROTOCOL, PUSH, REQUEST, RequestError } from './messages.js';
import { createQueue } from './queue.js';

/** @typedef {import('../types.js').Opened} Opened */
/** @typedef {import('../types.js').Connection} Connection */
/** @typedef {import('../types.js').Frame} Frame */
/** @typedef {import('../types.js').Branch} Branch */
/** @typedef {import('../types.js').Playing} Playing */
/** @typedef {import('../store/store.js').Store} Store */
/** @typedef {import('./socket.js').Link} Link */

/**
 * Where a room was, and what to make where there is none.
 * @typedef {object} Wanted
 * @property {string|null} room
 * @property {string|null} token
 * @property {{lesson: string}|{sandbox: Record<string, any>}|{session: Record<string, any>}|{draft: string}|null} fresh Null: this very room or none.
 * @property {boolean} [kept] What was in the room is kept: then there is no other one before somebody says so.
 */

/**
 * What to do when something came in.
 * @typedef {object} Listeners
 * @property {(answer: Opened, again: boolean) => void} opened `again`: the same room, after a break.
 * @property {(connection: Connection, message: string|null) => void} connection
 * @property {(oldLast: number) => void} grew The active branch has more events, or its time went on.
 * @property {() => void} switched Another branch is active.
 * @property {(playing: Playing) => void} playing
 * @property {(message: string) => void} notice
 */

/**
 * @typedef {object} Room
 * @property {(name: keyof typeof REQUEST, request?: Record<string, any>) => Promise<any>} ask
 * @property {(id: string) => Promise<void>} switchTo Make a branch active for the whole room.
 * @property {(id: string) => Promise<void>} visit Look at a branch, and leave the room as it is.
 * @property {() => void} start
 * @property {() => void} again Ask a busy server once more, now.
 * @property {(next: Wanted) => void} carryOn Enter another room in place of one that is no more.
 */

/** How long to wait before a busy server is asked again, ms; the words of `veil.busy.words` say so. */
export const BUSY_WAIT = 10_000;

/**
 * @param {Link} link
 * @param {Store} store
 * @param {Wanted} wanted
 * @param {Listeners} listeners
 * @param {(callback: () => void, ms: number) => void} [later]
 * @returns {Room}
 */
export function createRoom(link, store, wanted, listeners, later = (callback, ms) => void setTimeout(callback, ms)) {
  let { room, token } = wanted;
  /** Whether this page has been in the room: then another one will not do. */
  let entered = false;
  let over = false;
  /** Whether another room is being entered in place of one that is no more. */
  let carrying = false;
  /** What came while the room's answer was still being unpacked. @type {Array<() => void>} */
  let early = [];

  /** @param {() => void} change */
  function growing(change) {
    const branch = store.active();
    const before = store.last(branch);
    change();
    if (store.active() === branch) listeners.grew(before);
  }

  const queue = createQueue({
    last: store.last,
    deliver: (/** @type {Frame} */ frame) => growing(() => store.frame(frame)),
    gap: (branch, have) => void fill(branch, have),
  });

  /**
   * @param {string} branch
   * @param {number} have
   */
  async function fill(branch, have) {
    try {
      const answer = await link.request(REQUEST.resync, { branch, have });
      growing(() => store.loaded(branch, answer, answer.now));
      queue.filled(branch);
    } catch {
      queue.clear();
    }
  }

  /** @returns {Record<string, any>} */
  function opening() {
    const request = { protocol: PROTOCOL };
    if (!room) return { ...request, ...wanted.fresh };
    const have = entered ? { branch: store.active(), seq: store.last(store.active()) } : null;
    return { ...request, room, ...(token ? { token } : {}), ...(have ? { have } : {}) };
  }

  async function open() {
    try {
      enter(await link.request(REQUEST.open, opening()));
    } catch (error) {
      refused(/** @type {RequestError} */ (error));
    }
  }

  /** @param {Opened} answer */
  function enter(answer) {
    const again = entered && answer.room === room;
    room = answer.room;
    token = answer.token ?? token;
    entered = true;
    carrying = false;
    queue.clear();
    const branch = store.active();
    const before = store.last(branch);
    store.opened(answer);
    listeners.connection('open', null);
    listeners.opened(answer, again);
    if (again && store.active() === branch) listeners.grew(before);
    else if (again) listeners.switched();
    for (const take of early.splice(0)) take();
  }

  /** @param {RequestError} error */
  function refused(error) {
    if (error.code === 'gone' && !entered && wanted.fresh && !wanted.kept) {
      room = null;
      token = null;
      void open();
    } else if (error.code === 'gone') {
      finish(error.message);
    } else if (error.code === 'offline' || error.code === 'timeout') {
      listeners.connection('reconnecting', null);
      if (error.code === 'timeout') void open();
    } else if (error.code === 'busy' || (error.code === 'limit' && error.where === null)) {
      wait(error.message, open);
    } else if (carrying) {
      finish(error.message);
    } else {
      over = true;
      listeners.connection('error', error.message);
      link.stop();
    }
  }

  /** What is asked again, and asks no more once it was. @type {(() => void)|null} */
  let retry = null;

  /**
   * The server has no place for us just now.
   * @param {string} message
   * @param {() => void} ask
   */
  function wait(message, ask) {
    const mine = () => {
      if (retry !== mine || over) return;
      retry = null;
      ask();
    };
    retry = mine;
    listeners.connection('busy', message);
    later(mine, BUSY_WAIT);
  }

  /** @param {string} message */
  function finish(message) {
    over = true;
    listeners.connection('gone', message);
    link.stop();
  }

  link.onRefused((message) => wait(message, link.start));
  link.onConnect(() => {
    retry = null;
    early = [];
    void open();
  });
  link.onDisconnect(() => {
    if (!over) listeners.connection('reconnecting', null);
  });
  /**
   * @template Message
   * @param {(message: Message) => void} take
   * @returns {(message: Message) => void} The same, but not before the room was entered.
   */
  const once = (take) => (message) => {
    if (entered) take(message);
    else early.push(() => take(message));
  };
  link.on(PUSH.frame, once((/** @type {Frame} */ frame) => queue.accept(frame)));
  link.on(PUSH.branch, once((/** @type {{branch: Branch, active: string, gone?: string}} */ { branch, active, gone }) => {
    store.branched(branch, active, gone);
    const held = store.last(active);
    const reached = store.branches().find(({ id }) => id === active)?.last ?? held;
    if (held < reached) void fill(active, held).then(listeners.switched);
    else listeners.switched();
  }));
  link.on(PUSH.playing, once((/** @type {Playing} */ playing) => {
    store.setPlaying(playing);
    listeners.playing(playing);
  }));
  link.on(PUSH.notice, (told) => listeners.notice(describe(told)));
  link.on(PUSH.gone, (told) => finish(describe(told)));

  /** @type {Room['switchTo']} */
  async function switchTo(id) {
    const answer = await link.request(REQUEST.branch, { id, have: store.last(id) });
    if (answer.events || answer.snapshot) store.loaded(id, { ...answer, events: answer.events ?? [] }, answer.now);
    store.activate(id);
    if (answer.playing) store.setPlaying(answer.playing);
    queue.filled(id);
    listeners.switched();
  }

  /** @type {Room['visit']} */
  async function visit(id) {
    const answer = await link.request(REQUEST.resync, { branch: id, have: store.last(id) });
    store.loaded(id, answer, answer.now);
    store.activate(id);
    queue.filled(id);
    listeners.switched();
  }

  return {
    async ask(name, request = {}) {
      if (over) throw new RequestError({ code: 'gone', message: t('error.over'), remedy: t('error.over.remedy') });
      return link.request(name, request);
    },
    switchTo,
    visit,
    start() {
      listeners.connection('connecting', null);
      link.start();
    },
    again: () => retry?.(),
    carryOn(next) {
      wanted = next;
      ({ room, token } = next);
      entered = over = false;
      carrying = true;
      listeners.connection('connecting', null);
      link.start();
    },
  };
}
