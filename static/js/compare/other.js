/**
 * The other side of a comparison: a branch of the session, or the run under other rules.
 *
 * @module compare/other
 */

import { align, kinship, pairsOfBranches, pairsOfVariant } from '../store/align.js';
import { createJournal } from '../store/journal.js';
import { branchIn } from './words.js';

/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('../store/journal.js').Journal} Journal */
/** @typedef {import('../store/align.js').Alignment} Alignment */

/** @typedef {{seq: number, command: Record<string, any>, error: import('../types.js').Said}} Skipped A command that does not fit under the other rules. */

/**
 * @typedef {object} Other
 * @property {string} what As addresses call it.
 * @property {string} of The branch that it stands beside.
 * @property {Journal} journal
 * @property {Skipped[]} skipped
 * @property {number} upto How far the run beside it had come when this was asked for; Infinity for a branch.
 */

/** @typedef {(name: 'variant'|'resync', request: Record<string, any>) => Promise<any>} Ask */

/**
 * @param {Ask} ask
 * @param {Model} model
 * @param {string} what
 * @returns {Promise<Other>} Rejects with what the server says where it cannot be had.
 */
export async function fetchOther(ask, model, what) {
  const id = branchIn(what);
  const of = model.branch;
  const answer = id === null ? await ask('variant', { branch: of, rules: what }) : await ask('resync', { branch: id, have: 0 });
  const { snapshot } = answer;
  const journal = createJournal(snapshot ? { ...snapshot.view, seq: snapshot.seq } : undefined);
  journal.append(answer.events, answer.now);
  return { what, of, journal, skipped: answer.skipped ?? [], upto: answer.upto ?? Infinity };
}

/**
 * @param {Other} other
 * @param {Model} model
 * @returns {boolean} Whether it has fallen behind, and is worth asking for again.
 */
export function isBehind(other, model) {
  const id = branchIn(other.what);
  if (id === null) return other.of !== model.branch || other.upto < model.last;
  return (model.branches.find((each) => each.id === id)?.last ?? 0) > other.journal.last();
}

/**
 * @returns {(journal: Journal, other: Other, model: Model) => Alignment} The same as long as neither side grows.
 */
export function createAligner() {
  /** @type {{journal: Journal, other: Other, last: number, made: Alignment}|null} */
  let held = null;
  return (journal, other, model) => {
    const last = journal.last();
    if (held && held.journal === journal && held.other === other && held.last === last) return held.made;
    const id = branchIn(other.what);
    const known = held && held.journal === journal && held.other === other ? held.made.same : 0;
    const made = id === null
      ? align(journal, other.journal, { pairs: pairsOfVariant(journal, other.journal, new Set(other.skipped.map(({ seq }) => seq))), tied: other.upto === last, known })
      : align(journal, other.journal, {
        pairs: pairsOfBranches(journal, other.journal, kinship(model.branches, model.branch, id)?.at ?? 0, model.session.timers === 'manual'), tied: false, known,
      });
    held = { journal, other, last, made };
    return made;
  };
}
