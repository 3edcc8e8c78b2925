/**
 * Who leads, for views that show it or act on it.
 *
 * @module views/parts/roles
 */

/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../types.js').NodeId} NodeId */

/**
 * The leader: of several, the one of the highest term, as the server takes it too.
 * @param {Model} model
 * @returns {NodeId|null}
 */
export function leaderOf(model) {
  const { nodes } = model.view;
  const leaders = model.session.nodes.filter((id) => nodes[id]?.state === 'leader' && !nodes[id].crashed);
  leaders.sort((a, b) => nodes[b].term - nodes[a].term);
  return leaders[0] ?? null;
}
