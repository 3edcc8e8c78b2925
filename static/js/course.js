/**
 * What belongs to a lesson beside its steps: showing what comes of a prediction, and going on in the
 * sandbox from the state at hand.
 *
 * @module course
 */

import { fetchBaked } from './lib/baked.js';
import { t } from './lib/words.js';

/** @typedef {import('./lib/dispatch.js').Handlers} Handlers */
/** @typedef {import('./types.js').WireEvent} WireEvent */

/** @typedef {Pick<import('./actions.js').Context, 'store'|'player'|'walk'|'desk'|'room'|'now'|'changed'>} Context */

/**
 * @param {Context} context
 * @param {import('./actions.js').Handlers} handlers What the actions do without a lesson's ends.
 * @param {(address: string) => Promise<Response>} [get]
 * @returns {Handlers} The same, and what is done here.
 */
export function withCourse({ store, player, walk, desk, room, now, changed }, handlers, get = fetchBaked) {
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

  return {
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
  };
}
