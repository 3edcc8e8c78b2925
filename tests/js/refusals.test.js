import assert from 'node:assert/strict';
import test from 'node:test';
import { about, aboutSelection } from '../../static/js/lib/ask.js';
import { questionOf } from '../../static/js/store/asking.js';
import { lackOf, votesOf } from '../../static/js/views/parts/lack.js';
import { causesOf, originOf, wordsOf } from '../../static/js/views/parts/reasons.js';
import { refusalIn } from '../../static/js/views/parts/refusals.js';
import { journalOf, recorded } from './recorded.js';

/** @typedef {import('../../static/js/types.js').Model} Model */
/** @typedef {import('../../static/js/types.js').WireEvent} WireEvent */

const answer = recorded('partition');
const journal = journalOf(answer);
/** @type {Model} */
const model = /** @type {any} */ ({ first: 1, event: journal.event, viewAt: journal.viewAt, explain: () => null, session: answer.session });

/** @param {(event: WireEvent) => boolean} wanted @returns {WireEvent} */
const find = (wanted) => /** @type {WireEvent} */ (answer.events.find(wanted));

/** @param {import('../../static/js/views/parts/refusals.js').Comparison|null} compared */
const rows = (compared) => compared?.facts.map(({ name, asked, own, holds }) => [name, asked, own, holds]);

test('an append that was refused shows where the logs part', () => {
  const refused = find(({ kind, data }) => kind === 'message_sent' && data.reason === 'prev_missing');
  const compared = refusalIn(model, causesOf(model, refused));
  assert.deepEqual(compared?.heads, ['node1', 'node3']);
  assert.deepEqual(rows(compared), [['term', '4', '4', true], ['prevLogIndex: an entry there', '1', 'log ends at 0', false]]);
  const stale = find(({ kind, data }) => kind === 'message_sent' && data.reason === 'stale_term');
  assert.deepEqual(rows(refusalIn(model, causesOf(model, stale))), [['term', '1', '3', false]]);
  const back = find(({ kind, data }) => kind === 'index_changed' && data.what === 'nextIndex' && data.why === 'refused');
  assert.equal(refusalIn(model, causesOf(model, back))?.title, 'Why node3 refused the entries', 'also where it led to something');
});

test('a vote that a leader was heard of for is refused for that', () => {
  const refused = find(({ kind, data }) => kind === 'voted' && data.why === 'refused_leader_stickiness');
  assert.deepEqual(rows(refusalIn(model, [refused])), [['term', '2', '1', true], ['leader heard of a moment ago', '–', 'node1', false]]);
  const granted = find(({ kind, data }) => kind === 'voted' && data.why === 'granted');
  assert.equal(refusalIn(model, causesOf(model, granted)), null);
});

/**
 * A vote over made-up logs.
 * @param {{term: number, lastLogIndex: number, lastLogTerm: number}} request
 * @param {number[]} terms Of the voter's entries.
 * @param {string} why
 * @param {object} [fields] Of the voter.
 */
function vote(request, terms, why, fields = {}) {
  const log = terms.map((term, i) => ({ index: i + 1, term, noop: true }));
  const node = { state: 'follower', term: request.term, votedFor: null, leader: null, log, snapshot: null, ...fields };
  /** @type {any[]} */
  const events = [
    { seq: 1, kind: 'message_delivered', node: 'node2', cause: null, data: { type: 'RequestVote', reply: false, ...request } },
    { seq: 2, kind: 'voted', node: 'node2', cause: 1, data: { for: 'node3', granted: false, term: request.term, why } },
  ];
  return refusalIn({ event: (seq) => events[seq - 1], viewAt: () => /** @type {any} */ ({ nodes: { node2: node } }) }, [events[1]]);
}

test('logs are compared by their last term first, and by their length only where that is the same', () => {
  const later = vote({ term: 5, lastLogIndex: 9, lastLogTerm: 2 }, [1, 4], 'refused_log_behind');
  assert.deepEqual(rows(later)?.slice(1), [['term of the last entry', '2', '4', false], ['index of the last entry (length)', '9', '2', null]]);
  assert.match(later?.moral ?? '', /later last term wins/);
  const longer = vote({ term: 5, lastLogIndex: 1, lastLogTerm: 4 }, [1, 4], 'refused_log_behind');
  assert.deepEqual(rows(longer)?.slice(1), [['term of the last entry', '4', '4', true], ['index of the last entry (length)', '1', '2', false]]);
  assert.match(longer?.moral ?? '', /longer log wins/);
  assert.deepEqual(longer?.sources, ['Fig. 2, RequestVote receiver 2', 'Raft §5.4.1']);
  const snapshot = vote({ term: 5, lastLogIndex: 1, lastLogTerm: 4 }, [], 'refused_log_behind', { snapshot: { index: 7, term: 4 } });
  assert.deepEqual(rows(snapshot)?.at(-1), ['index of the last entry (length)', '1', '7', false]);
  const mistaken = vote({ term: 5, lastLogIndex: 1, lastLogTerm: 4 }, [1, 2, 3], 'refused_log_behind');
  assert.deepEqual(rows(mistaken)?.at(-1), ['index of the last entry (length)', '1', '3', false], 'a mistake on purpose judges by length');
});

test('one vote a term, and none for an older one', () => {
  const spent = vote({ term: 5, lastLogIndex: 9, lastLogTerm: 4 }, [1], 'refused_already_voted', { votedFor: 1 });
  assert.deepEqual(rows(spent)?.slice(1), [['vote in term 5', 'node3', 'node1', false]]);
  const old = vote({ term: 2, lastLogIndex: 9, lastLogTerm: 4 }, [1], 'refused_stale_term', { term: 3 });
  assert.deepEqual(rows(old), [['term', '2', '3', false]]);
});

test('copies are counted as the leader counts them, beside the rule of its own term', () => {
  const entry = (/** @type {number} */ term) => ({ index: 1, term, noop: true });
  const node = (/** @type {object} */ fields) => ({ state: 'follower', term: 4, log: [entry(2)], snapshot: null, commitIndex: 0, members: ['a', 'b', 'c', 'd', 'e'], oldMembers: [], ...fields });
  const nodes = { a: node({ state: 'leader', matchIndex: { b: 1, c: 0, d: 0, e: 0 } }), b: node({}), c: node({}), d: node({ log: [] }), e: node({ log: [] }) };
  const view = { ...model, viewAt: () => /** @type {any} */ ({ nodes }) };
  const lack = lackOf(view, { kind: 'entry', node: 'a', index: 1, at: 1 });
  assert.deepEqual(lack?.counts.map(({ dots, needed, have }) => [dots.map(({ id, dot }) => `${id} ${dot}`).join(), needed, have]), [['a counted,b counted,c there,d none,e none', 3, 2]]);
  assert.deepEqual(lack?.facts.map(({ asked, own, holds }) => [asked, own, holds]), [['3', '2', false], ['4', '2', false]]);
  assert.equal(lackOf(view, { kind: 'field', node: 'a', field: 'commitIndex', at: 1 })?.text, lack?.text, 'a commitIndex waits for the next entry');
  const joint = { ...nodes, a: node({ state: 'leader', matchIndex: { b: 1 }, members: ['a', 'b', 'c'], oldMembers: ['a'] }) };
  assert.deepEqual(lackOf({ ...view, viewAt: () => /** @type {any} */ ({ nodes: joint }) }, { kind: 'entry', node: 'a', index: 1, at: 1 })?.counts.map(({ needed, have }) => [have, needed]), [[2, 2], [1, 1]]);
});

test('the votes of a campaign are counted, each with the event that told of it', () => {
  const counted = find(({ kind, data, node }) => kind === 'vote_counted' && data.granted && node === 'node1');
  const at = counted.seq - 1;
  const votes = votesOf(model, { kind: 'field', node: 'node1', field: 'state', at });
  assert.deepEqual(votes?.map(({ dots, needed, have }) => [dots.map(({ id, dot }) => `${id} ${dot}`).join(), needed, have]), [['node1 granted,node2 open,node3 open', 2, 1]]);
  assert.equal(journal.event(votes?.[0].dots[0].seq ?? 0)?.kind, 'voted');
  assert.equal(votesOf(model, { kind: 'field', node: 'node2', field: 'state', at }), null, 'who does not campaign counts none');
});

test('what is asked about becomes a question at the cursor', () => {
  const at = journal.last();
  const ask = (/** @type {string|null} */ text) => text && questionOf(text, journal, at);
  assert.deepEqual(ask(aboutSelection({ kind: 'node', id: 'node1' })), { kind: 'field', node: 'node1', field: 'state', at });
  assert.deepEqual(ask(aboutSelection({ kind: 'entry', id: 'a:b:3' })), { kind: 'entry', node: 'a:b', index: 3, at });
  assert.deepEqual(ask(aboutSelection({ kind: 'link', id: 'a>b' })), { kind: 'link', id: 'a>b', at });
  assert.deepEqual(ask(aboutSelection({ kind: 'event', id: '7' })), { kind: 'event', seq: 7 });
  assert.equal(aboutSelection(null), null);
  const sent = find(({ kind, data }) => kind === 'message_sent' && data.message === 1);
  assert.deepEqual(ask(aboutSelection({ kind: 'message', id: '1' })), { kind: 'event', seq: sent.seq });
  const lost = find(({ kind }) => kind === 'message_dropped');
  assert.deepEqual(ask(about('message', lost.data.message)), { kind: 'event', seq: lost.seq }, 'why it was lost');
  assert.notDeepEqual(questionOf(about('message', lost.data.message), journal, lost.seq - 1), { kind: 'event', seq: lost.seq });
  assert.equal(ask(about('message', 99999)), null);
});

test('a pair, a link and a client answer, too', () => {
  const at = journal.last();
  const pair = /** @type {const} */ ({ kind: 'pair', node: 'node2', key: 'key', at });
  assert.equal(originOf(model, pair)?.kind, 'applied');
  assert.equal(wordsOf(model, pair), 'Why is key = value on node2?');
  assert.equal(wordsOf(model, { ...pair, key: 'other' }), 'Why does node2 have no other?');
  assert.equal(originOf(model, { kind: 'link', id: 'node1>node3', at })?.kind, 'link_changed');
  assert.equal(originOf(model, { kind: 'client', id: 'client', at })?.kind, 'client_reply');
});
