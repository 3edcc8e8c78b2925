/**
 * What belongs to learning beside a lesson's steps: showing what comes of a prediction, going on in the
 * sandbox from the state at hand, predicting freely, and giving a talk.
 *
 * @module course
 */

import { fetchBaked } from './lib/baked.js';
import { createDispatch } from './lib/dispatch.js';
import { t } from './lib/words.js';
import { wallNow } from './store/clock.js';
import { newRound, played, weighedIn } from './store/guessing.js';
import { nextTurn } from './store/predict.js';

/** @typedef {Omit<import('./lib/dispatch.js').Handlers, import('./lib/dispatch.js').CarryAction>} Handlers */
/** @typedef {import('./types.js').WireEvent} WireEvent */

/** @typedef {Pick<import('./actions.js').Context, 'store'|'player'|'walk'|'desk'|'room'|'now'|'changed'>} Context */

/** The longest that a turn takes on the screen, ms. */
const LONGEST_TURN = 1500;

/**
 * @param {Context} context
 * @param {ReturnType<typeof import('./actions.js').createHandlers>} made What the actions do without this.
 * @param {(address: string) => Promise<Response>} [get]
 * @returns {{handlers: Handlers, noticed: () => void, longest: () => number|undefined, part: import('./types.js').ViewPart}} The same, and what is done here.
 */
export function withCourse({ store, player, walk, desk, room, now, changed }, { handlers, noticed, longest }, get = fetchBaked) {
  /** Each answer that was fetched. @type {Map<string, Promise<{events: WireEvent[], now: number}>>} */
  const outcomes = new Map();

  /** @param {unknown} error */
  function failed(error) {
    desk.error = error instanceof Error ? error.message : String(error);
    changed();
  }

  /** @param {string} address */
  async function fetchOutcome(address) {
    const answer = await get(address);
    if (!answer.ok) throw new Error(t('outcome.gone'));
    return answer.json();
  }

  /** @param {number} step */
  function showOutcome(step) {
    const lesson = store.lesson();
    if (!lesson?.steps[step]?.predict) return;
    const address = `/api/lessons/${encodeURIComponent(lesson.id)}/outcome/${step + 1}.json`;
    const outcome = outcomes.get(address) ?? fetchOutcome(address);
    outcomes.set(address, outcome);
    outcome.then(({ events, now: time }) => {
      if (store.lesson() !== lesson || walk.step() !== step) return;
      walk.show(step, events, time, now());
      changed();
    }).catch((error) => {
      outcomes.delete(address);
      failed(error);
    });
  }

  /** @type {Handlers['answer']} */
  function answer(action) {
    handlers.answer(action);
    const predict = store.lesson()?.steps[action.step]?.predict;
    if (predict && predict.choices[action.choice] !== predict.answer) showOutcome(action.step);
  }

  /** @param {Omit<import('./store/guessing.js').Turn, 'mark'|'changes'>} turn */
  function play(turn) {
    if (desk.round && store.active() === turn.branch) desk.round = played(desk.round, turn, store.journal());
    changed();
  }

  /** What was guessed at the head is judged once its events have come in. */
  function judge() {
    const turn = desk.round?.turn;
    if (turn && turn.mark === null && store.active() === turn.branch && store.last(turn.branch) >= turn.to) play(turn);
  }

  /** What was put together and not given when one goes on. @returns {import('./store/predict.js').Guess|null|undefined} */
  const weighed = () => weighedIn(desk.round, player.journal().viewAt(player.seq()));

  /** An event further: whoever has put a guess together has given it by that. @type {Handlers['step']} */
  function step(action) {
    const made = weighed();
    if (made === undefined) handlers.step(action);
    else guess({ type: 'guess', guess: made });
  }

  /** A step of the lesson further, likewise: the guess is about what changes first on the way. @type {Handlers['next']} */
  function next(action) {
    const made = store.lesson() && !player.moving() && !walk.aside() ? weighed() : undefined;
    const from = player.seq();
    const to = nextTurn(player.journal(), from);
    if (made !== undefined && to !== null) play({ guess: made, branch: store.active(), from, to });
    handlers.next(action);
  }

  /** @type {Handlers['guess']} */
  function guess({ guess: made }) {
    walk.rejoin();
    walk.stop();
    if (player.moving()) player.finish();
    const branch = store.active();
    const from = player.seq();
    const to = nextTurn(player.journal(), from);
    if (to !== null) {
      play({ guess: made, branch, from, to });
      player.moveTo(to, now(), { longest: LONGEST_TURN, arrived: () => walk.locate() });
    } else if (store.lesson() || store.role() === 'viewer') {
      desk.notice = t('guess.end');
    } else {
      room.ask('do', { command: { step: 1 } }).then((done) => play({ guess: made, branch: done.branch, from, to: done.last })).catch(failed);
    }
  }

  /** Made when it is first asked for. @type {import('./talk.js').Talk|null} */
  let talk = null;

  /** @param {(talk: import('./talk.js').Talk) => void} act */
  function withTalk(act) {
    if (!store.session()?.lesson || store.role() !== 'presenter') {
      desk.notice = t('talk.only');
      return;
    }
    import('./talk.js').then(({ createTalk }) => {
      talk ??= createTalk({ dispatch, ask: (request) => room.ask('notes', request), now: wallNow, failed });
      act(talk);
      changed();
    }).catch(failed);
  }

  /** @type {import('./types.js').Dispatch} */
  const dispatch = (action) => createDispatch(/** @type {import('./lib/dispatch.js').Handlers} */ (all), changed)(action);

  /** @type {Handlers} */
  const all = {
    ...handlers,
    answer,
    outcome: ({ step }) => showOutcome(step),
    rejoin: walk.rejoin,
    escape(action) {
      if (walk.aside() && !desk.error && !desk.notice && !desk.selection) walk.rejoin();
      else handlers.escape(action);
    },
    tryOut() {
      walk.rejoin();
      walk.stop();
      room.ask('fork', { at: { branch: store.active(), seq: player.seq() } }).catch(failed);
    },
    predict() {
      desk.round = desk.round ? null : newRound();
    },
    guess,
    weigh({ guess: made }) {
      if (desk.round) desk.round = { ...desk.round, weighed: made };
    },
    step,
    next,
    slides: () => withTalk((each) => each.slides()),
    notes: () => withTalk((each) => each.notes()),
  };
  return {
    handlers: all,
    longest,
    part: { update: (model) => talk?.update(model) },
    noticed() {
      noticed();
      judge();
    },
  };
}
