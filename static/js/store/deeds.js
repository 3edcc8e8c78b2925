/**
 * What was done by one gesture belongs together, and is taken back together.
 *
 * @module store/deeds
 */

/** @typedef {import('../types.js').Branch} Branch */
/** @typedef {{branch: string, seq: number}} Place After that event of that branch. */

/**
 * @param {Branch[]} branches
 * @param {Place} place
 * @returns {Place} The same place on the branch whose own the event is: a branch shares its past with its parent.
 */
export function owner(branches, { branch, seq }) {
  const found = branches.find(({ id }) => id === branch);
  const inherited = found && found.parent !== null && found.at !== null && seq <= found.at;
  return inherited ? owner(branches, { branch: /** @type {string} */ (found.parent), seq }) : { branch, seq };
}

/**
 * @param {Branch[]} branches
 * @param {string} branch
 * @returns {number} The last event that nobody did here: the start, or what a lesson brought.
 */
export function floor(branches, branch) {
  const found = branches.find(({ id }) => id === branch);
  const parent = branches.find(({ id }) => id === found?.parent);
  if (!found || !parent) return 1;
  return parent.lesson ? found.at ?? 1 : floor(branches, parent.id);
}

/**
 * @returns {{note: (branch: string, first: number, last: number) => void, begin: (branches: Branch[], command: Place) => number}}
 *   `note` that the commands from event `first` to `last` were one gesture; `begin` tells the first event of
 *   all that was done together with a command.
 */
export function createDeeds() {
  /** @type {Array<{branch: string, first: number, last: number}>} */
  const together = [];
  return {
    note(branch, first, last) {
      together.push({ branch, first, last });
    },
    begin(branches, command) {
      const { branch, seq } = owner(branches, command);
      const found = together.find((each) => each.branch === branch && each.first <= seq && seq <= each.last);
      return found?.first ?? seq;
    },
  };
}
