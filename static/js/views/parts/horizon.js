/**
 * How far the time line may show: a lesson does not give away what is still to come.
 *
 * @module views/parts/horizon
 */

/** @typedef {import('../../types.js').Model} Model */

/** The furthest event shown of each lesson's run, by its list of events. @type {WeakMap<object, number>} */
const furthest = new WeakMap();

/**
 * @param {Model} model
 * @returns {number} The last event that the time line shows.
 */
export function horizon(model) {
  if (model.live) return model.last;
  if (!model.lesson) return Math.max(model.reveal, model.seq);
  const far = Math.max(furthest.get(model.events) ?? 0, model.seq);
  furthest.set(model.events, far);
  return far;
}
