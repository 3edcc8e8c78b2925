/**
 * The small signs on a node's rim: timers by hand, a pause, the disk, a lease, a clock that is off.
 * Each has a shape of its own and says in words what it means.
 *
 * @module views/stage/rim
 */

import { textWidth } from '../../geometry/labels.js';
import { pace } from '../../lib/format.js';
import { BARS, CLOCK, DOTS, DRUM, HOURGLASS, PLATTER } from '../../lib/signs.js';
import { attr, svg, text, toggle } from '../../lib/svg.js';
import { t } from '../../lib/words.js';
import { iconPath } from '../parts/icons.js';
import { diskState, diskWords } from '../parts/disk.js';

/** @typedef {import('../../types.js').NodeView} NodeView */
/** @typedef {import('./layout.js').Layout} Layout */

/**
 * @param {NodeView} node
 * @returns {'stalled'|'unwritten'|'lease'|null} What is unusual about a node that has no place on its disc.
 */
export function note(node) {
  const disk = diskState(node);
  if (disk === 'stalled' || disk === 'unwritten') return disk;
  return node.lease && !node.crashed ? 'lease' : null;
}

/**
 * @param {NodeView} node
 * @returns {string[]} The signs without words of their own in words.
 */
export function signsInWords(node) {
  const words = [node.paused && !node.crashed ? t('node.paused') : '', node.lease && !node.crashed ? t('menu.lease') : ''];
  if (diskState(node) !== 'written') words.push(diskWords(node));
  return words.filter(Boolean);
}

/**
 * @param {NodeView} node
 * @returns {string} How its clock runs, as its sign begins; empty where it runs right.
 */
export function clockInWords({ clock = 1 }) {
  return clock === 1 ? '' : t('node.clock', { pace: pace(clock) });
}

/** @returns The signs of one node. */
export function makeRim() {
  const titles = { disk: svg('title') };
  const diskGround = svg('rect', { class: 'disk-ground', x: -9, y: -9, height: 18, rx: 9 });
  const clockText = svg('text', { class: 'sign-word' });
  const clockBox = svg('rect', { class: 'sign-box' });
  const clockFace = svg('path', { d: CLOCK });
  const parts = {
    hand: svg('g', { class: 'node-hand' }, [
      svg('circle', { r: 9 }),
      svg('path', { d: iconPath('hand'), transform: 'translate(-6 -6.2) scale(.75)' }),
    ]),
    bars: svg('g', { class: 'node-bars' }, [svg('circle', { r: 12 }), svg('path', { d: 'M-3 -5V5M3 -5V5' })]),
    disk: svg('g', { class: 'node-disk' }, [
      titles.disk, diskGround,
      svg('path', { class: 'disk-drum', d: DRUM }), svg('path', { class: 'disk-top', d: PLATTER }),
      svg('path', { class: 'disk-bars', d: BARS }), svg('path', { class: 'disk-dots', d: DOTS }),
    ]),
    lease: svg('g', { class: 'node-lease' }, [svg('title', { text: t('menu.lease') }), svg('circle', { r: 10 }), svg('path', { d: HOURGLASS })]),
    clock: svg('g', { class: 'node-clock' }, [clockBox, clockFace, clockText]),
  };
  return { ...parts, titles, diskGround, clockText, clockBox, clockFace, group: svg('g', { class: 'node-rim' }, Object.values(parts)) };
}

/** @typedef {ReturnType<typeof makeRim>} Rim */

/** @param {number} radius @param {number} scale @returns {number} How large signs are. */
const signSize = (radius, scale) => scale * Math.max(0.72, Math.min(1, radius / (36 * scale)));

/**
 * @param {Rim} rim
 * @param {string} id
 * @param {Layout} layout
 */
export function placeRim(rim, id, layout) {
  const { radius, scale } = layout;
  const edge = radius + 7 * scale;
  const { out } = layout.labels.of[id];
  const size = signSize(radius, scale).toFixed(3);
  const at = (/** @type {number} */ x, /** @type {number} */ y) => `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${size})`;
  attr(rim.hand, 'transform', at(0, -edge));
  attr(rim.bars, 'transform', at(-out * radius * 0.74, radius * 0.74));
  attr(rim.lease, 'transform', at((layout.ring.narrow ? out : -out) * edge * 0.72, -edge * 0.72));
}

/** How far the disk goes round the rim where a link leaves at its place, and how near is too near there, and here, radians. */
const [ASIDE, AT_IT, NEAR] = [0.56, 0.26, 0.44];

/**
 * @param {string} id
 * @param {Pick<Layout, 'ids'|'ring'|'labels'>} layout
 * @returns {number} Where the disk stands on the rim, radians from below, to the left: aside, outward, where
 *   messages would cover it.
 */
export function diskAside(id, { ids, ring, labels }) {
  const { x, y } = ring.places[id];
  const aside = -labels.of[id].out * ASIDE;
  const free = (/** @type {number} */ angle, /** @type {number} */ least) => ids.every((each) => {
    const other = ring.places[each];
    return each === id || Math.abs(Math.atan2(x - other.x, other.y - y) - angle) > least;
  });
  return !free(0, AT_IT) && free(aside, NEAR) ? aside : 0;
}

/**
 * The sign of the disk is quiet while all is well, and larger while it is not, with dots for what is
 * still to be written, or bars where it stands still.
 * @param {Rim} rim
 * @param {NodeView} node
 * @param {string} id
 * @param {Layout} layout
 */
function placeDisk(rim, node, id, layout) {
  const { radius, scale } = layout;
  const quiet = diskState(node) === 'written';
  const size = signSize(radius, scale) * (quiet ? 1 : 1.2);
  attr(rim.diskGround, 'width', quiet ? 18 : 30);
  const [edge, aside] = [radius + 7 * scale, diskAside(id, layout)];
  const [x, y] = [-edge * Math.sin(aside) - (quiet ? 0 : 6 * size), edge * Math.cos(aside)];
  attr(rim.disk, 'transform', `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${size.toFixed(3)})`);
}

/**
 * @param {Rim} rim
 * @param {NodeView} node
 * @param {string} id
 * @param {Layout} layout
 */
export function writeRim(rim, node, id, layout) {
  const disk = diskState(node);
  attr(rim.disk, 'data-disk', disk);
  placeDisk(rim, node, id, layout);
  text(rim.titles.disk, t('node.says', { id, facts: diskWords(node) }));
  toggle(rim.lease, 'on', Boolean(node.lease) && !node.crashed);
  const rate = node.clock ?? 1;
  toggle(rim.clock, 'on', rate !== 1);
  if (rate === 1) return;
  const said = pace(rate);
  const width = textWidth(said, 11.5, true) + 24;
  const { radius, scale, ring } = layout;
  const size = signSize(radius, scale);
  const { out } = layout.labels.of[id];
  const { x } = ring.places[id];
  const edge = radius + 7 * scale;
  // Beside the disk, inward, or up the rim where what is written stands below; never over the edge of the stage.
  const away = (width * size) / 2;
  const wanted = x + (ring.narrow ? out * (edge * 0.6 + away) : -out * ((disk === 'written' ? 12 : 26) * size + away));
  const middle = Math.max(away + 3, Math.min(layout.width - away - 3, wanted)) - x;
  attr(rim.clock, 'transform', `translate(${middle.toFixed(1)} ${(ring.narrow ? edge * 0.72 : edge).toFixed(1)}) scale(${size.toFixed(3)})`);
  const left = -width / 2;
  text(rim.clockText, said);
  attr(rim.clockText, 'x', left + 19);
  attr(rim.clockText, 'y', 4);
  attr(rim.clockFace, 'transform', `translate(${left + 11} 0)`);
  for (const [name, value] of Object.entries({ x: left, y: -9, width, height: 18, rx: 9 })) attr(rim.clockBox, name, value);
}
