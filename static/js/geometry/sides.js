/**
 * The sides of a partition: who can reach whom, and the shape behind each side.
 *
 * @module geometry/sides
 */

import { t } from '../lib/words.js';
import { crosses } from './flight.js';

/** @typedef {{x: number, y: number}} Point */

/**
 * @typedef {object} Side
 * @property {string} key The same for the same set of nodes.
 * @property {string[]} ids In ring order.
 * @property {'majority'|'minority'|'none'} kind `none`: no side has a majority.
 * @property {string} name For example "majority side · 2 of 3".
 */

/**
 * Nodes are on one side when each can reach the other, over other nodes if need be. One whole
 * cluster has no sides. Only those who vote count, and while two configurations are joint a majority
 * is one of both.
 * @param {string[]} ids Nodes in ring order.
 * @param {Record<string, {cut: boolean}>} links By "from>to", those that differ from the default.
 * @param {{members: string[], old: string[]}|null} [voting] Who votes; all do where it is left out.
 * @returns {Side[]} Empty while all nodes reach one another.
 */
export function sides(ids, links, voting = null) {
  const reach = ids.map((from) => ids.map((to) => !links[`${from}>${to}`]?.cut));
  for (let via = 0; via < ids.length; via += 1)
    for (let from = 0; from < ids.length; from += 1)
      for (let to = 0; to < ids.length; to += 1)
        if (reach[from][via] && reach[via][to]) reach[from][to] = true;
  /** @type {number[][]} */
  const groups = [];
  ids.forEach((_, i) => {
    const group = groups.find(([first]) => reach[first][i] && reach[i][first]);
    if (group) group.push(i);
    else groups.push([i]);
  });
  if (groups.length < 2) return [];
  const halves = [voting?.members.length ? voting.members : ids, ...(voting?.old.length ? [voting.old] : [])];
  const count = (/** @type {number[]} */ group, /** @type {string[]} */ half) => group.filter((i) => half.includes(ids[i])).length;
  const wins = (/** @type {number[]} */ group) => halves.every((half) => count(group, half) * 2 > half.length);
  const decided = groups.some(wins);
  return groups.map((group) => {
    const kind = wins(group) ? 'majority' : decided ? 'minority' : 'none';
    const members = group.map((i) => ids[i]);
    const title = t(`side.${kind}`);
    const counts = [...halves].reverse().map((half) => t('side.count', { here: count(group, half), of: half.length }));
    return { key: members.join(' '), ids: members, kind, name: `${title} · ${counts.join(t('comma.clause'))}` };
  });
}

/**
 * @param {Point[]} points
 * @returns {Point[]} Their convex hull, in order.
 */
export function hull(points) {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  if (sorted.length < 3) return sorted;
  /** @param {Point[]} row */
  const half = (row) => {
    /** @type {Point[]} */
    const out = [];
    for (const point of row) {
      while (out.length > 1 && turn(out[out.length - 2], out[out.length - 1], point) <= 0) out.pop();
      out.push(point);
    }
    out.pop();
    return out;
  };
  const around = [...half(sorted), ...half(sorted.reverse())];
  return around.length ? around : sorted;
}

/**
 * @param {Point} a
 * @param {Point} b
 * @param {Point} c
 */
function turn(a, b, c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/**
 * @param {Point} point
 * @param {Point} a
 * @param {Point} b
 * @returns {number} Distance of a point from the stretch a–b.
 */
function distance(point, a, b) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const along = ((point.x - a.x) * dx + (point.y - a.y) * dy) / (dx * dx + dy * dy || 1);
  const at = Math.max(0, Math.min(1, along));
  return Math.hypot(point.x - a.x - dx * at, point.y - a.y - dy * at);
}

/**
 * @param {Point[]} shape A convex hull.
 * @param {Point} point
 * @returns {number} How far the point is from the shape; 0 within it.
 */
export function outside(shape, point) {
  if (shape.length > 2 && shape.every((each, i) => turn(each, shape[(i + 1) % shape.length], point) >= 0)) return 0;
  return Math.min(...shape.map((each, i) => distance(point, each, shape[(i + 1) % shape.length])));
}

/**
 * @param {Point[]} shape
 * @returns {Array<[Point, Point]>}
 */
function edges(shape) {
  return shape.map((each, i) => [each, shape[(i + 1) % shape.length]]);
}

/**
 * The outline to stroke thickly (round joins) behind a side: its hull, or, where that would
 * cover a node of another side or cross that side's hull, a spot behind each of its nodes.
 * @param {Point[]} members
 * @param {Point[][]} others The other sides.
 * @param {number} margin How far the thick stroke reaches, px.
 * @returns {string} An SVG path.
 */
export function area(members, others, margin) {
  const shape = hull(members);
  const clear = others.every((side) => {
    const theirs = hull(side);
    return side.every((each) => outside(shape, each) > margin) && !edges(shape).some((a) => edges(theirs).some((b) => crosses(...a, ...b)));
  });
  if (!clear) return members.map((each) => `M${each.x} ${each.y}h.01`).join('');
  if (shape.length === 1) return `M${shape[0].x} ${shape[0].y}h.01`;
  return `M${shape.map((each) => `${each.x} ${each.y}`).join('L')}Z`;
}
