/**
 * Where a message is on its link. Each direction has a lane of its own, on the right-hand side
 * of the way it goes, so a request and its reply, or a one-way cut, do not cover one another.
 *
 * @module geometry/flight
 */

/** @typedef {{x: number, y: number}} Point */

/**
 * @typedef {object} Lane
 * @property {number} x1 Where it leaves the sender's disc.
 * @property {number} y1
 * @property {number} x2 Where it meets the addressee's disc.
 * @property {number} y2
 * @property {number} angle Radians, the way it goes.
 */

/**
 * @param {Point} from Centre of the sender.
 * @param {Point} to Centre of the addressee.
 * @param {number} gap Free space around each centre (a node's radius and its rings), px.
 * @param {number} offset Distance of the lane from the middle of the link, px.
 * @returns {Lane}
 */
export function lane(from, to, gap, offset) {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  const start = Math.min(gap, length / 2);
  return {
    x1: from.x + ux * start - uy * offset,
    y1: from.y + uy * start + ux * offset,
    x2: to.x - ux * start - uy * offset,
    y2: to.y - uy * start + ux * offset,
    angle: Math.atan2(dy, dx),
  };
}

/**
 * @param {Lane} on
 * @param {number} fraction 0 at the sender, 1 at the addressee; outside of it is clamped.
 * @returns {Point}
 */
export function along(on, fraction) {
  const at = Math.max(0, Math.min(1, fraction));
  return { x: on.x1 + (on.x2 - on.x1) * at, y: on.y1 + (on.y2 - on.y1) * at };
}

/** How near a bow may come to the edge of the stage, px. */
const EDGE = 6;

/** Where no bow is clear: how much nearer to a node it may come if it bends less, px for a bend of its whole length. */
const BENT = 120;

/**
 * A bow from one point to another that keeps clear of what lies between.
 * @param {Point} from
 * @param {Point} to
 * @param {Point[]} others
 * @param {number} clear Distance to keep from them, px.
 * @param {{width: number, height: number}} stage Which it may not leave.
 * @returns {Point} The control point of a quadratic curve; half way on the straight line if that is clear.
 */
export function bow(from, to, others, clear, stage) {
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [nx, ny] = [-(to.y - from.y) / length, (to.x - from.x) / length];
  let [best, most] = [middle, -Infinity];
  for (const bend of [0, 0.25, -0.25, 0.5, -0.5, 0.8, -0.8, 1.1, -1.1]) {
    const control = { x: middle.x + nx * bend * length, y: middle.y + ny * bend * length };
    const points = curve(from, control, to, 14);
    if (points.some(({ x, y }) => x < EDGE || y < EDGE || x > stage.width - EDGE || y > stage.height - EDGE)) continue;
    const room = Math.min(...others.map((other) => Math.min(...points.map((at) => Math.hypot(at.x - other.x, at.y - other.y)))));
    if (room >= clear) return control;
    const worth = room - Math.abs(bend) * BENT;
    if (worth > most) [best, most] = [control, worth];
  }
  return best;
}

/**
 * @param {Point} from
 * @param {Point} control
 * @param {Point} to
 * @param {number} steps
 * @returns {Point[]} Points along a quadratic curve, both ends too.
 */
export function curve(from, control, to, steps) {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const [t, u] = [i / steps, 1 - i / steps];
    return {
      x: u * u * from.x + 2 * u * t * control.x + t * t * to.x,
      y: u * u * from.y + 2 * u * t * control.y + t * t * to.y,
    };
  });
}

/**
 * @param {Point} a
 * @param {Point} b
 * @param {Point} c
 * @param {Point} d
 * @returns {boolean} Whether the stretch a–b crosses the stretch c–d.
 */
export function crosses(a, b, c, d) {
  const turn = (/** @type {Point} */ p, /** @type {Point} */ q, /** @type {Point} */ r) =>
    (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

/**
 * How much of a timer is left.
 * @param {{set: number, due: number|null}} timer µs.
 * @param {number} time Now, µs.
 * @returns {number} 1 just set (or waiting for a command), 0 due.
 */
export function timeLeft(timer, time) {
  if (timer.due === null) return 1;
  const whole = timer.due - timer.set;
  if (whole <= 0) return 0;
  return Math.max(0, Math.min(1, (timer.due - time) / whole));
}
