import assert from 'node:assert/strict';
import { test } from 'node:test';

import { firstFrom, named, stride, toP, toX } from '../../static/js/geometry/spacetime.js';

test('a window maps time to pixels and back', () => {
  const window = { p0: 1000, p1: 3000 };
  assert.equal(toX(window, 2000, 400), 200);
  assert.equal(toP(window, 200, 400), 2000);
  assert.equal(toX({ p0: 5, p1: 5 }, 5, 400), 0);
});

test('the first place from a number on is found by halving', () => {
  const items = [1, 3, 3, 7];
  const of = (/** @type {number} */ item) => item;
  assert.deepEqual([0, 1, 2, 3, 4, 8].map((value) => firstFrom(items, value, of)), [0, 0, 1, 1, 3, 4]);
});

test('too many arrows are thinned', () => {
  assert.deepEqual([0, 100, 101, 1000].map((count) => stride(count, 100)), [1, 1, 2, 10]);
});

test('of marks that would overlap the heavier is named', () => {
  const marks = [{ p: 0, kind: 'write' }, { p: 10, kind: 'leader' }, { p: 100, kind: 'write' }];
  const found = named(marks, (mark) => mark.p, (mark) => (mark.kind === 'leader' ? 2 : 1), () => 30);
  assert.deepEqual([...found].map((mark) => mark.p).sort((a, b) => a - b), [10, 100]);
});
