/**
 * How far somebody is in each lesson, and which is the one to go on with. Pure.
 *
 * @module catalogue/path
 */

import { seenIn } from '../lib/progress.js';

/** @typedef {import('../lib/progress.js').Progress} Progress */

/**
 * @typedef {object} Stop A lesson on the path.
 * @property {string} id
 * @property {number} steps How many it has.
 * @property {string[]} next The lessons to go on with.
 */

/**
 * @typedef {object} Standing
 * @property {'new'|'begun'|'done'} state
 * @property {number} step Where to go on, from 1.
 * @property {number} seen How many steps were shown.
 * @property {number} share How much lies behind, from 0 to 1.
 * @property {number} right
 * @property {number} asked
 */

/**
 * @param {Progress|undefined} progress
 * @param {number} steps How many steps the lesson has now; it may have been another number then.
 * @returns {Standing} A lesson of which only the first step was seen counts as new.
 */
export function standing(progress, steps) {
  if (!progress) return { state: 'new', step: 1, seen: 0, share: 0, right: 0, asked: 0 };
  const { right, asked, done } = progress;
  const furthest = Math.min(Math.max(1, Math.round(progress.step)), steps);
  const shown = new Set(seenIn(progress).filter((each) => each < steps));
  const seen = shown.size;
  if (done) return { state: 'done', step: furthest, seen, share: 1, right, asked };
  if (furthest <= 1 && asked === 0) return { state: 'new', step: 1, seen, share: 0, right, asked };
  const gap = Array.from({ length: steps }, (_, index) => index).find((index) => !shown.has(index));
  const step = furthest === steps && gap !== undefined ? gap + 1 : furthest;
  return { state: 'begun', step, seen, share: seen / steps, right, asked };
}

/**
 * @param {Stop[]} path In order.
 * @param {Record<string, Progress>} all
 * @returns {{id: string, step: number, first: boolean}|null} The lesson begun last; else the earliest that the
 *   one done last leads to, or that is not done; the first where nothing is done. Null when all are.
 */
export function recommended(path, all) {
  /** @param {(state: Standing) => boolean} like */
  const latest = (like) =>
    path
      .filter(({ id, steps }) => Object.hasOwn(all, id) && like(standing(all[id], steps)))
      .reduce((/** @type {Stop|null} */ best, each) => (best && all[best.id].at >= all[each.id].at ? best : each), null);

  const begun = latest(({ state }) => state === 'begun');
  if (begun) return { id: begun.id, step: standing(all[begun.id], begun.steps).step, first: false };
  const open = path.filter(({ id, steps }) => standing(all[id], steps).state !== 'done');
  if (open.length === 0) return null;
  const done = latest(({ state }) => state === 'done');
  const after = open.find(({ id }) => done?.next.includes(id)) ?? open[0];
  return { id: after.id, step: 1, first: done === null };
}

/**
 * @param {Stop[]} path
 * @param {Record<string, Progress>} all
 * @returns {{done: number, begun: number}} How many of the lessons are.
 */
export function counted(path, all) {
  const states = path.map(({ id, steps }) => standing(all[id], steps).state);
  return { done: states.filter((each) => each === 'done').length, begun: states.filter((each) => each === 'begun').length };
}
