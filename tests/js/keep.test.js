import assert from 'node:assert/strict';
import test from 'node:test';
import { keep, kept, keptValue, keepValue } from '../../static/js/lib/keep.js';
import { readProgress } from '../../static/js/lib/progress.js';

/** @param {Map<string, string>} held @returns {import('../../static/js/lib/keep.js').Shelf} */
const shelf = (held) => () => ({
  getItem: (key) => held.get(key) ?? null,
  setItem: (key, text) => void held.set(key, text),
  removeItem: (key) => void held.delete(key),
});

/** @type {import('../../static/js/lib/keep.js').Shelf} */
const forbidden = () => {
  throw new Error('SecurityError');
};

test('what was kept is found again, and null is nothing any more', () => {
  const held = new Map();
  assert.equal(keep('a', 'text', shelf(held)), true);
  assert.equal(kept('a', shelf(held)), 'text');
  assert.equal(keepValue('b', { c: [1] }, shelf(held)), true);
  assert.deepEqual(keptValue('b', shelf(held)), { c: [1] });
  keep('a', null, shelf(held));
  keepValue('b', null, shelf(held));
  assert.equal(held.size, 0);
  assert.equal(keptValue('b', shelf(held)), null);
});

test('storage that is forbidden, full or holds nonsense stops nobody', () => {
  assert.equal(kept('a', forbidden), null);
  assert.equal(keptValue('a', forbidden), null);
  assert.equal(keep('a', 'text', forbidden), false);
  assert.equal(keepValue('a', 1, forbidden), false);
  const held = new Map([['a', '{"half'], ['raftviz:progress', '{"x": {"step": "two"}, "y": null}']]);
  assert.equal(keptValue('a', shelf(held)), null);
  assert.deepEqual(readProgress(shelf(held)), {});
});
