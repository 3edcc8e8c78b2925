import assert from 'node:assert/strict';
import test from 'node:test';
import { createKnown, learn, NOTHING } from '../../static/js/store/known.js';
import { agreement, createVeil } from '../../static/js/store/veil.js';
import { event, journalOf, recorded } from './recorded.js';

/** @typedef {import('../../static/js/types.js').Model} Model */

/** @param {Array<Record<string, any>>} messages That arrived at "me", a millisecond apart. */
const heard = (...messages) => messages.reduce((/** @type {any} */ known, data, i) => learn(known, event(i + 1, { time: (i + 1) * 1000, kind: 'message_delivered', node: 'me', data: { to: 'me', reply: false, entries: [], ...data } })), NOTHING);

const entry = (/** @type {number} */ index, /** @type {number} */ term) => ({ index, term, set: { x: index } });
const append = { type: 'AppendEntries', from: 'a', term: 2, prevLogIndex: 1, prevLogTerm: 1, entries: [entry(2, 2)], leaderCommit: 1 };

test('a message tells what it says of its sender, and no more', () => {
  const { a } = heard(append);
  assert.deepEqual([a.role, a.term, a.last, a.commitIndex, a.at], ['leader', 2, 2, 1, 1000]);
  assert.deepEqual(a.terms, { 1: 1, 2: 2 });
  const { c } = heard({ type: 'RequestVote', from: 'c', term: 5, lastLogIndex: 3, lastLogTerm: 2 });
  assert.deepEqual([c.role, c.term, c.votedFor, c.last, c.commitIndex], ['candidate', 5, 'c', 3, null]);
  const { p } = heard({ type: 'PreVote', from: 'p', term: 5, lastLogIndex: 0, lastLogTerm: 0 });
  assert.deepEqual([p.role, p.term], ['precandidate', 4], 'it asks for the term after its own');
  const { f } = heard({ type: 'AppendEntries', from: 'f', term: 2, reply: true, success: true, matchIndex: 4 });
  assert.deepEqual([f.role, f.match, f.last], ['follower', 4, 4]);
  const { s } = heard({ type: 'AppendEntries', from: 's', term: 9, reply: true, success: false, matchIndex: 0, reason: 'stale_term' });
  assert.deepEqual([s.role, s.term, s.last], [null, 9, 0], 'who refuses for the term does not say what it is');
  assert.deepEqual(heard({ type: 'RequestVote', from: 'v', term: 1, reply: true, voteGranted: true }).v.votedFor, 'me');
});

test('a heartbeat does not make a log shorter, a new term may; what is committed stays', () => {
  const beat = { ...append, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0 };
  assert.deepEqual([heard(append, beat).a.last, heard(append, beat).a.commitIndex], [2, 1]);
  const later = heard(append, { ...beat, term: 3 }).a;
  assert.deepEqual([later.last, later.commitIndex, later.entries], [0, 1, {}]);
});

test('a crash forgets, and where its own log is cut the logs agree no further', () => {
  const known = heard({ type: 'AppendEntries', from: 'f', term: 2, reply: true, success: true, matchIndex: 4 });
  assert.equal(learn(known, event(9, { kind: 'crashed', node: 'me' })), NOTHING);
  assert.equal(learn(known, event(9, { kind: 'log_truncated', node: 'me', data: { from: 3, to: 4 } })).f.match, 2);
  assert.equal(learn(known, event(9, { kind: 'voted', node: 'me' })), known);
});

test('one entry of the same index and term, and all before it are the same', () => {
  const own = /** @type {any} */ ({ log: [entry(1, 1), entry(2, 2), entry(3, 2)] });
  assert.equal(agreement(own, heard(append).a), 2);
  assert.equal(agreement(own, heard({ ...append, entries: [entry(2, 3)] }).a), 1);
  assert.equal(agreement(own, heard({ type: 'RequestVote', from: 'a', term: 5, lastLogIndex: 3, lastLogTerm: 4 }).a), 0);
});

const answer = recorded('partition');
const journal = journalOf(answer);

/** @param {number} seq @param {string|null} knower @returns {Model} */
const at = (seq, knower) => /** @type {any} */ ({
  knower, seq, view: journal.viewAt(seq), events: journal.events, first: 1, last: journal.last(), arrows: journal.presentation.arrows, roles: journal.roles, flights: [1],
});

test('forwards, backwards and at once, the same is known', () => {
  const walking = createKnown();
  for (let seq = 1; seq <= journal.last(); seq += 11) assert.deepEqual(walking(journal.events, 1, 'node3', seq), createKnown()(journal.events, 1, 'node3', seq));
  assert.deepEqual(walking(journal.events, 1, 'node3', 60), createKnown()(journal.events, 1, 'node3', 60));
});

test('what never reached a server is not in its model', () => {
  const veil = createVeil();
  assert.equal(veil(at(120, null)).view, journal.viewAt(120), 'nobody was chosen');
  // node3 is cut off in term 1 and campaigns alone: to it, node1 still leads and holds nothing.
  const { view, flights, arrows, roles } = veil(at(140, 'node3'));
  const real = journal.viewAt(140).nodes;
  assert.equal(view.nodes.node3, real.node3, 'itself it knows');
  assert.equal(real.node1.log.length, 1);
  assert.deepEqual([view.nodes.node1.state, view.nodes.node1.term, view.nodes.node1.log, view.nodes.node1.stateMachine], ['leader', 1, [], {}]);
  assert.equal(view.nodes.node2.heard, null, 'node2 never spoke to node3');
  assert.deepEqual([flights, Object.keys(view.links), Object.keys(view.messages), Object.keys(view.clients)], [[], [], [], []]);
  assert.ok(arrows.every(({ message, end }) => message.from === 'node3' || (message.to === 'node3' && end === 'delivered')));
  assert.equal(roles.node1[0].p, Infinity);
  assert.equal(veil(at(140, 'node3')).view.nodes, view.nodes, 'the same as long as nothing is learned');
});
