/**
 * The shapes that tell kinds of messages apart without colour: the same on the stage, in the crowd, in the
 * diagram and in the legend of a figure.
 *
 * @module geometry/kinds
 */

/** @typedef {'dot'|'up'|'diamond'|'down'|'square'} Shape */

/** @type {Readonly<Record<string, Shape>>} */
const SHAPES = Object.freeze({ RequestVote: 'up', PreVote: 'diamond', TimeoutNow: 'down', InstallSnapshot: 'square' });

/** Corners for a radius of 1; each fills about as much as the dot does. @type {Readonly<Record<Exclude<Shape, 'dot'>, ReadonlyArray<readonly [number, number]>>>} */
const CORNERS = Object.freeze({
  up: [[0, -1.25], [1.25, 1], [-1.25, 1]],
  down: [[0, 1.25], [1.25, -1], [-1.25, -1]],
  diamond: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]],
  square: [[-0.95, -0.95], [0.95, -0.95], [0.95, 0.95], [-0.95, 0.95]],
});

/** @param {string} type Of a message. @returns {Shape} */
export function shapeOf(type) {
  return SHAPES[type] ?? 'dot';
}

/** @param {Exclude<Shape, 'dot'>} shape @param {number} r @returns {Array<[x: number, y: number]>} Around 0, 0. */
export function corners(shape, r) {
  return CORNERS[shape].map(([x, y]) => [x * r, y * r]);
}

/** @param {Exclude<Shape, 'dot'>} shape @param {number} r @returns {string} The same as a path. */
export function outline(shape, r) {
  return `M${corners(shape, r).map(([x, y]) => `${+x.toFixed(2)} ${+y.toFixed(2)}`).join('L')}Z`;
}

/**
 * Add the mark of a kind to a path that has been begun.
 * @param {import('../types.js').Pen} context
 * @param {Shape} shape
 * @param {number} x
 * @param {number} y
 * @param {number} r
 */
export function trace(context, shape, x, y, r) {
  if (shape === 'dot') {
    context.arc(x, y, r, 0, Math.PI * 2);
    return;
  }
  corners(shape, r).forEach(([dx, dy], i) => (i === 0 ? context.moveTo(x + dx, y + dy) : context.lineTo(x + dx, y + dy)));
  context.closePath();
}
