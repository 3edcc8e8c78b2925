import assert from 'node:assert/strict';
import test from 'node:test';
import { unwrittenFrom } from '../../static/js/views/parts/loglegend.js';
import { copiesOf, createAnswered, dotsOf, stageOf } from '../../static/js/views/parts/progress.js';
import { journalOf, recorded } from './recorded.js';

const answer = recorded('partition');
const journal = journalOf(answer);

/** @param {number} seq @returns {any} */
const at = (seq) => ({ seq, first: 1, last: journal.last(), events: journal.events, event: journal.event });

test('an entry is committed, then applied, then answered where the client was told', () => {
  const answeredAt = createAnswered();
  /** @type {string[]} */
  const stages = [];
  for (let seq = 1; seq <= journal.last(); seq += 1) {
    const node = journal.viewAt(seq).nodes.node1;
    const stage = node?.log.length ? stageOf(node, 1, answeredAt(at(seq))('node1', 1)) : 'none';
    if (String(stage) !== stages[stages.length - 1]) stages.push(String(stage));
  }
  assert.deepEqual(stages, ['none', 'null', 'committed', 'applied', 'answered']);
  const [last, answered] = [journal.last(), answeredAt(at(journal.last()))];
  assert.equal(stageOf(journal.viewAt(last).nodes.node2, 1, answered('node2', 1)), 'applied', 'the others answered nobody');
  const read = answer.events.find(({ kind }) => kind === 'client_reply');
  assert.equal(answeredAt(at((read?.seq ?? 0) - 1))('node1', 1), false, 'not before it was');
  assert.equal(stageOf(/** @type {any} */ ({ commitIndex: 2, lastApplied: 2, heard: {} }), 1, true), 'committed', 'of others no more is known');
});

test('copies are counted up to the majority, in both halves of a joint configuration', () => {
  const leader = /** @type {any} */ ({ matchIndex: { b: 2, c: 1, d: 0, e: 2 } });
  const all = ['a', 'b', 'c', 'd', 'e'];
  assert.equal(dotsOf(copiesOf('a', leader, 2, all)), '●●●|○○');
  assert.equal(dotsOf(copiesOf('a', leader, 3, all)), '●○○|○○');
  assert.equal(dotsOf(copiesOf('a', leader, 1, ['a'])), '●');
  assert.equal(dotsOf(copiesOf('a', leader, 2, ['a', 'b', 'c', 'd'])), '●●○|○', 'half of an even number is no majority');
  assert.equal(dotsOf(copiesOf('a', { ...leader, members: ['a', 'b', 'd'], oldMembers: ['a'] }, 2, all)), '●●|○ + ●');
  assert.equal(dotsOf(copiesOf('a', { ...leader, members: ['b', 'd', 'e'], oldMembers: [] }, 2, all)), '●●|○', 'a leader outside does not count itself');
});

test('what is not on the disk begins after what is', () => {
  const node = (/** @type {object} */ fields) => unwrittenFrom(/** @type {any} */ ({ crashed: false, log: [{ index: 4 }, { index: 5 }], disk: { lastIndex: 4 }, ...fields }));
  assert.deepEqual([node({}), node({ disk: { lastIndex: 5 } }), node({ crashed: true }), node({ disk: undefined }), node({ log: [] })], [5, 0, 0, 0, 0]);
});
