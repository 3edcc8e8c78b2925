/**
 * Why is it not there yet? What an entry lacks to be committed, counted as the leader counts it, and
 * what a candidate lacks to lead.
 *
 * @module views/parts/lack
 */

import { entryAt } from '../../lib/log.js';
import { t } from '../../lib/words.js';
import { configurationOf, currentConfiguration, leaderOf } from './roles.js';

/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../types.js').NodeView} NodeView */
/** @typedef {import('../../types.js').Question} Question */
/** @typedef {import('./refusals.js').Fact} Fact */

/**
 * Of a copy: the leader counts it (matchIndex); it is there, but the leader has not heard so; it is not there.
 * Of a vote: granted; refused; no answer yet.
 * @typedef {'counted'|'there'|'none'|'granted'|'refused'|'open'} Dot
 */

/**
 * @typedef {object} Count The members of one configuration, those that count first, and how many are needed.
 * @property {Array<{id: string, dot: Dot, seq: number|null}>} dots `seq`: the event that told of it, where there is one.
 * @property {number} needed
 * @property {number} have How many count.
 */

/**
 * @typedef {object} Lack
 * @property {string} text
 * @property {string[]} sources
 * @property {Count[]} counts One; two while two configurations are joint.
 * @property {Array<{id: string, holds: boolean}>} copies The members, and who of them holds the entry.
 * @property {number} needed
 * @property {Fact[]} facts What must hold before it is committed.
 */

/** Which dots come first. @type {Record<Dot, number>} */
const ORDER = { counted: 0, there: 1, none: 2, granted: 0, refused: 1, open: 2 };

/**
 * @param {string[]} members
 * @param {(id: string) => {dot: Dot, seq: number|null}} judge
 * @returns {Count}
 */
function count(members, judge) {
  const dots = members.map((id) => ({ id, ...judge(id) })).sort((a, b) => ORDER[a.dot] - ORDER[b.dot]);
  return { dots, needed: Math.floor(members.length / 2) + 1, have: dots.filter(({ dot }) => ORDER[dot] === 0).length };
}

/**
 * @param {Question} question
 * @param {NodeView} node
 * @returns {number|null} The index that it comes to: of a commitIndex, the one after it.
 */
function indexOf(question, node) {
  if (question.kind === 'entry') return question.index;
  return question.kind === 'field' && question.field === 'commitIndex' ? node.commitIndex + 1 : null;
}

/**
 * @param {Model} model
 * @param {Question} question
 * @returns {Lack|null} What the entry lacks to be committed where it was asked for; null if nothing.
 */
export function lackOf(model, question) {
  if (question.kind !== 'entry' && question.kind !== 'field') return null;
  const view = model.viewAt(question.at);
  const node = view.nodes[question.node];
  const index = node && indexOf(question, node);
  const entry = index && entryAt(node, index);
  if (!entry || !index || index <= node.commitIndex) return null;
  const then = { ...model, view, nodes: Object.keys(view.nodes) };
  const leads = leaderOf(then);
  const leader = leads === null ? null : view.nodes[leads];
  const { members, old } = currentConfiguration(then) ?? { members: Object.keys(view.nodes), old: [] };
  const holds = (/** @type {string} */ id) => Boolean(view.nodes[id]) && entryAt(view.nodes[id], index)?.term === entry.term;
  const own = leader && entryAt(leader, index)?.term === entry.term;
  const counted = (/** @type {string} */ id) => own && (id === leads || (leader.matchIndex[id] ?? 0) >= index);
  /** @param {string} id @returns {{dot: Dot, seq: null}} */
  const judge = (id) => ({ dot: counted(id) ? 'counted' : holds(id) ? 'there' : 'none', seq: null });
  const copies = members.map((id) => ({ id, holds: holds(id) }));
  const held = copies.filter((each) => each.holds).length;
  const counts = [count(members, judge), ...(old.length > 0 ? [count(old, judge)] : [])];
  const [{ needed }] = counts;
  const facts = leader && own ? rule(counts, entry.term, leader.term) : [];
  return { copies, counts, needed, facts, ...reason({ node: question.node, index }, entry.term, leads, leader, held, needed) };
}

/**
 * @param {Count[]} counts
 * @param {number} term Of the entry.
 * @param {number} now The leader's term.
 * @returns {Fact[]} Both halves of the rule by which a leader commits (Fig. 2, Leaders 4).
 */
function rule(counts, term, now) {
  return [
    ...counts.map(({ have, needed }) => ({ name: t('lack.fact.copies'), asked: String(needed), own: String(have), holds: have >= needed })),
    { name: t('lack.fact.term'), asked: String(now), own: String(term), holds: term === now },
  ];
}

/**
 * @param {{node: string, index: number}} question
 * @param {number} term Of the entry.
 * @param {string|null} leads
 * @param {NodeView|null} leader
 * @param {number} held How many members hold the entry.
 * @param {number} needed
 * @returns {{text: string, sources: string[]}}
 */
function reason(question, term, leads, leader, held, needed) {
  if (!leader || leads === null) {
    return { text: t('lack.leader'), sources: ['Raft §5.3'] };
  }
  if (leader.commitIndex >= question.index) {
    const own = entryAt(leader, question.index);
    if (own && own.term !== term) {
      return { text: t('lack.other', { leader: leads, index: question.index, node: question.node }), sources: ['Raft §5.3'] };
    }
    return { text: t('lack.news', { leader: leads, node: question.node }), sources: ['Fig. 2, AppendEntries receiver 5'] };
  }
  if (held < needed) {
    return { text: t('lack.copies', { held, needed }), sources: ['Raft §5.3', 'Fig. 2, Leaders 4'] };
  }
  if (term < leader.term) {
    return {
      text: t('lack.term', { term, leader: leads, now: leader.term }),
      sources: ['Raft §5.4.2', 'Fig. 8'],
    };
  }
  return { text: t('lack.answer', { leader: leads }), sources: ['Raft §5.3', 'Fig. 2, Leaders 4'] };
}

/**
 * @param {Model} model
 * @param {Question} question
 * @returns {Count[]|null} The votes of a node that campaigns, or would; null where none are counted.
 */
export function votesOf(model, question) {
  if (question.kind !== 'field' || (question.field !== 'state' && question.field !== 'votesGranted')) return null;
  const view = model.viewAt(question.at);
  const node = view.nodes[question.node];
  if (!node || node.crashed || (node.state !== 'candidate' && node.state !== 'precandidate')) return null;
  const { members, old } = configurationOf(node) ?? { members: [], old: [] };
  /** @param {string} id @returns {{dot: Dot, seq: number|null}} */
  const judge = (id) => {
    const dot = node.votesGranted.includes(id) ? 'granted' : node.votesRefused?.includes(id) ? 'refused' : 'open';
    return { dot, seq: dot === 'open' ? null : counting(model, question.node, id, question.at) };
  };
  return [count(members.length > 0 ? members : Object.keys(view.nodes), judge), ...(old.length > 0 ? [count(old, judge)] : [])];
}

/**
 * @param {Pick<Model, 'event'|'first'>} model
 * @param {string} node
 * @param {string} from
 * @param {number} at
 * @returns {number|null} The event by which the node counted that answer.
 */
function counting(model, node, from, at) {
  for (let seq = at; seq >= model.first; seq -= 1) {
    const event = model.event(seq);
    if (event?.node !== node) continue;
    if (event.kind === 'vote_counted' && event.data.from === from) return seq;
    if (event.kind === 'voted' && event.data.for === node && from === node) return seq;
  }
  return null;
}
