import assert from 'node:assert/strict';
import test from 'node:test';
import { applyEvents, EMPTY } from '../../static/js/store/changes.js';
import { event, recorded } from './recorded.js';

/** @param {Array<[Array<string|number>, any]>} changes */
const one = (...changes) => [event(1, { changes })];

const START = applyEvents(EMPTY, one(
  [['nodes', 'node1'], { term: 1, votedFor: 1, log: [{ index: 1, term: 1 }], stateMachine: { a: 1 }, timers: {} }],
  [['nodes', 'node2'], { term: 0, votedFor: null, log: [], stateMachine: {}, timers: {} }],
  [['messages', '4'], { id: 4 }],
));

test('a field of a node is set, null too', () => {
  const next = applyEvents(START, one([['nodes', 'node1', 'votedFor'], null]));
  assert.equal(next.nodes.node1.votedFor, null);
  assert.equal(START.nodes.node1.votedFor, 1);
});

test('elsewhere null removes', () => {
  const next = applyEvents(START, one([['messages', '4'], null], [['nodes', 'node1', 'stateMachine', 'a'], null]));
  assert.deepEqual(next.messages, {});
  assert.deepEqual(next.nodes.node1.stateMachine, {});
  assert.deepEqual(Object.keys(START.messages), ['4']);
});

test('a log grows and shrinks at its tail', () => {
  const more = applyEvents(START, one([['nodes', 'node1', 'log', 1], { index: 2, term: 1 }], [['nodes', 'node1', 'log', 2], { index: 3, term: 1 }]));
  assert.deepEqual(more.nodes.node1.log.map(({ index }) => index), [1, 2, 3]);
  const less = applyEvents(more, one([['nodes', 'node1', 'log', 2], null], [['nodes', 'node1', 'log', 1], null]));
  assert.deepEqual(less.nodes.node1.log.map(({ index }) => index), [1]);
  assert.equal(more.nodes.node1.log.length, 3);
});

test('what no change touches keeps its identity', () => {
  const next = applyEvents(START, one([['nodes', 'node1', 'term'], 2]));
  assert.equal(next.nodes.node2, START.nodes.node2);
  assert.equal(next.messages, START.messages);
  assert.equal(next.nodes.node1.log, START.nodes.node1.log);
  assert.notEqual(next.nodes.node1, START.nodes.node1);
});

test('no value that was given is ever written to', () => {
  const answer = recorded('sandbox');
  const frozen = JSON.stringify(answer.events);
  applyEvents(applyEvents(EMPTY, answer.events, 0, 700), answer.events, 700);
  assert.equal(JSON.stringify(answer.events), frozen);
});

test('a key may have any name', () => {
  const next = applyEvents(START, one([['nodes', 'node2', 'stateMachine', '__proto__'], 'y'], [['nodes', 'node2', 'stateMachine', 'constructor'], 'z']));
  assert.deepEqual(Object.entries(next.nodes.node2.stateMachine), [['__proto__', 'y'], ['constructor', 'z']]);
  const again = applyEvents(next, one([['nodes', 'node2', 'stateMachine', 'k'], 1]));
  assert.deepEqual(Object.keys(again.nodes.node2.stateMachine), ['__proto__', 'constructor', 'k']);
});

test('a path that leads nowhere is an error that names it', () => {
  assert.throws(() => applyEvents(START, one([['nodes', 'node9', 'term'], 2])), /nodes\/node9\/term/);
});
