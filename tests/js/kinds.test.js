import assert from 'node:assert/strict';
import { test } from 'node:test';

import { corners, outline, shapeOf } from '../../static/js/geometry/kinds.js';
import { MESSAGES } from '../../static/js/ui/signs.js';

test('each kind of message has a shape of its own, and all weigh about the same', () => {
  const shapes = MESSAGES.map(shapeOf);
  assert.equal(new Set(shapes).size, MESSAGES.length);
  for (const shape of shapes) {
    if (shape === 'dot') continue;
    const points = corners(shape, 1);
    const area = Math.abs(points.reduce((sum, [x, y], i) => {
      const [nx, ny] = points[(i + 1) % points.length];
      return sum + x * ny - nx * y;
    }, 0)) / 2;
    assert.ok(area > Math.PI * 0.75 && area < Math.PI * 1.25, `${shape}: ${area}`);
    assert.match(outline(shape, 5), /^M.+L.+Z$/);
  }
});
