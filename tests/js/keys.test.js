import assert from 'node:assert/strict';
import test from 'node:test';
import { BINDINGS, actionFor, listenToKeys } from '../../static/js/ui/keys.js';

/** @param {import('../../static/js/ui/keys.js').Binding} binding @returns {any} What a keyboard sends for it. */
const press = ({ key, shift, ctrl = false }) => ({ key: shift && key.length === 1 ? key.toUpperCase() : key, shiftKey: shift ?? false, ctrlKey: ctrl, metaKey: false, altKey: false });

test('each key that is listed does what is listed, and none stands in the way of another', () => {
  for (const binding of BINDINGS) assert.deepEqual(actionFor(press(binding)), binding.action, binding.shown);
  assert.equal(new Set(BINDINGS.map(({ shown }) => shown)).size, BINDINGS.length);
  assert.equal(actionFor({ ...press(BINDINGS[0]), altKey: true }), null);
  assert.equal(actionFor({ key: 's', shiftKey: false, ctrlKey: true, metaKey: false, altKey: false }), null);
});

test('while a dialog is open, or a letter is composed, keys are not the page\'s', () => {
  /** @type {(event: any) => void} */
  let down = () => {};
  let open = false;
  /** @type {string[]} */
  const seen = [];
  listenToKeys(/** @type {any} */ ((/** @type {any} */ { type }) => seen.push(type)), /** @type {any} */ ({
    addEventListener: (/** @type {string} */ _, /** @type {any} */ listener) => (down = listener),
    querySelector: () => (open ? {} : null),
  }));
  globalThis.Element ??= /** @type {any} */ (class {});
  const event = { ...press(BINDINGS[1]), target: null, preventDefault() {} };
  down(event);
  down({ ...event, isComposing: true });
  open = true;
  down(event);
  assert.deepEqual(seen, ['step']);
});
