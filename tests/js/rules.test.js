import assert from 'node:assert/strict';
import { test } from 'node:test';

import { differing, freeName, groups } from '../../static/js/views/parts/actforms.js';
import { rateOf, requestCommand } from '../../static/js/views/parts/forms.js';
import { onRequest, watched } from '../../static/js/views/parts/properties.js';
import { brokenBy, inForce, mistakes, MISTAKES, mistakeText, RULES } from '../../static/js/views/parts/rules.js';

test('rules that are as usual are not named, others in words', () => {
  const usual = { pre_vote: false, read_mode: 'linearizable', membership: 'single', bugs: [] };
  assert.deepEqual(inForce(usual), []);
  assert.deepEqual(inForce({ ...usual, check_quorum: true, read_mode: 'lease', membership: 'joint', snapshot_threshold: 10, max_inflight: 4 }), [
    'check quorum', 'lease reads', 'joint consensus', 'snapshot after 10', '4 in flight',
  ]);
  assert.equal(new Set(RULES.map(({ name }) => name)).size, RULES.length);
});

test('mistakes are known by name, each with what it breaks', () => {
  assert.deepEqual(mistakes({}), []);
  assert.deepEqual(mistakes({ bugs: ['vote-twice'] }), ['vote-twice']);
  for (const [name, breaks] of MISTAKES) assert.ok(/^[a-z-]+$/.test(name) && breaks && mistakeText(name) !== mistakeText('none'));
  assert.deepEqual([mistakeText('none'), brokenBy('none')], ['a rule is not kept', 'a promise']);
});

test('only what differs from the rules in force is asked for; nothing stands for off', () => {
  assert.deepEqual(differing({ pre_vote: true, read_mode: 'local' }, { pre_vote: true, read_mode: 'lease', max_inflight: null }), { read_mode: 'lease' });
  assert.deepEqual(differing({ max_inflight: 4 }, { max_inflight: null }), { max_inflight: null });
});

test('a clock takes a rate that the server takes', () => {
  assert.equal(rateOf('1.05'), 1.05);
  for (const wrong of ['', 'fast', '0', '11', '-1']) assert.match(String(rateOf(wrong)), /from 0.1 to 10/);
});

test('a request says how it is read and who asks only where that is chosen', () => {
  const plain = { op: 'read', key: 'x', value: '1', to: '' };
  assert.deepEqual(requestCommand(plain), { read: { key: 'x' } });
  assert.deepEqual(requestCommand({ ...plain, mode: 'lease', client: 'ann', to: 'node2' }), { read: { key: 'x', mode: 'lease', to: 'node2', client: 'ann' } });
  assert.deepEqual(requestCommand({ ...plain, op: 'write', mode: 'lease' }), { write: { key: 'x', value: '1' } });
});

test('a new server gets a name that is free', () => {
  assert.equal(freeName(['node1', 'node2', 'node3']), 'node4');
  assert.equal(freeName(['node1', 'node4', 'ann']), 'node5');
});

test('sides of a partition keep the order of the nodes, and empty ones are left out', () => {
  assert.deepEqual(groups({ a: 0, b: 2, c: 0 }, ['a', 'b', 'c', 'd']), [['a', 'c', 'd'], ['b']]);
});

test('the lamps are the promises that the server names, and the one that is judged on request', () => {
  const promise = (/** @type {string} */ name) => ({ name, text: '', source: '' });
  const session = /** @type {any} */ ({ properties: ['Election Safety', 'Exactly once', 'Linearizability'].map(promise) });
  assert.deepEqual(watched(session).map(({ name }) => name), ['Election Safety', 'Exactly once']);
  assert.equal(onRequest(session), session.properties[2]);
  assert.equal(watched(/** @type {any} */ ({})).length, 5);
  assert.equal(onRequest(/** @type {any} */ ({})).name, 'Linearizability');
});
