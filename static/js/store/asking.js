/**
 * From what "why?" was asked about to the question, as it stands at the cursor.
 *
 * @module store/asking
 */

import { topicOf } from '../lib/ask.js';

/** @typedef {import('../types.js').Question} Question */
/** @typedef {import('./journal.js').Journal} Journal */

/**
 * @param {Pick<Journal, 'presentation'>} journal
 * @param {number} id
 * @param {number} at
 * @returns {Question|null} Of a message that was lost, why it was lost; of any other, why it was sent.
 */
function ofMessage({ presentation }, id, at) {
  const arrow = presentation.byId.get(id);
  if (!arrow) return null;
  const { end, endSeq, sentSeq } = arrow;
  const lost = end === 'dropped' && endSeq !== null && endSeq <= at;
  return { kind: 'event', seq: lost ? endSeq : sentSeq };
}

/**
 * @param {string} text As lib/ask.js writes it.
 * @param {Pick<Journal, 'presentation'>} journal
 * @param {number} at The event that the cursor stands at.
 * @returns {Question|null} Null where nothing is known of it.
 */
export function questionOf(text, journal, at) {
  const [topic, first, second] = topicOf(text);
  if (topic === 'node') return { kind: 'field', node: first, field: 'state', at };
  if (topic === 'field') return { kind: 'field', node: first, field: second, at };
  if (topic === 'entry') return { kind: 'entry', node: first, index: second, at };
  if (topic === 'pair') return { kind: 'pair', node: first, key: second, at };
  if (topic === 'message') return ofMessage(journal, Number(first), at);
  if (topic === 'event') return { kind: 'event', seq: first };
  return topic === 'link' ? { kind: 'link', id: first, at } : { kind: 'client', id: first, at };
}
