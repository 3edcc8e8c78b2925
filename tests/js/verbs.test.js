import assert from 'node:assert/strict';
import test from 'node:test';

import { leaderOf } from '../../static/js/views/parts/roles.js';
import { choices } from '../../static/js/views/stage/verbs.js';

/** @typedef {import('../../static/js/types.js').Model} Model */

/**
 * @param {Record<string, object>} nodes What of each node is not as usual.
 * @returns {Model}
 */
function model(nodes) {
  const usual = { state: 'follower', term: 1, leader: null, transferTo: null, crashed: false, paused: false };
  const view = { nodes: Object.fromEntries(Object.entries(nodes).map(([id, node]) => [id, { ...usual, ...node }])), links: {}, messages: {} };
  return /** @type {any} */ ({ view, session: { nodes: Object.keys(nodes) } });
}

/** @param {Model} of @param {string} id */
const verbs = (of, id) => new Map(choices(of, { kind: 'node', id })?.verbs.map((verb) => [verb.label, verb.form ?? verb.commands]));

test('of several that lead, the one of the highest term does; one that is down does not', () => {
  assert.equal(leaderOf(model({ a: {}, b: { state: 'candidate' } })), null);
  assert.equal(leaderOf(model({ a: { state: 'leader' }, b: { state: 'leader', term: 3 } })), 'b');
  assert.equal(leaderOf(model({ a: { state: 'leader' }, b: { state: 'leader', term: 3, crashed: true } })), 'a');
});

test('the leader may choose an heir, and any other that is up may be handed the leadership', () => {
  const three = model({ a: { state: 'leader' }, b: {}, c: { crashed: true }, d: { paused: true }, e: { state: 'precandidate' } });
  assert.equal(verbs(three, 'a').get('Hand leadership to…'), 'transfer');
  for (const id of ['b', 'e']) assert.deepEqual(verbs(three, id).get('Hand it the leadership'), [{ transfer: { to: id } }]);
  for (const id of ['c', 'd']) assert.ok(!verbs(three, id).has('Hand it the leadership'));
  assert.deepEqual(verbs(three, 'e').get('Time out'), [{ timeout: 'e' }]);
});

test('nobody hands over where nobody leads, where the leader stands still, or alone', () => {
  /** @type {Array<Record<string, object>>} */
  const clusters = [{ a: {}, b: {} }, { a: { state: 'leader', paused: true }, b: {} }, { a: { state: 'leader' } }];
  for (const nodes of clusters) {
    for (const id of Object.keys(nodes)) {
      for (const label of verbs(model(nodes), id).keys()) assert.doesNotMatch(label, /^Hand/);
    }
  }
  const stale = model({ a: { state: 'leader' }, b: { state: 'leader', term: 2 } });
  assert.ok(!verbs(stale, 'a').has('Hand leadership to…'), 'the server would take the other for the leader');
});

test('a leader that hands over says to whom', () => {
  assert.equal(choices(model({ a: { state: 'leader', transferTo: 'b' }, b: {} }), { kind: 'node', id: 'a' })?.fact, 'leader · term 1 · hands over to b');
});
