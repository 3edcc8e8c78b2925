import assert from 'node:assert/strict';
import test from 'node:test';

import { glide, put } from '../../static/js/lib/glide.js';

/** @returns {any} An element that notes the animations it was given, and the transform that it was set. */
function element() {
  /** @type {any[]} */
  const made = [];
  /** @type {any} */
  const style = { setProperty(/** @type {string} */ name, /** @type {string} */ value) { style[name] = value; } };
  return {
    made,
    style,
    animate(/** @type {any} */ frames, /** @type {any} */ timing) {
      /** @type {any} */
      const animation = { frames, timing, set: 0, over: false, stands: false, at: 0 };
      Object.assign(animation, { pause: () => (animation.stands = true), cancel: () => (animation.over = true) });
      Object.defineProperty(animation, 'currentTime', { set(at) { animation.at = at; animation.set += 1; } });
      made.push(animation);
      return animation;
    },
  };
}

test('what glides stands still on one way, and is only told where', () => {
  const one = element();
  for (const share of [0, 0.25, 0.25, 0.5, 2, -1]) glide(one, 'translateX(0px)', 'translateX(80px)', share);
  assert.equal(one.made.length, 1);
  const [way] = one.made;
  assert.deepEqual(way.frames, [{ transform: 'translateX(0px)' }, { transform: 'translateX(80px)' }]);
  assert.equal(way.stands, true);
  assert.equal(way.set, 5, 'the same share twice is written once');
  assert.equal(way.at, 0, 'no further than its ends');
});

test('another way takes the place of the first', () => {
  const one = element();
  glide(one, 'translateX(0px)', 'translateX(80px)', 0.5);
  glide(one, 'translateX(0px)', 'translateX(90px)', 0.5);
  assert.equal(one.made.length, 2);
  assert.deepEqual(one.made.map((/** @type {any} */ each) => each.over), [true, false]);
  assert.equal(one.made[1].at, 500);
});

test('what is put glides no more', () => {
  const one = element();
  glide(one, 'translateX(0px)', 'translateX(80px)', 0.5);
  put(one, 'translateX(3px)');
  assert.equal(one.made[0].over, true);
  assert.equal(one.style.transform, 'translateX(3px)');
  glide(one, 'translateX(0px)', 'translateX(80px)', 0.5);
  assert.equal(one.made.length, 2);
});
