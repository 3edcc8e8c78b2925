/**
 * Where the nodes and the clients stand: a ring that uses the room it is given and leaves place
 * for labels. Pure numbers, the same for the same arguments.
 *
 * @module geometry/ring
 */

/**
 * @typedef {object} Place
 * @property {string} id
 * @property {number} x
 * @property {number} y
 * @property {'left'|'right'|'below'} side Where its labels go: away from the middle, so off the links.
 */

/**
 * @typedef {object} Ring
 * @property {Record<string, Place>} places
 * @property {number} radius Of a node's disc, px.
 * @property {{x: number, y: number}} center
 * @property {{x: number, y: number}} client Where the first client stands.
 * @property {boolean} bare There is room for short terms beside the nodes, and for nothing else.
 * @property {boolean} narrow Labels go below the nodes, clients stand at the bottom.
 * @property {boolean} slim There is no room beside the ring: clients stand at the bottom, from the left.
 */

/** Below this width labels go below the nodes, px. */
export const NARROW = 520;

/** Below this width the clients stand in the lower left corner, not beside the ring, px. */
const SLIM = 700;

/** Room beside a node for its labels, px. */
const LABEL = 104;

/** The same where only a short term is written there, px. */
const PILL = 52;

/** With more nodes than this on a stage lower than that, px, only terms are written. */
const CROWD = Object.freeze({ nodes: 6, height: 400 });

/** A narrow stage lower than this has no room below its nodes, px; a wider one lower than that. */
const FLAT = Object.freeze({ narrow: 340, wide: 250 });

/** A flat stage that is wide, or lower than this, has its clients beside the ring, in the corner, px. */
const LOW = 210;

/** Room for the clients at the left edge, px. */
const CLIENT = 96;

/** Angle of the first node by number of nodes, degrees clockwise from the right. */
const START = /** @type {Record<number, number>} */ ({ 1: 0, 2: 180, 4: -135, 6: -120, 8: -112.5 });

/**
 * @param {number} count
 * @returns {number[]} Angles in radians, in ring order.
 */
export function angles(count) {
  const degrees = [];
  if (count === 3) degrees.push(-120, 120, 0);
  else for (let i = 0; i < count; i += 1) degrees.push((START[count] ?? -90) + (360 / count) * i);
  return degrees.map((each) => (each * Math.PI) / 180);
}

/**
 * @param {number} count
 * @param {number} width
 * @param {number} height
 * @param {number} [scale] How much larger than usual the labels are.
 * @returns {number} A node's radius: as large as the ring allows.
 */
export function nodeRadius(count, width, height, scale = 1) {
  const room = Math.min(height / 9.6, width / 9.6) * (1 + (scale - 1) * 0.6);
  const crowd = Math.min(1, 6.4 / (count + 2.2));
  return Math.round(Math.max(21, Math.min(62 * scale, room * crowd)));
}

/**
 * Stretch unit positions so that they fill a box, within limits on the stretch.
 * @param {Array<{x: number, y: number}>} units
 * @param {{left: number, right: number, top: number, bottom: number}} box
 * @param {number} widest How much wider than high it may become.
 * @returns {{scaleX: number, scaleY: number, x: number, y: number}}
 */
function fit(units, box, widest) {
  const xs = units.map((each) => each.x);
  const ys = units.map((each) => each.y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const wide = box.right - box.left;
  const high = box.bottom - box.top;
  let scaleX = right > left ? wide / (right - left) : 0;
  let scaleY = bottom > top ? high / (bottom - top) : 0;
  if (scaleX && scaleY) {
    scaleX = Math.min(scaleX, scaleY * widest);
    scaleY = Math.min(scaleY, scaleX * 1.35);
  }
  return {
    scaleX,
    scaleY,
    x: (box.left + box.right) / 2 - ((left + right) / 2) * scaleX,
    y: (box.top + box.bottom) / 2 - ((top + bottom) / 2) * scaleY,
  };
}

/**
 * @param {string[]} ids Nodes in ring order.
 * @param {number} width Of the stage, px.
 * @param {number} height
 * @param {number} [scale] How much larger than usual the labels are.
 * @returns {Ring}
 */
export function ring(ids, width, height, scale = 1) {
  let radius = nodeRadius(ids.length, width, height, scale);
  let made = lay(ids, width, height, scale, radius);
  while (radius > LEAST && nearest(Object.values(made.places)) < radius * 2 + 26 * scale) {
    radius -= 1;
    made = lay(ids, width, height, scale, radius);
  }
  return made;
}

/** Radius below which nodes rather touch than shrink, px. */
const LEAST = 18;

/**
 * @param {Place[]} places
 * @returns {number} Distance of the two that stand closest.
 */
function nearest(places) {
  let least = Infinity;
  places.forEach((a, i) => {
    for (const b of places.slice(i + 1)) least = Math.min(least, Math.hypot(a.x - b.x, a.y - b.y));
  });
  return least;
}

/**
 * @param {string[]} ids
 * @param {number} width
 * @param {number} height
 * @param {number} scale
 * @param {number} radius
 * @returns {Ring}
 */
function lay(ids, width, height, scale, radius) {
  const flat = height < (width < NARROW * scale ? FLAT.narrow : FLAT.wide) * scale;
  const narrow = width < NARROW * scale && !flat;
  const low = flat && (height < LOW * scale || width >= NARROW * scale);
  const slim = width < SLIM * scale || low;
  const bare = flat || (!narrow && ids.length > CROWD.nodes && height < CROWD.height * scale);
  const label = bare ? PILL : LABEL;
  const reach = radius + 10 * scale;
  const box = narrow
    ? { left: reach + 24, right: width - reach - 24, top: reach + 30 * scale, bottom: height - reach - 122 * scale }
    : {
        left: ((slim && !low && (flat || !bare) ? 8 : CLIENT) + label) * scale + reach,
        right: width - label * scale - reach,
        top: reach + (low ? 14 : 30) * scale,
        bottom: height - reach - (low ? 14 * scale : flat ? 52 * scale : bare ? 28 * scale : slim ? 88 * scale : 48),
      };
  // However little room there is, nothing stands upside down.
  box.right = Math.max(box.left, box.right);
  box.bottom = Math.max(box.top, box.bottom);
  const units = angles(ids.length).map((angle) => ({ x: Math.cos(angle), y: Math.sin(angle) }));
  const place = fit(units, box, low ? 3 : bare ? 2.2 : 1.7);
  /** @type {Record<string, Place>} */
  const places = {};
  ids.forEach((id, i) => {
    const unit = units[i];
    const side = narrow ? 'below' : unit.x < -0.1 ? 'left' : 'right';
    places[id] = { id, x: round(place.x + unit.x * place.scaleX), y: round(place.y + unit.y * place.scaleY), side };
  });
  const center = { x: round(place.x), y: round(place.y) };
  const corner = { x: (slim ? 58 : 64) * scale, y: slim ? height - 26 * scale : round((box.top + box.bottom) / 2) };
  const client = narrow ? { x: round(width / 2), y: height - 30 * scale } : corner;
  return { places, radius, center, client, bare, narrow, slim };
}

/**
 * One ring on its way to another, for example while the nodes make room for a new one.
 * @param {Ring} from
 * @param {Ring} to Has a place for every node of `from`.
 * @param {number} share 0: still `from`; 1: `to` already.
 * @returns {Ring} With the nodes of `from`.
 */
export function between(from, to, share) {
  const mix = (/** @type {number} */ a, /** @type {number} */ b) => round(a + (b - a) * share);
  const point = (/** @type {{x: number, y: number}} */ a, /** @type {{x: number, y: number}} */ b) => ({ x: mix(a.x, b.x), y: mix(a.y, b.y) });
  const later = share < 0.5 ? from : to;
  /** @type {Record<string, Place>} */
  const places = {};
  for (const [id, place] of Object.entries(from.places)) places[id] = { id, side: later.places[id].side, ...point(place, to.places[id]) };
  return { places, radius: mix(from.radius, to.radius), center: point(from.center, to.center), client: point(from.client, to.client), bare: to.bare, narrow: to.narrow, slim: to.slim };
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
