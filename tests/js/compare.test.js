import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { align, kinship, pairsOfBranches, pairsOfVariant, sameEvents } from '../../static/js/store/align.js';
import { createDiffer, turningPoints } from '../../static/js/store/differ.js';
import { createJournal } from '../../static/js/store/journal.js';
import { event, journalOf, recorded } from './recorded.js';

const answer = JSON.parse(readFileSync(new URL('../fixtures/wire/variant.json', import.meta.url), 'utf8'));
const document = journalOf(recorded('partition'));
const paper = createJournal();
paper.append(answer.events, answer.now);
const skipped = new Set(answer.skipped.map((/** @type {{seq: number}} */ each) => each.seq));
const pairs = pairsOfVariant(document, paper, skipped);
const beside = align(document, paper, { pairs, tied: true });

/** @param {Array<[time: number, kind: string, data?: Record<string, any>]>} told @returns {import('../../static/js/store/journal.js').Journal} */
function run(told) {
  const journal = createJournal();
  journal.append(told.map(([time, kind, data = {}], i) => event(i + 1, { time, kind, data })));
  return journal;
}

test('a run beside itself stands where it stands, at every event', () => {
  const twin = journalOf(recorded('sandbox'));
  const self = journalOf(recorded('sandbox'));
  const one = align(twin, self, { pairs: pairsOfVariant(twin, self, new Set()), tied: true });
  assert.equal(one.same, twin.last());
  for (let seq = 0; seq <= twin.last(); seq += 1) assert.deepEqual(one.toB({ p: twin.pOf(seq), seq }), { p: twin.pOf(seq), seq });
  assert.deepEqual(turningPoints(twin, self, one), []);
});

test('each command stands beside itself under other rules, and its end beside its end', () => {
  const carried = pairs.flatMap(({ a, b }) => (b === null ? [] : [{ a, b }]));
  assert.ok(skipped.size > 0 && carried.length > 10);
  assert.equal(pairs.length - carried.length, skipped.size);
  assert.ok(beside.same > 1 && beside.same < document.last());
  carried.forEach(({ a, b }, i) => {
    assert.deepEqual(document.event(a)?.data, paper.event(b)?.data);
    const at = document.presentation.times[a - 1];
    assert.ok(Math.abs(beside.toB({ p: at, seq: document.seqAt(at) }).p - paper.pOf(b)) < 0.1, `command ${i}`);
    const next = carried[i + 1];
    if (!next || document.events.slice(a, next.a - 1).some(({ kind }) => kind === 'command')) return;
    const before = document.pOf(next.a - 1);
    assert.equal(beside.toB({ p: before, seq: next.a - 1 }).seq, next.b - 1, `the end of command ${i}`);
  });
  assert.deepEqual(beside.toB({ p: document.end(), seq: document.last() }), { p: paper.end(), seq: paper.last() });
  assert.equal(beside.toA(paper.end()), document.end());
});

test('the other side waits while a command is shown that it goes without', () => {
  const [first] = skipped;
  const p = document.pOf(first);
  const before = beside.toB({ p: document.pOf(first - 1), seq: first - 1 });
  const at = beside.toB({ p, seq: document.seqAt(p) });
  assert.ok(paper.events.slice(before.seq, at.seq).every(({ kind }) => kind !== 'command'));
  assert.equal(paper.timeAt(at.p), document.timeAt(p), 'at the same virtual time');
  assert.equal(at.p, beside.toB({ p: p - 1000, seq: document.seqAt(p - 1000) }).p);
});

test('the way forth never goes back, and the way back meets it', () => {
  let [p, seq] = [-1, -1];
  for (let at = 0; at <= document.end(); at += 137) {
    const spot = beside.toB({ p: at, seq: document.seqAt(at) });
    assert.ok(spot.p >= p && spot.seq >= seq, `at ${at}: ${JSON.stringify(spot)} after ${p}, ${seq}`);
    [p, seq] = [spot.p, spot.seq];
    const there = beside.toB({ p: beside.toA(spot.p), seq: document.seqAt(beside.toA(spot.p)) });
    assert.ok(Math.abs(there.p - spot.p) < 1, `back from ${at}: ${there.p}, not ${spot.p}`);
  }
});

test('branches are the same up to where they parted, and keep virtual time after it', () => {
  const a = run([[0, 'command'], [1000, 'x'], [2000, 'command', { command: { crash: 'node1' } }], [9000, 'y']]);
  const b = run([[0, 'command'], [1000, 'x'], [3000, 'command', { command: { heal: true } }], [4000, 'z'], [12000, 'z']]);
  const free = align(a, b, { pairs: pairsOfBranches(a, b, 2, false), tied: false });
  assert.equal(free.same, 2);
  assert.equal(sameEvents(a, b), 2);
  assert.equal(free.toB({ p: a.pOf(2), seq: 2 }).seq, 2);
  assert.equal(free.toB({ p: a.pOf(3), seq: 3 }).seq, 2, 'at 2000 nothing has happened there');
  assert.equal(free.toB({ p: a.pOf(4), seq: 4 }).seq, 4, 'at 9000 the event of 4000 has');
  const inStep = align(a, b, { pairs: pairsOfBranches(a, b, 2, true), tied: false });
  assert.equal(inStep.toB({ p: a.pOf(3), seq: 3 }).seq, 3, 'the first command beside the first');
});

test('inside a moment each side shows what happened on both, and the rest at its end', () => {
  const a = run([[0, 'command'], [5, 'command'], [5, 'one'], [5, 'two'], [5, 'three']]);
  const b = run([[0, 'command'], [5, 'command'], [5, 'other'], [5, 'two']]);
  const two = align(a, b, { pairs: [{ a: 2, b: 2 }], tied: true });
  const at = (/** @type {number} */ seq) => two.toB({ p: a.pOf(seq), seq }).seq;
  assert.deepEqual([1, 2, 3, 4, 5].map(at), [1, 2, 2, 4, 4]);
});

test('kinship is the closest common ancestor and what both have of it', () => {
  const branch = (/** @type {string} */ id, /** @type {string|null} */ parent, /** @type {number|null} */ at) => ({ id, name: id, parent, at, last: 90, now: 0, lesson: false });
  const all = [branch('main', null, null), branch('b1', 'main', 30), branch('b2', 'b1', 50), branch('b3', 'b1', 20), branch('b4', 'main', 40)];
  assert.deepEqual(kinship(all, 'b1', 'main'), { branch: 'main', at: 30 });
  assert.deepEqual(kinship(all, 'b2', 'b3'), { branch: 'b1', at: 20 });
  assert.deepEqual(kinship(all, 'b2', 'b4'), { branch: 'main', at: 30 });
  assert.deepEqual(kinship(all, 'b3', 'b3'), { branch: 'b3', at: 90 });
  assert.deepEqual(kinship(all, 'b3', 'b4'), { branch: 'main', at: 20 }, 'it left its parent before its parent left main');
  assert.equal(kinship(all, 'b1', 'gone'), null);
});

test('what differs is told field by field, and only that', () => {
  const differ = createDiffer();
  const view = document.viewAt(document.last());
  assert.deepEqual(differ(view, view), []);
  const [id] = Object.keys(view.nodes);
  const node = view.nodes[id];
  /** @param {Partial<import('../../static/js/types.js').NodeView>} fields */
  const fields = (fields) => differ(view, { ...view, nodes: { ...view.nodes, [id]: { ...node, ...fields } } }).map(({ field, a, b }) => [field, a, b]);
  assert.deepEqual(fields({}), []);
  assert.deepEqual(fields({ timers: {}, leader: 'nobody' }), [], 'what is not drawn beside a node is left out');
  assert.deepEqual(fields({ term: node.term + 1, votedFor: 'x' }), [['term', node.term, node.term + 1], ['votedFor', node.votedFor ?? null, 'x']]);
  assert.deepEqual(fields({ crashed: true, state: 'candidate' }).map(([field]) => field), ['up'], 'one that is down has no role');
  assert.deepEqual(fields({ commitIndex: node.commitIndex + 1 }), [['commitIndex', node.commitIndex, node.commitIndex + 1]]);
  assert.deepEqual(differ({ ...view, nodes: { ...view.nodes, [id]: { ...node, lastApplied: 0 } } }, view), []);
  assert.deepEqual(fields({ log: [{ index: 1, term: 9, noop: true }] })[0][0], 'log');
  assert.deepEqual(differ({ ...view, nodes: {} }, view).map(({ field }) => field), Object.keys(view.nodes).map(() => 'there'));
});

test('logs of the same end may hold different entries', () => {
  const differ = createDiffer();
  const view = document.viewAt(document.last());
  const [id] = Object.keys(view.nodes);
  const with_ = (/** @type {number} */ term) => ({ ...view, nodes: { [id]: { ...view.nodes[id], log: [{ index: 1, term, noop: true }, { index: 2, term: 5, noop: true }] } } });
  assert.deepEqual(differ(with_(1), with_(2)), [{ node: id, field: 'log', a: { last: 2, term: 5, from: 1 }, b: { last: 2, term: 5, from: 1 } }]);
});

test('under the paper the first difference is the leader that steps down, and each turn is one', () => {
  const turns = turningPoints(document, paper, beside);
  const differ = createDiffer();
  assert.ok(turns.length > 2);
  const told = (/** @type {{p: number, seq: number}} */ { p, seq }) => differ(document.viewAt(seq), paper.viewAt(beside.toB({ p, seq }).seq));
  const first = told(turns[0]);
  assert.deepEqual(first.find(({ field }) => field === 'term'), { node: 'node1', field: 'term', a: 1, b: 2 });
  for (const [i, turn] of turns.entries()) {
    assert.ok(told(turn).length > 0);
    if (i > 0) assert.ok(turn.p > turns[i - 1].p);
  }
  const before = document.seqAt(turns[0].p - 1);
  for (let seq = 1; seq <= before; seq += 1) assert.deepEqual(told({ p: document.pOf(seq), seq }), [], `event ${seq}`);
});
