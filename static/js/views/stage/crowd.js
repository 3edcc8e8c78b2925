/**
 * Very many messages at once: painted as small marks on one canvas, for an element each would cost more than
 * a frame has. Their elements remain, for whoever points at one, and follow some times a second.
 *
 * @module views/stage/crowd
 */

import { along, lane } from '../../geometry/flight.js';
import { shapeOf, trace } from '../../geometry/kinds.js';
import { hide, html, style, toggle } from '../../lib/svg.js';
import { inks } from '../parts/inks.js';

/** @typedef {import('../../types.js').Flight} Flight */
/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('./layout.js').Layout} Layout */
/** @typedef {import('../parts/inks.js').Inks} Inks */

/** From so many messages on they are a crowd, until there are fewer than the second number. */
const CROWD = Object.freeze({ from: 80, until: 60 });

/** While time runs their elements follow in every so manieth frame; sooner where a pointer moves over the stage. */
const EVERY = Object.freeze({ usual: 40, pointed: 6 });

/** @type {Readonly<Record<string, keyof Inks>>} */
const INK = Object.freeze({ RequestVote: 'candidate', PreVote: 'question', TimeoutNow: 'leader', InstallSnapshot: 'snapshot' });

/** @typedef {import('../../geometry/kinds.js').Shape|'cross'} Shape */

/**
 * @param {import('../../types.js').Pen} context Its middle is the origin.
 * @param {Shape} shape
 * @param {string} colour
 * @param {string} inside
 */
function paintDot(context, shape, colour, inside) {
  Object.assign(context, { strokeStyle: colour, fillStyle: inside, lineWidth: 2.5, lineCap: 'round', lineJoin: 'round' });
  context.beginPath();
  if (shape === 'cross') {
    context.moveTo(-5, -5);
    context.lineTo(5, 5);
    context.moveTo(5, -5);
    context.lineTo(-5, 5);
  } else {
    trace(context, shape, 0, 0, 4.5);
    context.fill();
  }
  context.stroke();
}

/** @type {{inks: Inks, fine: number, made: Map<string, ImageBitmap>}|null} */
let kept = null;

/**
 * Each dot is painted once, and then only copied.
 * @param {Inks} colours
 * @param {number} scale
 * @returns {(ink: keyof Inks, shape: Shape, hollow?: boolean) => ImageBitmap}
 */
function dots(colours, scale) {
  const fine = window.devicePixelRatio * scale;
  if (kept?.inks !== colours || kept.fine !== fine) kept = { inks: colours, fine, made: new Map() };
  const { made } = kept;
  return (ink, shape, hollow = false) => {
    const key = `${ink} ${shape} ${hollow}`;
    const known = made.get(key);
    if (known) return known;
    const size = Math.ceil(16 * fine);
    const paper = new OffscreenCanvas(size, size);
    const context = paper.getContext('2d');
    context?.setTransform(fine, 0, 0, fine, 8 * fine, 8 * fine);
    if (context) paintDot(context, shape, colours[ink], hollow ? colours.card : colours[ink]);
    const sprite = paper.transferToImageBitmap();
    made.set(key, sprite);
    return sprite;
  };
}

/** @typedef {ReturnType<typeof createCrowd>} Crowd */

/** @param {HTMLElement} layer The messages' elements. */
export function createCrowd(layer) {
  const canvas = html('canvas', { class: 'message-crowd', 'aria-hidden': 'true' });
  const context = canvas.getContext('2d');
  layer.before(canvas);
  let crowded = false;
  let frame = 0;
  let moved = false;
  layer.parentElement?.addEventListener('pointermove', () => {
    moved = true;
  }, { passive: true });

  /** @param {Layout} layout */
  function fit({ width, height }) {
    const fine = window.devicePixelRatio;
    const [across, down] = [Math.round(width * fine), Math.round(height * fine)];
    if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
    style(canvas, 'width', `${width}px`);
    style(canvas, 'height', `${height}px`);
    context?.setTransform(fine, 0, 0, fine, 0, 0);
    context?.clearRect(0, 0, width, height);
  }

  /** @param {Model} model @param {Layout} layout */
  function paint({ flights, theme }, layout) {
    if (!context) return;
    fit(layout);
    const dot = dots(inks(layer, theme), layout.scale);
    const half = 8 * layout.scale;
    /** @type {Map<string, Map<string, import('../../geometry/flight.js').Lane>>} */
    const lanes = new Map();
    for (const { message, fade, fraction, dies } of flights) {
      const [from, to] = [layout.ring.places[message.from], layout.ring.places[message.to]];
      if (!from || !to) continue;
      const ways = lanes.get(message.from) ?? new Map();
      lanes.set(message.from, ways);
      const on = ways.get(message.to) ?? lane(from, to, layout.gap, layout.lane);
      ways.set(message.to, on);
      const { x, y } = along(on, fade > 0 && dies !== null ? dies : fraction);
      context.globalAlpha = fade > 0 ? Math.max(0, 1 - fade ** 2) : 1;
      const sprite = fade > 0 ? dot('danger', 'cross') : dot(INK[message.type] ?? 'accent', shapeOf(message.type), message.reply);
      context.drawImage(sprite, x - half, y - half, 2 * half, 2 * half);
    }
    context.globalAlpha = 1;
  }

  return {
    /**
     * @param {Model} model
     * @param {Layout} layout
     * @returns {'alone'|'follow'|'wait'} Whether the messages are drawn by their elements alone, or as a
     *   crowd whose elements follow in this frame, or wait.
     */
    draw(model, layout) {
      crowded = model.flights.length > (crowded ? CROWD.until : CROWD.from);
      toggle(layer, 'crowded', crowded);
      hide(canvas, !crowded);
      if (!crowded) return 'alone';
      paint(model, layout);
      frame += 1;
      if (model.playing && frame % (moved ? EVERY.pointed : EVERY.usual) !== 0) return 'wait';
      moved = false;
      return 'follow';
    },
  };
}
