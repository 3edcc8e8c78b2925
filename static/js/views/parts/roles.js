/**
 * Who leads and who belongs to the cluster, for views that show it or act on it.
 *
 * @module views/parts/roles
 */

import { entryAt, lastIndex } from '../../lib/log.js';
import { t } from '../../lib/words.js';

/** @typedef {import('../../types.js').Configuration} Configuration */
/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../types.js').NodeId} NodeId */
/** @typedef {import('../../types.js').NodeView} NodeView */

/**
 * How a server stands to the configuration: it votes; it votes in only one half of a joint one; it
 * is being brought up to date (§4.2.1); or it is no member.
 * @typedef {'member'|'joining'|'leaving'|'learner'|'outside'} Standing
 */

/**
 * @param {Standing} standing
 * @param {boolean} [short] Where there is little room.
 * @returns {string} What is said of a server that is not simply a member; of a member nothing.
 */
export function standingWord(standing, short = false) {
  if (standing === 'member') return '';
  if (short && (standing === 'learner' || standing === 'outside')) return t(`standing.${standing}.short`);
  return t(`standing.${standing}`);
}

/**
 * The leader: of several, the one of the highest term, as the server takes it too.
 * @param {Pick<Model, 'nodes'|'view'>} model
 * @returns {NodeId|null}
 */
export function leaderOf({ nodes: ids, view: { nodes } }) {
  const leaders = ids.filter((id) => nodes[id]?.state === 'leader' && !nodes[id].crashed);
  leaders.sort((a, b) => nodes[b].term - nodes[a].term);
  return leaders[0] ?? null;
}

/**
 * @param {NodeView|undefined} node
 * @returns {Configuration|null} Who votes as far as it knows; null where members never change.
 */
export function configurationOf(node) {
  return node?.members ? { members: node.members, old: node.oldMembers ?? [] } : null;
}

/**
 * @param {Pick<Model, 'nodes'|'view'>} model
 * @returns {Configuration|null} Who votes, by the leader; where nobody leads, by the server whose log
 *   is the most up-to-date of those that know any (Raft §5.4.1).
 */
export function currentConfiguration(model) {
  const leader = leaderOf(model);
  if (leader !== null) return configurationOf(model.view.nodes[leader]);
  const known = model.nodes.map((id) => model.view.nodes[id]).filter((node) => node?.members?.length);
  const lastTerm = (/** @type {NodeView} */ node) => entryAt(node, lastIndex(node))?.term ?? node.snapshot?.term ?? 0;
  return configurationOf(known.sort((a, b) => lastTerm(b) - lastTerm(a) || lastIndex(b) - lastIndex(a))[0]);
}

/**
 * @param {Configuration} configuration
 * @returns {NodeId[]} All who vote, in either half.
 */
export function voters({ members, old }) {
  return [...members, ...old.filter((id) => !members.includes(id))];
}

/**
 * @param {Pick<Model, 'nodes'|'view'>} model
 * @param {NodeId} id
 * @returns {Standing} By the leader's configuration; where nobody leads, by its own.
 */
export function standing(model, id) {
  const leads = leaderOf(model);
  const leader = leads === null ? null : model.view.nodes[leads];
  const configuration = configurationOf(leader ?? model.view.nodes[id]);
  if (!configuration) return 'member';
  const [now, before] = [configuration.members.includes(id), configuration.old.includes(id)];
  if (now) return configuration.old.length > 0 && !before ? 'joining' : 'member';
  if (before) return 'leaving';
  return leader?.learners?.includes(id) ? 'learner' : 'outside';
}
