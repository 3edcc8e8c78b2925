import assert from 'node:assert/strict';
import test from 'node:test';
import { createHandlers } from '../../static/js/actions.js';
import { withCourse } from '../../static/js/course.js';
import { createDispatch } from '../../static/js/lib/dispatch.js';
import { createDesk, createModel } from '../../static/js/store/model.js';
import { createPlayer } from '../../static/js/store/player.js';
import { createStore } from '../../static/js/store/store.js';
import { createWalk } from '../../static/js/store/walk.js';
import { event, recorded } from './recorded.js';

/** A page without a screen: the store, the cursor, and a server that notes what it is asked. */
function page(/** @type {'election'|'sandbox'} */ name, /** @type {'presenter'|'viewer'} */ role = 'presenter') {
  const store = createStore();
  store.opened({ ...recorded(name), role });
  const player = createPlayer(store.journal(), 1 / 20);
  const desk = { ...createDesk(), connection: /** @type {const} */ ('open') };
  const walk = createWalk(player, store.lesson, (step) => String(step) in desk.answers);
  walk.locate();
  /** @type {Array<[string, any]>} */
  const asked = [];
  /** @type {Record<string, (request: any) => any>} */
  const answers = {};
  const ask = async (/** @type {string} */ what, /** @type {any} */ request) => {
    asked.push([what, request]);
    return answers[what]?.(request) ?? {};
  };
  let now = 0;
  const base = {
    store, player, walk, desk,
    room: { ask, visit: async () => {}, switchTo: async (/** @type {string} */ id) => store.activate(id), start() {}, again() {}, carryOn() {} },
    now: () => now, changed() {},
  };
  const { handlers, noticed } = withCourse(base, createHandlers({
    ...base, theme() {}, help() {}, share() {}, takeAway() {}, tour() {}, print() {}, comparison: { compare() {}, leaveCompare() {}, otherSide() {}, swapSides() {} }, copyState: async () => true,
  }));
  const dispatch = createDispatch({ ...handlers, carryOn() {}, saveRun() {}, anew() {} });
  const settle = async () => {
    for (let i = 0; i < 20; i += 1) await Promise.resolve();
  };
  const run = (/** @type {number} */ ms) => {
    for (const until = now + ms; now < until; now += 16) {
      walk.tick(now);
      player.tick(now);
    }
  };
  const model = () => createModel(store, player, walk, desk, () => null);
  return { store, player, walk, desk, asked, answers, dispatch, noticed, settle, run, model };
}

/** The server carries a command out: new events, on a new branch if need be. @param {ReturnType<typeof page>} desk */
function serve({ store, player, answers, noticed }) {
  let forks = 0;
  answers.do = ({ at }) => {
    const from = at?.branch ?? store.active();
    const seq = at?.seq ?? store.last(from);
    let branch = from;
    if (store.branches().find(({ id }) => id === from)?.lesson || seq < store.last(from)) {
      branch = `b${(forks += 1)}`;
      store.branched({ id: branch, name: branch, parent: from, at: seq, last: seq, now: 0, lesson: false }, branch);
      player.use(store.journal());
    }
    const first = store.last(branch) + 1;
    const time = store.journal().now();
    store.frame({ branch, first, last: first, events: [event(first, { time, kind: 'command' })], now: time, playing: { on: false, rate: 1 } });
    player.grew(first - 1, 0);
    noticed();
    return { branch, first, last: first };
  };
}

test('Play at the head asks the server; behind it, it replays first', async () => {
  const desk = page('sandbox');
  desk.dispatch({ type: 'play' });
  assert.deepEqual(desk.asked, [['play', { rate: 1 / 20 }]]);
  desk.asked.length = 0;
  desk.dispatch({ type: 'seekSeq', seq: desk.store.last('main') - 40 });
  desk.dispatch({ type: 'play' });
  assert.deepEqual(desk.asked, []);
  assert.equal(desk.model().playing, true);
  desk.run(5000);
  assert.deepEqual(desk.asked, [['play', { rate: 1 / 20 }]]);
});

test('Play while the server plays is to catch up', () => {
  const desk = page('sandbox');
  desk.store.setPlaying({ on: true, rate: 1 });
  desk.dispatch({ type: 'play' });
  assert.deepEqual([desk.asked.length, desk.player.following()], [0, true]);
});

test('seeking while live stops the server where one steers, and only following where one watches', () => {
  for (const role of /** @type {const} */ (['presenter', 'viewer'])) {
    const desk = page('sandbox', role);
    desk.store.setPlaying({ on: true, rate: 1 });
    desk.player.live(0);
    desk.dispatch({ type: 'seek', p: 1000 });
    desk.dispatch({ type: 'seek', p: 2000 });
    assert.equal(desk.player.following(), false);
    assert.deepEqual(desk.asked.map(([name]) => name), role === 'presenter' ? ['pause'] : []);
  }
});

test('acting at the head of one\'s own branch names no point; in the past and in a lesson it does', async () => {
  const desk = page('sandbox');
  serve(desk);
  desk.dispatch({ type: 'command', command: { crash: 'node1' } });
  await desk.settle();
  desk.dispatch({ type: 'seekSeq', seq: 40 });
  desk.dispatch({ type: 'command', command: { crash: 'node1' } });
  await desk.settle();
  assert.deepEqual(desk.asked, [
    ['do', { command: { crash: 'node1' } }],
    ['do', { command: { crash: 'node1' }, at: { branch: 'main', seq: 40 } }],
  ]);
  const lesson = page('election');
  serve(lesson);
  lesson.dispatch({ type: 'command', command: { crash: 'node1' } });
  await lesson.settle();
  assert.deepEqual(lesson.asked[0][1].at, { branch: 'main', seq: lesson.store.last('main') });
});

test('commands sent together stay together: one branch, not one each', async () => {
  const desk = page('election');
  serve(desk);
  desk.dispatch({ type: 'lessonStep', index: 2 });
  const seq = desk.player.seq();
  for (const node of ['node1', 'node2', 'node3']) desk.dispatch({ type: 'command', command: { crash: node } });
  await desk.settle();
  assert.deepEqual(desk.asked.map(([, { at }]) => at), [
    { branch: 'main', seq }, { branch: 'b1', seq: seq + 1 }, { branch: 'b1', seq: seq + 2 },
  ]);
  assert.deepEqual(desk.store.branches().map(({ id }) => id), ['main', 'b1']);
  desk.run(1000);
  assert.equal(desk.player.seq(), seq + 3);
});

test('what is refused is told, and the next command goes its way', async () => {
  const desk = page('sandbox');
  desk.answers.do = () => {
    throw new Error('do.timeout: there is no node9; use node1');
  };
  desk.dispatch({ type: 'command', command: { timeout: 'node9' } });
  await desk.settle();
  assert.equal(desk.desk.error, 'do.timeout: there is no node9; use node1');
  serve(desk);
  desk.dispatch({ type: 'command', command: { timeout: 'node1' } });
  await desk.settle();
  assert.equal(desk.desk.error, null);
});

test('a step at the head of a sandbox makes the next thing happen; elsewhere it only looks', async () => {
  const desk = page('sandbox');
  desk.dispatch({ type: 'stepBack' });
  const seq = desk.player.seq();
  assert.ok(seq < desk.store.last('main'));
  desk.dispatch({ type: 'step' });
  assert.deepEqual(desk.asked, []);
  desk.dispatch({ type: 'toEnd' });
  desk.dispatch({ type: 'step' });
  await desk.settle();
  assert.deepEqual(desk.asked, [['do', { command: { step: 1 } }]]);
});

test('steps pressed quickly do not get lost', () => {
  const desk = page('election');
  desk.dispatch({ type: 'toStart' });
  const worth = desk.model().events.filter(({ seq, say }) => seq > desk.player.seq() && say).map(({ seq }) => seq);
  for (let i = 0; i < 5; i += 1) desk.dispatch({ type: 'step' });
  desk.run(1000);
  assert.equal(desk.player.seq(), worth[4]);
});

test('the next election and the next commit; and a word where there is none', () => {
  const desk = page('sandbox');
  desk.dispatch({ type: 'toStart' });
  desk.dispatch({ type: 'nextElection' });
  assert.ok(Object.values(desk.model().view.nodes).some(({ state }) => state === 'candidate'));
  desk.dispatch({ type: 'nextCommit' });
  assert.ok(Object.values(desk.model().view.nodes).some(({ commitIndex }) => commitIndex === 1));
  desk.dispatch({ type: 'toEnd' });
  desk.dispatch({ type: 'nextCommit' });
  assert.match(String(desk.desk.notice), /Nothing waits/);
  desk.dispatch({ type: 'nextElection' });
  assert.match(String(desk.desk.notice), /^node\d leads, so no election is due/);
  assert.deepEqual(desk.asked, []);
});

test('at the head, time passes to the next election and to the next commit', async () => {
  const desk = page('sandbox');
  serve(desk);
  const add = (/** @type {any} */ changes) => {
    const seq = desk.store.last('main') + 1;
    const now = desk.store.journal().now();
    desk.store.frame({ branch: 'main', first: seq, last: seq, events: [event(seq, { time: now, changes })], now, playing: { on: false, rate: 1 } });
    desk.player.seekSeq(seq);
  };
  const { nodes } = desk.model().view;
  const leader = Object.keys(nodes).find((id) => nodes[id].state === 'leader') ?? '';
  const index = nodes[leader].log.length + 1;
  add([[['nodes', leader, 'log', index - 1], { index, term: nodes[leader].term, set: { k: 1 } }]]);
  desk.dispatch({ type: 'nextCommit' });
  await desk.settle();
  add([[['nodes', leader, 'state'], 'follower']]);
  desk.dispatch({ type: 'nextElection' });
  await desk.settle();
  assert.deepEqual(desk.asked, [
    ['do', { command: { run_until: { within: 5000, committed: index } } }],
    ['do', { command: { run_until: { within: 5000, leader: true } } }],
  ]);
});

test('on a branch that left its lesson, Next leads back to the lesson', async () => {
  const desk = page('election');
  serve(desk);
  desk.dispatch({ type: 'command', command: { crash: 'node1' } });
  await desk.settle();
  assert.equal(desk.store.active(), 'b1');
  desk.dispatch({ type: 'next' });
  await desk.settle();
  assert.equal(desk.store.active(), 'main');
});

test('Escape lets go of one thing at a time', () => {
  const desk = page('sandbox');
  Object.assign(desk.desk, { error: 'e', notice: 'n', selection: { kind: 'node', id: 'node1' }, tool: 'cut' });
  const left = [];
  for (let i = 0; i < 4; i += 1) {
    desk.dispatch({ type: 'escape' });
    const { error, notice, selection, tool } = desk.desk;
    left.push([error, notice, selection && selection.id, tool]);
  }
  assert.deepEqual(left, [
    [null, 'n', 'node1', 'cut'], [null, null, 'node1', 'cut'], [null, null, null, 'cut'], [null, null, null, 'select'],
  ]);
});

test('what to compare with: the step before in a lesson, the moment before in a cluster that runs', () => {
  const lesson = page('election');
  lesson.dispatch({ type: 'lessonStep', index: 1 });
  assert.equal(lesson.model().previous?.nodes.node1.state, 'follower');
  assert.equal(lesson.model().view.nodes.node1.state, 'candidate');
  const running = page('sandbox');
  running.dispatch({ type: 'toStart' });
  running.dispatch({ type: 'nextElection' });
  const { view, previous } = running.model();
  const changed = Object.keys(view.nodes).filter((id) => view.nodes[id].state !== previous?.nodes[id].state);
  assert.equal(changed.length, 1);
});

/** What the server would answer who asks what comes of a prediction, for as long as a test runs. */
async function withOutcome(/** @type {any} */ answer, /** @type {(asked: string[]) => Promise<void>} */ run) {
  const known = globalThis.fetch;
  /** @type {string[]} */
  const asked = [];
  globalThis.fetch = /** @type {any} */ (async (/** @type {string} */ address) => {
    asked.push(address);
    return answer === null ? new Response('', { status: 404 }) : Response.json(answer);
  });
  try {
    await run(asked);
  } finally {
    globalThis.fetch = known;
  }
}

/** The election, at the step that asks for a prediction. */
function asking() {
  const desk = page('election');
  const { steps } = /** @type {any} */ (desk.store.lesson());
  const step = steps.find((/** @type {any} */ each) => each.predict);
  desk.dispatch({ type: 'lessonStep', index: step.index });
  const wrong = step.predict.choices.findIndex((/** @type {string} */ choice) => choice !== step.predict.answer);
  const right = step.predict.choices.indexOf(step.predict.answer);
  const later = async () => {
    for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return { desk, step, wrong, right, later, events: [event(step.end + 1, { time: desk.store.journal().viewAt(step.end).time })] };
}

test('a wrong prediction is answered by what happens; a right one when asked', async () => {
  const { desk, step, wrong, right, later, events } = asking();
  await withOutcome({ events, now: 0 }, async (asked) => {
    desk.dispatch({ type: 'answer', step: step.index, choice: right });
    await later();
    assert.deepEqual([asked, desk.model().aside], [[], null]);
    desk.dispatch({ type: 'outcome', step: step.index });
    await later();
    assert.deepEqual(asked, [`/api/lessons/election/outcome/${step.index + 1}.json`]);
    assert.deepEqual(desk.model().aside, { step: step.index, from: step.end, end: step.end + 1 });
    desk.dispatch({ type: 'rejoin' });
    assert.deepEqual([desk.model().aside, desk.model().seq], [null, step.end]);
    desk.dispatch({ type: 'answer', step: step.index, choice: wrong });
    await later();
    assert.deepEqual([asked.length, desk.model().aside?.step], [1, step.index], 'fetched once');
    desk.dispatch({ type: 'escape' });
    assert.equal(desk.model().aside, null);
  });
});

test('what cannot be fetched is said, and can be asked for again', async () => {
  const { desk, step, later, events } = asking();
  await withOutcome(null, async () => {
    desk.dispatch({ type: 'outcome', step: step.index });
    await later();
    assert.match(desk.desk.error ?? '', /cannot be shown just now/);
  });
  await withOutcome({ events, now: 0 }, async () => {
    desk.dispatch({ type: 'outcome', step: step.index });
    await later();
    assert.equal(desk.model().aside?.end, step.end + 1);
  });
});

test('a command given while something else is shown is carried out where the lesson stood', async () => {
  const { desk, step, later, events } = asking();
  await withOutcome({ events, now: 0 }, async () => {
    desk.dispatch({ type: 'outcome', step: step.index });
    await later();
  });
  desk.dispatch({ type: 'command', command: { crash: 'node1' } });
  await desk.settle();
  assert.deepEqual(desk.asked, [['do', { command: { crash: 'node1' }, at: { branch: 'main', seq: step.end } }]]);
});

test('to try it out is to go on from the state at hand', async () => {
  const { desk, step } = asking();
  desk.dispatch({ type: 'tryOut' });
  assert.deepEqual(desk.asked, [['fork', { at: { branch: 'main', seq: step.end } }]]);
});

test('a guess that was put together is given by going on, by an event or by a step of the lesson', () => {
  for (const type of /** @type {const} */ (['step', 'next'])) {
    const desk = page('election');
    desk.dispatch({ type: 'lessonStep', index: 0 });
    desk.dispatch({ type: 'predict' });
    desk.dispatch({ type });
    desk.run(5000);
    assert.equal(desk.model().guess?.turn, null, 'nobody guessed');
    desk.dispatch({ type: 'lessonStep', index: 0 });
    desk.dispatch({ type: 'weigh', guess: { node: 'node1', field: 'state', value: 'candidate' } });
    desk.dispatch({ type });
    desk.run(5000);
    const { guess, step, seq } = desk.model();
    assert.deepEqual([guess?.turn?.mark, guess?.score, step], ['right', { right: 1, partly: 0, wrong: 0 }, 1], type);
    assert.ok(seq >= Number(guess?.turn?.to), 'the turn is in sight, and so is its verdict');
    desk.dispatch({ type });
    assert.deepEqual(desk.model().guess?.score, { right: 1, partly: 0, wrong: 0 }, 'a guess is given once');
  }
});

test('a branch knows at which step it left the lesson, also after all that was done is taken back', () => {
  const desk = page('election');
  const { steps } = /** @type {any} */ (desk.store.lesson());
  desk.dispatch({ type: 'lessonStep', index: 2 });
  const { end } = steps[2];
  for (const [id, parent, at] of /** @type {Array<[string, string, number]>} */ ([['b1', 'main', end], ['b2', 'b1', end + 1]])) {
    desk.store.branched({ id, name: id, parent, at, last: at, now: 0, lesson: false }, id);
    desk.walk.locate();
    const { origin } = desk.model();
    assert.deepEqual([origin.seq, origin.step?.index], [end, 2], id);
  }
  assert.deepEqual(page('sandbox').model().origin, { seq: 1, step: null });
});
