/**
 * How far an entry has come at a node, and how many copies of it its leader counts.
 *
 * @module views/parts/progress
 */

import { configurationOf } from './roles.js';

/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../types.js').NodeView} NodeView */
/** @typedef {import('../../lib/logsigns.js').Stage} Stage */

/**
 * The entries that a client was told of, by node and index: a reply follows from an entry that was applied.
 * @returns {(model: Model) => (node: string, index: number) => boolean} As of the cursor. Each event is looked at once.
 */
export function createAnswered() {
  /** @type {readonly any[]|null} */
  let held = null;
  let scanned = 0;
  /** The event of the answer. @type {Map<string, number>} */
  let answers = new Map();
  return (model) => {
    if (held !== model.events || scanned > model.last) {
      held = model.events;
      scanned = model.first - 1;
      answers = new Map();
    }
    for (; scanned < model.last; scanned += 1) {
      const event = model.event(scanned + 1);
      if (event?.kind !== 'client_reply' || event.data.outcome !== 'ok' || !event.cause) continue;
      const cause = model.event(event.cause);
      if (cause?.kind === 'applied') answers.set(`${cause.node} ${cause.data.index}`, event.seq);
    }
    return (node, index) => (answers.get(`${node} ${index}`) ?? Infinity) <= model.seq;
  };
}

/**
 * @param {NodeView} node
 * @param {number} index Of an entry in its log.
 * @param {boolean} answered
 * @returns {Stage|null} The furthest that it has come; each includes the ones before.
 */
export function stageOf(node, index, answered) {
  if (index > node.commitIndex) return null;
  if (node.heard !== undefined || index > node.lastApplied) return 'committed';
  return answered ? 'answered' : 'applied';
}

/**
 * @param {string} id
 * @param {NodeView} leader
 * @param {number} index
 * @param {string[]} all Who votes where members never change.
 * @returns {Array<{have: number, of: number, needed: number}>} How many copies it counts (Fig. 2, Leaders 4);
 *   of both halves, while two configurations are joint.
 */
export function copiesOf(id, leader, index, all) {
  const { members, old } = configurationOf(leader) ?? { members: all, old: [] };
  return [members.length > 0 ? members : all, old].filter((each) => each.length > 0).map((each) => ({
    have: each.filter((peer) => peer === id || (leader.matchIndex[peer] ?? 0) >= index).length,
    of: each.length,
    needed: Math.floor(each.length / 2) + 1,
  }));
}

/**
 * @param {ReturnType<typeof copiesOf>} copies
 * @returns {string} A full dot for each copy that counts, a hollow one for each that does not, and a line after a majority.
 */
export function dotsOf(copies) {
  return copies.map(({ have, of, needed }) => Array.from({ length: of }, (_, i) => `${i < have ? '●' : '○'}${i === needed - 1 && of > 1 ? '|' : ''}`).join('')).join(' + ');
}
