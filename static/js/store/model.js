/**
 * The frame model: everything that the screen shows at one moment, put together from what the
 * store holds, where the cursor is, and what a person has chosen.
 *
 * @module store/model
 */

import { ALL_MOMENTS } from '../lib/moments.js';
import { shownRound } from './guessing.js';
import { originOf } from './origin.js';
import { positionAt } from './seek.js';
import { flightsAt, nodesAt } from './select.js';
import { createStretches } from './stretch.js';

/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('../types.js').Session} Session */
/** @typedef {import('../types.js').View} View */
/** @typedef {import('./store.js').Store} Store */
/** @typedef {import('./player.js').Player} Player */
/** @typedef {import('./walk.js').Walk} Walk */
/** @typedef {import('./journal.js').Journal} Journal */

/**
 * What a person has chosen, and what the page has to tell beside the cluster.
 * @typedef {Pick<Model, 'selection'|'question'|'knower'|'tool'|'connection'|'reason'|'kept'|'room'|'error'|'notice'|'compare'|'beside'|'answers'|'theme'|'pointed'|'moments'> & {stretches: import('./stretch.js').Stretches, round: import('./guessing.js').Round|null}} Desk
 */

/** @type {Session} What is shown before the session is known. */
const NO_SESSION = {
  kind: 'sandbox',
  title: '',
  nodes: [],
  seed: 0,
  timers: 'manual',
  timing: { election_timeout: [150000, 300000], heartbeat: 50000, latency: [10000, 20000] },
  options: {},
};

/** @returns {Desk} */
export function createDesk() {
  return {
    selection: null, question: null, knower: null, tool: 'select', connection: 'connecting', reason: null, kept: null, room: null,
    error: null, notice: null, compare: null, beside: null, answers: {}, theme: 'light', pointed: null, moments: ALL_MOMENTS, stretches: createStretches(), round: null,
  };
}

/**
 * @param {Journal} journal
 * @param {number} seq
 * @returns {number} The state to compare with: before the command that the cursor stands on.
 */
function beforeCommand(journal, seq) {
  for (let at = seq; at >= journal.first; at -= 1) {
    if (journal.event(at)?.kind === 'command') return at - 1;
  }
  return journal.first - 1;
}

/**
 * @param {Journal} journal
 * @param {number} seq
 * @returns {number} The state before all that happened at the same moment as the event.
 */
function beforeMoment(journal, seq) {
  return journal.first - 1 + positionAt(journal.presentation.times, journal.pOf(seq) - 0.001);
}

/**
 * @param {Store} store
 * @param {Player} player
 * @param {Walk} walk
 * @returns {View|null} What to compare the state with, to show what changed.
 */
function previousView(store, player, walk) {
  const journal = player.journal();
  const seq = player.seq();
  const lesson = store.lesson();
  let from;
  const aside = walk.aside();
  if (aside) from = aside.from;
  else if (lesson) from = (lesson.steps[Math.max(0, walk.step())]?.start ?? 1) - 1;
  else if (store.session()?.timers === 'manual') from = beforeCommand(journal, seq);
  else from = beforeMoment(journal, seq);
  return from < journal.first || from > seq ? null : journal.viewAt(from);
}

/** The latest, so that the same is the same object. @type {{round: Desk['round'], view: View|null, shown: Model['guess']}} */
let latest = { round: null, view: null, shown: null };

/** @param {Desk['round']} round @param {View} view */
function guessed(round, view) {
  if (latest.round !== round || latest.view !== view) latest = { round, view, shown: shownRound(round, view) };
  return latest.shown;
}

/**
 * @param {Store} store
 * @param {Player} player
 * @param {Walk} walk
 * @param {Desk} desk
 * @param {Model['explain']} explain
 * @returns {Model}
 */
export function createModel(store, player, walk, desk, explain) {
  const journal = player.journal();
  const p = player.p();
  const view = journal.viewAt(player.seq());
  const session = store.session() ?? NO_SESSION;
  const follows = !store.lesson() && (store.playing().on || store.role() === 'viewer');
  const { stretches, round, ...chosen } = desk;
  const playing = walk.playing() || (player.moving() && !(player.following() && !store.playing().on));
  /** @type {[number, number]} */
  const span = [0, journal.end()];
  return {
    ...chosen,
    ...stretches.at({
      branch: store.active(), span, p, going: playing, auto: session.timers === 'auto', lesson: session.kind === 'lesson',
      arrows: journal.presentation.arrows.length, events: journal.events.length,
    }),
    view,
    previous: previousView(store, player, walk),
    time: journal.timeAt(p),
    p,
    seq: player.seq(),
    first: journal.first,
    last: journal.last(),
    flights: flightsAt(journal, view, p, player.rest()),
    events: journal.events,
    arrows: journal.presentation.arrows,
    flight: journal.presentation.longest(),
    roles: journal.roles,
    marks: journal.marks,
    session,
    nodes: nodesAt(view, session),
    lesson: store.lesson(),
    step: walk.step(),
    ended: walk.ended(),
    aside: walk.aside(),
    origin: originOf(store.branches(), store.active(), session.lesson ?? null, walk.stood()),
    seen: walk.seen(),
    guess: guessed(round, view),
    waiting: walk.waiting(),
    playing,
    rate: player.rate(),
    live: player.following() && store.playing().on,
    role: store.role(),
    behind: follows && !player.atHead() && !walk.playing() ? journal.last() - player.seq() : 0,
    branches: store.branches(),
    branch: store.active(),
    reveal: player.reveal(),
    span,
    explain,
    event: journal.event,
    pOf: journal.pOf,
    seqAt: journal.seqAt,
    timeAt: journal.timeAt,
    viewAt: journal.viewAt,
    arrow: (id) => journal.presentation.byId.get(id),
  };
}
