/**
 * The marks at nodes that are not the same on both stages: a sign at the disc, and which of what
 * stands there differs.
 *
 * @module compare/marks
 */

import { attr, svg } from '../lib/svg.js';

/** @typedef {import('../store/differ.js').Difference} Difference */

/** How far outside of the disc the sign stands, px. */
const AWAY = 13;

/**
 * @param {Element} stage Whose nodes are to be marked.
 * @param {Difference[]} found Empty: no marks.
 */
export function mark(stage, found) {
  for (const node of stage.querySelectorAll('.node[data-node]')) {
    const fields = found.filter((each) => each.node === node.getAttribute('data-node')).map(({ field }) => field);
    attr(node, 'data-differs', fields.length ? fields.join(' ') : null);
    let sign = node.querySelector('.node-differs');
    if (!fields.length) {
      sign?.remove();
      continue;
    }
    if (!sign) {
      sign = svg('g', { class: 'node-differs', 'aria-hidden': 'true' }, [svg('circle', { r: 9 }), svg('path', { d: 'M-4.500 -2h9M-4.500 2h9M2.500 -5l-5 10' })]);
      node.append(sign);
    }
    // Beside the disc's ring, on the side where the term is not.
    const pill = Number(node.querySelector('.node-pill')?.getAttribute('x') ?? 0);
    const radius = Number(node.querySelector('.node-disc')?.getAttribute('r') ?? 0);
    const side = pill < -radius / 2 ? 1 : -1;
    const away = (radius + AWAY) * Math.SQRT1_2;
    attr(sign, 'transform', `translate(${(side * away).toFixed(1)} ${(-away).toFixed(1)})`);
  }
}
