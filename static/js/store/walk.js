/**
 * Moving through a lesson: from the end of one step to the end of the next. All local.
 *
 * @module store/walk
 */

import { stepAt } from './select.js';

/** @typedef {import('../types.js').LessonInfo} LessonInfo */
/** @typedef {import('../types.js').LessonStep} LessonStep */
/** @typedef {{step: number, from: number, end: number}} Aside What happens if: the lesson's step that asked (from 0), and the events before and at the end of what is shown. */
/** @typedef {import('../types.js').WireEvent} WireEvent */
/** @typedef {import('./journal.js').Journal} Journal */
/** @typedef {import('./player.js').Player} Player */

/** The longest that it takes to show what would follow on a step, ms. */
const LONGEST_ASIDE = 8000;

/** How long a step stands before play goes on, ms: at least, for each character, for a Chinese one, at most. */
const READING = Object.freeze({ least: 1500, perCharacter: 40, perWide: 120, most: 15000 });

/**
 * @param {LessonStep} step
 * @returns {number} How long to leave a person with the step's text, ms.
 */
export function readingTime(step) {
  const text = `${step.title} ${step.html.replace(/<[^>]*>/g, '')}`;
  const wide = text.match(/[\u2e80-\u9fff]/g)?.length ?? 0;
  return Math.min(READING.most, READING.least + READING.perCharacter * (text.length - wide) + READING.perWide * wide);
}

/**
 * @typedef {object} Walk
 * @property {() => number} step The step shown; -1 without lesson.
 * @property {() => boolean} ended Whether it has been left at its end, for its summary.
 * @property {() => boolean} playing Whether it goes on by itself.
 * @property {() => 'reading'|'question'|null} waiting What going on by itself waits for: time to read, or an answer.
 * @property {() => number} stood The step shown, or, away from the lesson, the one that was shown last.
 * @property {() => ReadonlySet<number>} seen The steps that were shown.
 * @property {(steps: Iterable<number>) => void} recall Steps that were shown before.
 * @property {(now: number) => void} next
 * @property {() => void} back
 * @property {(index: number) => void} go Stand at the end of a step.
 * @property {(now: number) => void} play Go on from here, step after step.
 * @property {() => void} stop
 * @property {(hint?: number) => void} locate Find the step again after the cursor was moved by
 *   something else; of several that end where it stands, the one hinted at.
 * @property {() => Aside|null} aside What is shown in place of the lesson's own run.
 * @property {(index: number, events: WireEvent[], time: number, now: number) => void} show Play what would follow on a
 *   step: its events, up to a virtual time in µs.
 * @property {() => void} rejoin Stand in the lesson's own run again, where it was left.
 * @property {(step: number, now: number) => void} answered Tell that a question has its answer.
 * @property {(now: number) => boolean} tick Whether the step shown changed.
 */

/**
 * @param {Player} player
 * @param {() => LessonInfo|null} lessonOf The lesson, where the branch at hand is its own run.
 * @param {(step: number) => boolean} isAnswered
 * @returns {Walk}
 */
export function createWalk(player, lessonOf, isAnswered) {
  let step = -1;
  let stood = -1;
  /** @type {Set<number>} */
  const seen = new Set();
  let ended = false;
  /** What is shown in place of the lesson's own run, which is held meanwhile. @type {{own: Journal, aside: Aside}|null} */
  let left = null;
  let playing = false;
  /** When play goes on, wall time in ms; null while the cursor moves. @type {number|null} */
  let resume = null;
  /** The step whose question stopped it; -1 none. */
  let asked = -1;

  function steps() {
    return lessonOf()?.steps ?? [];
  }

  /** @param {number} index */
  function stand(index) {
    step = index;
    if (index < 0) return;
    stood = index;
    seen.add(index);
  }

  function stop() {
    playing = false;
    resume = null;
    asked = -1;
    player.halt();
  }

  /** @param {number} [hint] */
  function locate(hint) {
    if (left) return;
    ended = false;
    playing = false;
    resume = null;
    asked = -1;
    const seq = player.seq();
    stand(hint !== undefined && steps()[hint]?.end === seq ? hint : stepAt(lessonOf(), seq));
  }

  function rejoin() {
    if (!left) return;
    const { own, aside } = left;
    left = null;
    player.use(own);
    player.seekSeq(aside.from);
    player.settle();
  }

  /** @type {Walk['show']} */
  function show(index, events, time, now) {
    const target = steps()[index];
    if (!target) return;
    rejoin();
    stop();
    const own = player.journal();
    const other = own.fork(target.end);
    other.append(events, time);
    left = { own, aside: { step: index, from: target.end, end: other.last() } };
    stand(index);
    ended = false;
    player.use(other);
    player.seekSeq(target.end);
    player.moveTo(other.last(), now, { longest: LONGEST_ASIDE });
  }

  /** @param {number} index */
  function go(index) {
    const target = steps()[index];
    if (!target) return;
    rejoin();
    stop();
    ended = false;
    stand(index);
    player.seekSeq(target.end);
    player.settle();
  }

  /** @param {number} index */
  function asks(index) {
    const each = steps()[index];
    return Boolean(each && (each.ask || each.predict)) && !isAnswered(index);
  }

  /**
   * @param {number} index
   * @param {number} now
   */
  function moveTo(index, now) {
    ended = false;
    stand(index);
    resume = null;
    asked = -1;
    const target = steps()[index];
    player.moveTo(target.end, now, { arrived: () => arrived(index, now) });
  }

  /**
   * @param {number} index
   * @param {number} now
   */
  function arrived(index, now) {
    if (!playing) return;
    if (asks(index)) asked = index;
    if (index >= steps().length - 1 || asks(index)) playing = false;
    else resume = Math.max(now, lastTick) + readingTime(steps()[index]);
  }

  let lastTick = 0;

  /** @param {number} now */
  function next(now) {
    const all = steps();
    if (!all.length) return;
    rejoin();
    playing = false;
    resume = null;
    const here = all[Math.max(0, step)];
    if (player.seq() < here.end && !player.moving()) {
      moveTo(step, now);
      return;
    }
    if (step >= all.length - 1) {
      ended = player.seq() >= here.end;
      player.seekSeq(here.end);
      return;
    }
    player.seekSeq(here.end);
    moveTo(step + 1, now);
  }

  function back() {
    const all = steps();
    if (!all.length) return;
    go(ended ? step : Math.max(0, step - 1));
  }

  /** @param {number} now */
  function play(now) {
    const all = steps();
    if (!all.length) return;
    rejoin();
    const atEnd = step >= all.length - 1 && player.seq() >= all[all.length - 1].end;
    if (atEnd) go(0);
    playing = true;
    lastTick = now;
    const here = all[Math.max(0, step)];
    if (player.seq() < here.end) moveTo(step, now);
    else if (step < all.length - 1) moveTo(step + 1, now);
  }

  /** @type {Walk['answered']} */
  function answered(index, now) {
    if (playing && index === step) resume = now + readingTime(steps()[index]);
  }

  /** @param {number} now */
  function tick(now) {
    lastTick = now;
    if (!playing || resume === null || now < resume) return false;
    if (step < steps().length - 1) moveTo(step + 1, now);
    else stop();
    return true;
  }

  function waiting() {
    if (playing) return resume === null ? null : 'reading';
    return asked === step && asks(step) ? 'question' : null;
  }

  /** @type {Walk['recall']} */
  function recall(before) {
    for (const each of before) seen.add(each);
  }

  return { step: () => step, stood: () => stood, seen: () => seen, recall, ended: () => ended, aside: () => left?.aside ?? null, show, rejoin, playing: () => playing, waiting, next, back, go, play, stop, locate, answered, tick };
}
