/**
 * The clients' lane below the space-time diagram: requests, retries, redirects, answers, and what was
 * left unknown, each joined to the line of the node that it concerns.
 *
 * @module views/parts/clientlane
 */

import { firstFrom, toX } from '../../geometry/spacetime.js';
import { CLIENT_SIGNS } from '../../lib/clientsigns.js';
import { t } from '../../lib/words.js';

/** @typedef {import('../../lib/clientsigns.js').ClientSign} ClientSign */
/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../types.js').Pen} Pen */
/** @typedef {import('../../types.js').WireEvent} WireEvent */

/** What the lane takes from the lines above it, which leave some room below themselves, at the usual size of type, px. */
const HEIGHT = 9;

/** Signs closer than this, px, would lie on one another: the later one stays away. */
const APART = 8;

/** @typedef {{picture: HTMLCanvasElement, width: number, height: number}} Stamp */

/** @type {Map<string, Stamp>} */
const stamps = new Map();

/** So many stamps are kept: each theme and size of type has its own. */
const STAMPS_MOST = 200;

/**
 * Text as a small picture. To set the font of a canvas that is on the page makes the browser work out all styles
 * there and then, which costs more than the rest of a frame.
 * @param {string} text
 * @param {number} weight
 * @param {number} high Size of type, px.
 * @param {string} colour
 * @returns {Stamp}
 */
function stamp(text, weight, high, colour) {
  const fine = window.devicePixelRatio;
  const key = [text, weight, high, colour, fine].join('|');
  const known = stamps.get(key);
  if (known) return known;
  const picture = document.createElement('canvas');
  const context = picture.getContext('2d');
  const font = `${weight} ${high}px sans-serif`;
  if (context) context.font = font;
  const width = Math.ceil(context?.measureText(text).width ?? 0);
  const height = Math.ceil(high * 1.5);
  Object.assign(picture, { width: Math.max(1, Math.ceil(width * fine)), height: Math.ceil(height * fine) });
  if (context) {
    context.scale(fine, fine);
    Object.assign(context, { font, fillStyle: colour, textBaseline: 'middle' });
    context.fillText(text, 0, height / 2);
  }
  const made = { picture, width, height };
  if (stamps.size >= STAMPS_MOST) stamps.clear();
  stamps.set(key, made);
  return made;
}

/** @param {Pen} context @param {Stamp} stamp @param {number} x Its middle. @param {number} y Its middle. */
function press(context, { picture, width, height }, x, y) {
  context.drawImage(picture, x - width / 2, y - height / 2, width, height);
}

/**
 * @param {WireEvent} event
 * @returns {ClientSign|null} Null for what is not between a client and the cluster.
 */
export function clientSign({ kind, data }) {
  if (kind === 'client_request') return data.attempt > 1 ? 'retry' : 'request';
  if (kind === 'client_timed_out') return 'timeout';
  if (kind !== 'client_reply' && kind !== 'client_gave_up') return null;
  if (data.outcome === 'ok' || data.outcome === 'unknown') return data.outcome;
  return data.hint ? 'redirect' : 'failed';
}

/**
 * @typedef {object} Meeting
 * @property {number} p Presentation time.
 * @property {number} seq
 * @property {ClientSign} sign
 * @property {string|null} node
 */

/** @typedef {ReturnType<typeof createClientLane>} ClientLane */

/** @returns The lane of one diagram; each event is looked at once. */
export function createClientLane() {
  /** @type {readonly WireEvent[]|null} */
  let held = null;
  let scanned = 0;
  /** @type {Meeting[]} */
  let meetings = [];

  /** @param {Model} model @returns {Meeting[]} Ordered by p. */
  function all(model) {
    if (held !== model.events || scanned > model.last) {
      held = model.events;
      scanned = model.first - 1;
      meetings = [];
    }
    for (; scanned < model.last; scanned += 1) {
      const event = model.event(scanned + 1);
      const sign = event ? clientSign(event) : null;
      if (event && sign) meetings.push({ p: model.pOf(event.seq), seq: event.seq, sign, node: event.node ?? event.data.to ?? null });
    }
    return meetings;
  }

  return {
    all,
    /** @param {Model} model @param {number} scale @returns {number} The room that it takes, px: none where no client says anything. */
    room: (model, scale) => (all(model).length > 0 ? Math.round(HEIGHT * scale) : 0),
    /**
     * @param {Pen} context
     * @param {Model} model
     * @param {import('../../geometry/spacetime.js').Window} window
     * @param {{width: number, height: number, scale: number}} size Of what lies above the lane.
     * @param {import('./inks.js').Inks} ink
     * @param {number} seen Events after this one are not drawn.
     * @param {(id: string) => number|null} rowOf Where the line of a node is, px from the top.
     */
    draw(context, model, window, size, ink, seen, rowOf) {
      const list = all(model);
      const high = Math.round(HEIGHT * size.scale);
      context.clearRect(0, size.height, size.width, high + 1);
      if (list.length === 0) return;
      const y = size.height + 2 * size.scale;
      context.strokeStyle = ink.line;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(0, y);
      context.lineTo(size.width, y);
      context.stroke();
      const name = stamp(t('client.name'), 500, 10 * size.scale, ink['ink-3']);
      press(context, name, 2 + name.width / 2, y);
      let edge = name.width + 6;
      for (let i = firstFrom(list, window.p0, (each) => each.p); i < list.length; i += 1) {
        const { p, seq, sign, node } = list[i];
        if (p > window.p1 || seq > seen) break;
        const real = toX(window, p, size.width);
        const x = Math.max(real, edge + APART * size.scale * 0.5);
        const row = node && (!model.knower || node === model.knower) ? rowOf(node) : null;
        if (model.knower && node !== model.knower) continue;
        const colour = sign === 'failed' ? ink.danger : sign === 'unknown' || sign === 'timeout' ? ink.candidate : sign === 'ok' ? ink.leader : ink.accent;
        if (row !== null) {
          context.strokeStyle = colour;
          context.globalAlpha = 0.55;
          context.setLineDash([1.5, 2.5]);
          context.beginPath();
          context.moveTo(real, row);
          context.lineTo(x, y - 5 * size.scale);
          context.stroke();
          context.setLineDash([]);
          context.globalAlpha = 1;
        }
        press(context, stamp(CLIENT_SIGNS[sign], 700, 11 * size.scale, colour), x, y);
        edge = x + APART * size.scale * 0.5;
      }
    },
  };
}
