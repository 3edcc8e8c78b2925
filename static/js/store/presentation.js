/**
 * Presentation time: what the cursor moves along.
 *
 * Virtual time alone would put a command and all that it does at once on one point, and a message
 * that a command delivers early would not fly at all. So presentation time adds a gap before each
 * command, and lets an early end wait until its message has flown a while; but what a person drops
 * dies where it is. It is a pure function of the journal.
 *
 * @module store/presentation
 */

import { ARRIVAL_GAP, COMMAND_GAP, SHORTEST_FLIGHT } from '../lib/pace.js';

/** @typedef {import('../types.js').WireEvent} WireEvent */
/** @typedef {import('../types.js').Message} Message */
/** @typedef {import('../types.js').Arrow} Arrow */

/**
 * @param {WireEvent} event
 * @returns {number} How long the cursor takes before it, though no virtual time passes.
 */
function gapBefore(event) {
  if (event.kind !== 'command' || event.seq <= 1) return 0;
  const { add_node: added, reconfigure } = event.data.command ?? {};
  return added === undefined && reconfigure === undefined ? COMMAND_GAP : ARRIVAL_GAP;
}

/**
 * @typedef {object} Presentation
 * @property {number[]} times Presentation time of each held event, by position.
 * @property {Arrow[]} arrows All messages, ordered by p0.
 * @property {Map<number, Arrow>} byId
 * @property {() => number} longest The longest flight so far, expected ones too, µs.
 * @property {Arrow[]} deaths Arrows that ended in a drop, ordered by p1.
 * @property {(event: WireEvent) => number} add Take one event in; gives its presentation time.
 * @property {(messages: Record<string, Message>) => void} adopt Take in what was in flight before the first event.
 */

/**
 * @param {Message} message
 * @param {number} time Virtual time, µs.
 * @returns {number} Where it is by virtual time alone, 0 at its sender, 1 at its addressee.
 */
export function progress(message, time) {
  const whole = message.arrives - message.sent;
  const fraction = whole > 0 ? (time - message.sent) / whole : 0;
  return Math.min(message.lost ? 0.5 : 1, Math.max(0, fraction));
}

/**
 * @param {Message} message
 * @param {number} time Virtual time of its end, µs.
 * @param {boolean} delivered
 * @returns {boolean} Whether it ended before its time.
 */
function endsEarly(message, time, delivered) {
  const natural = !delivered && message.lost ? (message.sent + message.arrives) / 2 : message.arrives;
  return time < Math.floor(natural);
}

/**
 * @param {Message} message
 * @param {WireEvent} event The event that drops it.
 * @returns {number} How far it came, 1 at the addressee.
 */
function reachOf(message, event) {
  const { why } = event.data;
  if (why === 'crash') return 1;
  if (why === 'cut' || why === 'loss') return 0.5;
  return progress(message, event.time);
}

/**
 * @param {number} startTime Virtual time of the state before the first event, µs.
 * @returns {Presentation}
 */
export function createPresentation(startTime) {
  /** @type {number[]} */
  const times = [];
  /** @type {Arrow[]} */
  const arrows = [];
  /** @type {Arrow[]} */
  const deaths = [];
  /** @type {Map<number, Arrow>} */
  const byId = new Map();
  let lastTime = startTime;
  let lastP = 0;
  let longest = 0;

  /**
   * @param {number} id
   * @param {Message} message
   * @param {WireEvent} event
   * @param {number} p
   */
  function open(id, message, event, p) {
    const known = byId.get(id);
    longest = Math.max(longest, message.arrives - message.sent);
    if (known) {
      known.message = message;
      return;
    }
    /** @type {Arrow} */
    const arrow = { id, message, sentSeq: event.seq, endSeq: null, p0: p, p1: null, end: null, why: null, reach: 1 };
    arrows.push(arrow);
    byId.set(id, arrow);
  }

  /**
   * @param {Arrow} arrow
   * @param {WireEvent} event
   * @param {number} p
   */
  function close(arrow, event, p) {
    const delivered = event.kind === 'message_delivered';
    arrow.p1 = p;
    longest = Math.max(longest, p - arrow.p0);
    arrow.endSeq = event.seq;
    arrow.end = delivered ? 'delivered' : 'dropped';
    arrow.why = delivered ? null : event.data.why ?? null;
    arrow.reach = delivered ? 1 : reachOf(arrow.message, event);
    if (!delivered) deaths.push(arrow);
  }

  /** @type {Presentation['add']} */
  function add(event) {
    let p = lastP + (event.time - lastTime) + gapBefore(event);
    const ended = [];
    for (const [path, message] of event.changes) {
      if (path[0] !== 'messages' || path.length !== 2 || message !== null) continue;
      const arrow = byId.get(Number(path[1]));
      if (!arrow) continue;
      ended.push(arrow);
      if (event.data.why === 'user') continue;
      if (endsEarly(arrow.message, event.time, event.kind === 'message_delivered')) {
        p = Math.max(p, arrow.p0 + SHORTEST_FLIGHT);
      }
    }
    for (const arrow of ended) close(arrow, event, p);
    for (const [path, message] of event.changes) {
      if (path[0] === 'messages' && path.length === 2 && message !== null) open(Number(path[1]), message, event, p);
    }
    times.push(p);
    lastTime = event.time;
    lastP = p;
    return p;
  }

  /** @type {Presentation['adopt']} */
  function adopt(messages) {
    for (const message of Object.values(messages)) {
      const p = message.sent - startTime;
      longest = Math.max(longest, message.arrives - message.sent);
      arrows.push({ id: message.id, message, sentSeq: 0, endSeq: null, p0: p, p1: null, end: null, why: null, reach: 1 });
      byId.set(message.id, arrows[arrows.length - 1]);
    }
  }

  return { times, arrows, byId, longest: () => longest, deaths, add, adopt };
}
