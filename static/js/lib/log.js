/**
 * A node's log by index: it may begin with a snapshot, so that an entry's place is not its index.
 *
 * @module lib/log
 */

/** @typedef {import('../types.js').Entry} Entry */
/** @typedef {import('../types.js').NodeView} NodeView */

/**
 * @param {NodeView} node
 * @returns {number} The last index that its snapshot stands for; 0 without one.
 */
export function snapshotIndex(node) {
  return node.snapshot?.index ?? 0;
}

/**
 * @param {NodeView} node
 * @returns {number} The index of its last entry, or of its snapshot where nothing follows that.
 */
export function lastIndex(node) {
  const { log } = node;
  return log.length > 0 ? log[log.length - 1].index : snapshotIndex(node);
}

/**
 * @param {NodeView} node
 * @param {number} index
 * @returns {Entry|null} Null where its log has no such entry, or a snapshot stands for it.
 */
export function entryAt(node, index) {
  const { log } = node;
  return log.length > 0 ? log[index - log[0].index] ?? null : null;
}
