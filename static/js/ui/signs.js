/**
 * What the signs on the stage mean: the help lists them as they are drawn.
 *
 * @module ui/signs
 */

import { html, svg } from '../lib/svg.js';

/** @type {ReadonlyArray<[role: string, meaning: string]>} */
export const ROLES = Object.freeze([
  ['follower', 'waits for a leader; the arc is its election timer'],
  ['precandidate', 'asks whether it could win an election; ◆ would vote for it'],
  ['candidate', 'asks for votes; ● has voted for it'],
  ['leader', 'takes requests and sends entries'],
  ['crashed', 'is down; its disk survives'],
]);

/** @type {ReadonlyArray<[type: string, meaning: string]>} */
export const MESSAGES = Object.freeze([
  ['AppendEntries', 'entries, or a heartbeat without any; hollow: the answer'],
  ['RequestVote', 'asks for a vote'],
  ['PreVote', 'asks whether a vote would be given'],
  ['TimeoutNow', 'tells a node to campaign at once: leadership passes to it'],
]);

/** @param {Element} sign @param {string} name @param {string} meaning */
const row = (sign, name, meaning) =>
  html('tr', {}, [html('th', { scope: 'row' }, [html('span', { class: 'sign', 'aria-hidden': 'true' }, [sign])]), html('td', {}, [html('b', { text: name }), ` ${meaning}`])]);

/** @param {string} role */
function roleSign(role) {
  const circles = [['node-ring', 13], ['node-disc', 10.5]].map(([name, r]) => svg('circle', { class: String(name), r }));
  return svg('svg', { viewBox: '-16 -16 32 32' }, [svg('g', { class: 'node', 'data-role': role }, circles)]);
}

/** @param {string} type */
const messageSign = (type) => html('span', { class: 'message', 'data-type': type }, [html('span', { class: 'message-dot' })]);

/** @returns {HTMLElement} */
export function createSigns() {
  return html('table', { class: 'signs' }, [
    html('tbody', {}, [
      ...ROLES.map(([role, meaning]) => row(roleSign(role), role, meaning)),
      ...MESSAGES.map(([type, meaning]) => row(messageSign(type), type, meaning)),
    ]),
  ]);
}
