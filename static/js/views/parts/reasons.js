/**
 * Why is that so? The event that a value comes from, and the chain of causes from there back to a
 * command.
 *
 * @module views/parts/reasons
 */

import { entryLabel, value as printed } from '../../lib/format.js';
import { entryAt } from '../../lib/log.js';
import { t } from '../../lib/words.js';

/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../types.js').Question} Question */
/** @typedef {import('../../types.js').WireEvent} WireEvent */

/** The fields of a node that are told by their value. */
const SCALAR = new Set(['term', 'votedFor', 'commitIndex', 'lastApplied', 'leader']);

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
 * @param {string} node
 * @param {string} key
 * @returns {boolean} Whether the event changed the value of the key in the node's state machine.
 */
function stored(event, node, key) {
  return event.changes.some(([path]) => path[0] === 'nodes' && path[1] === node && (path.length === 2 || (path[2] === 'stateMachine' && (path.length === 3 || path[3] === key))));
}

/**
 * @param {WireEvent} event
 * @param {Question} question
 * @returns {boolean} Whether what is asked about comes from this event.
 */
function answers(event, question) {
  if (question.kind === 'event') return event.seq === question.seq;
  if (question.kind === 'entry') return wrote(event, question.node, question.index);
  if (question.kind === 'pair') return stored(event, question.node, question.key);
  if (question.kind === 'link' || question.kind === 'client') return event.changes.some(([path]) => path[0] === `${question.kind}s` && path[1] === question.id);
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
  if (question.kind === 'client') return t('why.client', { client: question.id });
  if (question.kind === 'link') {
    const [from, to] = question.id.split('>');
    return t('why.link', { from, to });
  }
  const node = model.viewAt(question.at).nodes[question.node];
  if (question.kind === 'pair') {
    const has = node && Object.hasOwn(node.stateMachine, question.key);
    return has ? t('why.pair', { node: question.node, key: question.key, value: printed(node.stateMachine[question.key]) }) : t('why.pair.none', { node: question.node, key: question.key });
  }
  if (question.kind === 'entry') {
    const entry = node && entryAt(node, question.index);
    return t('why.entry', { node: question.node, entry: entry ? entryLabel(entry) : t('why.entry.some'), index: question.index });
  }
  const { node: id, field } = question;
  if (field === 'state') return node?.crashed ? t('why.down', { node: id }) : t('why.role', { node: id, role: node ? t(`role.${node.state}`) : '' });
  if (!SCALAR.has(field)) return t('why.whole', { node: id, field });
  return t('why.field', { node: id, field, value: /** @type {any} */ (node)?.[field] ?? 'null' });
}
