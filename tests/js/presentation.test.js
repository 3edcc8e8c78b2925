import assert from 'node:assert/strict';
import test from 'node:test';
import { COMMAND_GAP, SHORTEST_FLIGHT } from '../../static/js/lib/pace.js';
import { createJournal } from '../../static/js/store/journal.js';
import { flightsAt, LINGER } from '../../static/js/store/select.js';
import { event, journalOf, recorded } from './recorded.js';

const MESSAGE = {
  id: 1, type: 'RequestVote', reply: false, from: 'a', to: 'b', term: 2, sent: 0, arrives: 12000, lost: null,
};

/** @param {Record<string, any>} [fields] */
const sent = (fields = {}) => event(2, { kind: 'message_sent', changes: [[['messages', '1'], { ...MESSAGE, ...fields }]] });

/**
 * @param {number} seq
 * @param {number} time
 * @param {string} kind
 * @param {Record<string, any>} [data]
 */
const ended = (seq, time, kind, data = {}) => event(seq, { time, kind, data, changes: [[['messages', '1'], null]] });

test('virtual time passes as it is, with a gap before each command but the first', () => {
  const journal = createJournal();
  journal.append([
    event(1, { kind: 'command' }), event(2, { time: 500 }), event(3, { time: 500, kind: 'command' }), event(4, { time: 700 }),
  ]);
  assert.deepEqual(journal.presentation.times, [0, 500, 500 + COMMAND_GAP, 700 + COMMAND_GAP]);
  assert.equal(journal.timeAt(500 + COMMAND_GAP / 2), 500);
  assert.equal(journal.timeAt(600 + COMMAND_GAP), 600);
});

test('a message that a command delivers at once still flies', () => {
  const journal = createJournal();
  journal.append([event(1, { kind: 'command' }), sent(), event(3, { kind: 'command' }), ended(4, 0, 'message_delivered')]);
  assert.equal(journal.pOf(4), SHORTEST_FLIGHT);
  const [half] = flightsAt(journal, journal.viewAt(3), SHORTEST_FLIGHT / 2);
  assert.equal(half.fraction, 0.5);
  assert.equal(half.dies, null);
  assert.deepEqual(flightsAt(journal, journal.viewAt(4), journal.pOf(4)), []);
});

test('a message that arrives in its time is not held up', () => {
  const journal = createJournal();
  journal.append([event(1), sent(), ended(3, 12000, 'message_delivered')]);
  assert.equal(journal.pOf(3), 12000);
});

test('a message whose end nobody knows flies by virtual time', () => {
  const journal = createJournal();
  journal.append([event(1), sent()], 3000);
  assert.equal(flightsAt(journal, journal.head(), journal.end())[0].fraction, 0.25);
});

test('a message dies halfway at a cut, and can be seen a while', () => {
  const journal = createJournal();
  journal.append([event(1), sent({ lost: 'cut' }), ended(3, 6000, 'message_dropped', { why: 'cut' }), event(4, { time: 20000 })]);
  assert.equal(journal.pOf(3), 6000);
  const [flying] = flightsAt(journal, journal.viewAt(2), 3000);
  assert.deepEqual([flying.fraction, flying.dies, flying.why, flying.fade], [0.25, 0.5, 'cut', 0]);
  const [dead] = flightsAt(journal, journal.viewAt(3), 6000 + LINGER / 2);
  assert.deepEqual([dead.fraction, dead.fade], [0.5, 0.5]);
  assert.deepEqual(flightsAt(journal, journal.viewAt(3), 6000 + LINGER), []);
});

test('what a person drops dies where it is, at once', () => {
  const journal = createJournal();
  const drop = ended(4, 3000, 'message_dropped', { why: 'user' });
  journal.append([event(1), sent(), event(3, { time: 3000, kind: 'command' }), drop]);
  assert.equal(journal.pOf(4), 3000 + COMMAND_GAP);
  const [waits] = flightsAt(journal, journal.viewAt(2), 3000 + COMMAND_GAP / 2);
  assert.deepEqual([waits.fraction, waits.fade], [0.25, 0]);
  const [dead] = flightsAt(journal, journal.viewAt(4), journal.pOf(4));
  assert.deepEqual([dead.fraction, dead.dies, dead.why], [0.25, 0.25, 'user']);
  assert.ok(dead.fade > 0);
});

test('what died fades where the cursor rests', () => {
  const journal = createJournal();
  journal.append([event(1), sent({ lost: 'loss' }), ended(3, 6000, 'message_dropped', { why: 'loss' })]);
  const at = (/** @type {number} */ fade) => flightsAt(journal, journal.head(), 6000, { p: 6000, fade });
  assert.equal(at(0.5)[0].fade, 0.5);
  assert.deepEqual(at(1), []);
});

test('a message to a crashed node dies at its door', () => {
  const journal = createJournal();
  journal.append([event(1), sent(), ended(3, 12000, 'message_dropped', { why: 'crash' })]);
  assert.equal(flightsAt(journal, journal.viewAt(3), journal.pOf(3))[0].fraction, 1);
});

test('a copy has an arrow of its own', () => {
  const journal = createJournal();
  journal.append([
    event(1), sent(), event(3, { kind: 'message_duplicated', changes: [[['messages', '2'], { ...MESSAGE, id: 2 }]] }),
    ended(4, 12000, 'message_delivered'),
  ]);
  assert.deepEqual(journal.presentation.arrows.map(({ id, end }) => [id, end]), [[1, 'delivered'], [2, null]]);
});

for (const name of /** @type {const} */ (['partition', 'sandbox'])) {
  test(`${name}: presentation time never falls, and each flight goes forward`, () => {
    const journal = journalOf(recorded(name));
    const { times, arrows } = journal.presentation;
    for (let i = 1; i < times.length; i += 1) assert.ok(times[i] >= times[i - 1]);
    for (const arrow of arrows) if (arrow.p1 !== null) assert.ok(arrow.p1 > arrow.p0, `message ${arrow.id}`);
    /** @type {Map<number, number>} */
    const before = new Map();
    for (let p = 0; p <= journal.end(); p += journal.end() / 4000) {
      for (const { id, fraction } of flightsAt(journal, journal.viewAt(journal.seqAt(p)), p)) {
        assert.ok(fraction >= (before.get(id) ?? 0) - 1e-9 && fraction <= 1, `message ${id} at ${p}`);
        before.set(id, fraction);
      }
    }
  });

  test(`${name}: what is in the air is what the state says`, () => {
    const journal = journalOf(recorded(name));
    for (let seq = 1; seq <= journal.last(); seq += 1) {
      const view = journal.viewAt(seq);
      const flying = flightsAt(journal, view, journal.pOf(seq)).filter(({ fade, endSeq }) => fade === 0 && (endSeq === null || endSeq > seq));
      assert.deepEqual(flying.map(({ id }) => String(id)).sort(), Object.keys(view.messages).sort());
    }
  });
}
