import assert from 'node:assert/strict';
import test from 'node:test';
import { createJournal } from '../../static/js/store/journal.js';
import { event, journalOf, numbers, recorded, stateByHand } from './recorded.js';

for (const name of /** @type {const} */ (['election', 'partition', 'sandbox'])) {
  test(`${name}: the states are those that the simulation tells`, () => {
    const answer = recorded(name);
    const journal = journalOf(answer);
    for (const view of answer.views) assert.deepEqual(journal.viewAt(view.seq), view, `after event ${view.seq}`);
  });

  test(`${name}: a seek to any point agrees with applying everything by hand`, () => {
    const answer = recorded(name);
    const journal = journalOf(answer);
    const next = numbers(7);
    for (let i = 0; i < 150; i += 1) {
      const seq = next(answer.events.length + 1);
      assert.deepEqual(journal.viewAt(seq), stateByHand(answer.events, seq), `after event ${seq}`);
    }
  });
}

test('frames of any size give the same journal as all at once', () => {
  const answer = recorded('sandbox');
  const whole = journalOf(answer);
  const next = numbers(3);
  const journal = createJournal();
  for (let at = 0; at < answer.events.length;) {
    const size = 1 + next(40);
    journal.append(answer.events.slice(at, at + size));
    at += size;
  }
  assert.deepEqual(journal.presentation.times, whole.presentation.times);
  assert.deepEqual(journal.marks, whole.marks);
  assert.deepEqual(journal.roles, whole.roles);
  assert.deepEqual(journal.head(), whole.head());
});

test('a number that is missing is refused and nothing is kept', () => {
  const journal = createJournal();
  journal.append([event(1)]);
  assert.throws(() => journal.append([event(3)]), /event 3 does not follow event 1/);
  assert.throws(() => journal.append([event(2), event(4)]), /event 4/);
  assert.equal(journal.last(), 1);
});

test('the same event asked again gives the same object', () => {
  const journal = journalOf(recorded('sandbox'));
  const view = journal.viewAt(500);
  assert.equal(journal.viewAt(500), view);
  const later = journal.viewAt(503);
  assert.equal(journal.viewAt(503), later);
});

test('a journal may begin with a state of later on', () => {
  const answer = recorded('sandbox');
  const whole = journalOf(answer);
  const journal = createJournal(whole.viewAt(600));
  journal.append(answer.events.slice(600));
  assert.equal(journal.first, 601);
  for (const seq of [600, 601, 800, answer.events.length]) assert.deepEqual(journal.viewAt(seq), whole.viewAt(seq));
  const shift = whole.timeAt(whole.pOf(600));
  assert.equal(journal.timeAt(0), shift);
  assert.equal(journal.seqAt(0) >= 600, true);
});

test('a fork knows what came before and goes its own way', () => {
  const answer = recorded('partition');
  const journal = journalOf(answer);
  const fork = journal.fork(100);
  assert.equal(fork.last(), 100);
  assert.deepEqual(fork.head(), journal.viewAt(100));
  fork.append([event(101, { time: fork.now() })]);
  assert.equal(journal.last(), answer.events.length);
  assert.notEqual(journal.event(101), fork.event(101));
});

test('time and place of the head go on while nothing happens', () => {
  const journal = createJournal();
  journal.append([event(1), event(2, { time: 100 })]);
  const end = journal.end();
  journal.append([], 700);
  assert.equal(journal.now(), 700);
  assert.equal(journal.end(), end + 600);
  assert.equal(journal.timeAt(journal.end()), 700);
  journal.append([], 300);
  assert.equal(journal.now(), 700);
});

test('100,000 events: a seek applies few of them', () => {
  const journal = createJournal();
  journal.append([event(1, { changes: [[['nodes', 'n'], { state: 'follower', term: 0, log: [], crashed: false }]] })]);
  let applied = 0;
  const events = [];
  for (let seq = 2; seq <= 100_000; seq += 1) {
    const made = event(seq, { time: seq * 10 });
    Object.defineProperty(made, 'changes', {
      get() {
        applied += 1;
        return [[['nodes', 'n', 'term'], seq]];
      },
    });
    events.push(made);
  }
  journal.append(events);
  const next = numbers(1);
  for (let i = 0; i < 50; i += 1) {
    const seq = 2 + next(99_998);
    applied = 0;
    assert.equal(journal.viewAt(seq).nodes.n.term, seq);
    assert.ok(applied <= 256, `${applied} events were applied`);
  }
});
