import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { createAnnounce, lineFor } from '../../static/js/ui/announce.js';
import { actionFor, BINDINGS } from '../../static/js/ui/keys.js';
import { fill } from '../../static/js/lib/words.js';
import { createPhrases } from '../../static/js/ui/phrases.js';
import { createDispatch } from '../../static/js/lib/dispatch.js';
import { createFrameLoop } from '../../static/js/lib/frame_loop.js';
import { grouped, messageDetail, messageLabel, milliseconds, nextRate, RATES, snapRate, speed } from '../../static/js/lib/format.js';
import { event, journalOf, recorded } from './recorded.js';

/** @param {string} key @param {Partial<KeyboardEvent>} [held] */
const press = (key, held = {}) => actionFor({ key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...held })?.type ?? null;

test('each key does what the help says, and nothing is bound twice', () => {
  for (const { key, shift, ctrl, action } of BINDINGS) assert.equal(press(key, { shiftKey: shift ?? false, ctrlKey: ctrl ?? false }), action.type);
  assert.equal(new Set(BINDINGS.map(({ shown }) => shown)).size, BINDINGS.length);
  assert.equal(new Set(BINDINGS.map(({ label }) => label)).size, BINDINGS.length);
});

test('Shift tells a lesson step from an event; a capital is the same key; browser shortcuts stay', () => {
  assert.equal(press('ArrowRight'), 'step');
  assert.equal(press('ArrowRight', { shiftKey: true }), 'next');
  assert.equal(press('E', { shiftKey: true }), 'nextElection');
  assert.equal(press('?', { shiftKey: true }), 'help');
  assert.equal(press('c', { ctrlKey: true }), null);
  assert.equal(press('ArrowLeft', { altKey: true }), null);
  assert.equal(press('q'), null);
});

test('every sentence of the recordings is filled in, by the very catalogue', () => {
  const catalogue = JSON.parse(readFileSync(new URL('../../raftviz/narrate/phrases/en.json', import.meta.url), 'utf8'));
  const explain = createPhrases(catalogue);
  for (const name of /** @type {const} */ (['election', 'partition', 'sandbox'])) {
    for (const each of recorded(name).events) {
      const sentence = explain(each);
      if (!each.say) assert.equal(sentence, null);
      else assert.doesNotMatch(String(sentence?.text), /[{}]\w*[{}]/, each.say[0]);
    }
  }
});

test('a phrase is filled once: what a person typed is not filled again', () => {
  assert.equal(fill('{key} is {value}', { key: '{value}', value: 7 }), '{value} is 7');
  const explain = createPhrases(/** @type {any} */ ({ said: { text: '{key} is {value}' } }));
  assert.equal(explain(event(1, { say: ['said', { key: '{value}', value: 7 }] }))?.text, '{value} is 7');
  assert.equal(fill('{nobody}', {}), '{nobody}');
  assert.equal(fill('{constructor}', {}), '{constructor}');
});

test('without a catalogue an event is named by its kind', () => {
  assert.equal(createPhrases({})(event(1, { kind: 'role_changed' }))?.text, 'role changed');
});

/** @param {Record<string, any>} fields @returns {import('../../static/js/types.js').Model} */
function model(fields) {
  const journal = journalOf(recorded('election'));
  return /** @type {any} */ ({
    error: null, notice: null, branch: 'main', branches: [], lesson: null, step: -1, seq: 1, playing: true,
    event: journal.event, explain: (/** @type {any} */ each) => ({ text: each.kind, tone: 'info', sources: [] }), ...fields,
  });
}

test('of many events the one that matters most is spoken', () => {
  const journal = journalOf(recorded('election'));
  const leads = journal.events.find(({ kind, data }) => kind === 'role_changed' && data.to === 'leader')?.seq ?? 0;
  assert.equal(lineFor(model({ seq: leads + 3 }), model({})), 'role_changed');
  assert.equal(lineFor(model({ seq: 2 }), model({ seq: 2 })), null);
  assert.equal(lineFor(model({ error: 'no such node' }), model({})), 'no such node');
});

test('it is quiet for a while after each line, and says the latest then', () => {
  const region = /** @type {any} */ ({ textContent: '' });
  /** @type {Array<() => void>} */
  const later = [];
  const announce = createAnnounce(region, (callback) => later.push(callback));
  announce.update(model({ notice: 'one' }), model({}));
  announce.update(model({ notice: 'two' }), model({}));
  announce.update(model({ notice: 'three' }), model({}));
  assert.equal(region.textContent, 'one');
  later.shift()?.();
  assert.equal(region.textContent, 'three');
  later.shift()?.();
  assert.equal(later.length, 0);
});

test('numbers and speeds as people read them', () => {
  assert.equal(milliseconds(1284999), '1\u202f284\u202fms');
  assert.equal(grouped(1234567), '1\u202f234\u202f567');
  assert.deepEqual([1 / 50, 1 / 14.13, 1 / 1.41, 1, 2, 3.16].map(speed), ['1/50×', '1/14×', '1/1.4×', '1×', '2×', '3.2×']);
  assert.deepEqual([10 ** -1.7, 10 ** 0.3, 99, 0, 0.07].map(snapRate), [1 / 50, 2, 10, 1 / 100, 0.07]);
  assert.equal(nextRate(1 / 50, 1), 1 / 20);
  assert.equal(nextRate(RATES[0], -1), RATES[0]);
  assert.equal(nextRate(10, 1), 10);
});

test('a message is named by what matters', () => {
  const base = { id: 1, from: 'a', to: 'b', term: 3, sent: 0, arrives: 1, lost: null };
  const append = { ...base, type: 'AppendEntries', reply: false, entries: [{}], prevLogIndex: 4, prevLogTerm: 2 };
  assert.equal(messageDetail(append), '+1 entry · prev 4/2');
  assert.equal(messageDetail({ ...append, entries: [] }), 'heartbeat · prev 4/2');
  assert.equal(messageLabel({ ...base, type: 'RequestVote', reply: true, voteGranted: false }), 'vote · no');
  assert.equal(messageLabel({ ...base, type: 'PreVote', reply: false }), 'PreVote');
  assert.equal(messageLabel({ ...base, type: 'PreVote', reply: true, voteGranted: true }), 'would vote · yes');
  assert.equal(messageDetail({ ...base, type: 'TimeoutNow', reply: false }), `term ${base.term}`);
  assert.equal(messageDetail({ ...base, type: 'RequestVote', reply: false, leadershipTransfer: true }), `term ${base.term} · handed over`);
});

test('an action goes to its handler, and one that nobody knows is an error', () => {
  /** @type {string[]} */
  const seen = [];
  const dispatch = createDispatch(/** @type {any} */ ({ play: () => seen.push('play') }), ({ type }) => seen.push(`after ${type}`));
  dispatch({ type: 'play' });
  assert.deepEqual(seen, ['play', 'after play']);
  assert.throws(() => dispatch(/** @type {any} */ ({ type: 'dance' })), /dance/);
});

test('the loop draws when asked, goes on while it is told to, and is idle else', () => {
  /** @type {Array<(time: number) => void>} */
  const frames = [];
  let more = 2;
  const loop = createFrameLoop(() => (more -= 1) > 0, (callback) => frames.push(callback), () => frames.pop());
  loop.request();
  loop.request();
  assert.equal(frames.length, 1);
  frames.shift()?.(0);
  assert.equal(frames.length, 1);
  frames.shift()?.(16);
  assert.equal(frames.length, 0);
});

test('a page that nobody looks at draws nothing, and once it is looked at what was asked for meanwhile', () => {
  /** @type {Array<(time: number) => void>} */
  const frames = [];
  const loop = createFrameLoop(() => false, (callback) => frames.push(callback), () => frames.pop());
  loop.hold();
  loop.goOn();
  assert.equal(frames.length, 0);
  loop.request();
  loop.hold();
  assert.equal(frames.length, 0);
  loop.request();
  loop.request();
  assert.equal(frames.length, 0);
  loop.goOn();
  assert.equal(frames.length, 1);
});
