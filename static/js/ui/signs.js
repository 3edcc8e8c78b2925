/**
 * What the signs on the stage mean: the help lists them as they are drawn.
 *
 * @module ui/signs
 */

import { BARS, CLOCK, DOTS, DRUM, HOURGLASS, PLATTER } from '../lib/signs.js';
import { html, svg } from '../lib/svg.js';

/** @type {ReadonlyArray<[role: string, meaning: string]>} */
export const ROLES = Object.freeze([
  ['follower', 'waits for a leader; the arc is its election timer'],
  ['precandidate', 'asks whether it could win an election; ◆ would vote for it'],
  ['candidate', 'asks for votes; ● has voted for it'],
  ['leader', 'takes requests and sends entries'],
  ['crashed', 'is down; its disk survives'],
]);

/** @type {ReadonlyArray<[standing: string, name: string, meaning: string]>} */
export const STANDINGS = Object.freeze([
  ['learner', 'catching up', 'is brought up to date before it votes'],
  ['outside', 'not a member', 'runs, but does not belong to the cluster'],
]);

/** @type {ReadonlyArray<[kind: string, state: string|null, name: string, meaning: string]>} */
export const RIM = Object.freeze([
  ['node-disk', 'written', 'disk', 'all that the node holds is on it'],
  ['node-disk', 'unwritten', 'not written', 'a crash now would take something from it'],
  ['node-disk', 'stalled', 'disk stalled', 'the node goes on until it has to write'],
  ['node-lease', null, 'lease', 'the leader may answer reads by itself for a while'],
  ['node-clock', null, 'clock', 'runs faster or slower than the others’'],
]);

/** @type {ReadonlyArray<[type: string, meaning: string]>} */
export const MESSAGES = Object.freeze([
  ['AppendEntries', 'entries, or a heartbeat without any; hollow: the answer'],
  ['RequestVote', 'asks for a vote'],
  ['PreVote', 'asks whether a vote would be given'],
  ['TimeoutNow', 'tells a node to campaign at once: leadership passes to it'],
  ['InstallSnapshot', 'a snapshot, for a log that is too far behind'],
]);

/** @param {Element} sign @param {string} name @param {string} meaning */
const row = (sign, name, meaning) =>
  html('tr', {}, [html('th', { scope: 'row' }, [html('span', { class: 'sign', 'aria-hidden': 'true' }, [sign])]), html('td', {}, [html('b', { text: name }), ` ${meaning}`])]);

/** @param {string} role @param {string} [standing] */
function roleSign(role, standing) {
  const circles = [['node-ring', 13], ['node-disc', 10.5]].map(([name, r]) => svg('circle', { class: String(name), r }));
  return svg('svg', { viewBox: '-16 -16 32 32' }, [svg('g', { class: 'node', 'data-role': role, 'data-standing': standing ?? null }, circles)]);
}

/** @param {string} kind @param {string|null} state */
function rimSign(kind, state) {
  const paths = {
    'node-disk': [['disk-drum', DRUM], ['disk-top', PLATTER], ['disk-bars', BARS], ['disk-dots', DOTS]],
    'node-lease': [['', HOURGLASS]],
    'node-clock': [['', CLOCK]],
  }[kind] ?? [];
  const wide = state !== null && state !== 'written';
  return svg('svg', { viewBox: wide ? '-10 -14 28 28' : '-12 -12 24 24' }, [
    svg('g', { class: 'node', 'data-role': 'leader' }, [svg('g', { class: `${kind} on`, 'data-disk': state }, paths.map(([name, d]) => svg('path', { class: name, d })))]),
  ]);
}

/** @param {string} type */
const messageSign = (type) => html('span', { class: 'message', 'data-type': type }, [html('span', { class: 'message-dot' })]);

/** @returns {HTMLElement} */
export function createSigns() {
  return html('table', { class: 'signs' }, [
    html('tbody', {}, [
      ...ROLES.map(([role, meaning]) => row(roleSign(role), role, meaning)),
      ...STANDINGS.map(([standing, name, meaning]) => row(roleSign('follower', standing), name, meaning)),
      ...RIM.map(([kind, state, name, meaning]) => row(rimSign(kind, state), name, meaning)),
      ...MESSAGES.map(([type, meaning]) => row(messageSign(type), type, meaning)),
    ]),
  ]);
}
