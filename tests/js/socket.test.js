import assert from 'node:assert/strict';
import test from 'node:test';
import { deflateSync } from 'node:zlib';
import { unpack } from '../../static/js/link/socket.js';

test('a packed answer is read whole', async () => {
  const answer = { ok: true, events: Array.from({ length: 2000 }, (_, i) => ({ seq: i + 1, text: '领导者 “é”' })) };
  assert.deepEqual(await unpack(deflateSync(JSON.stringify(answer)).toString('base64')), answer);
});

test('a packed answer that is damaged is refused', async () => {
  const packed = deflateSync('{"ok": true}').toString('base64');
  await assert.rejects(unpack(packed.slice(0, 8)));
});
