/** What comes of a prediction, in words: which event tells why, and why not. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { reasonOf, tellOutcome } from '../../static/js/views/parts/outcome.js';
import { event } from './recorded.js';

/** @typedef {import('../../static/js/types.js').Model} Model */

const events = [
  event(1, { kind: 'command', say: ['command', {}] }),
  event(2, { kind: 'message_delivered', node: 'node2', cause: 1, say: ['delivered', {}] }),
  event(3, { kind: 'voted', node: 'node2', cause: 2, changes: [[['nodes', 'node2', 'votedFor'], 1]], say: ['voted', {}] }),
  event(4, { kind: 'persisted', node: 'node2', cause: 3, changes: [[['nodes', 'node2', 'disk'], {}]], say: undefined }),
  event(5, { kind: 'message_sent', node: 'node2', cause: 3, say: ['sent', {}] }),
];

/** @type {Model} */
const model = /** @type {any} */ ({
  aside: { step: 0, from: 0, end: 5 },
  event: (/** @type {number} */ seq) => events[seq - 1],
  explain: (/** @type {any} */ { say }) => ({ text: `It was ${say[0]}.` }),
});

/** @param {string} field @param {string} answer */
const told = (field, answer) => tellOutcome(model, { question: '', choices: [], field, answer });

test('the event that made it so tells why', () => {
  assert.equal(told('node2.votedFor', '1'), 'node2.votedFor becomes 1. It was voted.');
});

test('an event without a sentence is told by what led to it', () => {
  assert.equal(reasonOf(model, { step: 0, from: 0, end: 5 }, 'node2.disk').event?.seq, 3);
});

test('a field that stays is told by what happened to its node', () => {
  assert.equal(told('node2.term', '4'), 'node2.term stays 4. It was voted.');
  assert.equal(told('node3.term', '4'), 'node3.term stays 4.');
});

test('nothing before the fork counts', () => {
  assert.deepEqual(reasonOf(model, { step: 0, from: 3, end: 5 }, 'node2.votedFor'), { changed: false, event: null });
});
