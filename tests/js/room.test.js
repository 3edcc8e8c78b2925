import assert from 'node:assert/strict';
import test from 'node:test';
import { RequestError } from '../../static/js/link/messages.js';
import { createRoom } from '../../static/js/link/room.js';
import { createStore } from '../../static/js/store/store.js';
import { event, recorded } from './recorded.js';

/** A server of a few lines: answers are what `answers` says, pushes are what the test pushes. */
function desk(/** @type {{room?: string, fresh?: any, kept?: boolean}} */ { room = '', fresh = { lesson: 'election' }, kept = false } = {}) {
  /** @type {Array<() => void>} */
  const later = [];
  /** @type {Record<string, (message: any) => void>} */
  const takers = {};
  /** @type {Array<[string, any]>} */
  const asked = [];
  /** @type {string[]} */
  const told = [];
  /** @type {Record<string, (message: any) => any>} */
  const answers = { open: () => recorded('election') };
  const link = {
    async request(/** @type {string} */ name, /** @type {any} */ message) {
      asked.push([name, message]);
      const answer = answers[name](message);
      if (answer.error) throw new RequestError(answer.error);
      return answer;
    },
    on: (/** @type {string} */ name, /** @type {any} */ take) => void (takers[name] = take),
    onConnect: (/** @type {() => void} */ take) => void (takers.connect = take),
    onDisconnect: (/** @type {() => void} */ take) => void (takers.disconnect = take),
    onRefused: (/** @type {(message: string) => void} */ take) => void (takers.refuse = take),
    start: () => takers.connect(null),
    stop: () => void told.push('stopped'),
  };
  const store = createStore();
  const made = createRoom(link, store, { room: room || null, token: null, fresh, kept }, {
    opened: (_, again) => told.push(again ? 'opened again' : 'opened'),
    connection: (connection) => told.push(connection),
    grew: (from) => told.push(`grew from ${from}`),
    switched: () => told.push(`switched to ${store.active()}`),
    playing: ({ on }) => told.push(`playing ${on}`),
    notice: (message) => told.push(message),
  }, (callback) => void later.push(callback));
  const settle = async () => {
    for (let i = 0; i < 10; i += 1) await Promise.resolve();
  };
  return { store, room: made, takers, asked, told, answers, settle, later };
}

const LAST = recorded('election').events.length;

/** @param {number} first @param {number} last @param {string} [branch] */
function frame(first, last, branch = 'main') {
  const events = [];
  for (let seq = first; seq <= last; seq += 1) events.push(event(seq, { time: 1e6 }));
  return { branch, first, last, events, now: 1e6, playing: { on: false, rate: 1 } };
}

test('a room is opened, and opened again after a break with what is held', async () => {
  const { room, takers, asked, told, answers, settle, store } = desk();
  room.start();
  await settle();
  assert.deepEqual(asked[0], ['open', { protocol: 1, lesson: 'election' }]);
  takers.disconnect(null);
  answers.open = () => ({ ...recorded('election'), events: [event(LAST + 1, { time: 1e6 })], from: LAST + 1 });
  takers.connect(null);
  await settle();
  assert.deepEqual(asked[1], ['open', { protocol: 1, room: 'recorded', token: 'token', have: { branch: 'main', seq: LAST } }]);
  assert.equal(store.last('main'), LAST + 1);
  assert.deepEqual(told, ['connecting', 'open', 'opened', 'reconnecting', 'open', 'opened again', `grew from ${LAST}`]);
});

test('a room that is no more is replaced for who wants any, and is the end for who was in it', async () => {
  const first = desk({ room: 'old' });
  first.answers.open = ({ room }) => (room ? { error: { code: 'gone', message: 'over' } } : recorded('election'));
  first.room.start();
  await first.settle();
  assert.deepEqual(first.told, ['connecting', 'open', 'opened']);
  first.answers.open = () => ({ error: { code: 'gone', message: 'over' } });
  first.takers.connect(null);
  await first.settle();
  assert.deepEqual(first.told.slice(3), ['gone', 'stopped']);

  const watcher = desk({ room: 'old', fresh: null });
  watcher.answers.open = () => ({ error: { code: 'gone', message: 'over' } });
  watcher.room.start();
  await watcher.settle();
  assert.deepEqual(watcher.told, ['connecting', 'gone', 'stopped']);
});

test('a room that is no more is not replaced unasked where its run is kept, but by whoever carries on', async () => {
  const { room, told, answers, settle, asked, store } = desk({ room: 'old', kept: true });
  const gone = { error: { code: 'gone', message: 'over' } };
  answers.open = () => gone;
  room.start();
  await settle();
  assert.deepEqual(told, ['connecting', 'gone', 'stopped']);
  answers.open = () => ({ error: { code: 'bad_request', message: 'nodes is missing', where: 'session.cluster' } });
  room.carryOn({ room: null, token: null, fresh: { session: { format: 'cut' } } });
  await settle();
  assert.deepEqual(told.slice(3), ['connecting', 'gone', 'stopped']);
  answers.open = (message) => (message.room ? gone : { ...recorded('election'), room: 'new' });
  room.carryOn({ room: 'other', token: 'mine', fresh: { session: { format: 'whole' } } });
  await settle();
  assert.deepEqual(asked.slice(2).map(([, message]) => message), [
    { protocol: 1, room: 'other', token: 'mine' }, { protocol: 1, session: { format: 'whole' } },
  ]);
  assert.deepEqual([...told.slice(6), store.last('main')], ['connecting', 'open', 'opened', LAST]);
});

test('what the server refuses for good is told', async () => {
  const { room, told, answers, settle } = desk();
  answers.open = () => ({ error: { code: 'lesson', message: 'there is no lesson', where: 'lesson', remedy: 'use one of these' } });
  room.start();
  await settle();
  assert.deepEqual(told, ['connecting', 'error', 'stopped']);
});

test('a server that has no place is asked again, by itself or at once, and never twice', async () => {
  const { room, takers, asked, told, answers, settle, later } = desk();
  answers.open = () => ({ error: { code: 'limit', message: 'this server has 1,000 rooms', remedy: 'try again' } });
  room.start();
  await settle();
  assert.deepEqual(told, ['connecting', 'busy']);
  later[0]();
  await settle();
  assert.deepEqual([asked.length, told.at(-1), told.includes('stopped')], [2, 'busy', false]);
  answers.open = () => recorded('election');
  room.again();
  await settle();
  later[1]();
  await settle();
  assert.deepEqual([asked.length, ...told.slice(-2)], [3, 'open', 'opened']);

  const crowd = desk();
  crowd.room.start();
  await crowd.settle();
  takers.disconnect(null);
  crowd.takers.refuse('the server is full');
  assert.equal(crowd.told.at(-1), 'busy');
  crowd.later[0]();
  await crowd.settle();
  assert.ok(crowd.told.includes('opened again'));
});

test('a gap is filled by a resync', async () => {
  const { room, takers, asked, answers, settle, store } = desk();
  room.start();
  await settle();
  answers.resync = ({ have }) => ({ ...frame(have + 1, have + 4), ok: true });
  takers.frame(frame(LAST + 3, LAST + 5));
  await settle();
  assert.deepEqual(asked[1], ['resync', { branch: 'main', have: LAST }]);
  assert.equal(store.last('main'), LAST + 5);
});

test('a fork begins with its parent\'s events, and becomes what is shown', async () => {
  const { room, takers, told, settle, store, asked } = desk();
  room.start();
  await settle();
  const branch = { id: 'b1', name: 'What if 1', parent: 'main', at: 10, last: 10, now: 0, lesson: false };
  takers.branch({ branch, active: 'b1' });
  takers.frame(frame(11, 12, 'b1'));
  await settle();
  assert.equal(asked.length, 1);
  assert.deepEqual([store.active(), store.last('b1'), store.last('main')], ['b1', 12, LAST]);
  assert.deepEqual(store.branches().map(({ id, last }) => [id, last]), [['main', LAST], ['b1', 12]]);
  assert.deepEqual(told.slice(-2), ['switched to b1', 'grew from 10']);
  assert.equal(store.lesson(), null);
});

test('a branch that is not held is asked for before it is shown', async () => {
  const { room, takers, told, answers, settle, store } = desk();
  room.start();
  await settle();
  answers.resync = ({ branch, have }) => ({ ok: true, ...frame(have + 1, 7, branch) });
  const branch = { id: 'b9', name: 'What if 9', parent: 'b8', at: 5, last: 7, now: 0, lesson: false };
  takers.branch({ branch, active: 'b9' });
  await settle();
  assert.deepEqual([store.active(), store.last('b9')], ['b9', 7]);
  assert.equal(told.at(-1), 'switched to b9');
});

test('one may switch back', async () => {
  const { room, takers, asked, answers, settle, store } = desk();
  room.start();
  await settle();
  takers.branch({ branch: { id: 'b1', name: 'x', parent: 'main', at: 10, last: 10, now: 0, lesson: false }, active: 'b1' });
  const own = store.branches()[0];
  takers.branch({ branch: { ...own, name: 'Renamed' }, active: 'b1' });
  assert.deepEqual(store.branches().map(({ name }) => name), ['Renamed', 'x']);
  answers.branch = () => ({ ok: true, branch: 'main', from: LAST + 1, events: [], now: 0, playing: { on: false, rate: 1 } });
  await room.switchTo('main');
  assert.deepEqual(asked.at(-1), ['branch', { id: 'main', have: LAST }]);
  assert.equal(store.active(), 'main');
  assert.notEqual(store.lesson(), null);
});

test('a snapshot takes the place of what is held', async () => {
  const { room, takers, answers, settle, store } = desk();
  room.start();
  await settle();
  const view = store.journal().viewAt(20);
  answers.resync = () => ({ ok: true, snapshot: { view, seq: 30000 }, from: 30001, events: [event(30001, { time: view.time })] });
  takers.frame(frame(30002, 30002));
  await settle();
  assert.deepEqual([store.journal().first, store.last('main')], [30001, 30002]);
  assert.equal(store.journal().viewAt(30000).seq, 30000);
});

test('the end of the room is the end', async () => {
  const { room, takers, told, settle } = desk();
  room.start();
  await settle();
  takers.notice({ message: '', kind: 'stopped', facts: { why: { message: '', kind: 'full.server' } } });
  assert.equal(told.at(-1), 'Playing stopped: the server keeps as many events as it can');
  takers.gone({ message: 'This session is over.' });
  takers.disconnect(null);
  assert.deepEqual(told.slice(-2), ['gone', 'stopped']);
});

test('what comes while the room is still being entered is taken after it, in order', async () => {
  const { room, takers, told, answers, store } = desk();
  /** @type {(answer: any) => void} */
  let answer = () => undefined;
  answers.open = () => new Promise((resolve) => (answer = resolve));
  room.start();
  await Promise.resolve();
  takers.frame(frame(LAST + 1, LAST + 2));
  takers.playing({ on: true, rate: 2 });
  answer(recorded('election'));
  for (let i = 0; i < 10; i += 1) await Promise.resolve();
  assert.equal(store.last('main'), LAST + 2);
  assert.deepEqual(told.slice(-3), ['opened', `grew from ${LAST}`, 'playing true']);
});
