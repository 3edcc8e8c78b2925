import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe } from '../../static/js/lib/refused.js';
import { problem } from '../../static/js/views/parts/forms.js';

test('a form takes keys and values as long as the server does', () => {
  assert.equal(problem('key', 'k'.repeat(200)), null);
  assert.match(problem('key', 'k'.repeat(201)) ?? '', /201 characters; at most 200/);
  assert.equal(problem('value', '😀'.repeat(1000)), null);
  assert.match(problem('value', 'v'.repeat(1001)) ?? '', /at most 1000/);
});

test('an error names the field, not the way to it', () => {
  const error = { code: 'bad_command', message: 'is too long', remedy: 'use fewer' };
  assert.equal(describe({ ...error, where: 'write.value' }), 'value: is too long; use fewer');
  assert.equal(describe({ ...error, where: 'write' }), 'is too long; use fewer');
  assert.equal(describe({ ...error, where: null }), 'is too long; use fewer');
});
