/**
 * What differs between two runs at moments that belong together, and where along the way it does.
 *
 * @module store/differ
 */

import { lastIndex } from '../lib/log.js';

/** @typedef {import('../types.js').View} View */
/** @typedef {import('../types.js').NodeView} NodeView */
/** @typedef {import('../types.js').NodeId} NodeId */
/** @typedef {import('./journal.js').Journal} Journal */
/** @typedef {import('./align.js').Alignment} Alignment */

/** @typedef {'there'|'up'|'state'|'term'|'votedFor'|'log'|'commitIndex'|'snapshot'|'members'} Field */

/**
 * @typedef {object} Difference A field of a node that is one thing here and another there.
 * @property {NodeId} node
 * @property {Field} field
 * @property {any} a
 * @property {any} b
 */

/** @typedef {{p: number, seq: number}} Turn A moment from which on something differs that was the same, or differed otherwise. */

/** @param {NodeView} node @returns {'crashed'|'paused'|'up'} */
const up = (node) => (node.crashed ? 'crashed' : node.paused ? 'paused' : 'up');

/**
 * How far a log goes, and what it holds up to there as far as one can tell at a glance.
 * @typedef {{last: number, term: number, from: number|null}} LogEnd `from`: the first index whose entries
 *   differ where both ends are the same.
 */

/** @param {NodeView} node @returns {number} The term of its last entry; 0 for an empty log. */
const lastTerm = (node) => node.log[node.log.length - 1]?.term ?? node.snapshot?.term ?? 0;

/** @param {NodeView} a @param {NodeView} b @returns {{a: LogEnd, b: LogEnd}|null} Null where the logs are the same. */
function logs(a, b) {
  if (a.log === b.log) return null;
  const end = (/** @type {NodeView} */ node) => ({ last: lastIndex(node), term: lastTerm(node) });
  const [ours, theirs] = [end(a), end(b)];
  const held = new Map(a.log.map((entry) => [entry.index, entry]));
  const other = b.log.find((entry) => {
    const mine = held.get(entry.index);
    return mine !== undefined && JSON.stringify(mine) !== JSON.stringify(entry);
  });
  if (ours.last === theirs.last && ours.term === theirs.term && !other) return null;
  const from = ours.last === theirs.last && ours.term === theirs.term ? (other?.index ?? null) : null;
  return { a: { ...ours, from }, b: { ...theirs, from } };
}

/**
 * @param {NodeId} id
 * @param {NodeView|undefined} a
 * @param {NodeView|undefined} b
 * @returns {Difference[]} In the order in which they matter.
 */
function ofNode(id, a, b) {
  if (a === b) return [];
  if (!a || !b) return [{ node: id, field: 'there', a: Boolean(a), b: Boolean(b) }];
  /** @type {Difference[]} */
  const found = [];
  /** @param {Field} field @param {any} one @param {any} other */
  const compare = (field, one, other) => {
    if (one !== other) found.push({ node: id, field, a: one, b: other });
  };
  compare('up', up(a), up(b));
  if (!a.crashed && !b.crashed) compare('state', a.state, b.state);
  compare('term', a.term, b.term);
  compare('votedFor', a.votedFor ?? null, b.votedFor ?? null);
  const log = logs(a, b);
  if (log) found.push({ node: id, field: 'log', ...log });
  compare('commitIndex', a.commitIndex, b.commitIndex);
  compare('snapshot', a.snapshot?.index ?? 0, b.snapshot?.index ?? 0);
  compare('members', (a.members ?? []).join(' '), (b.members ?? []).join(' '));
  return found;
}

/**
 * @returns {(a: View, b: View) => Difference[]} What differs, node by node in ring order. Nodes that are
 *   the same objects as the last time are not looked at again.
 */
export function createDiffer() {
  /** @type {Map<NodeId, {a: NodeView|undefined, b: NodeView|undefined, found: Difference[]}>} */
  const known = new Map();
  return (a, b) => {
    const ids = [...Object.keys(a.nodes), ...Object.keys(b.nodes).filter((id) => !(id in a.nodes))];
    return ids.flatMap((id) => {
      const [ours, theirs] = [a.nodes[id], b.nodes[id]];
      const last = known.get(id);
      if (last && last.a === ours && last.b === theirs) return last.found;
      const found = ofNode(id, ours, theirs);
      known.set(id, { a: ours, b: theirs, found });
      return found;
    });
  };
}

/** @param {Difference[]} found @returns {string} The same for the same differences. */
const signature = (found) => JSON.stringify(found);

/**
 * @param {Journal} a
 * @param {Journal} b
 * @param {Alignment} alignment
 * @returns {Turn[]} All moments of `a` from which on something differs in a new way, in order.
 */
export function turningPoints(a, b, alignment) {
  const moments = [...a.presentation.times, ...b.presentation.times.map((p) => alignment.toA(p))].sort((one, other) => one - other);
  const differ = createDiffer();
  /** @type {Turn[]} */
  const turns = [];
  let before = '[]';
  let [lastA, lastB] = [-1, -1];
  let p = -1;
  for (const moment of moments) {
    if (moment - p < 0.5) continue;
    p = moment;
    const seq = a.seqAt(p + 0.01);
    if (seq < alignment.same && seq <= b.last()) continue;
    const other = alignment.toB({ p, seq }).seq;
    if (seq === lastA && other === lastB) continue;
    [lastA, lastB] = [seq, other];
    const now = signature(differ(a.viewAt(seq), b.viewAt(other)));
    if (now !== before && now !== '[]') turns.push({ p, seq });
    before = now;
  }
  return turns;
}
