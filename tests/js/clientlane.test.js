import assert from 'node:assert/strict';
import test from 'node:test';
import { CLIENT_SIGNS } from '../../static/js/lib/clientsigns.js';
import { clientSign, createClientLane } from '../../static/js/views/parts/clientlane.js';
import { lastWord } from '../../static/js/views/stage/client.js';
import { event, journalOf, recorded } from './recorded.js';

test('each thing between a client and the cluster has a sign of its own', () => {
  const sign = (/** @type {string} */ kind, /** @type {object} */ data) => clientSign(event(1, { kind, data }));
  assert.equal(sign('client_request', { attempt: 1 }), 'request');
  assert.equal(sign('client_request', { attempt: 2 }), 'retry');
  assert.equal(sign('client_reply', { outcome: 'ok' }), 'ok');
  assert.equal(sign('client_reply', { outcome: 'failed', hint: 'node1' }), 'redirect');
  assert.equal(sign('client_reply', { outcome: 'failed', hint: null }), 'failed');
  assert.equal(sign('client_timed_out', {}), 'timeout');
  assert.equal(sign('client_gave_up', { outcome: 'unknown' }), 'unknown');
  assert.equal(sign('applied', {}), null);
  const signs = Object.values(CLIENT_SIGNS);
  assert.equal(new Set(signs).size, signs.length);
});

test('the lane holds what clients said, at its time, and takes no room where they said nothing', () => {
  const journal = journalOf(recorded('partition'));
  const lane = createClientLane();
  /** @type {any} */
  const model = { events: journal.events, event: journal.event, first: 1, last: journal.last(), pOf: journal.pOf };
  const all = lane.all(model);
  assert.deepEqual(all.map(({ sign, node }) => `${sign} ${node}`), ['request node1', 'ok node1']);
  assert.equal(all[0].p, journal.pOf(all[0].seq));
  assert.ok(lane.room(model, 1) > 0);
  const silent = { ...model, events: journal.events.slice(0, 50), last: 50 };
  assert.equal(createClientLane().room(silent, 1), 0);
});

test('on the stage a client says that it asks again', () => {
  const client = /** @type {any} */ ({ id: 'c', request: { op: 'set', key: 'x', value: 1 }, outcome: 'waiting', attempt: 3 });
  assert.equal(lastWord(client), 'x=1 … again (3)');
  assert.equal(lastWord({ ...client, attempt: 1 }), 'x=1 …');
});
