/**
 * The journal of one branch, held in the browser: its events, when each is shown, and the state
 * at any of them. Events come in only at the end; nothing is ever taken back.
 *
 * @module store/journal
 */

import { applyEvents, EMPTY } from './changes.js';
import { createKeyframes, DISTANCE } from './keyframes.js';
import { addMark, addRole, addRoles } from './marks.js';
import { createPresentation } from './presentation.js';
import { positionAt } from './seek.js';

/** @typedef {import('../types.js').View} View */
/** @typedef {import('../types.js').WireEvent} WireEvent */
/** @typedef {import('../types.js').Mark} Mark */
/** @typedef {import('../types.js').RoleSpan} RoleSpan */
/** @typedef {import('../types.js').NodeId} NodeId */
/** @typedef {import('./presentation.js').Presentation} Presentation */

/**
 * @typedef {object} Journal
 * @property {WireEvent[]} events
 * @property {Presentation} presentation
 * @property {Mark[]} marks
 * @property {Record<NodeId, RoleSpan[]>} roles
 * @property {number} first Number of the first event held.
 * @property {() => number} last Number of the last event held; first - 1 where there is none.
 * @property {() => View} head State after all events.
 * @property {() => number} end Presentation time of the head: the last event's, and what time passed since.
 * @property {() => number} now Virtual time of the head, µs.
 * @property {(events: readonly WireEvent[], now?: number) => void} append Events that follow the
 *   last one; `now` is the virtual time that the head has reached. Throws where a number is missing.
 * @property {(seq: number) => View} viewAt State after an event.
 * @property {(seq: number) => number} pOf Presentation time of an event.
 * @property {(p: number) => number} seqAt The last event at or before a presentation time.
 * @property {(p: number) => number} timeAt Virtual time at a presentation time, µs.
 * @property {(seq: number) => WireEvent|undefined} event
 * @property {(seq: number) => Journal} fork An independent journal that knows nothing after `seq`.
 */

/**
 * @param {View} [base] State before the first event, where the beginning is not held.
 * @returns {Journal}
 */
export function createJournal(base = EMPTY) {
  /** @type {WireEvent[]} */
  const events = [];
  const presentation = createPresentation(base.time);
  const keyframes = createKeyframes(base);
  /** @type {Mark[]} */
  const marks = [];
  /** @type {Record<NodeId, RoleSpan[]>} */
  const roles = {};
  let head = base;
  let headTime = base.time;
  const known = new Set(Object.keys(base.links).filter((key) => base.links[key].cut));

  presentation.adopt(base.messages);
  for (const id of Object.keys(base.nodes)) addRole(roles, id, base, base.seq, 0);

  const { times } = presentation;
  const last = () => base.seq + events.length;

  /**
   * @param {WireEvent} event
   * @param {View} view
   */
  function seen(event, view) {
    const p = presentation.add(event);
    addMark(marks, event, p, known);
    const mark = marks[marks.length - 1];
    if (mark && mark.p === p) mark.seq = event.seq;
    addRoles(roles, event, view, p);
  }

  /** @type {Journal['append']} */
  function append(more, now) {
    let position = events.length;
    more.forEach((event, offset) => {
      if (event.seq !== base.seq + position + offset + 1) {
        throw new Error(`event ${event.seq} does not follow event ${base.seq + position + offset}`);
      }
    });
    for (const event of more) events.push(event);
    while (position < events.length) {
      const stop = Math.min(events.length, (Math.floor(position / DISTANCE) + 1) * DISTANCE);
      head = applyEvents(head, events, position, stop, seen);
      keyframes.keep(head);
      position = stop;
    }
    headTime = Math.max(headTime, head.time, now ?? 0);
  }

  /** @param {number} seq */
  function pOf(seq) {
    const position = Math.min(seq - base.seq, events.length);
    return position < 1 ? 0 : times[position - 1];
  }

  function end() {
    return pOf(last()) + (headTime - head.time);
  }

  /** @param {number} p */
  function timeAt(p) {
    const position = positionAt(times, p);
    const from = position ? events[position - 1].time : base.time;
    const to = position < events.length ? events[position].time : headTime;
    const since = p - (position ? times[position - 1] : 0);
    return Math.min(to, from + Math.max(0, since));
  }

  /** @param {number} seq */
  function viewAt(seq) {
    const position = Math.max(0, Math.min(seq - base.seq, events.length));
    return position === events.length ? head : keyframes.at(position, events);
  }

  /** @param {number} seq */
  function fork(seq) {
    const copy = createJournal(base);
    copy.append(events.slice(0, Math.max(0, seq - base.seq)));
    return copy;
  }

  return {
    events,
    presentation,
    marks,
    roles,
    first: base.seq + 1,
    last,
    head: () => head,
    end,
    now: () => headTime,
    append,
    viewAt,
    pOf,
    seqAt: (p) => base.seq + positionAt(times, p),
    timeAt,
    event: (seq) => events[seq - base.seq - 1],
    fork,
  };
}
