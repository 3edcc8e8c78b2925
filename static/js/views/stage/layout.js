/**
 * The stage's layout: where everything stands, for one size and one ring of nodes.
 *
 * @module views/stage/layout
 */

import { facts } from '../../geometry/facts.js';
import { between, ring } from '../../geometry/ring.js';
import { ARRIVAL_GAP } from '../../lib/pace.js';

/** @typedef {import('../../geometry/ring.js').Ring} Ring */
/** @typedef {import('../../types.js').Model} Model */
/** @typedef {{width: number, height: number, scale: number}} Size px; `scale` of type and strokes, 1.5 for the projector. */

/**
 * @typedef {object} Layout A new one whenever the room or the nodes change, never altered.
 * @property {number} width px.
 * @property {number} height px.
 * @property {number} scale Of type and strokes; 1.5 for the projector.
 * @property {string[]} ids
 * @property {Ring} ring
 * @property {number} radius Of a disc.
 * @property {number} gap From a node's centre to where its links begin.
 * @property {number} lane Distance of a lane from the middle of its link.
 * @property {import('../../geometry/facts.js').AllFacts} labels
 * @property {import('../../geometry/labels.js').Box[]} obstacles Nodes and their labels.
 */

/**
 * @param {string[]} ids
 * @param {Ring} placed
 * @param {Size} size
 * @returns {Layout}
 */
function furnish(ids, placed, { width, height, scale }) {
  const { radius } = placed;
  const labels = facts(placed, width, height, scale);
  const lane = Math.max(4, Math.min(7, radius * 0.15)) * scale;
  return { width, height, scale, ids, ring: placed, radius, gap: radius + 12 * scale, lane, labels, obstacles: labels.boxes };
}

/**
 * The node that comes next, while the others make room for it: right before it is there. A function
 * of where the cursor is, so that scrubbing moves them back and forth.
 * @param {Pick<Model, 'p'|'roles'|'view'>} model
 * @returns {{id: string, share: number}|null} `share`: how much room they have made, 0 to 1.
 */
export function arrival({ p, roles, view }) {
  for (const [id, [first]] of Object.entries(roles)) {
    const ahead = first.p - p;
    if (first.p > 0 && ahead >= 0 && ahead < ARRIVAL_GAP && !view.nodes[id]) {
      const share = 1 - ahead / ARRIVAL_GAP;
      return { id, share: share * share * (3 - 2 * share) };
    }
  }
  return null;
}

/**
 * @returns {(model: Model, size: Size) => Layout} The same layout as long as nothing moves.
 */
export function createLayouts() {
  /** @type {Layout|null} */
  let held = null;
  let key = '';
  return (model, size) => {
    const { nodes: ids } = model;
    const coming = arrival(model);
    const now = [ids.join(' '), size.width, size.height, size.scale, coming?.id, coming?.share].join('/');
    if (held && now === key) return held;
    key = now;
    const here = ring(ids, size.width, size.height, size.scale);
    const placed = coming ? between(here, ring([...ids, coming.id], size.width, size.height, size.scale), coming.share) : here;
    held = furnish(held && held.ids.join(' ') === ids.join(' ') ? held.ids : ids, placed, size);
    return held;
  };
}
