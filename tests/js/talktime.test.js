/** How a talk stands in time. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { minutesAndSeconds, timeLeft } from '../../static/js/lib/talktime.js';

test('a time is minutes and seconds', () => {
  assert.deepEqual([-5, 0, 999, 59_999, 60_000, 3_725_000].map(minutesAndSeconds), ['0:00', '0:00', '0:00', '0:59', '1:00', '62:05']);
});

test('what is left is the rest of this step and all that come after it', () => {
  const planned = [20, null, 40, 30];
  assert.equal(timeLeft(planned, 0, 5_000), 85_000);
  assert.equal(timeLeft(planned, 0, 25_000), 70_000, 'a step that lasts longer takes nothing from the others');
  assert.equal(timeLeft(planned, 1, 9_000), 70_000);
  assert.equal(timeLeft(planned, 3, 30_000), 0);
});
