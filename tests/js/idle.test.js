import assert from 'node:assert/strict';
import test from 'node:test';

import { fetchWhenIdle } from '../../static/js/lib/idle.js';

test('a part is fetched once: in an idle moment, or when it is asked for before', async () => {
  let fetched = 0;
  /** @type {Array<() => void>} */
  const waiting = [];
  const load = async () => `part ${(fetched += 1)}`;
  const get = fetchWhenIdle(load, (call) => void waiting.push(call));
  assert.equal(fetched, 0, 'not while the page is busy');
  waiting[0]();
  assert.equal(fetched, 1);
  assert.equal(await get(), 'part 1');
  const other = fetchWhenIdle(load, (call) => void waiting.push(call));
  assert.equal(await other(), 'part 2');
  waiting[1]();
  assert.equal(await other(), 'part 2');
  assert.equal(fetched, 2);
});

test('what could not be fetched is tried again by whoever asks next', async () => {
  let tries = 0;
  const get = fetchWhenIdle(async () => {
    tries += 1;
    if (tries < 3) throw new Error(`away ${tries}`);
    return 'there';
  }, (call) => call());
  assert.equal(tries, 1, 'a failure in an idle moment is nobody’s');
  await assert.rejects(get(), /away 1/);
  await assert.rejects(get(), /away 2/);
  assert.equal(await get(), 'there');
});
