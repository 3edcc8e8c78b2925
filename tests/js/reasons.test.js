import assert from 'node:assert/strict';
import test from 'node:test';
import { lackOf } from '../../static/js/views/parts/lack.js';
import { causesOf, originOf, wordsOf } from '../../static/js/views/parts/reasons.js';
import { journalOf, recorded } from './recorded.js';

/** @typedef {import('../../static/js/types.js').Model} Model */
/** @typedef {import('../../static/js/types.js').Question} Question */

const answer = recorded('partition');
const journal = journalOf(answer);
/** @type {Model} */
const model = /** @type {any} */ ({ first: 1, event: journal.event, viewAt: journal.viewAt, explain: () => null, session: answer.session });

/** The value of a field after each event, found by looking at every one. @param {string} node @param {string} field */
const values = (node, field) => answer.events.map(({ seq }) => JSON.stringify(/** @type {any} */ (journal.viewAt(seq).nodes[node])?.[field]));

test('a value comes from the event after which it has been so since', () => {
  for (const node of ['node1', 'node2', 'node3']) {
    for (const field of ['state', 'term', 'votedFor', 'commitIndex']) {
      const all = values(node, field);
      for (let at = 2; at <= all.length; at += 7) {
        let since = at;
        while (since > 1 && all[since - 2] === all[at - 1]) since -= 1;
        assert.equal(originOf(model, { kind: 'field', node, field, at })?.seq, since, `${node}.${field} at ${at}`);
      }
    }
  }
});

test('an entry comes from the event that wrote it, and the chain leads back to a command', () => {
  const last = journal.last();
  const origin = originOf(model, { kind: 'entry', node: 'node3', index: 1, at: last });
  assert.equal(origin?.kind, 'log_appended');
  assert.equal(origin?.node, 'node3');
  const chain = causesOf(model, /** @type {any} */ (origin));
  assert.equal(chain[chain.length - 1].kind, 'command');
  assert.ok(chain.some(({ kind }) => kind === 'message_delivered'));
  for (const [place, each] of chain.entries()) if (place > 0) assert.equal(chain[place - 1].cause, each.seq);
});

test('what is not held any more has no origin', () => {
  const late = { ...model, first: journal.last() };
  assert.equal(originOf(late, { kind: 'field', node: 'node1', field: 'votedFor', at: journal.last() }), null);
});

test('what an entry lacks is counted in copies, then in what the leader knows, then in what it has told', () => {
  /** @type {string[]} */
  const said = [];
  for (const { seq } of answer.events) {
    const lack = lackOf(model, { kind: 'entry', node: 'node2', index: 1, at: seq });
    const words = lack ? `${lack.copies.filter((each) => each.holds).length}/${lack.needed} ${lack.text}` : '-';
    if (words !== said[said.length - 1]) said.push(words);
  }
  assert.match(said[0], /^-$/, 'before it is there');
  assert.match(said[1], /^2\/2 A majority holds it, but node1 does not know that yet/);
  assert.match(said[2], /^2\/2 node1 knows that it is committed/);
  assert.equal(said[said.length - 1], '-', 'committed');
  const alone = answer.events.find(({ kind, node }) => kind === 'log_appended' && node === 'node1');
  assert.match(lackOf(model, { kind: 'entry', node: 'node1', index: 1, at: alone?.seq ?? 0 })?.text ?? '', /^Not committed: 1 of the 2 copies/);
});

test('an entry of an older term that a majority holds waits for one of the leader, and one that lost for its end', () => {
  const entry = (/** @type {number} */ term) => ({ index: 1, term, noop: true });
  const node = (/** @type {object} */ fields) => ({ state: 'follower', term: 4, log: [entry(2)], snapshot: null, commitIndex: 0, matchIndex: {}, members: ['a', 'b', 'c'], oldMembers: [], ...fields });
  const lack = (/** @type {object} */ leader, asked = 'b') => {
    const nodes = { a: node({ state: 'leader', ...leader }), b: node({}), c: node({}) };
    return lackOf({ ...model, viewAt: () => /** @type {any} */ ({ nodes }) }, { kind: 'entry', node: asked, index: 1, at: 1 })?.text;
  };
  assert.match(lack({}) ?? '', /^Not committed, though a majority holds it: it is of term 2, and a leads term 4/);
  assert.match(lack({ log: [entry(3)], commitIndex: 1 }) ?? '', /^It never will be: a has committed another entry/);
  assert.match(lack({ state: 'follower' }) ?? '', /^Not committed: nobody leads/);
});

test('questions are in words', () => {
  const at = journal.last();
  /** @type {Array<[Question, RegExp]>} */
  const asked = [
    [{ kind: 'field', node: 'node3', field: 'term', at }, /^Why is node3's term 4\?$/],
    [{ kind: 'field', node: 'node1', field: 'state', at }, /^Why is node1 a leader\?$/],
    [{ kind: 'field', node: 'node1', field: 'log', at }, /^Why is node1's log as it is\?$/],
    [{ kind: 'entry', node: 'node3', index: 1, at }, /^Why does node3 hold .*key.* at index 1\?$/],
    [{ kind: 'event', seq: 3 }, /^Why did this happen\?$/],
  ];
  for (const [question, words] of asked) assert.match(wordsOf(model, question), words);
});
