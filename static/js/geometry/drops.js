/**
 * A node that is carried to another side: where it is let go, and the groups that come of it.
 *
 * @module geometry/drops
 */

import { hull, outside } from './sides.js';

/** @typedef {import('./flight.js').Point} Point */
/** @typedef {Record<string, {cut: boolean}>} Links By "from>to". */

/**
 * Where a node is let go: where it stood, in the middle among all, on a side of its own, or with others.
 * @typedef {{kind: 'stay'|'all'|'own'} | {kind: 'join', ids: string[]}} Target
 */

/**
 * @typedef {object} Ground What a node is carried over.
 * @property {Record<string, Point>} places
 * @property {Point} center
 * @property {number} radius Of a node, px.
 * @property {number} margin How far a side's area reaches beyond its nodes, px.
 */

/**
 * @param {Point} at Where it is let go.
 * @param {string} id
 * @param {string[][]} groups The sides as they are; one where the cluster is whole.
 * @param {Ground} ground
 * @returns {Target}
 */
export function target(at, id, groups, { places, center, radius, margin }) {
  const away = (/** @type {Point} */ point) => Math.hypot(point.x - at.x, point.y - at.y);
  if (away(places[id]) < radius * 1.25) return { kind: 'stay' };
  if (groups.length > 1 && away(center) < radius) return { kind: 'all' };
  const near = others(id, groups)
    .map((ids) => ({ ids, far: outside(hull(ids.map((each) => places[each])), at), nearest: Math.min(...ids.map((each) => away(places[each]))) }))
    .filter(({ far }) => far <= margin)
    .sort((a, b) => a.far - b.far || a.nearest - b.nearest);
  return near.length > 0 ? { kind: 'join', ids: near[0].ids } : { kind: 'own' };
}

/**
 * @param {string} id
 * @param {string[][]} groups
 * @returns {string[][]} Who is on each side without the node.
 */
export function others(id, groups) {
  return groups.map((ids) => ids.filter((each) => each !== id)).filter((ids) => ids.length > 0);
}

/**
 * @param {string} id
 * @param {string[][]} groups
 * @param {Target} target
 * @returns {string[][]} The groups that result, each in ring order.
 */
export function regroup(id, groups, target) {
  const rest = others(id, groups);
  if (target.kind !== 'join') return { stay: groups, all: [groups.flat()], own: [...rest, [id]] }[target.kind];
  const home = groups.find((ids) => ids.includes(target.ids[0])) ?? [];
  const order = [...home.filter((each) => each !== id), id];
  return rest.map((ids) => (ids[0] === target.ids[0] ? order : ids));
}

/**
 * @param {string[][]} groups
 * @returns {Links} The links as they are once only nodes of one group reach each other.
 */
export function parted(groups) {
  const side = new Map(groups.flatMap((ids, i) => ids.map((id) => /** @type {[string, number]} */ ([id, i]))));
  const ids = [...side.keys()];
  return Object.fromEntries(ids.flatMap((a) => ids.filter((b) => b !== a).map((b) => [`${a}>${b}`, { cut: side.get(a) !== side.get(b) }])));
}

/**
 * @param {string[][]} groups
 * @param {Links} links As they are.
 * @returns {Record<string, any>|null} The command that brings the groups about; null where nothing would change.
 */
export function command(groups, links) {
  const wanted = parted(groups);
  if (Object.keys(wanted).every((key) => wanted[key].cut === Boolean(links[key]?.cut))) return null;
  return groups.length > 1 ? { partition: groups } : { heal: true };
}
