/**
 * A pen that is used like a canvas and leaves SVG: what draws the space-time diagram on the screen
 * draws it as a vector too, and the two can never differ.
 *
 * @module takeaway/pen
 */

import { number, paint, part } from './markup.js';

/** @typedef {import('./markup.js').Part} Part */

/** The state that save keeps. */
const START = Object.freeze({ fillStyle: '#000', strokeStyle: '#000', lineWidth: 1, globalAlpha: 1, lineCap: 'butt', lineJoin: 'miter' });

/** Half a turn is drawn as one arc; a whole one as two, as SVG knows no arc that ends where it begins. */
const WHOLE = Math.PI * 2;

/**
 * @returns {{context: CanvasRenderingContext2D, parts: () => Part[]}} `context` knows what diagrams use
 *   of a canvas; the pixel grid (`setTransform`, `clearRect`) means nothing to it.
 */
export function createPen() {
  /** @type {Part[]} */
  const parts = [];
  let path = '';
  /** @type {number[]} */
  let dashes = [];
  let state = { ...START };
  /** @type {Array<{state: typeof state, dashes: number[]}>} */
  const kept = [];

  /** @param {'fill'|'stroke'} kind @param {string} d */
  function leave(kind, d) {
    if (d === '') return;
    const ink = paint(String(kind === 'fill' ? state.fillStyle : state.strokeStyle));
    const opacity = Math.round(ink.opacity * state.globalAlpha * 1000) / 1000;
    if (ink.paint === 'none' || opacity === 0) return;
    parts.push(part('path', kind === 'fill'
      ? { d, fill: ink.paint, 'fill-opacity': opacity < 1 ? opacity : null }
      : {
          d, fill: 'none', stroke: ink.paint, 'stroke-width': state.lineWidth,
          'stroke-opacity': opacity < 1 ? opacity : null,
          'stroke-dasharray': dashes.length > 0 ? dashes.map(number).join(' ') : null,
          'stroke-linecap': state.lineCap === 'butt' ? null : state.lineCap,
          'stroke-linejoin': state.lineJoin === 'miter' ? null : state.lineJoin,
        }));
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h */
  const box = (x, y, w, h) => `M${number(x)} ${number(y)}H${number(x + w)}V${number(y + h)}H${number(x)}Z`;

  const context = {
    get fillStyle() { return state.fillStyle; },
    set fillStyle(value) { state.fillStyle = value; },
    get strokeStyle() { return state.strokeStyle; },
    set strokeStyle(value) { state.strokeStyle = value; },
    get lineWidth() { return state.lineWidth; },
    set lineWidth(value) { state.lineWidth = value; },
    get globalAlpha() { return state.globalAlpha; },
    set globalAlpha(value) { state.globalAlpha = value; },
    get lineCap() { return state.lineCap; },
    set lineCap(value) { state.lineCap = value; },
    get lineJoin() { return state.lineJoin; },
    set lineJoin(value) { state.lineJoin = value; },
    save() { kept.push({ state: { ...state }, dashes }); },
    restore() {
      const last = kept.pop();
      if (last) ({ state, dashes } = last);
    },
    setTransform() {},
    clearRect() {},
    /** @param {number[]} list */
    setLineDash(list) { dashes = [...list]; },
    beginPath() { path = ''; },
    closePath() { path += 'Z'; },
    /** @param {number} x @param {number} y */
    moveTo(x, y) { path += `M${number(x)} ${number(y)}`; },
    /** @param {number} x @param {number} y */
    lineTo(x, y) { path += `${path === '' ? 'M' : 'L'}${number(x)} ${number(y)}`; },
    /** @param {number} cx @param {number} cy @param {number} x @param {number} y */
    quadraticCurveTo(cx, cy, x, y) { path += `Q${[cx, cy, x, y].map(number).join(' ')}`; },
    /** @param {number} ax @param {number} ay @param {number} bx @param {number} by @param {number} x @param {number} y */
    bezierCurveTo(ax, ay, bx, by, x, y) { path += `C${[ax, ay, bx, by, x, y].map(number).join(' ')}`; },
    /** @param {number} x @param {number} y @param {number} w @param {number} h */
    rect(x, y, w, h) { path += box(x, y, w, h); },
    /** @param {number} x @param {number} y @param {number} r @param {number} from @param {number} to */
    arc(x, y, r, from, to) {
      const at = (/** @type {number} */ angle) => `${number(x + r * Math.cos(angle))} ${number(y + r * Math.sin(angle))}`;
      const turn = Math.max(-WHOLE, Math.min(WHOLE, to - from));
      const sweep = turn >= 0 ? 1 : 0;
      path += `${path === '' || /Z$/.test(path) ? 'M' : 'L'}${at(from)}`;
      for (const share of Math.abs(turn) > Math.PI ? [0.5, 1] : [1]) path += `A${number(r)} ${number(r)} 0 0 ${sweep} ${at(from + turn * share)}`;
    },
    fill() { leave('fill', path); },
    stroke() { leave('stroke', path); },
    /** @param {number} x @param {number} y @param {number} w @param {number} h */
    fillRect(x, y, w, h) { leave('fill', box(x, y, w, h)); },
    /** @param {number} x @param {number} y @param {number} w @param {number} h */
    strokeRect(x, y, w, h) { leave('stroke', box(x, y, w, h)); },
  };
  return { context: /** @type {CanvasRenderingContext2D} */ (/** @type {unknown} */ (context)), parts: () => parts };
}
