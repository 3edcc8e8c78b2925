import assert from 'node:assert/strict';
import test from 'node:test';
import { counted, recommended, standing } from '../../static/js/catalogue/path.js';
import { createNear } from '../../static/js/catalogue/near.js';
import { addressOf, fits, meantBy, fold, wishOf, wordsOf } from '../../static/js/catalogue/search.js';
import MiniSearch from '../../static/vendor/minisearch.esm.min.js';

const LEVELS = ['beginner', 'advanced'];

test('all words that were typed must be found, however they are written', () => {
  const entry = { text: fold('Electing a leader 选举领导者 Raft §5.2 beginner Café'), level: 'beginner' };
  const found = (/** @type {string} */ q, level = '') => fits(entry, { q, level });
  assert.deepEqual(['', '  ', 'LEADER', 'leader elect', 'cafe', '§5.2', '选举', '选举　raft', 'ｌｅａｄｅｒ'].filter((q) => !found(q)), []);
  assert.deepEqual(['leader crash', '5.3', '分区', 'advanced'].filter((q) => found(q)), []);
  assert.equal(found('leader', 'beginner'), true);
  assert.equal(found('leader', 'advanced'), false);
  assert.deepEqual(wordsOf('  Two  Words '), ['two', 'words']);
});

test('the address keeps the search, and nothing else of its own', () => {
  assert.deepEqual(wishOf('?q=two+words&level=advanced', LEVELS), { q: 'two words', level: 'advanced' });
  assert.deepEqual(wishOf('?level=expert', LEVELS), { q: '', level: '' });
  assert.equal(wishOf(`?q=${'x'.repeat(200)}`, LEVELS).q.length, 80);
  assert.equal(addressOf({ q: ' a b ', level: '' }, '?lang=zh&level=advanced'), '?lang=zh&q=a+b');
  assert.equal(addressOf({ q: '', level: '' }, '?q=x&level=advanced'), '');
  const wish = { q: '§5.4 & more', level: 'beginner' };
  assert.deepEqual(wishOf(addressOf(wish, ''), LEVELS), wish);
});

const PATH = [
  { id: 'a', steps: 10, next: ['c'] },
  { id: 'b', steps: 8, next: [] },
  { id: 'c', steps: 6, next: ['b'] },
];
const at = (/** @type {number} */ step, /** @type {number} */ when, done = false, asked = 0) => ({ step, of: 10, right: 0, asked, done, at: when });

test('where one stands in a lesson', () => {
  assert.equal(standing(undefined, 10).state, 'new');
  assert.equal(standing(at(1, 5), 10).state, 'new', 'looked at, no more');
  assert.equal(standing(at(1, 5, false, 1), 10).state, 'begun');
  assert.deepEqual(standing(at(5, 5), 10), { state: 'begun', step: 5, seen: 5, share: 0.5, right: 0, asked: 0 });
  assert.deepEqual(standing({ ...at(10, 5), seen: [0, 9] }, 10), { state: 'begun', step: 2, seen: 2, share: 0.2, right: 0, asked: 0 }, 'only its end was looked at');
  assert.deepEqual([standing(at(9, 5), 6).step, standing(at(9, 5), 6).share], [6, 1], 'it has fewer steps now');
  assert.deepEqual([standing(at(3, 5, true), 10).state, standing(at(3, 5, true), 10).share], ['done', 1]);
});

test('the lesson to go on with', () => {
  assert.deepEqual(recommended(PATH, {}), { id: 'a', step: 1, first: true });
  assert.deepEqual(recommended(PATH, { gone: at(4, 9) }), { id: 'a', step: 1, first: true }, 'a lesson that is no more');
  assert.deepEqual(recommended(PATH, { a: at(4, 1), b: at(3, 2) }), { id: 'b', step: 3, first: false }, 'the one begun last');
  assert.deepEqual(recommended(PATH, { a: at(10, 9, true), b: at(3, 2) }), { id: 'b', step: 3, first: false }, 'what is begun comes first');
  assert.deepEqual(recommended(PATH, { a: at(10, 1, true) }), { id: 'c', step: 1, first: false }, 'where the one done leads');
  assert.deepEqual(recommended(PATH, { b: at(8, 1, true) }), { id: 'a', step: 1, first: false }, 'it leads nowhere: the earliest');
  assert.equal(recommended(PATH, { a: at(1, 1, true), b: at(1, 2, true), c: at(1, 3, true) }), null);
  assert.deepEqual(counted(PATH, { a: at(1, 1, true), b: at(3, 2), c: at(1, 2) }), { done: 1, begun: 1 });
});

test('typing errors find what was meant, and only where nothing has the word', () => {
  const entries = ['a network partition 分区', 'electing a leader: an election 选出领导者', 'the log'].map((text) => ({ text, level: '' }));
  const near = createNear(MiniSearch, entries.map(({ text }) => text));
  /** @param {string} q */
  const found = (q) => {
    const meant = meantBy(entries, { q, level: '' }, near);
    return entries.filter((entry) => fits(entry, { q, level: '' }, meant)).map(({ text }) => text.split(' ')[0]);
  };
  assert.deepEqual(['partiton', 'Electon', 'leaedr electoin', 'parti', '领导', '分区'].map(found), [['a'], ['electing'], ['electing'], ['a'], ['electing'], ['a']]);
  assert.deepEqual(['lgo', 'zzzzzz', '领倒'].map(found), [[], [], []]);
  assert.deepEqual(meantBy(entries, { q: 'partition', level: '' }, near), {});
});
