import assert from 'node:assert/strict';
import { test } from 'node:test';

import './english.js';
import { entryLabel, shortLabel, value as printed } from '../../static/js/lib/format.js';
import { changedFields, comment, documentLines, entryText, lineText, logText } from '../../static/js/views/notation.js';
import { lastWord } from '../../static/js/views/stage/client.js';

/** @param {Record<string, any>} fields */
const node = (fields) => /** @type {any} */ ({ state: 'follower', term: 1, votedFor: 1, log: [], commitIndex: 0, stateMachine: {}, ...fields });
const ids = ['node1', 'node2', 'node3'];
const entry = { index: 1, term: 1, set: { key: 'value' } };

/** @param {Record<string, any>} nodes */
const lines = (nodes) => documentLines(/** @type {any} */ ({ nodes }), ids);

test('a fresh cluster is written as the document writes it', () => {
  const fresh = node({ term: 0, votedFor: null });
  assert.deepEqual(lines({ node1: fresh, node2: fresh, node3: fresh }).map(lineText), ids.map((id) => `${id}: {state: follower, term: 0, votedFor: null, log: []}`));
});

test('commitIndex and stateMachine appear once something is committed, for logs that are not empty', () => {
  const now = {
    node1: node({ state: 'leader', log: [entry], commitIndex: 1, stateMachine: { key: 'value' } }),
    node2: node({ log: [entry] }),
    node3: node({ state: 'candidate', term: 3, votedFor: 3 }),
  };
  assert.deepEqual(lines(now).map(lineText), [
    'node1: {state: leader, term: 1, votedFor: 1, log: [(set, key=value)], commitIndex: 1, stateMachine: {key: value}}',
    'node2: {state: follower, term: 1, votedFor: 1, log: [(set, key=value)], commitIndex: 0, stateMachine: {}}',
    'node3: {state: candidate, term: 3, votedFor: 3, log: []}',
  ]);
});

test('every kind of entry has its words', () => {
  assert.deepEqual([
    { index: 1, term: 1, set: { a: null } }, { index: 2, term: 1, delete: 'a' },
    { index: 3, term: 1, cas: { key: 'a', expected: null, value: 2 } }, { index: 4, term: 1, noop: true },
  ].map(entryText), ['(set, a=null)', '(delete, a)', '(cas, a=null→2)', '(no-op)']);
});

test('a value is bare text, and in quotes where there is nothing to see', () => {
  /** @type {Array<[value: any, written: string]>} */
  const values = [['', '""'], ['  ', '"  "'], ['value', 'value'], [' a b', ' a b'], ['null', 'null'], [null, 'null'], [true, 'true'], [0, '0']];
  for (const [value, written] of values) {
    const put = { index: 1, term: 1, set: { k: value } };
    assert.equal(printed(value), written);
    assert.equal(entryText(put), `(set, k=${written})`);
    assert.equal(entryLabel(put), `k=${written}`);
  }
  const [line] = documentLines(/** @type {any} */ ({ nodes: { node1: node({ log: [entry], commitIndex: 1, stateMachine: { y: '' } }) } }), ['node1']);
  assert.match(lineText(line), /stateMachine: \{y: ""\}\}$/);
});

test('what does not fit into a cell keeps its value rather than its key', () => {
  /** @type {Array<[set: Record<string, any>, room: number, said: string]>} */
  const cases = [
    [{ x: 1 }, 6, 'x=1'], [{ score: 3 }, 6, 'sc…=3'], [{ door: 'open' }, 6, '=open'], [{ door: 'closed' }, 6, '=closed'],
    [{ door: 'open' }, 9, 'door=open'], [{ k: 'a long value' }, 8, '=a long…'], [{ key: '' }, 4, '=""'],
  ];
  for (const [set, room, said] of cases) {
    const put = { index: 1, term: 1, set };
    assert.equal(shortLabel(put, entryLabel(put), room), said);
  }
  const joint = { index: 2, term: 1, configuration: { members: ['node3', 'node4'], old: ['node1', 'node2'] } };
  assert.equal(shortLabel(joint, entryLabel(joint), 6), '12→34');
});

test('a client’s box says what it asked and was told, also where that is empty', () => {
  /** @type {Array<[request: Record<string, any>, value: any, said: RegExp]>} */
  const cases = [
    [{ op: 'set', key: 'y', value: '' }, '', /y=""/],
    [{ op: 'read', key: 'y' }, '', /y is ""/],
    [{ op: 'cas', key: 'y', expected: '', value: 'a' }, true, /y: ""→a/],
  ];
  for (const [request, value, said] of cases) assert.match(lastWord(/** @type {any} */ ({ request, value, outcome: 'ok' })), said);
});

test('a lesson’s comment is what it prints behind the line', () => {
  const [line] = documentLines(/** @type {any} */ ({ nodes: { node1: node({}) } }), ['node1']);
  const text = lineText(line);
  assert.equal(comment(line, `${text} // Still partitioned`), ' // Still partitioned');
  assert.equal(comment(line, text), '');
  assert.equal(comment(line, undefined), '');
  assert.equal(comment(line, 'node1: {something else}'), null);
});

test('fields that differ are known by name', () => {
  const [was] = documentLines(/** @type {any} */ ({ nodes: { node1: node({}) } }), ['node1']);
  const [now] = documentLines(/** @type {any} */ ({ nodes: { node1: node({ term: 2, log: [entry], commitIndex: 1 }) } }), ['node1']);
  assert.deepEqual([...changedFields(now, was)], ['term', 'log', 'commitIndex', 'stateMachine']);
  assert.equal(changedFields(now, undefined).size, 0);
});

test('a snapshot is the first item of the log, and who votes is an entry like others', () => {
  const members = { index: 4, term: 2, configuration: { members: ['node1', 'node2', 'node4'], old: ['node1', 'node2', 'node3'] } };
  assert.equal(entryText(members), '(members, node1 node2 node3 → node1 node2 node4)');
  assert.equal(entryText({ ...members, configuration: { ...members.configuration, old: [] } }), '(members, node1 node2 node4)');
  assert.equal(logText(node({ snapshot: { index: 3, term: 1 }, log: [{ index: 4, term: 1, set: { x: 1 } }] })), '(snapshot 1–3), (set, x=1)');
  const bare = { node1: node({ snapshot: { index: 3, term: 1 }, commitIndex: 3, stateMachine: { x: 1 } }) };
  assert.deepEqual(documentLines(/** @type {any} */ ({ nodes: bare }), ['node1']).map(lineText), [
    'node1: {state: follower, term: 1, votedFor: 1, log: [(snapshot 1–3)], commitIndex: 3, stateMachine: {x: 1}}',
  ]);
});
