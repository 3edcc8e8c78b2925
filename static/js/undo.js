/**
 * Taking back: the room goes on from before what was done last, on a branch of its own, and what was done
 * is kept where it was. So bringing it back is to return to where one stood.
 *
 * @module undo
 */

import { createDeeds, floor, owner } from './store/deeds.js';

/** @typedef {import('./store/store.js').Store} Store */
/** @typedef {import('./store/player.js').Player} Player */
/** @typedef {import('./link/room.js').Room} Room */
/** @typedef {import('./store/deeds.js').Place} Place */

/**
 * @param {object} context
 * @param {Store} context.store
 * @param {Player} context.player
 * @param {Room} context.room
 * @param {(done: {branch: string, last: number}) => Promise<void>} context.arrival Until it is on the screen.
 * @returns {{undo: () => Promise<boolean>, redo: () => Promise<boolean>, forget: () => void, note: (branch: string, first: number, last: number) => void}}
 *   `undo` and `redo` tell whether there was anything; `forget`: something else was done, and nothing is to be
 *   brought back any more; `note`: these commands were one gesture.
 */
export function createUndo({ store, player, room, arrival }) {
  const deeds = createDeeds();
  /** Where one stood before each undo. @type {Array<Place & {fresh: boolean}>} */
  let ahead = [];
  /** One after the other, also where the keys are faster than the room. @type {Promise<any>} */
  let before = Promise.resolve();

  /** @param {Place} place */
  async function fork(place) {
    const done = await room.ask('fork', { at: place });
    await arrival(done);
    player.seekSeq(done.last);
  }

  async function undo() {
    const branches = store.branches();
    const branch = store.active();
    const seq = player.seq();
    const least = floor(branches, branch);
    let last = seq;
    while (last > least && player.journal().event(last)?.kind !== 'command') last -= 1;
    if (last <= least) return false;
    const now = branches.find(({ id }) => id === branch);
    const place = { ...owner(branches, { branch, seq }), fresh: now?.parent !== null && now?.at === seq && store.last(branch) === seq };
    await fork(owner(branches, { branch, seq: Math.max(least, deeds.begin(branches, { branch, seq: last }) - 1) }));
    ahead.push(place);
    return true;
  }

  async function redo() {
    const place = ahead.pop();
    if (!place) return false;
    const { branch, seq, fresh } = place;
    if (fresh) {
      await fork({ branch, seq });
    } else {
      await room.switchTo(branch);
      player.seekSeq(seq);
    }
    return true;
  }

  /** @param {() => Promise<boolean>} move */
  const inTurn = (move) => () => {
    const mine = before.then(move);
    before = mine.catch(() => {});
    return mine;
  };

  return {
    undo: inTurn(undo),
    redo: inTurn(redo),
    forget() {
      ahead = [];
    },
    note: deeds.note,
  };
}
