/**
 * Why is that so? The event that a value comes from, the chain of causes from there back to a
 * command, and for an entry that is not committed, what it lacks.
 *
 * @module views/parts/reasons
 */

import { entryLabel } from '../../lib/format.js';
import { entryAt } from '../../lib/log.js';
import { t } from '../../lib/words.js';
import { currentConfiguration, leaderOf } from './roles.js';

/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../types.js').NodeView} NodeView */
/** @typedef {import('../../types.js').Question} Question */
/** @typedef {import('../../types.js').WireEvent} WireEvent */

/** No chain that a person follows comes near. */
const LONGEST = 200;

/**
 * @param {WireEvent} event
 * @param {string} node
 * @param {string} field
 * @returns {boolean} Whether the event changed the field of the node.
 */
function changed(event, node, field) {
  return event.changes.some(([path]) => path[0] === 'nodes' && path[1] === node && (path.length === 2 || path[2] === field));
}

/**
 * @param {WireEvent} event
 * @param {string} node
 * @param {number} index
 * @returns {boolean} Whether the event put the entry at the index there.
 */
function wrote(event, node, index) {
  return event.changes.some(([path, value]) => path[0] === 'nodes' && path[1] === node && path[2] === 'log' && path.length === 4 && value?.index === index);
}

/**
 * @param {WireEvent} event
 * @param {Question} question
 * @returns {boolean} Whether what is asked about comes from this event.
 */
function answers(event, question) {
  if (question.kind === 'event') return event.seq === question.seq;
  if (question.kind === 'entry') return wrote(event, question.node, question.index);
  return changed(event, question.node, question.field);
}

/**
 * @param {Pick<Model, 'event'|'first'>} model
 * @param {Question} question
 * @returns {WireEvent|null} The event that it comes from, the latest up to when it was asked; null where
 *   that is no longer held.
 */
export function originOf(model, question) {
  const from = question.kind === 'event' ? question.seq : question.at;
  for (let seq = from; seq >= model.first; seq -= 1) {
    const event = model.event(seq);
    if (event && answers(event, question)) return event;
  }
  return null;
}

/**
 * @param {Pick<Model, 'event'>} model
 * @param {WireEvent} event
 * @returns {WireEvent[]} The event, what led to it, and so on back to a command.
 */
export function causesOf(model, event) {
  const chain = [event];
  for (let at = event; chain.length < LONGEST && at.cause !== null && at.cause !== undefined && at.cause < at.seq; ) {
    const cause = model.event(at.cause);
    if (!cause) break;
    chain.push(cause);
    at = cause;
  }
  return chain;
}

/**
 * @param {Pick<Model, 'viewAt'|'event'|'explain'>} model
 * @param {Question} question
 * @returns {string} What is asked, in words.
 */
export function wordsOf(model, question) {
  if (question.kind === 'event') return t('why.event');
  const node = model.viewAt(question.at).nodes[question.node];
  if (question.kind === 'entry') {
    const entry = node && entryAt(node, question.index);
    return t('why.entry', { node: question.node, entry: entry ? entryLabel(entry) : t('why.entry.some'), index: question.index });
  }
  const { node: id, field } = question;
  if (field === 'state') return node?.crashed ? t('why.down', { node: id }) : t('why.role', { node: id, role: node ? t(`role.${node.state}`) : '' });
  if (field === 'log' || field === 'stateMachine') return t('why.whole', { node: id, field });
  return t('why.field', { node: id, field, value: /** @type {any} */ (node)?.[field] ?? 'null' });
}

/**
 * @typedef {object} Lack Why an entry is not committed.
 * @property {string} text
 * @property {string[]} sources
 * @property {Array<{id: string, holds: boolean}>} copies The members, and who of them holds the entry.
 * @property {number} needed
 */

/**
 * @param {Model} model
 * @param {Question} question
 * @returns {Lack|null} What the entry lacks to be committed where it was asked for; null if nothing.
 */
export function lackOf(model, question) {
  if (question.kind !== 'entry') return null;
  const view = model.viewAt(question.at);
  const node = view.nodes[question.node];
  const entry = node && entryAt(node, question.index);
  if (!entry || question.index <= node.commitIndex) return null;
  const then = { ...model, view, nodes: Object.keys(view.nodes) };
  const leads = leaderOf(then);
  const leader = leads === null ? null : view.nodes[leads];
  const members = currentConfiguration(then)?.members ?? Object.keys(view.nodes);
  const copies = members.map((id) => ({ id, holds: entryAt(view.nodes[id] ?? node, question.index)?.term === entry.term && Boolean(view.nodes[id]) }));
  const held = copies.filter((each) => each.holds).length;
  const needed = Math.floor(members.length / 2) + 1;
  return { copies, needed, ...reason(question, entry.term, leads, leader, held, needed) };
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
