import assert from 'node:assert/strict';
import { test } from 'node:test';

import { columnCount, columns, keepTail, reveal, rowsIn, termColour } from '../../static/js/geometry/logs.js';
import { changedPlaces } from '../../static/js/views/parts/logchanges.js';

test('only the columns on the screen are drawn', () => {
  assert.deepEqual(columns(0, 500, 100, 1000, 0), { first: 1, last: 5 });
  assert.deepEqual(columns(95_000, 500, 100, 1000, 2), { first: 949, last: 957 });
  assert.deepEqual(columns(0, 500, 100, 3, 2), { first: 1, last: 3 });
});

test('the panel has room for the longest log, the next entry and the leader’s pointers', () => {
  assert.equal(columnCount([0, 0], [], 6), 6);
  assert.equal(columnCount([9, 2], [10], 6), 10);
  assert.equal(columnCount([2], [14], 6), 14);
});

test('the tail stays in view until a person scrolls away', () => {
  assert.equal(keepTail({ scroll: 500, width: 500, before: 1000, after: 1100 }), 600);
  assert.equal(keepTail({ scroll: 200, width: 500, before: 1000, after: 1100 }), 200);
});

test('terms take turns with the colours', () => {
  assert.deepEqual([0, 1, 8, 9, 17].map(termColour), [0, 1, 8, 1, 1]);
});

test('what has changed comes into view, and no further than that needs', () => {
  /** @type {Array<[what: string, scroll: number, spots: Array<[number, number]>, scroll: number]>} */
  const cases = [
    ['nothing to show', 70, [], 70],
    ['in view already', 70, [[80, 90], [150, 160]], 70],
    ['to the left', 70, [[40, 50], [100, 110]], 40],
    ['to the right', 70, [[100, 110], [190, 200]], 100],
    ['too far apart: where most is', 300, [[0, 10], [210, 220], [220, 230]], 130],
    ['too far apart, and as much in view already', 0, [[0, 10], [220, 230]], 0],
    ['too far apart, and none in view: the later', 400, [[0, 10], [220, 230]], 130],
  ];
  for (const [what, scroll, spots, wanted] of cases) assert.equal(reveal(scroll, 100, spots), wanted, what);
});

test('rows share the height, and the leader’s keeps room for its copies', () => {
  /** @type {Array<[count: number, height: number, rows: import('../../static/js/geometry/logs.js').Rows]>} */
  const cases = [
    [3, 200, { head: 18, gap: 3, row: 26, counted: 26 }],
    [3, 86, { head: 18, gap: 3, row: 20, counted: 21 }],
    [3, 68, { head: 14, gap: 1, row: 15, counted: 21 }],
    [7, 138, { head: 14, gap: 1, row: 16, counted: 21 }],
    [9, 100, { head: 14, gap: 1, row: 15, counted: 21 }],
  ];
  for (const [count, height, rows] of cases) assert.deepEqual(rowsIn(count, height, 1), rows, `${count} in ${height}`);
  const { head, gap, row, counted } = rowsIn(7, 138, 1);
  assert.ok(head + counted + 6 * (row + gap) <= 138);
  assert.equal(rowsIn(3, 400, 1.5).row, 39, 'larger type has higher rows');
});

/** @param {number} index @param {number} term */
const entry = (index, term) => ({ index, term, noop: true });

/** @param {Record<string, any>} fields */
const node = (fields) => ({ state: 'follower', term: 2, log: [entry(1, 1), entry(2, 1)], snapshot: null, commitIndex: 0, crashed: false, nextIndex: {}, matchIndex: {}, ...fields });

test('what changed in the logs is entries, commits and the leader’s marks', () => {
  const leader = node({ state: 'leader', nextIndex: { b: 3, c: 3 }, matchIndex: { b: 0, c: 2 } });
  const was = { a: leader, b: node({}), c: node({}) };
  /** @type {Array<[what: string, now: Record<string, any>, places: Array<[string, number]>]>} */
  const cases = [
    ['nothing', {}, []],
    ['a mark that moved back', { a: { ...leader, nextIndex: { b: 2, c: 3 } } }, [['b', 2]]],
    ['a match', { a: { ...leader, matchIndex: { b: 2, c: 2 } } }, [['b', 2]]],
    ['an entry that came', { c: node({ log: [...was.c.log, entry(3, 2)] }) }, [['c', 3]]],
    ['entries that went', { c: node({ log: [] }) }, [['c', 2], ['c', 1]]],
    ['an entry in the place of another', { c: node({ log: [entry(1, 1), entry(2, 2)] }) }, [['c', 2]]],
    ['a commit', { b: node({ commitIndex: 2 }) }, [['b', 2], ['b', 1]]],
    ['a crash forgets what was committed', { b: node({ crashed: true }), c: was.c }, []],
    ['a snapshot', { c: node({ log: [], snapshot: { index: 2, term: 1 } }) }, [['c', 2]]],
  ];
  for (const [what, now, places] of cases) {
    const model = /** @type {any} */ ({ nodes: ['a', 'b', 'c'], previous: { nodes: was }, view: { nodes: { ...was, ...now } } });
    assert.deepEqual(changedPlaces(model), places.map(([id, index]) => ({ node: id, index })), what);
  }
  assert.deepEqual(changedPlaces(/** @type {any} */ ({ nodes: [], previous: null, view: { nodes: {} } })), []);
});
