import assert from 'node:assert/strict';
import test from 'node:test';

import { LEAST, LONG, LONG_STRETCH, USUAL, createStretches, follow, growing, within, zoomed } from '../../static/js/store/stretch.js';

/** @param {Partial<import('../../static/js/store/stretch.js').Facts>} [fields] */
const facts = (fields = {}) => ({
  branch: 'main', span: /** @type {[number, number]} */ ([0, 60_000_000]), p: 1000, going: false, auto: true, lesson: false, arrows: 9000, events: 100_000, ...fields,
});

test('a short session is shown whole, a running one from the left', () => {
  assert.deepEqual(follow(null, [0, 500], 100, 700, 0), { p0: 0, p1: 500 });
  assert.deepEqual(follow(null, [0, 500], 100, 700, 700), { p0: 0, p1: 700 });
});

test('a stretch keeps still until the cursor leaves it, then turns the page', () => {
  const held = { p0: 0, p1: 1000 };
  assert.equal(follow(held, [0, 9000], 900, 1000, 0), held);
  const next = follow(held, [0, 9000], 960, 1000, 0);
  assert.ok(next.p0 > 500 && next.p0 <= 960 && next.p1 - next.p0 === 1000);
  assert.equal(follow(held, [0, 9000], 960, 1000, 0, false), held, 'a hand that drags the knob to the end does not turn it');
  const back = follow({ p0: 5000, p1: 6000 }, [0, 9000], 4000, 1000, 0);
  assert.ok(back.p0 <= 4000 && back.p1 >= 4000);
  assert.ok(follow(null, [0, 9000], 0, 1000, 0).p0 === 0);
});

test('the whole of a growing session grows in steps', () => {
  const young = growing(null, [0, 1000]);
  assert.deepEqual(young, { p0: 0, p1: USUAL });
  const old = growing(young, [0, 2_000_000]);
  assert.ok(old.p1 > 2_000_000);
  assert.equal(growing(old, [0, 2_010_000]), old);
  assert.ok(growing(old, [0, 3_000_000]).p1 > 3_000_000);
});

test('what is zoomed about keeps its place', () => {
  const out = zoomed({ p0: 100_000, p1: 300_000 }, 2, 150_000);
  assert.deepEqual(out, { p0: 50_000, p1: 450_000 });
  assert.deepEqual(zoomed(out, 0.5, 150_000), { p0: 100_000, p1: 300_000 });
  const least = zoomed({ p0: 0, p1: 2 * LEAST }, 1 / 100, LEAST);
  assert.equal(least.p1 - least.p0, LEAST);
});

test('a stretch stays within the whole', () => {
  const whole = { p0: 0, p1: 1_000_000 };
  assert.deepEqual(within({ p0: -50_000, p1: 150_000 }, whole), { p0: 0, p1: 200_000 });
  assert.deepEqual(within({ p0: 900_000, p1: 1_100_000 }, whole), { p0: 800_000, p1: 1_000_000 });
  assert.deepEqual(within({ p0: -1, p1: 9_000_000 }, whole), whole);
});

test('a lesson is shown whole, a session in part, a long one with more of it and an overview', () => {
  const of = (/** @type {Parameters<typeof facts>[0]} */ fields) => createStretches().at(facts(fields));
  const lesson = of({ lesson: true, auto: false, arrows: 100, events: 900, span: [0, 5_000_000] });
  assert.deepEqual([lesson.stretch, lesson.long], [{ p0: 0, p1: 5_000_000 }, false]);
  const short = of({ events: LONG - 1 });
  assert.deepEqual([short.stretch.p1 - short.stretch.p0, short.long], [USUAL, false]);
  const long = of({});
  assert.deepEqual([long.stretch.p1 - long.stretch.p0, long.long], [LONG_STRETCH, true]);
  assert.ok(long.whole.p0 === 0 && long.whole.p1 >= 60_000_000);
});

test('what a hand moved off the cursor stays there while time runs, and comes back when the cursor jumps', () => {
  const stretches = createStretches();
  stretches.at(facts());
  stretches.pan(3);
  const moved = stretches.at(facts());
  assert.equal(moved.stretch.p0, 3 * LONG_STRETCH);
  assert.equal(stretches.at(facts({ p: 5000, going: true })).stretch, moved.stretch);
  assert.equal(stretches.at(facts({ p: 5000 })).stretch, moved.stretch, 'time stops: nothing jumps');
  const back = stretches.at(facts({ p: 30_000_000 }));
  assert.ok(back.stretch.p0 < 30_000_000 && back.stretch.p1 > 30_000_000);
});

test('zooming is about the cursor, or about the point named, and ends at everything', () => {
  const stretches = createStretches();
  const before = stretches.at(facts({ p: 400_000 })).stretch;
  stretches.zoom(0.5);
  const { p0, p1 } = stretches.at(facts({ p: 400_000 })).stretch;
  assert.ok(Math.abs((400_000 - p0) / (p1 - p0) - (400_000 - before.p0) / (before.p1 - before.p0)) < 1e-9);
  stretches.zoom(0);
  const all = stretches.at(facts({ p: 400_000 }));
  assert.equal(all.stretch, all.whole);
  stretches.zoom(1 / 60, 30_000_000);
  const part = stretches.at(facts({ p: 400_000 })).stretch;
  assert.ok(part.p0 > 400_000 && part.p0 < 30_000_000 && part.p1 > 30_000_000);
});

test('the stretch of a long session never ends beyond the whole, and stays while the whole does', () => {
  const stretches = createStretches();
  const { stretch, whole } = stretches.at(facts({ p: 60_000_000, going: true }));
  assert.ok(stretch.p1 <= whole.p1 && stretch.p1 - stretch.p0 === LONG_STRETCH);
  assert.equal(stretches.at(facts({ p: 60_100_000, span: [0, 60_100_000], going: true })).stretch, stretch);
});

test('what is shown beyond the end of a short session does not jump back when a hand is laid on it', () => {
  const stretches = createStretches();
  const young = facts({ p: 2_000_000, span: [0, 2_000_000], events: 100 });
  const before = stretches.at(young).stretch;
  assert.ok(before.p1 > 2_060_000);
  stretches.show({ p0: before.p0 + 1000, p1: before.p1 });
  assert.ok(stretches.at(young).stretch.p0 === before.p0 + 1000);
});

test('another branch begins anew at its cursor', () => {
  const stretches = createStretches();
  stretches.at(facts());
  stretches.pan(5);
  stretches.at(facts({ p: 30_000_000 }));
  const near = facts({ branch: 'b0', p: 30_100_000 });
  assert.deepEqual(stretches.at(near).stretch, createStretches().at(near).stretch, 'nothing of the other one is kept');
  const other = stretches.at(facts({ branch: 'b1', p: 20_000_000 })).stretch;
  assert.ok(other.p0 < 20_000_000 && other.p1 > 20_000_000);
});
