import assert from 'node:assert/strict';
import { test } from 'node:test';

import { votesIn } from '../../static/js/geometry/votes.js';

/** Width of a dot's edge, as css/nodes.css has it, px. */
const EDGE = 1.2;

/** @type {Array<[count: number, radius: number, top: number, rows: number[]]>} As nodes are on a desk, a laptop and a phone. */
const STAGES = [
  [3, 58, 18, [3]], [3, 37, 14, [3]], [3, 26, 4, [3]],
  [5, 49, 18, [5]], [5, 31, 14, [5]], [5, 23, 4, [3, 2]],
  [7, 37, 14, [4, 3]], [7, 23, 4, [4, 3]], [7, 18, 4, [4, 3]],
  [9, 31, 14, [5, 4]], [9, 21, 4, [5, 4]], [9, 18, 4, [5, 4]],
];

for (const [count, radius, top, rows] of STAGES) {
  test(`${count} votes in a node of ${radius} px can be counted, and cover nothing`, () => {
    for (const scale of [1, 1.5]) {
      const { r, dots, majority } = votesIn(count, radius * scale, top * scale, scale);
      const heights = [...new Set(dots.map(({ y }) => y))];
      assert.deepEqual(heights.map((y) => dots.filter((dot) => dot.y === y).length), rows);
      for (const [i, { x, y }] of dots.entries()) {
        assert.ok(Math.hypot(x, y) + r <= radius * scale, 'inside the node');
        assert.ok(y - r >= top * scale - 0.01, 'below what is written');
        for (const other of dots.slice(i + 1)) {
          assert.ok(Math.hypot(x - other.x, y - other.y) - 2 * r >= EDGE, 'apart from the others');
        }
      }
      assert.ok(2 * r + EDGE >= 4.4, 'large enough to be seen');
      const before = dots.filter(({ x, y }) => y === heights[0] && x < majority.x).length;
      assert.equal(before, Math.floor(count / 2) + 1, 'the line stands behind a majority');
      assert.ok(Math.hypot(majority.x, (majority.top + majority.bottom) / 2) <= radius * scale, 'and inside the node');
    }
  });
}
