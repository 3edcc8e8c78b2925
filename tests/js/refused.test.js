import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe as suite, test } from 'node:test';
import { describe } from '../../static/js/lib/refused.js';
import { isWord, speak } from '../../static/js/lib/words.js';

const read = (/** @type {string} */ path) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));

/** Each error that a person can be refused with, by what brought it about. @type {Array<[string, import('../../static/js/types.js').Said]>} */
const refused = Object.entries(read('tests/fixtures/wire/refused.json'));
const words = { en: read('static/words/en.json'), zh: read('static/words/zh.json') };

/** Names that are the same in every language: of nodes, fields, options, messages, and of what is typed. */
const NAMES = new Set([
  ...'x b c d s id within at to go on end boss clint crush crash restart raftviz session JSON python m replay record check open null true false cluster'.split(' '),
  ...'Raft nextIndex matchIndex main parent run_to command stop json format version branches title lesson log name key value node nodes seed timers manual auto'.split(' '),
]);

/** @param {any} fact @returns {string} All that a fact holds, as one text. */
const held = (fact) => (fact && typeof fact === 'object' ? Object.values(fact).map(held).join(' ') : String(fact));

test('in English a refusal says what the server said', () => {
  speak('en', words.en);
  for (const [cause, error] of refused) {
    const { message, remedy } = error;
    const said = describe({ ...error, where: null });
    assert.equal(said, remedy ? `${message}; ${remedy}` : message, cause);
  }
});

suite('in Chinese', () => {
  for (const [cause, error] of refused) {
    test(cause, () => {
      speak('zh', words.zh);
      assert.ok(isWord(`refused.${error.kind}`), `there are no words for ${error.kind}`);
      const said = describe({ ...error, where: null });
      assert.match(said, /\p{Script=Han}/u);
      assert.notEqual(said, error.message);
      assert.doesNotMatch(said, /; /, said);
      const given = said.match(/[A-Za-z][\w-]*/g) ?? [];
      const facts = held(error.facts);
      assert.deepEqual(given.filter((word) => !NAMES.has(word) && !facts.includes(word) && !words.zh[`refused.${error.kind}.remedy`]?.includes(word)), [], said);
      for (const name of Object.keys(error.facts ?? {})) assert.ok(!said.includes(`{${name}}`), said);
    });
  }
});

test('every word for a refusal is said of one', () => {
  /** @type {Set<string>} */
  const kinds = new Set();
  /** @param {any} part */
  function collect(part) {
    if (!part || typeof part !== 'object') return;
    if (typeof part.kind === 'string') kinds.add(part.kind);
    Object.values(part).forEach(collect);
  }
  refused.forEach(([, error]) => collect(error));
  const known = Object.keys(words.en).filter((key) => key.startsWith('refused.')).map((key) => key.slice('refused.'.length).replace(/\.remedy$/, ''));
  assert.deepEqual(known.filter((kind) => !kinds.has(kind) && kind !== 'near' && kind !== 'known'), []);
  assert.deepEqual([...kinds].filter((kind) => !known.includes(kind)), []);
});

test('what the words do not know is said as the server said it', () => {
  speak('zh', words.zh);
  assert.equal(describe({ message: 'it is late', remedy: 'go home', where: 'day.hour', kind: 'late', facts: {} }), 'hour：it is late；go home');
});

test('an error of a file or of a field names the place, another one does not', () => {
  speak('en', words.en);
  const error = { message: '', kind: 'crashed', facts: { node: 'node1' } };
  assert.equal(describe({ ...error, where: 'pause.disk' }), 'node1 is down already');
  assert.equal(describe({ ...error, where: 'session.branches[0].log[3]' }), 'log[3]: node1 is down already');
  assert.equal(describe({ ...error, where: 'lesson.yaml:7: crash' }), 'lesson.yaml:7: crash: node1 is down already');
  assert.equal(describe({ message: 'it is late', where: 'lesson.yaml:7' }), 'lesson.yaml:7: it is late');
  assert.equal(describe({ message: '', where: 'write.value', kind: 'shape.length', facts: { count: 3, most: 2 } }), 'value: text of 3 characters does not fit');
});
