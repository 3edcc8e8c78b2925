import assert from 'node:assert/strict';
import test from 'node:test';
import { createJournal } from '../../static/js/store/journal.js';
import { createPlayer, FADING } from '../../static/js/store/player.js';
import { flightsAt } from '../../static/js/store/select.js';
import { createWalk, readingTime } from '../../static/js/store/walk.js';
import { event, journalOf, recorded } from './recorded.js';

/** @typedef {import('../../static/js/store/player.js').Player} Player */

/**
 * @param {number} count
 * @param {number} apart µs.
 */
function evenly(count, apart = 1000) {
  const journal = createJournal();
  journal.append(Array.from({ length: count }, (_, i) => event(i + 1, { time: i * apart })));
  return journal;
}

test('a move arrives exactly, at its pace, and tells so once', () => {
  const player = createPlayer(evenly(11), 1);
  player.seekSeq(1);
  let arrived = 0;
  player.moveTo(11, 0, { arrived: () => (arrived += 1) });
  player.tick(5);
  assert.deepEqual([player.p(), player.seq()], [5000, 6]);
  player.tick(9.99);
  assert.equal(arrived, 0);
  player.tick(11);
  player.tick(20);
  assert.deepEqual([player.p(), player.seq(), arrived, player.moving()], [10000, 11, 1, false]);
});

test('where it comes to rest, what died on the way fades and is gone', () => {
  const message = { id: 1, type: 'RequestVote', reply: false, from: 'a', to: 'b', term: 1, sent: 0, arrives: 9000, lost: null };
  const journal = createJournal();
  journal.append([
    event(1, { kind: 'message_sent', changes: [[['messages', '1'], message]] }),
    event(2, { kind: 'command' }),
    event(3, { kind: 'message_dropped', data: { why: 'user' }, changes: [[['messages', '1'], null]] }),
  ]);
  const player = createPlayer(journal, 1);
  const flights = () => flightsAt(journal, journal.viewAt(player.seq()), player.p(), player.rest());
  assert.deepEqual([flights(), player.fading()], [[], false]);
  player.seekSeq(1);
  assert.equal(flights()[0].fade, 0);
  player.moveTo(3, 0);
  player.tick(10);
  assert.deepEqual([player.moving(), player.fading(), flights().length], [false, true, 1]);
  player.tick(20);
  player.tick(20 + FADING / 2);
  assert.ok(flights()[0].fade > 0.4);
  player.tick(30 + FADING);
  assert.deepEqual([flights(), player.fading()], [[], false]);
});

test('a move takes no longer than it may', () => {
  const player = createPlayer(evenly(11), 0.001);
  player.seekSeq(1);
  player.moveTo(11, 0, { longest: 100 });
  player.tick(50);
  assert.equal(player.seq(), 6);
  player.tick(101);
  assert.equal(player.seq(), 11);
});

test('another rate does not make the cursor jump', () => {
  const player = createPlayer(evenly(11), 1);
  player.seekSeq(1);
  player.moveTo(11, 0);
  player.tick(2);
  player.setRate(0.5, 2);
  player.tick(2);
  assert.equal(player.p(), 2000);
  player.tick(4);
  assert.equal(player.p(), 3000);
});

test('events at one moment can be stood between', () => {
  const player = createPlayer(evenly(5, 0), 1);
  player.seekSeq(2);
  assert.deepEqual([player.p(), player.seq()], [0, 2]);
  player.moveTo(3, 0);
  assert.deepEqual([player.seq(), player.moving()], [3, false]);
});

test('one who wants no motion is there at once', () => {
  const player = createPlayer(evenly(11), 1, () => true);
  player.seekSeq(1);
  player.moveTo(11, 0);
  assert.deepEqual([player.seq(), player.moving()], [11, false]);
});

test('seeking is held within the branch', () => {
  const player = createPlayer(evenly(3), 1);
  player.seek(-5);
  assert.deepEqual([player.p(), player.seq()], [0, 1]);
  player.seek(1e9);
  assert.deepEqual([player.p(), player.seq()], [2000, 3]);
  player.seekSeq(99);
  assert.equal(player.seq(), 3);
});

test('at the head, what comes is played; elsewhere it is not', () => {
  const journal = evenly(3);
  const player = createPlayer(journal, 1);
  journal.append([event(4, { time: 4000 })]);
  player.grew(3, 100);
  player.tick(101);
  assert.deepEqual([player.p(), player.seq()], [3000, 3]);
  journal.append([event(5, { time: 6000 })]);
  player.grew(4, 101);
  player.tick(104.5);
  assert.deepEqual([player.p(), player.seq(), player.moving()], [6000, 5, false]);
  player.seekSeq(2);
  journal.append([event(6, { time: 9000 })]);
  player.grew(5, 105);
  assert.deepEqual([player.seq(), player.moving()], [2, false]);
});

test('it follows a live head, and runs out to it when the head stops', () => {
  const journal = evenly(1);
  const player = createPlayer(journal, 1);
  player.live(0);
  let seq = 1;
  for (let now = 0; now <= 2000; now += 10) {
    if (now % 40 === 0) journal.append([event((seq += 1), { time: now * 1000 })], now * 1000);
    player.tick(now);
  }
  assert.ok(player.following() && player.seq() < journal.last() && player.seq() > journal.last() - 6);
  player.drain();
  for (let now = 2010; now < 2400; now += 10) player.tick(now);
  assert.deepEqual([player.seq(), player.p(), player.moving()], [journal.last(), journal.end(), false]);
});

function lesson() {
  const answer = recorded('partition');
  const info = /** @type {import('../../static/js/types.js').LessonInfo} */ (answer.session.lesson);
  const player = createPlayer(journalOf(answer), 1 / 50);
  /** @type {Set<number>} */
  const answered = new Set();
  const walk = createWalk(player, () => info, (step) => answered.has(step));
  walk.go(0);
  return { info, player, walk, answered };
}

/**
 * @param {ReturnType<typeof lesson>} desk
 * @param {number} from
 * @param {number} until
 */
function run({ player, walk }, from, until) {
  for (let now = from; now <= until; now += 16) {
    walk.tick(now);
    player.tick(now);
  }
}

test('Next goes from the end of a step to the end of the next, and all of it in the end', () => {
  const desk = lesson();
  for (const step of desk.info.steps.slice(1)) {
    desk.walk.next(0);
    assert.equal(desk.walk.step(), step.index);
    run(desk, 0, 20_000);
    assert.equal(desk.player.seq(), step.end, step.title);
    assert.equal(desk.player.moving(), false);
  }
  desk.walk.next(0);
  assert.equal(desk.walk.step(), desk.info.steps.length - 1);
});

test('pressed quickly, Next still goes step by step', () => {
  const desk = lesson();
  for (let i = 0; i < 4; i += 1) desk.walk.next(i);
  assert.equal(desk.walk.step(), 4);
  run(desk, 4, 20_000);
  assert.equal(desk.player.seq(), desk.info.steps[4].end);
});

test('Back is there at once', () => {
  const desk = lesson();
  desk.walk.go(6);
  for (let index = 5; index >= 0; index -= 1) {
    desk.walk.back();
    assert.deepEqual([desk.walk.step(), desk.player.seq()], [index, desk.info.steps[index].end]);
  }
  desk.walk.back();
  assert.equal(desk.walk.step(), 0);
});

test('Next from within a step finishes it first', () => {
  const desk = lesson();
  desk.player.seekSeq(desk.info.steps[2].start + 1);
  desk.walk.locate();
  assert.equal(desk.walk.step(), 2);
  desk.walk.next(0);
  run(desk, 0, 20_000);
  assert.deepEqual([desk.walk.step(), desk.player.seq()], [2, desk.info.steps[2].end]);
});

test('Play reads on by itself, waits at a question, and goes on once it is answered', () => {
  const desk = lesson();
  const question = desk.info.steps.findIndex(({ ask, predict }) => ask || predict);
  desk.walk.play(0);
  assert.equal(desk.walk.waiting(), null);
  run(desk, 0, 2000);
  assert.equal(desk.walk.waiting(), 'reading');
  run(desk, 2000, 200_000);
  assert.deepEqual([desk.walk.step(), desk.walk.playing(), desk.walk.waiting()], [question, false, 'question']);
  desk.answered.add(question);
  desk.walk.play(200_000);
  run(desk, 200_000, 230_000);
  assert.ok(desk.walk.step() > question);
});

test('Play ends at the last step, and begins anew from there', () => {
  const desk = lesson();
  desk.info.steps.forEach((_, index) => desk.answered.add(index));
  desk.walk.play(0);
  run(desk, 0, 600_000);
  assert.deepEqual([desk.walk.step(), desk.walk.playing()], [desk.info.steps.length - 1, false]);
  desk.walk.play(600_000);
  assert.ok(desk.walk.step() <= 1 && desk.walk.playing());
});

test('after the last step comes the summary, once that step was played', () => {
  const desk = lesson();
  const last = desk.info.steps.length - 1;
  desk.walk.go(last - 1);
  desk.walk.next(0);
  desk.walk.next(1);
  assert.deepEqual([desk.walk.step(), desk.walk.ended(), desk.player.seq()], [last, false, desk.info.steps[last].end], 'a move that is cut short');
  desk.walk.next(2);
  assert.deepEqual([desk.walk.step(), desk.walk.ended()], [last, true]);
  desk.walk.back();
  assert.deepEqual([desk.walk.step(), desk.walk.ended()], [last, false]);
  desk.walk.next(3);
  desk.player.seekSeq(5);
  desk.walk.locate();
  assert.equal(desk.walk.ended(), false);
});

test('what would follow is shown in place of the lesson, which stays as it is', () => {
  const desk = lesson();
  const { end } = desk.info.steps[3];
  desk.walk.go(3);
  const own = desk.player.journal();
  const told = own.events.length;
  const more = [event(end + 1, { time: own.viewAt(end).time }), event(end + 2, { time: own.viewAt(end).time + 12_000 })];
  desk.walk.show(3, more, own.viewAt(end).time + 12_000, 0);
  assert.deepEqual(desk.walk.aside(), { step: 3, from: end, end: end + 2 });
  run(desk, 0, 20_000);
  assert.deepEqual([desk.player.seq(), desk.player.journal().last(), desk.walk.step()], [end + 2, end + 2, 3]);
  desk.player.seekSeq(end + 1);
  desk.walk.locate();
  assert.equal(desk.walk.step(), 3, 'moving about there is no moving in the lesson');
  desk.walk.rejoin();
  assert.deepEqual([desk.walk.aside(), desk.player.seq(), desk.player.journal()], [null, end, own]);
  assert.equal(own.events.length, told);
  for (const leave of [() => desk.walk.next(0), () => desk.walk.back(), () => desk.walk.play(0)]) {
    desk.walk.go(3);
    desk.walk.show(3, more, 0, 0);
    leave();
    assert.deepEqual([desk.walk.aside(), desk.player.journal()], [null, own]);
  }
});

test('a longer text gets a longer pause, within bounds', () => {
  const { info } = lesson();
  const step = (/** @type {string} */ html) => ({ ...info.steps[0], title: '', html });
  assert.ok(readingTime(step('<p>short</p>')) < readingTime(step(`<p>${'long '.repeat(40)}</p>`)));
  assert.equal(readingTime(step('<p></p>')), readingTime(step('')));
  assert.ok(readingTime(step('x'.repeat(100_000))) <= 15_000);
});
