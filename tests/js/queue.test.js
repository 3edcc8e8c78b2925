import assert from 'node:assert/strict';
import test from 'node:test';
import { createQueue } from '../../static/js/link/queue.js';
import { event, numbers } from './recorded.js';

/** @typedef {import('../../static/js/types.js').Frame} Frame */

/**
 * @param {number} first
 * @param {number} last
 * @param {string} [branch]
 * @returns {Frame}
 */
function frame(first, last, branch = 'main') {
  const events = [];
  for (let seq = first; seq <= last; seq += 1) events.push(event(seq));
  return { branch, first, last, events, now: 0, playing: { on: true, rate: 1 } };
}

function desk() {
  /** @type {Record<string, number[]>} */
  const held = {};
  /** @type {Array<[string, number]>} */
  const gaps = [];
  const last = (/** @type {string} */ branch) => held[branch]?.at(-1) ?? 0;
  const queue = createQueue({
    last,
    deliver(each) {
      assert.equal(each.first, last(each.branch) + 1);
      (held[each.branch] ??= []).push(...each.events.map(({ seq }) => seq));
    },
    gap: (branch, have) => gaps.push([branch, have]),
  });
  return { held, gaps, queue };
}

test('frames in order are handed on', () => {
  const { held, gaps, queue } = desk();
  queue.accept(frame(1, 3));
  queue.accept(frame(4, 4));
  queue.accept(frame(5, 4));
  assert.deepEqual(held.main, [1, 2, 3, 4]);
  assert.deepEqual(gaps, []);
});

test('a frame that comes again is dropped, one that overlaps is cut', () => {
  const { held, queue } = desk();
  queue.accept(frame(1, 3));
  queue.accept(frame(1, 3));
  queue.accept(frame(2, 5));
  assert.deepEqual(held.main, [1, 2, 3, 4, 5]);
});

test('a gap is asked for once, and what waits follows it', () => {
  const { held, gaps, queue } = desk();
  queue.accept(frame(1, 2));
  queue.accept(frame(5, 6));
  queue.accept(frame(7, 8));
  assert.deepEqual(held.main, [1, 2]);
  assert.deepEqual(gaps, [['main', 2]]);
  held.main.push(3, 4, 5);
  queue.filled('main');
  assert.deepEqual(held.main, [1, 2, 3, 4, 5, 6, 7, 8]);
});

test('frames in the wrong order are put right without the answer', () => {
  const { held, gaps, queue } = desk();
  queue.accept(frame(3, 4));
  queue.accept(frame(1, 2));
  assert.deepEqual(held.main, [1, 2, 3, 4]);
  assert.deepEqual(gaps, [['main', 0]]);
});

test('a gap that stays is asked for again', () => {
  const { held, gaps, queue } = desk();
  queue.accept(frame(3, 4));
  queue.filled('main');
  assert.deepEqual(held.main, undefined);
  assert.deepEqual(gaps, [['main', 0], ['main', 0]]);
});

test('branches do not wait for one another', () => {
  const { held, queue } = desk();
  queue.accept(frame(4, 4));
  queue.accept(frame(1, 2, 'b1'));
  assert.deepEqual(held.b1, [1, 2]);
  queue.accept(frame(3, 5, 'b1'));
  assert.deepEqual(held.b1, [1, 2, 3, 4, 5]);
});

test('whatever the order, losses and repetitions: in the end all is there once', () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const next = numbers(seed);
    const { held, gaps, queue } = desk();
    held.main = [];
    /** @type {Frame[]} */
    const frames = [];
    for (let first = 1; first <= 60;) {
      const last = Math.min(60, first + next(4));
      frames.push(frame(first, last));
      first = last + 1;
    }
    const sent = frames.filter(() => next(5) > 0);
    for (let i = 0; i < 8 && sent.length; i += 1) sent.push(sent[next(sent.length)]);
    for (let i = sent.length - 1; i > 0; i -= 1) {
      const j = Math.max(0, i - next(4));
      [sent[i], sent[j]] = [sent[j], sent[i]];
    }
    const answerGaps = () => {
      while (gaps.length) {
        gaps.pop();
        for (let seq = held.main.length + 1; seq <= 60; seq += 1) held.main.push(seq);
        queue.filled('main');
      }
    };
    sent.forEach((each, i) => {
      queue.accept(each);
      if (i % 7 === 6) answerGaps();
    });
    queue.accept(frame(61, 61));
    answerGaps();
    assert.deepEqual(held.main, Array.from({ length: 61 }, (_, i) => i + 1), `seed ${seed}`);
  }
});
