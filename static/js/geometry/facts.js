/**
 * Where a node's term, vote and commit index are written: beside it, away from the links, and
 * folded away where they would cover a neighbour.
 *
 * @module geometry/facts
 */

import { t } from '../lib/words.js';
import { settle, textWidth } from './labels.js';

/** @typedef {import('./labels.js').Box} Box */
/** @typedef {import('./ring.js').Ring} Ring */
/** @typedef {import('./ring.js').Place} Place */

/**
 * @typedef {object} Facts
 * @property {{x: number, y: number, width: number, height: number}} pill Of the term; x and y are its middle, from the node's centre.
 * @property {{x: number, y: number, anchor: 'start'|'middle'|'end', rows: number}|null} lines First line of
 *   text, from the node's centre, and how many there is room for; null: folded away.
 * @property {1|-1} out Which way is outward: 1 to the right.
 */

/**
 * @typedef {object} AllFacts
 * @property {Record<string, Facts>} of
 * @property {boolean} short Whether terms are written "T1" rather than "term 1".
 * @property {Box[]} boxes What the discs and the labels cover.
 */

/** Distance of the discs' rims from their rings and arcs, px. */
const RIM = 9;

/** Room under a node for the sign of its disk, before its lines, px. */
const SIGN = 8;

/** Lines of text beside a node: its vote, its commit index, and what is unusual about it. */
const ROWS = 3;

/** The box of a client, px. */
const CLIENT = Object.freeze({ width: 88, height: 36 });

/**
 * @param {{x: number, y: number}} middle Where a client stands.
 * @param {number} scale How much larger than usual its label is.
 * @returns {Box} What it covers.
 */
export function clientBox({ x, y }, scale) {
  const [width, height] = [CLIENT.width * scale, CLIENT.height * scale];
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/** Height of a line, px. */
const LINE = 17;

/**
 * @param {Pick<Place, 'x'|'side'>} place
 * @param {number} center Middle of the ring.
 * @returns {1|-1}
 */
function outward({ x, side }, center) {
  return side === 'left' || (side === 'below' && x < center - 1) ? -1 : 1;
}

/**
 * @param {Place} place
 * @param {number} edge From the centre to outside of the ring, px.
 * @param {number} width
 * @param {number} height
 * @param {number} center Middle of the ring.
 * @returns {Box[]} Where the pill may go, the best first.
 */
function pillPlaces({ x, y, side }, edge, width, height, center) {
  const out = outward({ x, side }, center);
  const box = (/** @type {number} */ dx, /** @type {number} */ dy) => ({ x: x + dx - width / 2, y: y + dy - height / 2, width, height });
  const beside = edge * 0.72 + width / 2;
  if (side === 'below') {
    const over = edge * 0.78;
    return [box(-out * over, -edge * 0.82), box(out * over, -edge * 0.82), box(0, -edge - height * 0.3), box(-out * over, edge * 0.82), box(out * over, edge * 0.82)];
  }
  return [box(out * beside, -edge * 0.9), box(out * beside, edge * 0.78), box(0, -edge - height * 0.4), box(-out * beside, -edge * 0.9)];
}

/**
 * @param {Place} place
 * @param {number} edge
 * @param {number} width
 * @param {number} line Height of a line.
 * @param {number} center Middle of the ring.
 * @returns {Array<Box & {anchor: 'start'|'middle'|'end'}>} For one line, with room for more below.
 */
function linePlaces({ x, y, side }, edge, width, line, center) {
  const height = line;
  const left = { x: x - edge - width - 7, y: y - line, width, height, anchor: /** @type {const} */ ('end') };
  const right = { x: x + edge + 7, y: y - line, width, height, anchor: /** @type {const} */ ('start') };
  const below = { x: x - width / 2, y: y + edge + (SIGN * line) / LINE, width, height, anchor: /** @type {const} */ ('middle') };
  if (side === 'below') return [below, right, left];
  const lower = (/** @type {typeof left | typeof right} */ box) => ({ ...box, y: y + edge * 0.2 });
  const [out, inward] = side === 'left' ? [left, right] : [right, left];
  // Off the links: a node in the middle has them below, the others on the inner side.
  return [out, lower(out), ...(Math.abs(x - center) < edge ? [inward, below] : [below, inward])];
}

/**
 * @param {Ring} ring
 * @param {number} width Of the stage, px.
 * @param {number} height
 * @param {number} [scale] How much larger than usual the labels are.
 * @returns {AllFacts}
 */
export function facts(ring, width, height, scale = 1) {
  const places = Object.values(ring.places);
  const edge = ring.radius + RIM * scale;
  const discs = places.map(({ x, y }) => ({ x: x - edge, y: y - edge, width: edge * 2, height: edge * 2 }));
  const within = { x: 2, y: 2, width: width - 4, height: height - 4 };
  const high = 24 * scale;

  /** @param {boolean} short */
  const pills = (short) => {
    const wide = textWidth(short ? t('fact.term.short', { term: 88 }) : t('fact.term', { term: 8 }), 12.5 * scale, true) + 18 * scale;
    const labels = places.map((place, i) => ({ id: place.id, weight: -i, places: pillPlaces(place, edge, wide, high, ring.center.x) }));
    // A pill may lean over its own disc, never over another's.
    const shown = new Map();
    /** @type {Box[]} */
    const taken = [];
    const standing = ring.slim && !ring.narrow ? [clientBox(ring.client, scale)] : [];
    labels.forEach((label, i) => {
      const others = discs.filter((_, at) => at !== i);
      const at = settle([label], [...standing, ...others, ...taken], within).get(label.id);
      if (at === undefined) return;
      shown.set(label.id, at);
      taken.push(label.places[at]);
    });
    return { labels, shown, taken };
  };

  let short = ring.bare;
  let found = pills(short);
  if (found.shown.size < places.length) {
    short = true;
    found = pills(short);
  }
  const lineWidth = textWidth('votedFor 8', 12 * scale, true);
  // Three lines beside each node; where there is no room for these, two.
  const wanted = (ring.bare ? [] : places).map((place) => ({
    id: place.id,
    weight: 0,
    places: linePlaces(place, edge, lineWidth, LINE * scale, ring.center.x).flatMap((box) => [ROWS, ROWS - 1].map((rows) => ({ ...box, height: rows * LINE * scale, rows }))),
  }));
  const shown = settle(wanted, [...discs, ...found.taken], within);
  const boxes = [...discs, ...found.taken];
  /** @type {Record<string, Facts>} */
  const of = {};
  places.forEach((place, i) => {
    const pill = found.labels[i].places[found.shown.get(place.id) ?? 0];
    const at = shown.get(place.id);
    const line = at === undefined ? null : wanted[i].places[at];
    if (line) boxes.push(line);
    const x = line && (line.anchor === 'end' ? line.x + line.width : line.anchor === 'start' ? line.x : line.x + line.width / 2);
    of[place.id] = {
      pill: { x: pill.x + pill.width / 2 - place.x, y: pill.y + pill.height / 2 - place.y, width: pill.width, height: pill.height },
      lines: line && x !== null ? { x: x - place.x, y: line.y - place.y + 13 * scale, anchor: line.anchor, rows: line.rows } : null,
      out: outward(place, ring.center.x),
    };
  });
  return { of, short, boxes };
}
