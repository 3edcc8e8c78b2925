import assert from 'node:assert/strict';
import test from 'node:test';
import { createClock, createPageTime, follow, JITTER } from '../../static/js/store/clock.js';

test('a rate clock goes on from where it is when the rate changes', () => {
  const clock = createClock(1000, 1, 50);
  assert.equal(clock.at(50), 1000);
  assert.equal(clock.at(60), 11000);
  clock.setRate(0.5, 60);
  assert.equal(clock.at(60), 11000);
  assert.equal(clock.at(70), 16000);
  assert.equal(clock.rate(), 0.5);
});

test('a clock never goes back, even when asked about before', () => {
  const clock = createClock(1000, 1, 50);
  assert.equal(clock.at(20), 1000);
});

test('following frames that come by jerks is smooth, and close behind', () => {
  const rate = 0.1;
  let p = 0;
  let head = 0;
  /** @type {number[]} */
  const paces = [];
  for (let now = 0; now < 6000; now += 16) {
    if (Math.floor(now / 40) !== Math.floor((now - 16) / 40)) head = Math.floor(now / 40) * 40 * rate * 1000;
    const next = follow(p, head, rate, 16);
    if (now > 3000) paces.push((next - p) / 16 / (rate * 1000));
    p = next;
  }
  assert.ok(Math.min(...paces) > 0.85 && Math.max(...paces) < 1.15, `${Math.min(...paces)} to ${Math.max(...paces)}`);
  const behind = (head - p) / (rate * 1000);
  assert.ok(behind > 0 && behind < 2 * JITTER, `${behind} ms behind`);
});

test('it never passes the head, nor turns back', () => {
  assert.equal(follow(500, 500, 1, 16), 500);
  assert.equal(follow(490, 500, 1, 16, 0), 500);
  assert.equal(follow(600, 500, 1, 16), 600);
});

test('far behind, it catches up within a second or two', () => {
  const rate = 1;
  let p = 0;
  const head = 60_000_000;
  let elapsed = 0;
  while (head - p > 200 * 1000 && elapsed < 10_000) {
    p = follow(p, head, rate, 16);
    elapsed += 16;
  }
  assert.ok(elapsed < 2000, `${elapsed} ms`);
});

test('page time stands still while nobody looks, and goes on without a gap', () => {
  const time = createPageTime();
  assert.equal(time.at(100), 100);
  time.hold(120);
  time.hold(150);
  assert.equal(time.at(500), 120);
  assert.equal(time.goOn(620), 500);
  assert.equal(time.at(630), 130);
  assert.equal(time.goOn(640), 0);
  time.hold(640);
  assert.equal(time.goOn(650), 10);
  assert.equal(time.at(651), 141);
});
