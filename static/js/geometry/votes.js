/**
 * Where the votes stand that a candidate may get: dots below its name, one row of them, or two where one would be
 * too dense to count. A first row of two holds just a majority, so that who fills it has won.
 *
 * @module geometry/votes
 */

/** Radius of a dot and distance from one to the next, at most, px at the usual size of type. */
const DOT = Object.freeze({ most: 3.2, least: 1.6, apart: 10.5 });

/** Dots of one row nearer to each other than this are not counted at a glance, px at the usual size of type. */
const DENSE = 8.5;

/** Between two dots, their edges included, and between a dot and the rim, px at the usual size of type. */
const [BETWEEN, RIM] = [2.2, 1];

/** How far the line reaches from the middle of a dot, in radii: alone, and between other rows. */
const LINE = Object.freeze({ alone: 2.2, between: 1.5 });

/**
 * @typedef {object} Votes
 * @property {number} r Radius of a dot, px.
 * @property {Array<{x: number, y: number}>} dots From the middle of the node, px.
 * @property {{x: number, top: number, bottom: number}} majority Where the line after a majority stands.
 */

/**
 * @param {number} count Of the votes.
 * @param {number} radius Of the node, px.
 * @param {number} top Where what is written above ends, from the middle of the node, px.
 * @param {number} scale How much larger than usual the type is.
 * @returns {Votes}
 */
export function votesIn(count, radius, top, scale) {
  const single = Math.min(DOT.apart * scale, (radius * 1.5) / count);
  if (single >= DENSE * scale) return place([count], single, Math.min(DOT.most * scale, single * 0.36), radius * 0.66, 0);
  const rows = [majorityOf(count), count - majorityOf(count)];
  let r = DOT.most * scale;
  let fitted = fit(rows, r, radius, top, scale);
  while (fitted.gap < 2 * r + BETWEEN * scale && r > DOT.least * scale) {
    r -= 0.1 * scale;
    fitted = fit(rows, r, radius, top, scale);
  }
  return place(rows, fitted.gap, r, fitted.y, fitted.down);
}

/** @param {number} count @returns {number} */
const majorityOf = (count) => Math.floor(count / 2) + 1;

/**
 * @param {number[]} rows How many dots are in each.
 * @param {number} r
 * @param {number} radius
 * @param {number} top
 * @param {number} scale
 * @returns {{gap: number, y: number, down: number}} As far apart as the node's rim lets them be.
 */
function fit(rows, r, radius, top, scale) {
  const y = top + r;
  const down = 2 * r + BETWEEN * scale;
  const reach = radius - r - RIM * scale;
  // The first row has the line behind it, half a distance further on.
  const gaps = rows.map((many, row) => (2 * Math.sqrt(Math.max(0, reach ** 2 - (y + row * down) ** 2))) / Math.max(1, row === 0 ? many : many - 1));
  return { gap: Math.min(DOT.apart * scale, ...gaps), y, down };
}

/**
 * @param {number[]} rows
 * @param {number} gap
 * @param {number} r
 * @param {number} y Of the first row.
 * @param {number} down From one row to the next.
 * @returns {Votes}
 */
function place(rows, gap, r, y, down) {
  const majority = majorityOf(rows.reduce((all, each) => all + each, 0));
  const line = r * (rows.length > 1 ? LINE.between : LINE.alone);
  const dots = rows.flatMap((many, row) => Array.from({ length: many }, (_, i) => ({ x: (i - (many - 1) / 2) * gap, y: y + row * down })));
  return { r, dots, majority: { x: (majority - rows[0] / 2) * gap, top: y - line, bottom: y + line } };
}
