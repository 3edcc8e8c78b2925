/**
 * Free prediction: what the next turn of a run is, what it visibly changes, which values it makes sense
 * to choose from, and how near a guess came. Pure functions.
 *
 * @module store/predict
 */

import { lastIndex } from '../lib/log.js';

/** @typedef {import('../types.js').NodeId} NodeId */
/** @typedef {import('../types.js').NodeView} NodeView */
/** @typedef {import('../types.js').View} View */
/** @typedef {import('../types.js').WireEvent} WireEvent */

/** @typedef {'state'|'term'|'votedFor'|'log'|'commitIndex'} Field What one can predict, in the paper's words; of the log it is its last index. */

/** @typedef {{node: NodeId, field: Field, value: string}} Guess A node's field and what it becomes. */

/** @typedef {{node: NodeId, field: Field, from: string, to: string}} Visible What changed in sight. */

/** @typedef {'right'|'partly'|'wrong'} Mark */

/** @typedef {Record<Mark, number>} Score How many guesses came how near. */

export const FIELDS = /** @type {const} */ (['state', 'term', 'votedFor', 'log', 'commitIndex']);

/** How many turns that change nothing in sight are passed over before one of them is it after all. */
const PATIENCE = 6;

/**
 * @param {NodeView} node
 * @param {Field} field
 * @returns {string} As the stage shows it.
 */
export function shownAs(node, field) {
  if (field === 'state') return node.crashed ? 'crashed' : node.state;
  if (field === 'log') return String(lastIndex(node));
  return String(node[field]);
}

/**
 * @param {View} before
 * @param {View} after
 * @returns {Visible[]} In the order of nodes and fields; of a node that was not there before, nothing.
 */
export function changesBetween(before, after) {
  return Object.keys(after.nodes).flatMap((node) => FIELDS.flatMap((field) => {
    if (!before.nodes[node] || before.nodes[node] === after.nodes[node]) return [];
    const from = shownAs(before.nodes[node], field);
    const to = shownAs(after.nodes[node], field);
    return from === to ? [] : [{ node, field, from, to }];
  }));
}

/**
 * @param {View} view
 * @param {NodeId} id
 * @param {Field} field
 * @returns {string[]} What the field may become by and by; never what it is.
 */
export function fittingValues(view, id, field) {
  const node = view.nodes[id];
  const others = Object.values(view.nodes);
  /** @type {Array<string|number|null>} */
  let values;
  if (field === 'state') values = ['follower', ...(view.options.pre_vote ? ['precandidate'] : []), 'candidate', 'leader', 'crashed'];
  else if (field === 'votedFor') values = [null, ...Object.keys(view.nodes).map((each) => /^node(\d+)$/.exec(each)?.[1] ?? each)];
  else if (field === 'term') values = [node.term + 1, ...others.map((each) => each.term), Math.max(...others.map((each) => each.term)) + 1].filter((each) => each > node.term);
  else if (field === 'commitIndex') values = [0, ...upTo(node.commitIndex + 1, Math.max(...others.map(lastIndex)) + 1)]; // A crash forgets it.
  else values = [...upTo(Math.max(0, lastIndex(node) - 2), lastIndex(node) + 2), ...others.map(lastIndex)];
  const numbers = field === 'votedFor' || field === 'state' ? values : values.sort((a, b) => Number(a) - Number(b));
  return [...new Set(numbers.map(String))].filter((each) => each !== shownAs(node, field)).slice(0, 8);
}

/** @param {number} low @param {number} high */
function upTo(low, high) {
  return Array.from({ length: Math.max(1, high - low + 1) }, (_, i) => low + i);
}

/**
 * @param {{event: (seq: number) => WireEvent|undefined, viewAt: (seq: number) => View, last: () => number}} journal
 * @param {number} seq
 * @returns {number|null} The last event of the next turn: of one occurrence and what it led to at the same moment; one
 *   that changes nothing in sight is passed over where another follows soon. Null at the head.
 */
export function nextTurn(journal, seq) {
  const before = journal.viewAt(seq);
  let end = seq;
  for (let turns = 0; turns < PATIENCE && end < journal.last(); turns += 1) {
    end = endOfTurn(journal, end + 1);
    if (changesBetween(before, journal.viewAt(end)).length > 0) break;
  }
  return end > seq ? end : null;
}

/**
 * @param {{event: (seq: number) => WireEvent|undefined}} journal
 * @param {number} start
 * @returns {number} The last event that follows from the one at `start` at the same moment.
 */
function endOfTurn({ event }, start) {
  const first = event(start);
  let end = start;
  for (let next = event(end + 1); next && first && next.time === first.time && next.cause !== null && next.cause >= start; next = event(end + 1)) end += 1;
  return end;
}

/**
 * @param {Guess|null} guess Null: that nothing changes.
 * @param {readonly Visible[]} changes
 * @returns {Mark} Right where node, field and value are; partly where the node does change, but not so.
 */
export function markOf(guess, changes) {
  if (!guess) return changes.length === 0 ? 'right' : 'wrong';
  const there = changes.filter((each) => each.node === guess.node);
  if (there.some((each) => each.field === guess.field && each.to === guess.value)) return 'right';
  return there.length > 0 ? 'partly' : 'wrong';
}
