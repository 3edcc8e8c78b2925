/**
 * The names on the wire, each written once, and what a request looks like.
 *
 * @module link/messages
 */

import { describe } from '../lib/refused.js';

/** The version of the wire that this page speaks. */
export const PROTOCOL = 1;

/** Client to server; each is answered. */
export const REQUEST = Object.freeze({
  open: 'open',
  do: 'do',
  play: 'play',
  pause: 'pause',
  fork: 'fork',
  branch: 'branch',
  resync: 'resync',
  rename: 'rename',
  save: 'save',
  record: 'record',
  notes: 'notes',
  variant: 'variant',
});

/** Server to client. */
export const PUSH = Object.freeze({
  frame: 'frame',
  branch: 'branch',
  playing: 'playing',
  notice: 'notice',
  gone: 'gone',
});

/** How long to wait for an answer, ms. A lesson is run whole while `open` waits, and a run anew while `variant` does. */
export const PATIENCE = Object.freeze({ open: 30000, variant: 30000, other: 10000 });

/** The longest request that is worth sending, in bytes: the server takes none of more than 512 KiB. */
export const LONGEST_REQUEST = 520_000;

/** @typedef {import('../types.js').WireError} WireError */

/** What the server refused, or the way to it did. */
export class RequestError extends Error {
  /** @param {WireError} error */
  constructor(error) {
    super(describe(error));
    this.name = 'RequestError';
    this.code = error.code;
    this.where = error.where ?? null;
  }
}
