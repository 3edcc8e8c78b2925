import assert from 'node:assert/strict';
import test from 'node:test';
import { createHeadlines, isHeadline } from '../../static/js/views/parts/telling.js';
import { event, journalOf, recorded } from './recorded.js';

/** @typedef {import('../../static/js/types.js').WireEvent} WireEvent */
/** @typedef {import('../../static/js/types.js').Mark} Mark */

/**
 * @param {WireEvent[]} events From number 1 on.
 * @param {number} seq The cursor.
 * @param {Mark[]} [marks]
 */
function at(events, seq, marks = []) {
  let looks = 0;
  const source = {
    branch: 'main', first: 1, seq, marks,
    /** @param {number} n */
    event(n) {
      looks += 1;
      return events[n - 1];
    },
  };
  return { source, looks: () => looks };
}

/** @param {number} count @param {Record<number, Partial<WireEvent>>} told */
function quiet(count, told) {
  return Array.from({ length: count }, (_, i) => event(i + 1, { kind: 'timer_set', ...told[i + 1] }));
}

/** @param {number} seq @returns {Mark} */
const election = (seq) => ({ p: seq, seq, from: seq, kind: 'election', label: 'election', node: 'node1' });

/** @param {number} to @returns {Partial<WireEvent>} */
const newTerm = (to) => ({ kind: 'term_changed', node: 'node1', cause: 1, data: { from: to - 1, to, why: 'election' } });

test('a candidate that stands again is told', () => {
  assert.ok(isHeadline(event(1, newTerm(5))));
  assert.ok(!isHeadline(event(1, { kind: 'term_changed', data: { to: 5, why: 'higher_term' } })));
  const { source } = at(quiet(50, { 10: newTerm(2), 40: newTerm(3) }), 50);
  assert.deepEqual(createHeadlines()(source).map(({ seq }) => seq), [40, 10]);
});

test('what someone does is told, what lets time pass is not', () => {
  for (const name of ['drop', 'delay', 'duplicate', 'deliver', 'timeout', 'wipe', 'crash', 'pause', 'transfer', 'cut', 'write']) {
    assert.ok(isHeadline(event(1, { kind: 'command', data: { command: { [name]: true } } })), name);
  }
  for (const name of ['start', 'step', 'advance', 'run_until']) {
    assert.ok(!isHeadline(event(1, { kind: 'command', data: { command: { [name]: 1 } } })), name);
  }
});

test('a command gives way to what it did at once', () => {
  const events = quiet(9, { 4: { kind: 'command', data: { command: { crash: 'node1' } } }, 5: { kind: 'crashed', node: 'node1', cause: 4 } });
  assert.deepEqual(createHeadlines()(at(events, 4).source).map(({ seq }) => seq), [4]);
  assert.deepEqual(createHeadlines()(at(events, 9).source).map(({ seq }) => seq), [5]);
});

test('far from all headlines the newest mark at or before the cursor is told', () => {
  const events = quiet(3000, { 100: newTerm(2), 1000: newTerm(3), 2900: newTerm(4) });
  const marks = [100, 1000, 2900].map(election);
  assert.deepEqual(createHeadlines()(at(events, 2500, marks).source).map(({ seq }) => seq), [1000, 100]);
  assert.deepEqual(createHeadlines()(at(events, 3000, marks).source).map(({ seq }) => seq), [2900, 1000, 100]);
});

test('as the cursor moves on, only new events are looked at', () => {
  const events = quiet(3000, { 100: newTerm(2), 2501: newTerm(3) });
  const marks = [election(100), election(2501)];
  const headlines = createHeadlines();
  headlines(at(events, 2500, marks).source);
  const next = at(events, 2502, marks);
  assert.deepEqual(headlines(next.source).map(({ seq }) => seq), [2501, 100]);
  assert.ok(next.looks() < 12, String(next.looks()));
});

test('moving on step by step tells what a fresh look tells', () => {
  for (const name of /** @type {const} */ (['sandbox', 'partition'])) {
    const journal = journalOf(recorded(name));
    const headlines = createHeadlines();
    for (let seq = 1; seq <= journal.last(); seq += 1) {
      const source = { branch: 'main', first: 1, seq, marks: journal.marks, event: journal.event };
      const [moved, fresh] = [headlines(source), createHeadlines()(source)].map((each) => each.map((told) => told.seq));
      assert.deepEqual(moved, fresh, `${name} at ${seq}`);
      assert.ok(moved.every((told) => told <= seq));
    }
  }
});

test('a new candidate is told once, by why it stands', () => {
  const { events, marks, event: held } = journalOf(recorded('sandbox'));
  const stood = events.find(({ kind }) => kind === 'term_changed')?.seq ?? 0;
  const [told, ...before] = createHeadlines()({ branch: 'main', first: 1, seq: stood, marks, event: held });
  assert.equal(told.kind, 'role_changed');
  assert.deepEqual(before, []);
});
