/**
 * How far the time line may show: a lesson does not give away what is still to come.
 *
 * @module views/parts/horizon
 */

/** @typedef {import('../../types.js').Model} Model */

/** While a server plays, lines are drawn ahead of the last event, under the veil, by less than this, µs. */
const AHEAD = 10_000;

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

/**
 * @param {Model} model
 * @param {number} seen The last event that the time line shows.
 * @returns {string[]} The nodes that have a line on it: the diagram shows a stretch of time, so also
 *   those that come only after the cursor.
 */
export function lanes(model, seen) {
  const ids = Object.keys(model.roles).filter((id) => model.roles[id][0].seq <= seen);
  return ids.length > 0 ? ids : model.nodes;
}

/**
 * @param {Model} model
 * @param {number} seen The last event that the time line shows.
 * @param {boolean} playing Whether the lines go on to the next event.
 * @returns {number} How far the lines that are drawn now will do, presentation µs.
 */
export function linesTo(model, seen, playing) {
  if (seen < model.last) return model.pOf(playing ? seen + 1 : seen);
  return model.span[1] + (model.live ? AHEAD : 0);
}
