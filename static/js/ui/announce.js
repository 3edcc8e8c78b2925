/**
 * What a screen reader is told: sparingly, one line at a time, the latest that matters.
 *
 * @module ui/announce
 */

import { branchName } from '../lib/format.js';
import { t } from '../lib/words.js';

/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('../types.js').WireEvent} WireEvent */

/** The shortest time between two lines, ms. */
export const QUIET = 1500;

/** How many of the events passed over are looked at for one worth saying. */
const LOOK_BACK = 200;

/**
 * @param {WireEvent} event
 * @returns {number} 0: not worth saying; more for what matters more.
 */
function weight(event) {
  switch (event.kind) {
    case 'invariant_violated': return 5;
    case 'role_changed': return event.data.to === 'leader' ? 4 : 3;
    case 'crashed':
    case 'restarted': return 4;
    case 'index_changed': return event.data.what === 'commitIndex' && event.data.why !== 'leader_commit' ? 3 : 0;
    case 'client_reply': return 3;
    case 'node_added':
    case 'checked': return 4;
    case 'client_gave_up':
    case 'learner_changed': return 3;
    case 'configuration_changed': return event.data.why === 'appended' || event.data.why === 'truncated' ? 3 : 0;
    case 'snapshot_installed':
    case 'clock_changed':
    case 'paused':
    case 'resumed':
    case 'link_changed': return 2;
    case 'snapshot_taken':
    case 'lease_changed': return 1;
    case 'log_truncated': return 2;
    case 'transfer_changed': return 3;
    case 'voted':
    case 'pre_voted': return 1;
    default: return 0;
  }
}

/**
 * @param {Model} model
 * @param {Model} previous
 * @returns {string|null} The line for the way from one model to the next.
 */
export function lineFor(model, previous) {
  if (model.error && model.error !== previous.error) return model.error;
  if (model.notice && model.notice !== previous.notice) return model.notice;
  if (previous.branch && model.branch !== previous.branch) {
    return t('announce.branch', { name: branchName(model.branches.find(({ id }) => id === model.branch)?.name ?? model.branch) });
  }
  if (model.lesson && model.step !== previous.step && model.step >= 0) {
    return t('announce.step', { step: model.step + 1, of: model.lesson.steps.length, title: model.lesson.steps[model.step].title });
  }
  if (model.seq === previous.seq) return null;
  if (!model.playing && Math.abs(model.seq - previous.seq) === 1) {
    const event = model.event(model.seq);
    return event ? model.explain(event)?.text ?? null : null;
  }
  /** @type {WireEvent|null} */
  let best = null;
  const from = Math.max(previous.seq + 1, model.seq - LOOK_BACK);
  for (let seq = model.seq; seq >= from; seq -= 1) {
    const event = model.event(seq);
    if (event && weight(event) > (best ? weight(best) : 0)) best = event;
  }
  return best ? model.explain(best)?.text ?? null : null;
}

/**
 * @param {Element} region The live region.
 * @param {(callback: () => void, ms: number) => void} [later]
 * @returns {{update: (model: Model, previous: Model|null) => void}}
 */
export function createAnnounce(region, later = (callback, ms) => void setTimeout(callback, ms)) {
  /** @type {string|null} */
  let next = null;
  let waiting = false;

  function speak() {
    waiting = next !== null;
    if (next === null) return;
    region.textContent = next;
    next = null;
    later(speak, QUIET);
  }

  return {
    update(model, previous) {
      const line = previous && lineFor(model, previous);
      if (!line) return;
      next = line;
      if (!waiting) speak();
    },
  };
}
