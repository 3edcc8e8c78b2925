/**
 * Where the cursor was on each branch, so that looking at another one and coming back loses nothing.
 *
 * @module store/cursors
 */

/** @typedef {import('./journal.js').Journal} Journal */
/** @typedef {import('./player.js').Player} Player */
/** @typedef {import('./walk.js').Walk} Walk */

/**
 * @param {Player} player
 * @param {Walk} walk
 * @returns {{take: (journal: Journal) => void}}
 */
export function createCursors(player, walk) {
  /** @type {WeakMap<Journal, {seq: number, step: number}>} */
  const left = new WeakMap();
  return {
    take(journal) {
      walk.rejoin();
      const old = player.journal();
      if (old === journal) return;
      left.set(old, { seq: player.seq(), step: walk.step() });
      player.use(journal);
      const place = left.get(journal);
      if (place) player.seekSeq(place.seq);
      walk.locate(place?.step);
    },
  };
}
