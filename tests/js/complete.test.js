import assert from 'node:assert/strict';
import { test } from 'node:test';

import { nodesOf, placeAt, proposals } from '../../static/js/editor/complete.js';

/** A schema in the shape of the lessons' own. */
const SCHEMA = {
  type: 'object',
  required: ['id', 'steps'],
  properties: {
    id: { type: 'string' },
    level: { enum: ['beginner', 'advanced'] },
    cluster: { type: 'object', properties: { nodes: { type: 'integer' }, timers: { enum: ['manual', 'auto'] } } },
    steps: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          title: { type: 'string', description: 'a short title' },
          do: { anyOf: [{ $ref: '#/$defs/command' }, { type: 'array', items: { $ref: '#/$defs/command' } }] },
          expect: { type: 'object', properties: { leader: { type: 'string' } }, patternProperties: { '^node': { type: 'object', properties: { state: { enum: ['leader', 'follower'] }, crashed: { type: 'boolean' } } } } },
        },
      },
    },
  },
  $defs: {
    command: {
      oneOf: [
        { type: 'object', description: 'its timer fires', properties: { timeout: { type: 'string' } }, required: ['timeout'] },
        { type: 'object', description: 'links are mended', properties: { heal: { const: true } }, required: ['heal'] },
      ],
    },
  },
};

/** @param {string} text A bar stands for the cursor. @returns {string[]} */
function offered(text) {
  const position = text.indexOf('|');
  const place = placeAt(text.replace('|', ''), position);
  return place ? proposals(SCHEMA, place, ['node1', 'node2']).map(({ label }) => label) : [];
}

for (const [name, text, wanted] of /** @type {Array<[string, string, string[]]>} */ ([
  ['keys of a lesson, needed ones first', '|', ['id', 'steps', 'level', 'cluster']],
  ['no key twice', 'id: a\nlevel: beginner\n|', ['steps', 'cluster']],
  ['values of a choice', 'level: |', ['beginner', 'advanced']],
  ['keys of a mapping below', 'cluster:\n  |', ['nodes', 'timers']],
  ['keys in braces', 'cluster: {nodes: 3, |', ['timers']],
  ['values in braces', 'cluster: {timers: |', ['manual', 'auto']],
  ['keys of a step', 'steps:\n  - |', ['title', 'do', 'expect']],
  ['more keys of a step', 'steps:\n  - title: A\n    |', ['do', 'expect']],
  ['the second step is not the first', 'steps:\n  - title: A\n  - |', ['title', 'do', 'expect']],
  ['commands in a list', 'steps:\n  - do:\n      - |', ['timeout', 'heal']],
  ['commands in brackets and braces', 'steps:\n  - do: [{|', ['timeout', 'heal']],
  ['the value of a command', 'steps:\n  - do: {heal: |', ['true']],
  ['nodes as values', 'steps:\n  - do:\n      - timeout: |', ['node1', 'node2']],
  ['nodes as keys', 'steps:\n  - expect:\n      |', ['leader', 'node1', 'node2']],
  ['fields of a node', 'steps:\n  - expect:\n      node1: {|', ['state', 'crashed']],
  ['true or false', 'steps:\n  - expect:\n      node1:\n        crashed: |', ['true', 'false']],
  ['nothing in a comment', 'id: a # |', []],
])) {
  test(`completion: ${name}`, () => {
    assert.deepEqual(offered(text), wanted);
  });
}

test('a command is described by what it does', () => {
  const place = /** @type {import('../../static/js/editor/complete.js').Place} */ (placeAt('steps:\n  - do: {', 16));
  assert.equal(proposals(SCHEMA, place)[0].detail, 'its timer fires');
});

test('completion: nothing in a block of text', () => {
  assert.equal(placeAt('steps:\n  - say: |\n      a', 25), null);
});

test('the nodes of a lesson', () => {
  assert.deepEqual(nodesOf('cluster: {nodes: 2}'), ['node1', 'node2']);
  assert.deepEqual(nodesOf('cluster:\n  nodes: [A, "B"]'), ['A', 'B']);
  assert.deepEqual(nodesOf(''), ['node1', 'node2', 'node3']);
});

