/** Free prediction: turns, what changes in sight, fitting values, marks, and the score. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { newRound, played } from '../../static/js/store/guessing.js';
import { changesBetween, FIELDS, fittingValues, markOf, nextTurn, shownAs } from '../../static/js/store/predict.js';
import { journalOf, recorded } from './recorded.js';

const election = journalOf(recorded('election'));
const sandbox = journalOf(recorded('sandbox'));

/** Every turn of a run, from its start. @param {typeof election} journal */
function turns(journal) {
  const found = [];
  for (let seq = 1, to = nextTurn(journal, seq); to !== null; to = nextTurn(journal, seq)) {
    found.push({ from: seq, to, changes: changesBetween(journal.viewAt(seq), journal.viewAt(to)) });
    seq = to;
  }
  return found;
}

test('turn after turn goes through the whole run, and most of them change something in sight', () => {
  for (const journal of [election, sandbox]) {
    const all = turns(journal);
    assert.equal(all[all.length - 1].to, journal.last());
    assert.ok(all.filter(({ changes }) => changes.length > 0).length > all.length / 2);
    assert.equal(nextTurn(journal, journal.last()), null);
  }
});

test('what came of something else at the same moment is a turn of its own', () => {
  const events = [{ time: 0, cause: null }, { time: 7, cause: 1 }, { time: 7, cause: 2 }, { time: 7, cause: 1 }];
  const journal = /** @type {any} */ ({
    last: () => events.length,
    event: (/** @type {number} */ seq) => events[seq - 1],
    viewAt: (/** @type {number} */ seq) => ({ nodes: { node1: { term: seq, log: [] } } }),
  });
  assert.deepEqual([nextTurn(journal, 1), nextTurn(journal, 3)], [3, 4]);
});

test('the first turn of an election: a timer runs out, and one node becomes a candidate', () => {
  const [first] = turns(election).filter(({ changes }) => changes.length > 0);
  const { node } = first.changes[0];
  assert.deepEqual(first.changes, [
    { node, field: 'state', from: 'follower', to: 'candidate' },
    { node, field: 'term', from: '0', to: '1' },
    { node, field: 'votedFor', from: 'null', to: node.slice(4) },
  ]);
});

test('what changed is what the two states differ in, field by field', () => {
  for (const { from, to, changes } of turns(sandbox)) {
    const [before, after] = [sandbox.viewAt(from), sandbox.viewAt(to)];
    for (const node of Object.keys(after.nodes)) {
      if (!before.nodes[node]) continue;
      for (const field of FIELDS) {
        const differs = shownAs(before.nodes[node], field) !== shownAs(after.nodes[node], field);
        assert.equal(changes.some((each) => each.node === node && each.field === field), differs);
      }
      const { log, snapshot } = after.nodes[node];
      assert.equal(shownAs(after.nodes[node], 'log'), String((snapshot?.index ?? 0) + log.length));
    }
  }
});

test('what came true was among the choices, and what was so already never is', () => {
  let asked = 0;
  for (const journal of [election, sandbox]) {
    for (const { from, changes } of turns(journal)) {
      const view = journal.viewAt(from);
      for (const { node, field, from: was, to } of changes) {
        const values = fittingValues(view, node, field);
        assert.ok(!values.includes(was) && values.length <= 8);
        assert.equal(new Set(values).size, values.length);
        asked += 1;
        assert.ok(values.includes(to), `${node}.${field} ${was} → ${to} among ${values}`);
      }
    }
  }
  assert.ok(asked > 50);
});

test('a guess is right, partly right, or wrong', () => {
  const changes = [{ node: 'node2', field: /** @type {const} */ ('votedFor'), from: 'null', to: '1' }, { node: 'node2', field: /** @type {const} */ ('term'), from: '0', to: '1' }];
  assert.equal(markOf({ node: 'node2', field: 'votedFor', value: '1' }, changes), 'right');
  assert.equal(markOf({ node: 'node2', field: 'votedFor', value: '3' }, changes), 'partly');
  assert.equal(markOf({ node: 'node2', field: 'state', value: 'leader' }, changes), 'partly');
  assert.equal(markOf({ node: 'node2', field: 'log', value: '1' }, changes), 'partly');
  assert.equal(markOf({ node: 'node3', field: 'votedFor', value: '1' }, changes), 'wrong');
  assert.equal(markOf(null, changes), 'wrong');
  assert.equal(markOf(null, []), 'right');
  assert.equal(markOf({ node: 'node2', field: 'term', value: '1' }, []), 'wrong');
});

test('a score counts each turn once, and only when its events are here', () => {
  const [{ from, to, changes: [first] }] = turns(election).filter(({ changes }) => changes.length > 0);
  const guess = { node: first.node, field: first.field, value: first.to };
  const early = played(newRound(), { guess, branch: 'main', from, to }, election.fork(from));
  assert.deepEqual([early.turn?.mark, early.score], [null, { right: 0, partly: 0, wrong: 0 }]);
  const known = played(early, { guess, branch: 'main', from, to }, election);
  assert.deepEqual([known.turn?.mark, known.score], ['right', { right: 1, partly: 0, wrong: 0 }]);
  assert.deepEqual(known.turn?.changes[0], first);
  assert.deepEqual(played(known, { guess: null, branch: 'main', from, to }, election).score, { right: 1, partly: 0, wrong: 1 });
});
