import assert from 'node:assert/strict';
import test from 'node:test';
import { carriedOn, carriedTo, forgetRun, keepRun, keptRun } from '../../static/js/link/kept.js';
import { lineage, readRun, savedRun, worthKeeping } from '../../static/js/store/saved.js';
import { createStore } from '../../static/js/store/store.js';
import { LONGEST_SESSION, fitting } from '../../static/js/takeaway/links.js';
import { recorded } from './recorded.js';

/** @param {Record<string, any>} saved As the server saves it: only the server knows digests. */
function withoutDigests(saved) {
  return { ...saved, branches: saved.branches.map((/** @type {any} */ { digest, ...rest }) => rest) };
}

/** @param {'election'|'sandbox'} name */
function opened(name) {
  const store = createStore();
  store.opened(recorded(name));
  return store;
}

/** A browser's storage with so much room, in characters. @param {number} [most] */
function shelf(most = Infinity) {
  /** @type {Map<string, string>} */
  const held = new Map();
  return {
    held,
    getItem: (/** @type {string} */ key) => held.get(key) ?? null,
    removeItem: (/** @type {string} */ key) => void held.delete(key),
    setItem(/** @type {string} */ key, /** @type {string} */ value) {
      const size = [...held].reduce((sum, [name, each]) => sum + (name === key ? 0 : each.length), value.length);
      if (size > most) throw new Error('full');
      held.set(key, value);
    },
  };
}

/** @type {import('../../static/js/store/saved.js').Saved} */
const RUN = {
  format: 'raftviz-session', version: 1, cluster: { nodes: ['node1'] }, moment: { branch: 'b2', event: 9 },
  branches: [
    { id: 'main', name: 'Main', log: [], events: 8 },
    { id: 'b1', name: 'One', parent: 'main', at: 5, log: [{ run_to: 7 }], events: 9 },
    { id: 'b2', name: 'Two', parent: 'main', at: 6, log: [{ run_to: 8 }], events: 9 },
  ],
};

test('what the page puts together is what the server saves', () => {
  for (const name of /** @type {const} */ (['election', 'sandbox'])) {
    const { saved } = recorded(name);
    assert.deepEqual(opened(name).saved(saved.moment.event), withoutDigests(saved));
  }
});

test('what frames and branches tell of what was done is in the run', () => {
  const store = opened('sandbox');
  const before = store.saved(1)?.branches[0].log ?? [];
  const last = store.last('main');
  const frame = (/** @type {any} */ log) => store.frame({ branch: 'main', first: last + 1, last, events: [], now: 9e6, playing: { on: true, rate: 1 }, log });
  frame({ at: before.length, done: [{ run_to: 8e6 }] });
  frame({ at: before.length, done: [{ run_to: 9e6 }, { command: { crash: 'node1' } }] });
  assert.deepEqual(store.saved(1)?.branches[0].log, [...before, { run_to: 9e6 }, { command: { crash: 'node1' } }]);
  store.branched({ id: 'b1', name: 'What if 1', parent: 'main', at: 4, last: 4, now: 0, lesson: false, log: [] }, 'b1');
  assert.deepEqual(store.saved(4)?.branches[1], { id: 'b1', name: 'What if 1', parent: 'main', at: 4, log: [], events: 4 });
  assert.deepEqual(store.saved(4)?.moment, { branch: 'b1', event: 4 });
  assert.equal(savedRun(null, [], { branch: '', event: 0 }), null);
});

test('a room in place of another begins with nothing of it', () => {
  const store = opened('sandbox');
  store.opened({ ...recorded('election'), room: 'other' });
  assert.equal(store.last('main'), recorded('election').events.length);
});

test('only what somebody did is worth keeping', () => {
  const bare = { ...RUN, branches: [{ ...RUN.branches[0], log: [] }] };
  assert.equal(worthKeeping(RUN), true);
  assert.equal(worthKeeping(bare), false);
  const done = { ...bare, branches: [{ ...RUN.branches[0], log: [{ run_to: 1 }] }] };
  assert.equal(worthKeeping(done), true);
  assert.equal(worthKeeping({ ...done, lesson: 'election' }), false);
});

test('a run too long for one message is carried on by the branch in view, or not at all', () => {
  assert.equal(fitting(RUN), RUN);
  const long = { ...RUN, branches: RUN.branches.map((each) => (each.id === 'b1' ? { ...each, name: 'x'.repeat(LONGEST_SESSION) } : each)) };
  assert.deepEqual(fitting(long), lineage(RUN));
  assert.deepEqual(lineage(RUN).branches.map(({ id }) => id), ['main', 'b2']);
  assert.equal(fitting({ ...RUN, title: '字'.repeat(LONGEST_SESSION / 2) }), null);
});

test('the latest runs are kept, one for each room, and read only where they are whole', () => {
  const storage = shelf();
  const at = () => storage;
  for (let number = 0; number < 12; number += 1) keepRun(`room${number}`, RUN, at);
  keepRun('room6', { ...RUN, title: 'later' }, at);
  keepRun('room12', RUN, at);
  const runs = () => [...storage.held.keys()].filter((key) => key.startsWith('raftviz:run:')).map((key) => key.slice(16)).sort();
  assert.deepEqual(runs(), ['10', '11', '12', '5', '6', '7', '8', '9']);
  assert.equal(readRun(keptRun('room6', at))?.title, 'later');
  forgetRun('room6', at);
  assert.deepEqual([keptRun('room6', at), runs().length], [null, 7]);
  const text = keptRun('room10', at) ?? '';
  assert.deepEqual(readRun(text), RUN);
  for (const wrong of [null, '', 'null', '[]', text.slice(0, -9), '{"format":"raftviz-session"}', text.replace('"b2"', 'null')]) {
    assert.equal(readRun(wrong), null, String(wrong));
  }
});

test('where storage is full the oldest go, where it is forbidden nothing is kept', () => {
  const size = JSON.stringify(RUN).length;
  const storage = shelf(size * 2 + 20);
  for (const room of ['a', 'b', 'c']) assert.equal(keepRun(room, RUN, () => storage), true);
  assert.deepEqual(['a', 'b', 'c'].map((room) => keptRun(room, () => storage) !== null), [false, true, true]);
  const roomy = shelf();
  keepRun('b', RUN, () => roomy);
  assert.equal(keepRun('b', { ...RUN, title: 'x'.repeat(LONGEST_SESSION) }, () => roomy), false);
  assert.equal(keptRun('b', () => roomy), null);
  assert.equal(keepRun('a', RUN, () => shelf(10)), false);
  const forbidden = () => {
    throw new Error('forbidden');
  };
  assert.deepEqual([keepRun('a', RUN, forbidden), keptRun('a', forbidden), carriedTo('a', forbidden)], [false, null, null]);
  carriedOn('a', 'b', forbidden);
  const pages = shelf();
  carriedOn('a', 'b', () => pages);
  carriedOn('a', 'c', () => pages);
  assert.equal(carriedTo('a', () => pages), 'c');
  pages.setItem('raftviz:carried', '{"a":1}');
  assert.equal(carriedTo('a', () => pages), null);
});
