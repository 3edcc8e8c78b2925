/** How far one has come in a lesson: what is kept, and what becomes of what makes no sense. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { createProgress, furthest, keepProgress, PROGRESS, reachedAt, readProgress, scoreOf } from '../../static/js/lib/progress.js';
import { recorded } from './recorded.js';

/** @typedef {import('../../static/js/types.js').Model} Model */

const lesson = /** @type {import('../../static/js/types.js').LessonInfo} */ (recorded('partition').session.lesson);
const questions = lesson.steps.filter((step) => step.ask ?? step.predict);
const last = lesson.steps.length - 1;

/** @param {string} [text] */
function storage(text) {
  let kept = text ?? null;
  let writes = 0;
  return {
    getItem: (/** @type {string} */ key) => (key === PROGRESS ? kept : null),
    setItem(/** @type {string} */ _key, /** @type {string} */ value) {
      kept = value;
      writes += 1;
    },
    writes: () => writes,
  };
}

/** @param {boolean} right @returns {Record<string, number>} Every question answered right, or wrong. */
function answers(right) {
  return Object.fromEntries(questions.map((step) => {
    const question = /** @type {import('../../static/js/types.js').Ask} */ (step.ask ?? step.predict);
    return [step.index, question.choices.findIndex((choice) => (choice === question.answer) === right)];
  }));
}

test('a score counts what was answered, and what there is to answer', () => {
  assert.ok(questions.length > 1);
  assert.deepEqual(scoreOf(lesson, {}), { right: 0, asked: 0, questions: questions.length });
  assert.deepEqual(scoreOf(lesson, answers(true)), { right: questions.length, asked: questions.length, questions: questions.length });
  assert.deepEqual(scoreOf(lesson, answers(false)), { right: 0, asked: questions.length, questions: questions.length });
});

test('a lesson is done once its last step has been played, not while it plays', () => {
  const { end } = lesson.steps[last];
  const at = (/** @type {number} */ step, /** @type {number} */ seq) => reachedAt({ step, seq, answers: {} }, lesson);
  assert.deepEqual(at(0, 1), { step: 1, of: last + 1, right: 0, asked: 0, done: false });
  assert.equal(at(last, end - 1).done, false);
  assert.equal(at(last, end).done, true);
});

test('going back loses nothing, and a second walk counts once it has answered as much', () => {
  const first = furthest(undefined, { step: 9, of: 9, right: 1, asked: 3, done: true }, 5);
  const back = furthest(first, { step: 2, of: 9, right: 1, asked: 1, done: false }, 6);
  assert.deepEqual(back, { step: 9, of: 9, right: 1, asked: 3, done: true, at: 6 });
  assert.equal(furthest(back, { step: 9, of: 9, right: 3, asked: 3, done: true }, 7).right, 3);
  assert.deepEqual(furthest(first, { step: 1, of: 8, right: 0, asked: 0, done: false }, 8), { step: 1, of: 8, right: 0, asked: 0, done: false, at: 8 });
});

test('what is kept has the shape that others read, and the other lessons stay', () => {
  const place = storage('{"election": {"step": 2, "of": 8, "right": 0, "asked": 0, "done": false, "at": 1}}');
  keepProgress('partition', { step: 3, of: 15, right: 1, asked: 1, done: false }, 77, () => place);
  assert.deepEqual(JSON.parse(place.getItem(PROGRESS) ?? ''), {
    election: { step: 2, of: 8, right: 0, asked: 0, done: false, at: 1 },
    partition: { step: 3, of: 15, right: 1, asked: 1, done: false, at: 77 },
  });
});

test('what makes no sense is left aside, and forbidden storage is no storage', () => {
  for (const text of ['', 'null', '[]', '7', '{', '{"a": null}', '{"a": {"step": "2"}}']) assert.deepEqual(readProgress(() => storage(text)), {}, text);
  const forbidden = () => {
    throw new Error('SecurityError');
  };
  assert.deepEqual(readProgress(forbidden), {});
  keepProgress('partition', { step: 1, of: 2, right: 0, asked: 0, done: false }, 1, forbidden);
});

test('it is written when one comes further, and only then', () => {
  const place = storage();
  const part = createProgress(() => 42, () => place);
  const show = (/** @type {Partial<Model>} */ fields) => part.update(/** @type {Model} */ ({ lesson, step: 0, seq: 1, answers: {}, ...fields }), null);
  show({ lesson: null });
  show({ step: -1 });
  assert.equal(place.writes(), 0);
  show({});
  show({ seq: 3 });
  assert.equal(place.writes(), 1);
  show({ step: 4, answers: answers(true) });
  assert.deepEqual(readProgress(() => place), { partition: { step: 5, of: last + 1, right: questions.length, asked: questions.length, done: false, at: 42 } });
});
