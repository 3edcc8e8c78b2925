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
  const usual = { state: 'follower', term: 1, leader: null, transferTo: null, crashed: false, paused: false, log: [] };
  const view = { nodes: Object.fromEntries(Object.entries(nodes).map(([id, node]) => [id, { ...usual, ...node }])), links: {}, messages: {} };
  return /** @type {any} */ ({ view, nodes: Object.keys(nodes) });
}

/** What fits just now. @param {Model} of @param {string} id */
const verbs = (of, id) => new Map(choices(of, { kind: 'node', id })?.verbs.filter(({ why }) => !why).map((verb) => [verb.label, verb.form ?? verb.commands]));

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

const GROWN = { log: [], lastApplied: 0, members: ['a', 'b'], oldMembers: [], stalled: false, clock: 1, disk: { term: 1, votedFor: null, lastIndex: 0, lastTerm: 0, snapshotIndex: 0 } };
const grown = (/** @type {Record<string, object>} */ nodes) => model(Object.fromEntries(Object.entries(nodes).map(([id, node]) => [id, { ...GROWN, votedFor: null, ...node }])));

test('a disk is stalled and let go on, and a clock is set in a form', () => {
  const two = grown({ a: { state: 'leader' }, b: { stalled: true, clock: 1.05 } });
  assert.deepEqual(verbs(two, 'a').get('Stall disk'), [{ pause: { disk: 'a' } }]);
  assert.deepEqual(verbs(two, 'b').get('Let disk go on'), [{ resume: { disk: 'b' } }]);
  assert.ok(!verbs(two, 'b').has('Stall disk'));
  assert.equal(verbs(two, 'a').get('Clock…'), 'clock');
  assert.equal(choices(two, { kind: 'node', id: 'b' })?.fact, 'follower · term 1 · clock ×1.05 · disk stalled');
});

test('a log is compacted where there is something to compact', () => {
  const three = grown({ a: { state: 'leader', lastApplied: 3 }, b: { lastApplied: 3, snapshot: { index: 3, term: 1 } }, c: {} });
  assert.deepEqual(verbs(three, 'a').get('Compact its log'), [{ snapshot: 'a' }]);
  for (const id of ['b', 'c']) assert.ok(!verbs(three, id).has('Compact its log'));
  assert.match(choices(three, { kind: 'node', id: 'b' })?.fact ?? '', /snapshot 1–3, log to 3/);
});

test('members may be removed and others added, by whoever leads, and nobody while they catch up', () => {
  const four = grown({ a: { state: 'leader', learners: ['d'] }, b: {}, c: {}, d: { members: [] } });
  assert.deepEqual(verbs(four, 'a').get('Remove from the cluster'), [{ remove_node: 'a' }]);
  assert.deepEqual(verbs(four, 'c').get('Add to the cluster'), [{ add_node: 'c' }]);
  for (const label of ['Add to the cluster', 'Remove from the cluster']) assert.ok(!verbs(four, 'd').has(label));
  const leaderless = grown({ a: {}, b: {} });
  for (const label of ['Add to the cluster', 'Remove from the cluster']) assert.ok(!verbs(leaderless, 'a').has(label));
  assert.ok(!verbs(grown({ a: { state: 'leader', members: ['a'] }, b: {} }), 'a').has('Remove from the cluster'), 'the last one stays');
});

test('a snapshot on its way tells what it stands for', () => {
  const message = {
    id: 7, type: 'InstallSnapshot', reply: false, from: 'a', to: 'b', term: 2, lastIncludedIndex: 3, lastIncludedTerm: 1,
    configuration: { members: ['a', 'c'], old: ['a', 'b'] }, stateMachine: { x: 1, y: 2 }, round: 0,
  };
  const of = /** @type {any} */ ({ ...model({ a: {}, b: {} }), view: { nodes: {}, links: {}, messages: { 7: message } } });
  assert.equal(choices(of, { kind: 'message', id: '7' })?.fact, 'term 2 · lastIncludedIndex 3 · lastIncludedTerm 1 · configuration a b → a c · stateMachine {2}');
});

/** @param {Model} of @param {import('../../static/js/types.js').Selection} selection */
const whyNot = (of, selection) => Object.fromEntries((choices(of, selection)?.verbs ?? []).filter(({ why }) => why).map(({ label, why }) => [label, why]));

test('what does not fit just now says why', () => {
  const three = model({ a: { state: 'leader' }, b: { crashed: true }, c: { paused: true } });
  const of = (/** @type {string} */ id) => whyNot(three, { kind: 'node', id });
  assert.equal(of('a')['Time out'], 'a leads and has no election timer.');
  assert.equal(of('a')['Mend its links'], 'No link of a is cut.');
  for (const label of ['Time out', 'Write…', 'Read…', 'Pause', 'Hand it the leadership']) assert.equal(of('b')[label], 'b is down: restart it first.');
  assert.equal(of('c')['Hand it the leadership'], 'c stands still: let it go on first.');
  assert.deepEqual(verbs(three, 'b').get('Restart'), [{ restart: 'b' }]);
  assert.deepEqual(verbs(three, 'c').get('Lose its disk'), [{ wipe: 'c' }]);
  assert.equal(verbs(three, 'c').get('Move to side…'), 'side');
  assert.ok(!verbs(model({ a: {} }), 'a').has('Move to side…'));
});

test('every timer of a node can run out', () => {
  const one = model({ a: { state: 'leader', timers: { heartbeat: {}, check_quorum: {}, later: {} } }, b: {} });
  assert.deepEqual(verbs(one, 'a').get('Check its quorum'), [{ timer: { node: 'a', name: 'check_quorum' } }]);
  assert.deepEqual(verbs(one, 'a').get('Timer later runs out'), [{ timer: { node: 'a', name: 'later' } }]);
  assert.equal(whyNot(one, { kind: 'node', id: 'b' })['Another timer runs out'], 'b has no other timer that runs.');
});

test('a link is cut, mended and made worse, each way too', () => {
  const timing = { latency: [10000, 20000] };
  const two = /** @type {any} */ ({ ...model({ a: {}, b: {} }), session: { timing } });
  const link = (/** @type {Record<string, object>} */ links) => ({ ...two, view: { ...two.view, links } });
  const selection = /** @type {const} */ ({ kind: 'link', id: 'a>b' });
  assert.deepEqual(whyNot(link({}), selection), { 'Mend both ways': 'It is not cut.' });
  const half = choices(link({ 'a>b': { cut: true } }), selection);
  assert.deepEqual(half?.verbs.slice(0, 4).map(({ label, why }) => [label, why]), [['Cut both ways', null], ['Mend both ways', null], ['Mend a → b', null], ['Cut b → a', null]]);
  assert.equal(whyNot(link({ 'a>b': { cut: true } }), selection)['Double half'], 'It is cut: mend it first.');
  const worse = choices(link({ 'a>b': { duplicate: 0.5 } }), selection)?.verbs.find(({ label }) => label === 'Double nothing');
  assert.deepEqual(worse?.commands, [{ link: { from: 'a', to: 'b', duplicate: 0 } }, { link: { from: 'b', to: 'a', duplicate: 0 } }]);
});

test('a client that has asked nothing has nothing to ask again; who watches is told so', () => {
  const fresh = /** @type {any} */ ({ ...model({ a: {} }), view: { ...model({ a: {} }).view, clients: {} } });
  assert.deepEqual(Object.keys(whyNot(fresh, { kind: 'client', id: 'client' })), ['Ask again', 'Ask again at…']);
  const asked = { ...fresh, view: { ...fresh.view, clients: { ann: { request: { op: 'set', key: 'x', value: 1 }, outcome: 'waiting', to: 'a' } } } };
  assert.deepEqual(choices(asked, { kind: 'client', id: 'ann' })?.verbs.find(({ label }) => label === 'Ask again')?.commands, [{ retry: { client: 'ann', to: 'a' } }]);
  const watched = whyNot({ ...asked, role: 'viewer' }, { kind: 'client', id: 'ann' });
  assert.equal(watched['Write…'], 'You are watching: only who opened the room acts.');
  assert.ok(!('Why?' in watched), 'who watches may ask, too');
});
