import assert from 'node:assert/strict';
import { test } from 'node:test';

import { entryLabel, messageDetail, messageLabel } from '../../static/js/lib/format.js';
import { entryAt, lastIndex, snapshotIndex } from '../../static/js/lib/log.js';
import { diskState, diskWords, unwritten } from '../../static/js/views/parts/disk.js';

const entry = (/** @type {number} */ index) => ({ index, term: 2, noop: true });

/** @param {Record<string, any>} fields @returns {import('../../static/js/types.js').NodeView} */
const node = (fields) => /** @type {any} */ ({ term: 2, votedFor: 3, log: [], snapshot: null, crashed: false, ...fields });

test('an entry is found by its index, wherever the log begins', () => {
  const whole = node({ log: [entry(1), entry(2)] });
  const cut = node({ snapshot: { index: 3, term: 1 }, log: [entry(4), entry(5)] });
  assert.deepEqual([whole, cut, node({}), node({ snapshot: { index: 3, term: 1 } })].map(lastIndex), [2, 5, 0, 3]);
  assert.equal(entryAt(whole, 2)?.index, 2);
  assert.equal(entryAt(cut, 4)?.index, 4);
  for (const index of [0, 1, 3, 6]) assert.equal(entryAt(cut, index), null);
  assert.equal(entryAt(node({}), 1), null);
  assert.equal(snapshotIndex(cut), 3);
});

test('a configuration is short in its cell', () => {
  const label = (/** @type {string[]} */ members, /** @type {string[]} */ old = []) => entryLabel({ index: 1, term: 1, configuration: { members, old } });
  assert.equal(label(['node1', 'node2', 'node4']), '1 2 4');
  assert.equal(label(['node1', 'node4'], ['node1', 'node2']), '12 → 14');
  assert.equal(label(['node1', 'node10'], ['node1', 'node2']), '12 → 1 10');
  assert.equal(label(['ann', 'node2']), 'ann node2');
});

test('a snapshot and its answer say what they bring', () => {
  const snapshot = /** @type {any} */ ({ type: 'InstallSnapshot', reply: false, term: 4, lastIncludedIndex: 9, lastIncludedTerm: 3 });
  assert.deepEqual([messageLabel(snapshot), messageDetail(snapshot)], ['InstallSnapshot', '1–9 · term 3']);
  const answer = { ...snapshot, reply: true, requestTerm: 4 };
  assert.deepEqual([messageLabel(answer), messageDetail(answer)], ['snapshot · ok', 'match 9']);
  const refusal = { ...answer, term: 5 };
  assert.deepEqual([messageLabel(refusal), messageDetail(refusal)], ['snapshot · no', 'term 5']);
});

const disk = { term: 2, votedFor: 'node3', lastIndex: 0, lastTerm: 0, snapshotIndex: 0 };

test('what is on the disk is compared in one notation, and what is not is named', () => {
  assert.equal(diskState(node({})), null);
  assert.equal(diskState(node({ disk })), 'written');
  assert.equal(diskState(node({ disk: { ...disk, votedFor: 'ann' }, votedFor: 'ann' })), 'written');
  assert.deepEqual(unwritten(node({ disk: { ...disk, votedFor: null } })), ['votedFor']);
  const behind = node({ disk, term: 3, votedFor: null, snapshot: { index: 3, term: 1 }, log: [entry(4), entry(5)] });
  assert.deepEqual(unwritten(behind), ['term', 'votedFor', 'entries 1–5', 'snapshot']);
  assert.equal(diskWords(node({ disk, log: [entry(1)] })), 'not written: entry 1');
  assert.deepEqual(unwritten(node({ disk: { ...disk, lastIndex: 4 }, log: [entry(1)] })), ['the end of the log']);
});

test('a disk that stands still says so, and what waits for it', () => {
  const still = node({ disk, stalled: true });
  assert.deepEqual([diskState(still), diskWords(still)], ['stalled', 'disk stalled']);
  assert.equal(diskWords(node({ disk, stalled: true, term: 3 })), 'disk stalled, not written: term');
  assert.equal(diskState(node({ disk, crashed: true, term: 9 })), 'written', 'a node that is down holds nothing else');
});
