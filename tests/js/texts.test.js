import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { createStore } from '../../static/js/store/store.js';
import { fetchTexts, withTexts } from '../../static/js/store/texts.js';
import { readingTime } from '../../static/js/store/walk.js';
import { createPhrases } from '../../static/js/ui/phrases.js';
import { event, recorded } from './recorded.js';

/** @param {string} path */
const read = (path) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));

const session = recorded('election').session;
const steps = /** @type {any} */ (session.lesson).steps;

/** @param {any[]} [told] */
const texts = (told = steps.map((/** @type {any} */ step) => ({
  title: `第 ${step.index + 1} 步`,
  html: '<p>话</p>',
  differs: null,
  ask: step.ask && { ...step.ask, choices: step.ask.choices.map((/** @type {string} */ choice) => `选 ${choice}`), answer: `选 ${step.ask.answer}` },
  predict: step.predict,
}))) => ({ title: '选出领导者', summary: '如此', goal: '你能', recap: '<ul></ul>', try: '', nextTitle: '网络分区', leads: [{ id: 'partition', title: '网络分区' }], steps: told });

test('texts are laid over a lesson, and what is of no language stays', () => {
  const told = withTexts(session, texts());
  assert.equal(told.title, '选出领导者');
  assert.equal(told.lesson?.title, '选出领导者');
  assert.equal(told.lesson?.nextTitle, '网络分区');
  assert.deepEqual([told.lesson?.goal, told.lesson?.recap, told.lesson?.leads?.[0].title], ['你能', '<ul></ul>', '网络分区']);
  assert.equal(told.lesson?.next, session.lesson?.next);
  told.lesson?.steps.forEach((step, i) => {
    assert.equal(step.title, `第 ${i + 1} 步`);
    assert.equal(step.html, '<p>话</p>');
    assert.deepEqual([step.start, step.end, step.lines, step.sources], [steps[i].start, steps[i].end, steps[i].lines, steps[i].sources]);
    if (steps[i].ask) assert.equal(step.ask?.choices.indexOf(step.ask.answer), steps[i].ask.choices.indexOf(steps[i].ask.answer));
  });
  assert.equal(session.title, 'Electing a leader', 'the session itself is not touched');
});

test('texts that do not fit are left away, and a sandbox has none', () => {
  assert.equal(withTexts(session, texts(steps.slice(1))), session);
  assert.equal(withTexts(session, null), session);
  const sandbox = recorded('sandbox').session;
  assert.equal(withTexts(sandbox, texts()), sandbox);
});

test('a store speaks the language of its page, again after a reconnection', () => {
  const store = createStore(texts());
  for (const _ of [1, 2]) {
    store.opened(recorded('election'));
    assert.equal(store.session()?.title, '选出领导者');
    assert.equal(store.lesson()?.steps[0].title, '第 1 步');
  }
});

test('texts that cannot be had leave the lesson as it is', async () => {
  assert.equal(await fetchTexts(''), null);
  assert.equal(await fetchTexts(undefined), null);
  const known = globalThis.fetch;
  try {
    globalThis.fetch = async () => /** @type {any} */ ({ ok: false });
    assert.equal(await fetchTexts('/x'), null);
    globalThis.fetch = async () => { throw new TypeError('no net'); };
    assert.equal(await fetchTexts('/x'), null);
    globalThis.fetch = async () => /** @type {any} */ ({ ok: true, json: async () => texts() });
    assert.equal((await fetchTexts('/x'))?.title, '选出领导者');
  } finally {
    globalThis.fetch = known;
  }
});

test('a Chinese character takes longer to read than a Latin one', () => {
  const step = { ...steps[0], title: '', html: 'abcdefghij' };
  assert.ok(readingTime({ ...step, html: '一二三四五六七八九十' }) > readingTime(step));
});

test('the browser says each sentence as Python does, in every language', () => {
  const sentences = read('tests/fixtures/wire/sentences.json');
  assert.ok(sentences.length > 200);
  for (const language of ['en', 'zh']) {
    const explain = createPhrases(read(`raftviz/narrate/phrases/${language}.json`));
    for (const each of sentences) assert.equal(explain(event(1, { say: each.say }))?.text, each[language]);
  }
});

test('what was filled in can be had by itself, and an unknown phrase in a place is empty', () => {
  const explain = createPhrases(read('raftviz/narrate/phrases/zh.json'));
  const said = explain(event(1, { say: ['invariant_violated', { property: { say: ['promise.log_matching', {}] }, message: 'x' }] }));
  assert.deepEqual(said?.places, { property: '日志匹配', message: 'x' });
  assert.equal(explain(event(2, { say: ['command.deliver', { messages: { say: ['constructor', {}] } }] }))?.text, '按命令，以下消息立即到达：。');
});
