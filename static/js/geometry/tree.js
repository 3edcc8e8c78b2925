/**
 * The branches as a tree: each below the one that it left, in the order in which they left it.
 *
 * @module geometry/tree
 */

/** @typedef {import('../types.js').Branch} Branch */

/**
 * @typedef {object} Row One branch of the tree.
 * @property {Branch} branch
 * @property {number} level 1 for the first branch.
 * @property {number} place Among those that left the same one, from 1.
 * @property {number} of How many left the same one.
 * @property {boolean[]} rails For each level from the second to its own, whether the line there runs on to a later branch.
 */

/**
 * @param {Branch[]} branches
 * @returns {Row[]} From the top down.
 */
export function rows(branches) {
  const known = new Set(branches.map(({ id }) => id));
  /** @param {string|null} parent @param {number} level @param {boolean[]} outer @returns {Row[]} */
  const below = (parent, level, outer) => {
    const here = branches.filter((each) => (each.parent !== null && known.has(each.parent) ? each.parent : null) === parent);
    here.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
    return here.flatMap((branch, i) => {
      const rails = level > 1 ? [...outer, i < here.length - 1] : [];
      return [{ branch, level, place: i + 1, of: here.length, rails }, ...below(branch.id, level + 1, rails)];
    });
  };
  return below(null, 1, []);
}

/**
 * Where a key leads in the tree.
 * @param {Row[]} tree
 * @param {string} id The branch that has the focus.
 * @param {string} key As KeyboardEvent.key.
 * @returns {string|null} A branch; null where the key is not one of the tree's, or leads nowhere.
 */
export function step(tree, id, key) {
  const at = tree.findIndex(({ branch }) => branch.id === id);
  const row = tree[at];
  if (!row) return null;
  const inner = tree[at + 1]?.level > row.level ? tree[at + 1] : undefined;
  const outer = tree.slice(0, at).reverse().find(({ level }) => level < row.level);
  /** @type {Record<string, Row|undefined>} */
  const ways = { ArrowDown: tree[at + 1], ArrowUp: tree[at - 1], Home: tree[0], End: tree[tree.length - 1], ArrowRight: inner, ArrowLeft: outer };
  return ways[key]?.branch.id ?? null;
}
