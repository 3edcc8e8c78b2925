import assert from 'node:assert/strict';
import test from 'node:test';
import { markOf } from '../../static/js/store/marks.js';
import { ALL_MOMENTS, kindsOf, momentOf } from '../../static/js/lib/moments.js';
import { neighbour, nextMark, previousMark, stepAt } from '../../static/js/store/select.js';
import { event, journalOf, recorded } from './recorded.js';

/**
 * @param {string} kind
 * @param {Record<string, any>} data
 * @param {boolean} cut Whether the link a>b was cut before.
 */
function kindOf(kind, data, cut = false) {
  return markOf(event(1, { kind, data }), 0, new Set(cut ? ['a>b'] : []))?.kind ?? null;
}

test('what is worth a mark', () => {
  assert.equal(kindOf('term_changed', { to: 1, why: 'election' }), 'election');
  assert.equal(kindOf('term_changed', { to: 2, why: 'higher_term' }), null);
  assert.equal(kindOf('role_changed', { to: 'leader', term: 1 }), 'leader');
  assert.equal(kindOf('role_changed', { to: 'follower', term: 3, why: 'higher_term' }), 'term');
  assert.equal(kindOf('role_changed', { to: 'follower', term: 3, why: 'leader_heard' }), null);
  assert.equal(kindOf('link_changed', { from: 'a', to: 'b', cut: true }), 'cut');
  assert.equal(kindOf('link_changed', { from: 'b', to: 'a', cut: true }, true), 'cut');
  assert.equal(kindOf('link_changed', { from: 'a', to: 'b', cut: false }, true), 'heal');
  assert.equal(kindOf('link_changed', { from: 'a', to: 'b', cut: false, latency: [80000, 80000] }), null);
  assert.equal(kindOf('link_changed', { from: 'a', to: 'b', cut: true, loss: 0.1 }, true), null);
  assert.equal(kindOf('client_request', { request: { op: 'set' } }), 'write');
  assert.equal(kindOf('client_request', { request: { op: 'get' } }), null);
  assert.equal(kindOf('index_changed', { what: 'commitIndex', from: 0, to: 1, why: 'majority' }), 'commit');
  assert.equal(kindOf('index_changed', { what: 'commitIndex', from: 0, to: 1, why: 'leader_commit' }), null);
  assert.equal(kindOf('index_changed', { what: 'matchIndex', from: 0, to: 1 }), null);
  assert.equal(kindOf('crashed', {}), 'crash');
  assert.equal(kindOf('restarted', {}), 'restart');
  assert.equal(kindOf('invariant_violated', { property: 'Election Safety' }), 'violation');
  assert.equal(kindOf('timer_set', {}), null);
  assert.equal(kindOf('voted', { for: 'b', granted: true }), 'vote');
  assert.equal(kindOf('voted', { for: 'b', granted: false }), null);
  assert.equal(kindOf('command', { command: { pause: 'a' } }), 'command');
  assert.equal(kindOf('command', { command: { crash: 'a' } }), null, 'the crash is marked itself');
});

test('the partition lesson is marked as a person would tell it', () => {
  const { marks } = journalOf(recorded('partition'));
  const labels = marks.filter(({ kind }) => kind !== 'vote' && kind !== 'command').map(({ label }) => label);
  assert.deepEqual(labels.slice(0, 6), ['election', 'leader', 'cut', 'term 2', 'term 3', 'write']);
  assert.ok(labels.includes('commit') && labels.includes('heal') && labels.includes('term 4'));
});

test('the roles in a span are those of the states', () => {
  const journal = journalOf(recorded('sandbox'));
  for (const [id, spans] of Object.entries(journal.roles)) {
    for (let seq = 1; seq <= journal.last(); seq += 7) {
      const p = journal.pOf(seq);
      if (journal.pOf(seq + 1) === p) continue;
      const span = spans.filter((each) => each.p <= p).at(-1);
      const node = journal.viewAt(seq).nodes[id];
      assert.deepEqual([span?.role, span?.term, span?.crashed], [node.state, node.term, node.crashed], `${id} at ${seq}`);
    }
  }
});

test('going from moment to moment and back meets the same ones', () => {
  const { marks, last } = journalOf(recorded('partition'));
  const kinds = kindsOf(['role', 'commit']);
  const there = [];
  for (let mark = nextMark(marks, 0, kinds); mark; mark = nextMark(marks, mark.seq, kinds)) there.push(mark);
  const back = [];
  for (let mark = previousMark(marks, last() + 1, kinds); mark; mark = previousMark(marks, mark.seq, kinds)) back.unshift(mark);
  assert.ok(there.length > 3);
  assert.deepEqual(back, there);
  assert.ok(there.every(({ kind }) => kinds.includes(kind)));
  assert.equal(nextMark(marks, 0, []), null);
});

test('every mark is a moment that can be looked for', () => {
  for (const { kind } of journalOf(recorded('partition')).marks) assert.ok(kindsOf([momentOf(kind)]).includes(kind));
  assert.deepEqual([...new Set(kindsOf(ALL_MOMENTS).map(momentOf))].sort(), [...ALL_MOMENTS].sort());
});

test('the next mark of a kind lies after the cursor', () => {
  const { marks } = journalOf(recorded('partition'));
  const first = nextMark(marks, 0, ['election']);
  assert.equal(first?.label, 'election');
  const second = nextMark(marks, first?.seq ?? 0, ['election']);
  assert.equal(second?.label, 'term 2');
  assert.equal(nextMark(marks, marks.at(-1)?.seq ?? 0, ['election', 'commit']), null);
});

test('a step goes to the next event that has a sentence', () => {
  const journal = journalOf(recorded('election'));
  /** @type {number[]} */
  const forward = [];
  for (let at = neighbour(journal, 0, 1); at !== null; at = neighbour(journal, at, 1)) forward.push(at);
  assert.deepEqual(forward, journal.events.filter(({ say }) => say).map(({ seq }) => seq));
  assert.equal(neighbour(journal, forward[0], -1), null);
  assert.equal(neighbour(journal, forward[1], -1), forward[0]);
});

test('an event belongs to its step, and a question comes after what it asks about', () => {
  const answer = recorded('partition');
  const lesson = answer.session.lesson ?? null;
  const steps = lesson?.steps ?? [];
  for (const step of steps) {
    for (let seq = step.start; seq <= step.end; seq += 1) assert.equal(stepAt(lesson, seq), step.index);
  }
  const question = steps.findIndex(({ ask, predict }) => ask || predict);
  assert.equal(stepAt(lesson, steps[question].end), question - 1);
  assert.equal(stepAt(lesson, answer.events.length), steps.length - 1);
  assert.equal(stepAt(null, 3), -1);
});
