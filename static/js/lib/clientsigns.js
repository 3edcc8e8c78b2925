/**
 * What happens between a client and the cluster, each with a sign of its own.
 *
 * @module lib/clientsigns
 */

export const CLIENT_SIGNS = Object.freeze({
  request: '●', retry: '◉', redirect: '↪', ok: '✓', failed: '×', timeout: '◌', unknown: '?',
});

/** @typedef {keyof typeof CLIENT_SIGNS} ClientSign */
