/**
 * What has changed in the logs since the state that the model compares with: entries that came or went, what was
 * committed, and the leader's marks that moved. The panel brings it into view.
 *
 * @module views/parts/logchanges
 */

import { entryAt, lastIndex, snapshotIndex } from '../../lib/log.js';
import { leaderOf } from './roles.js';

/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../types.js').NodeView} NodeView */

/** @typedef {{node: string, index: number}} Place Where in the logs. */

/** More of one log's entries than this fill any screen. */
const MOST = 100;

/**
 * @param {NodeView} was
 * @param {NodeView} now
 * @returns {number[]} The indices at which its log is another; by the Log Matching Property all before two alike are alike.
 */
function rewritten(was, now) {
  const found = [];
  const bottom = Math.max(snapshotIndex(was), snapshotIndex(now));
  for (let index = Math.max(lastIndex(was), lastIndex(now)); index > bottom && found.length < MOST; index -= 1) {
    if (entryAt(was, index)?.term === entryAt(now, index)?.term) break;
    found.push(index);
  }
  if (snapshotIndex(now) !== snapshotIndex(was)) found.push(snapshotIndex(now));
  return found;
}

/** @param {NodeView} was @param {NodeView} now @returns {number[]} The indices that it has committed since. */
function committed(was, now) {
  const found = [];
  for (let index = now.commitIndex; index > was.commitIndex && found.length < MOST; index -= 1) found.push(index);
  return found;
}

/**
 * @param {Pick<Model, 'nodes'|'view'|'previous'>} model
 * @returns {Place[]} Index 0 is nowhere, and left out.
 */
export function changedPlaces(model) {
  const { nodes: ids, view: { nodes }, previous } = model;
  if (!previous || previous.nodes === nodes) return [];
  const leads = leaderOf(model);
  /** @type {Place[]} */
  const places = [];
  const add = (/** @type {string} */ node, /** @type {number[]} */ indices) => places.push(...indices.filter((index) => index > 0).map((index) => ({ node, index })));
  for (const id of ids) {
    const [was, now] = [previous.nodes[id], nodes[id]];
    if (!was || !now || was === now) continue;
    add(id, rewritten(was, now));
    add(id, committed(was, now));
    if (id !== leads) continue;
    for (const peer of ids) {
      if (peer === id) continue;
      const [next, match] = [now.nextIndex[peer] ?? 0, now.matchIndex[peer] ?? 0];
      if (next !== was.nextIndex[peer]) add(peer, [next]);
      if (match !== (was.matchIndex[peer] ?? 0)) add(peer, [match]);
    }
  }
  return places;
}
