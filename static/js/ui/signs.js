/**
 * What the signs on the stage mean: the help lists them as they are drawn.
 *
 * @module ui/signs
 */

import { CLIENT_SIGNS } from '../lib/clientsigns.js';
import { LOG_MARKS, logSign } from '../lib/logsigns.js';
import { BARS, CLOCK, DOTS, DRUM, HOURGLASS, PLATTER } from '../lib/signs.js';
import { html, svg } from '../lib/svg.js';
import { t } from '../lib/words.js';

export const ROLES = /** @type {const} */ (['follower', 'precandidate', 'candidate', 'leader', 'crashed']);

export const STANDINGS = /** @type {const} */ (['learner', 'outside']);

/** What may stand on a node's rim: its kind, its state, and how the catalogue calls it. */
export const RIM = /** @type {const} */ ([
  ['node-disk', 'written', 'written'],
  ['node-disk', 'unwritten', 'unwritten'],
  ['node-disk', 'stalled', 'stalled'],
  ['node-lease', null, 'lease'],
  ['node-clock', null, 'clock'],
]);

export const MESSAGES = /** @type {const} */ (['AppendEntries', 'RequestVote', 'PreVote', 'TimeoutNow', 'InstallSnapshot']);

const CLIENT = /** @type {Array<keyof typeof CLIENT_SIGNS>} */ (Object.keys(CLIENT_SIGNS));

/** @param {Element} sign @param {string} name @param {string} meaning */
const row = (sign, name, meaning) =>
  html('tr', {}, [html('td', { class: 'sign-place' }, [html('span', { class: 'sign', 'aria-hidden': 'true' }, [sign])]), html('td', {}, [html('b', { text: name }), ` ${meaning}`])]);

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
      ...ROLES.map((role) => row(roleSign(role), t(`role.${role}`), t(`sign.${role}`))),
      ...STANDINGS.map((standing) => row(roleSign('follower', standing), t(`standing.${standing}`), t(`sign.${standing}`))),
      ...RIM.map(([kind, state, name]) => row(rimSign(kind, state), t(`disk.${name}`), t(`sign.${name}`))),
      ...LOG_MARKS.map((mark) => row(logSign(mark), t(`log.mark.${mark}`), t(`sign.log.${mark}`))),
      ...CLIENT.map((name) => row(html('span', { class: 'client-sign', text: CLIENT_SIGNS[name] }), t(`client.sign.${name}`), t(`sign.client.${name}`))),
      ...MESSAGES.map((type) => row(messageSign(type), type, t(`sign.${type}`))),
    ]),
  ]);
}
