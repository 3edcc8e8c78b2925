import assert from 'node:assert/strict';
import test from 'node:test';
import { goToEvent, goToStep, recallVisit } from '../../static/js/entry.js';
import { furthest, keepProgress, reachedAt, readProgress } from '../../static/js/lib/progress.js';

const question = { question: '?', choices: ['a', 'b'], answer: 'a', why: '' };
const lesson = /** @type {any} */ ({ id: 'x', steps: [{ ask: question }, {}, { predict: question }, {}] });

/** Storage of a browser for as long as `run` lasts. @param {(read: () => any) => void} run */
function withBrowser(run) {
  const held = new Map();
  Object.assign(globalThis, { localStorage: { getItem: (/** @type {string} */ key) => held.get(key) ?? null, setItem: held.set.bind(held), removeItem: held.delete.bind(held) } });
  try {
    run(() => readProgress().x);
  } finally {
    Reflect.deleteProperty(globalThis, 'localStorage');
  }
}

/** @param {string|undefined} asked @returns {[number[], Record<string, number>]} What a new visit begins with. */
function visit(asked) {
  /** @type {number[]} */
  const seen = [];
  const desk = { answers: {} };
  recallVisit(lesson, { recall: (steps) => void seen.push(...steps) }, desk, asked);
  return [seen, desk.answers];
}

test('what was answered and seen is there again at a step; a lesson that is done is begun anew from its start', () => withBrowser((read) => {
  assert.deepEqual(visit('3'), [[], {}]);
  keepProgress('x', reachedAt({ step: 2, seen: new Set([0, 2]), answers: { 0: 1, 2: 0 } }, lesson), 1);
  assert.deepEqual(visit('3'), [[0, 2], { 0: 1, 2: 0 }]);
  assert.deepEqual(visit(undefined), [[0, 2], { 0: 1, 2: 0 }]);
  keepProgress('x', reachedAt({ step: 3, seen: new Set([1, 3]), answers: { 0: 1, 2: 0 } }, lesson), 2);
  assert.deepEqual([read().done, read().seen], [true, [0, 1, 2, 3]]);
  assert.deepEqual(visit(undefined), [[0, 1, 2, 3], {}]);
  assert.deepEqual(visit('1')[1], { 0: 1, 2: 0 });
}));

test('answers that no longer fit, and a lesson of another length, are passed over', () => withBrowser(() => {
  keepProgress('x', reachedAt({ step: 0, seen: new Set([0]), answers: { 0: 5, 1: 0, 2: 1 } }, lesson), 1);
  assert.deepEqual(visit('1')[1], { 2: 1 });
  keepProgress('x', { ...reachedAt({ step: 0, seen: new Set([0]), answers: { 0: 1 } }, lesson), of: 9 }, 2);
  assert.deepEqual(visit('1'), [[], {}]);
}));

test('done is what was seen whole: the last step alone is not', () => {
  const last = reachedAt({ step: 3, seen: new Set([3]), answers: {} }, lesson);
  assert.deepEqual([last.done, last.step], [false, 4]);
  const old = { step: 3, of: 4, right: 0, asked: 0, done: false, at: 0 };
  assert.equal(furthest(old, last, 1).done, true, 'kept before steps were: all up to the furthest were shown');
});

test('a step that a lesson does not have is answered by the nearest, and by a line', () => {
  /** @type {Array<[string|undefined, number, RegExp|null]>} */
  const cases = [[undefined, 0, null], ['2', 1, null], ['99', 3, /^This lesson has 4 steps, so there is no step 99; step 4 is shown\.$/], ['0', 0, /no step 0; step 1/]];
  for (const [asked, index, line] of cases) {
    const desk = { notice: /** @type {string|null} */ (null) };
    let at = -1;
    goToStep(lesson, { go: (to) => void (at = to) }, desk, asked);
    assert.equal(at, index);
    if (line) assert.match(String(desk.notice), line);
    else assert.equal(desk.notice, null);
  }
});

test('an event that there is not is answered by the last, and by a line: in a live room it may still come', () => {
  /** @type {Array<[number, boolean, RegExp|null]>} */
  const cases = [[0, true, null], [40, true, null], [41, true, /^This lesson ends with event 40, so there is no event 41; event 40 is shown\.$/], [41, false, /^Event 41 has not happened here yet; event 40, the latest, is shown\.$/]];
  for (const [asked, whole, line] of cases) {
    const desk = { notice: /** @type {string|null} */ (null) };
    let at = -1;
    const player = { seekSeq: (/** @type {number} */ to) => void (at = to), journal: () => /** @type {any} */ ({ last: () => 40 }) };
    goToEvent(player, desk, asked, whole);
    assert.equal(at, asked);
    if (line) assert.match(String(desk.notice), line);
    else assert.equal(desk.notice, null);
  }
  const desk = { notice: 'said before' };
  goToEvent({ seekSeq: () => {}, journal: () => /** @type {any} */ ({ last: () => 40 }) }, desk, 41, true);
  assert.equal(desk.notice, 'said before');
});
