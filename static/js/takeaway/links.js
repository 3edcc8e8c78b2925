/**
 * Links that others can open: a room to watch, an exact moment, and a whole run that is carried by
 * the link itself and needs no room.
 *
 * @module takeaway/links
 */

import { lineage } from '../store/saved.js';

/** A link is no longer than this, in characters: programs that pass it on would cut it. */
export const LONGEST_LINK = 8000;

/** What a packed run may unfold to, in bytes: more than a room lets come about, and less than a server takes in one message. */
export const LONGEST_SESSION = 500_000;

/**
 * @param {import('../store/saved.js').Saved} run
 * @returns {import('../store/saved.js').Saved|null} As much of it as a server takes in one message: all, or the branch in view.
 */
export function fitting(run) {
  const fits = (/** @type {typeof run} */ each) => new TextEncoder().encode(JSON.stringify(each)).length <= LONGEST_SESSION;
  return [run, lineage(run)].find(fits) ?? null;
}

/** @param {Uint8Array} bytes @returns {string} Base64 for addresses, without padding. */
export function toText(bytes) {
  let binary = '';
  for (const each of bytes) binary += String.fromCharCode(each);
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} Throws where it is no base64. */
export function toBytes(text) {
  if (!/^[\w-]*$/.test(text)) throw new Error('no base64');
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(binary, (each) => each.charCodeAt(0));
}

/**
 * @param {any} session As the server saved it.
 * @returns {Promise<string>} For the fragment of an address.
 */
export async function pack(session) {
  const stream = new Blob([JSON.stringify(session)]).stream().pipeThrough(new CompressionStream('deflate'));
  return toText(new Uint8Array(await new Response(stream).arrayBuffer()));
}

/**
 * @param {string} text What `pack` gave.
 * @returns {Promise<any>} The session; rejects where it is damaged, or unfolds to more than may be sent.
 */
export async function unpack(text) {
  const stream = new Blob([toBytes(text)]).stream().pipeThrough(new DecompressionStream('deflate'));
  const reader = stream.getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [size, json] = [0, ''];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > LONGEST_SESSION) {
      await reader.cancel();
      throw new Error('too long');
    }
    json += decoder.decode(value, { stream: true });
  }
  return JSON.parse(json + decoder.decode());
}

/**
 * @param {string} fragment Of an address, with its "#".
 * @returns {string|null} The packed run in it.
 */
export function packedIn(fragment) {
  return /^#s=([\w-]+)$/.exec(fragment)?.[1] ?? null;
}

/**
 * @typedef {object} Place
 * @property {string} origin For example "https://raft.example".
 * @property {string|null} room
 * @property {{id: string, step: number}|null} lesson Where the lesson's own run is shown: its id and the step, 0-based.
 * @property {string} branch
 * @property {number} event
 * @property {string|null} [compare] What stands beside it, as addresses call it.
 */

/** @param {string|null|undefined} compare @param {string} sign Before it. @returns {string} */
const beside = (compare, sign) => (compare ? `${sign}compare=${encodeURIComponent(compare)}` : '');

/** @param {Place} place @returns {string|null} To watch the room as it goes on; null where there is none. */
export function liveLink({ origin, room, compare }) {
  return room === null ? null : `${origin}/room/${encodeURIComponent(room)}${beside(compare, '?')}`;
}

/**
 * @param {Place} place
 * @returns {string|null} The very moment: of a lesson in a room of one's own, else in this room. A branch
 *   beside it is in this room alone.
 */
export function momentLink(place) {
  const { origin, lesson, branch, event, compare } = place;
  if (lesson && !compare?.startsWith('branch:')) return `${origin}/lesson/${encodeURIComponent(lesson.id)}?step=${lesson.step + 1}&event=${event}${beside(compare, '&')}`;
  const live = liveLink({ ...place, compare: null });
  return live && `${live}?branch=${encodeURIComponent(branch)}&event=${event}${beside(compare, '&')}`;
}

/**
 * @param {string} origin
 * @param {string} packed
 * @returns {string} The run that the link itself carries.
 */
export function runLink(origin, packed) {
  return `${origin}/run#s=${packed}`;
}
