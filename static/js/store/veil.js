/**
 * The model as one server knows the cluster: what it cannot know is not in it. Of another server
 * there is what was heard from it last; messages in the air, links and the lines of others are gone.
 *
 * @module store/veil
 */

import { entryAt, lastIndex } from '../lib/log.js';
import { createKnown } from './known.js';

/** @typedef {import('../types.js').Arrow} Arrow */
/** @typedef {import('../types.js').Entry} Entry */
/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('../types.js').NodeView} NodeView */
/** @typedef {import('./known.js').Heard} Heard */
/** @typedef {import('./known.js').Knowledge} Knowledge */

/**
 * What a server has heard of another, and when, µs. What it has not heard is null.
 * @typedef {{at: number, seq: number, role: import('../types.js').Role|null, term: number|null, commitIndex: number|null, last: number}} Seen
 */

/**
 * @param {NodeView} own
 * @param {Heard} heard
 * @returns {number} Up to which index the other's log is the hearer's own: what it said itself, and the
 *   last entry of the same index and term; all before that are then the same, too (Log Matching, Raft §5.3).
 */
export function agreement(own, heard) {
  let upTo = Math.min(heard.match, lastIndex(own));
  for (const [index, term] of Object.entries(heard.terms)) {
    if (Number(index) > upTo && entryAt(own, Number(index))?.term === term) upTo = Number(index);
  }
  return upTo;
}

/**
 * @param {NodeView} own
 * @param {Heard} heard
 * @returns {Entry[]} The other's log as far as it is known; of some entries there is only that they are there, or their term.
 */
function logOf(own, heard) {
  const same = agreement(own, heard);
  return Array.from({ length: heard.last }, (_, i) => {
    const index = i + 1;
    const known = index <= same ? entryAt(own, index) : heard.entries[index];
    return known ?? { index, term: heard.terms[index] ?? 0, veiled: true };
  });
}

/**
 * @param {NodeView} own
 * @param {Heard|undefined} heard
 * @returns {NodeView} What may be drawn of another node.
 */
function veiledNode(own, heard) {
  const log = heard && !own.crashed ? logOf(own, heard) : [];
  return {
    state: heard?.role ?? 'follower', term: heard?.term ?? 0, votedFor: null, log, snapshot: null,
    commitIndex: heard?.commitIndex ?? 0, lastApplied: 0, stateMachine: {}, leader: null, votesGranted: [], votesRefused: [],
    nextIndex: {}, matchIndex: {}, transferTo: null, crashed: false, paused: false, timers: {},
    members: own.members, oldMembers: own.oldMembers,
    heard: heard ? { at: heard.at, seq: heard.seq, role: heard.role, term: heard.term, commitIndex: heard.commitIndex, last: heard.last } : null,
  };
}

/** @returns {(model: Model) => Model} The same model where nobody's knowledge was chosen. */
export function createVeil() {
  const knownAt = createKnown();
  /** @type {{nodes: Model['view']['nodes'], known: Knowledge, knower: string, result: Model['view']['nodes']}|null} */
  let held = null;
  /** @type {{from: readonly Arrow[], count: number, last: number, knower: string, result: Arrow[]}|null} */
  let drawn = null;

  /** @param {Model} model @param {string} knower */
  function nodesFor({ events, first, seq, view: { nodes } }, knower) {
    const known = knownAt(events, first, knower, seq);
    if (held?.nodes === nodes && held.known === known && held.knower === knower) return held.result;
    const own = nodes[knower];
    const same = held?.knower === knower && held.nodes[knower] === own ? held : null;
    const result = Object.fromEntries(Object.keys(nodes).map((id) => {
      if (id === knower) return [id, own];
      return [id, same && same.result[id] && same.known[id] === known[id] ? same.result[id] : veiledNode(own, known[id])];
    }));
    held = { nodes, known, knower, result };
    return result;
  }

  /** @param {Model} model @param {string} knower @returns {Arrow[]} What it sent, and what reached it. */
  function arrowsFor({ arrows, last }, knower) {
    if (drawn?.from === arrows && drawn.count === arrows.length && drawn.last === last && drawn.knower === knower) return drawn.result;
    const result = arrows.flatMap((arrow) => {
      if (arrow.message.from === knower) return [{ ...arrow, p1: null, end: null, why: null, reach: 1 }];
      return arrow.message.to === knower && arrow.end === 'delivered' ? [arrow] : [];
    });
    drawn = { from: arrows, count: arrows.length, last, knower, result };
    return result;
  }

  return (model) => {
    const { knower, view } = model;
    if (knower === null || !view.nodes[knower]) return model;
    const hidden = (/** @type {string} */ id) => model.roles[id].slice(0, 1).map((span) => ({ ...span, p: Infinity }));
    return {
      ...model,
      view: {
        ...view, nodes: nodesFor(model, knower), messages: {}, links: {},
        clients: Object.fromEntries(Object.entries(view.clients).filter(([, client]) => client.to === knower)),
      },
      flights: [],
      arrows: arrowsFor(model, knower),
      roles: Object.fromEntries(Object.keys(model.roles).map((id) => [id, id === knower ? model.roles[id] : hidden(id)])),
    };
  };
}
