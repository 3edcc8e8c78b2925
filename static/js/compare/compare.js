/**
 * Two runs side by side, moved by one transport: this one, and a branch of the session or the same
 * commands under other rules. Loaded when it is first asked for.
 *
 * @module compare/compare
 */

import { t } from '../lib/words.js';
import { createDiffer, turningPoints } from '../store/differ.js';
import { momentAt } from '../takeaway/moment.js';
import { createChooser } from './chooser.js';
import { createAligner, fetchOther, isBehind } from './other.js';
import { createStages } from './stages.js';
import { asBranch, branchIn, isRules, RULES, runName } from './words.js';

/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('../types.js').Dispatch} Dispatch */
/** @typedef {import('../store/journal.js').Journal} Journal */
/** @typedef {import('../store/differ.js').Turn} Turn */
/** @typedef {import('../store/align.js').Alignment} Alignment */
/** @typedef {import('./other.js').Other} Other */

/**
 * @typedef {object} Source
 * @property {() => Model} model
 * @property {() => Journal} journal The branch that the transport moves.
 * @property {import('./other.js').Ask} ask
 * @property {Dispatch} dispatch
 * @property {import('../store/model.js').Desk} desk Where it writes what is compared with, and what it has to say.
 * @property {() => void} changed Ask for a frame.
 */

/**
 * @typedef {object} Compare
 * @property {(near: Element|null) => void} choose Open the sheet to choose on, or close it.
 * @property {(what: string) => Promise<void>} open
 * @property {() => void} leave
 * @property {() => void} tellOther Have the panels tell the other run, or this one again.
 * @property {() => void} swap Have the other branch on the left; runs under other rules have no branch.
 * @property {(model: Model) => void} update
 */

/** Presentation times are whole µs, but those of the other side need not be when they are carried over. */
const BEYOND = 0.5;

/**
 * @param {Source} source
 * @returns {Compare}
 */
export function createCompare({ model, journal, ask, dispatch, desk, changed }) {
  /** @type {Other|null} */
  let other = null;
  /** @type {ReturnType<typeof createStages>|null} */
  let stages = null;
  /** What is being asked for. @type {string|null} */
  let coming = null;
  /** What was asked for last in vain: it is not asked for again before something changes. */
  let failed = '';
  /** The branch shown before this one. */
  let before = '';
  let differ = createDiffer();
  const aligner = createAligner();
  /** @type {{of: Alignment, turns: Turn[]}|null} */
  let turns = null;
  const chooser = createChooser((what) => void open(what), leave);

  /** @param {Partial<import('../store/model.js').Desk>} words */
  function tell(words) {
    Object.assign(desk, words);
    changed();
  }

  /** @param {string} what @param {Model} now @returns {string|null} Why one cannot compare with it. */
  function refusal(what, now) {
    const id = branchIn(what);
    if (id === null) return isRules(what) ? null : t('compare.unknown', { what, known: RULES.join(t('comma.list')) });
    if (id === now.branch) return t('compare.itself');
    return now.branches.some((each) => each.id === id) ? null : t('compare.unknown', { what, known: [...RULES, ...now.branches.map((each) => asBranch(each.id))].join(t('comma.list')) });
  }

  /** @type {Compare['open']} */
  async function open(what) {
    const now = model();
    const reason = refusal(what, now);
    if (reason !== null) {
      tell({ error: reason });
      return;
    }
    if (coming === what) return;
    coming = what;
    try {
      const found = await fetchOther(ask, now, what);
      if (coming !== what) return;
      other = found;
      failed = '';
      differ = createDiffer();
      const stage = document.getElementById('stage');
      if (!stages && stage) stages = createStages(stage, { first: () => jump(-1), next: () => jump(model().p), choose: () => choose(document.getElementById('compare-button')), tell: (right) => right !== (desk.beside !== null) && tellOther(), swap, leave, go: (seq) => dispatch({ type: 'seekSeq', seq }) });
      before = other.of;
      tell({ compare: what });
    } catch (error) {
      failed = `${now.branch} ${now.last}`;
      tell({ error: error instanceof Error ? error.message : String(error) });
    } finally {
      if (coming === what) coming = null;
    }
  }

  function leave() {
    coming = null;
    other = null;
    if (!stages) return;
    stages.close();
    stages = null;
    tell({ compare: null, beside: null });
    document.getElementById('compare-button')?.focus();
  }

  /** The other run at the moment that belongs to this one's. @type {{of: Model, other: Other, there: Model}|null} */
  let placed = null;

  /** @param {Model} now @returns {Model} */
  function thereOf(now) {
    if (!other) return now;
    if (placed?.of === now && placed.other === other) return placed.there;
    const spot = aligner(journal(), other, now).toB(now);
    const { events, first, last, event, roles } = other.journal;
    const there = { ...momentAt(now, other.journal, spot.p, spot.seq), events, first, last: last(), event, roles, lesson: null, step: -1, playing: now.playing };
    placed = { of: now, other, there };
    return there;
  }

  function tellOther() {
    if (other) tell({ beside: desk.beside ? null : thereOf });
  }

  /** Where the left side is to stand once the sides are swapped: at the moment that stood on the right. @type {{branch: string, seq: number}|null} */
  let swapping = null;

  function swap() {
    const id = other && branchIn(other.what);
    if (id) {
      const now = model();
      swapping = { branch: id, seq: thereOf(now).seq };
      dispatch({ type: 'branch', id });
    } else if (other) tell({ notice: t('compare.swap.none') });
  }

  /** @param {Element|null} near */
  function choose(near) {
    chooser.toggle(model(), other?.what ?? null, near);
  }

  /** To the first difference after a presentation time. @param {number} p */
  function jump(p) {
    if (!other) return;
    const now = model();
    const alignment = aligner(journal(), other, now);
    if (turns?.of !== alignment) turns = { of: alignment, turns: turningPoints(journal(), other.journal, alignment) };
    const next = turns.turns.find((turn) => turn.p > p + BEYOND);
    if (next) dispatch({ type: 'seek', p: next.p + 0.02 });
    else tell({ notice: t(turns.turns.length ? 'compare.none.more' : 'compare.none') });
  }

  /** Keep beside this run what belongs there: it grows, and others become active. @param {Model} now */
  function follow(now) {
    if (!other || coming) return;
    const id = branchIn(other.what);
    if (swapping?.branch === now.branch) {
      dispatch({ type: 'seekSeq', seq: swapping.seq });
      swapping = null;
    }
    if (id === now.branch) {
      // The other side has become this one: what was here before is the other side now.
      void open(before && before !== now.branch ? asBranch(before) : (RULES[0]));
    } else if (isBehind(other, now) && failed !== `${now.branch} ${now.last}` && !(now.live || now.playing)) {
      void open(other.what);
    } else {
      before = now.branch;
    }
  }

  return {
    choose,
    open,
    leave,
    tellOther,
    swap,
    update(now) {
      follow(now);
      if (!other || !stages) return;
      const id = branchIn(other.what);
      const there = thereOf(now);
      const name = now.branches.find((each) => each.id === now.branch)?.name ?? '';
      const theirs = now.branches.find((each) => each.id === id)?.name ?? '';
      stages.draw({
        here: now,
        there,
        found: differ(now.view, there.view),
        nameHere: runName(name, now.view.options),
        nameThere: isRules(other.what) ? t(`compare.rules.${other.what}`) : runName(theirs, there.view.options),
        skipped: other.skipped,
        stale: coming !== null,
        right: desk.beside !== null,
        branch: id !== null,
      });
    },
  };
}
