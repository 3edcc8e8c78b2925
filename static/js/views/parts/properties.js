/**
 * What is watched of every run: the promises that the server names, and the one that is judged on request.
 *
 * @module views/parts/properties
 */

/** @typedef {import('../../types.js').Property} Property */
/** @typedef {import('../../types.js').Session} Session */

/** The five of Figure 3, which the catalogue puts into words: what a server that names none watches. @type {Property[]} */
const FIGURE_3 = [
  { name: 'Election Safety', text: '', source: '§5.2' },
  { name: 'Leader Append-Only', text: '', source: '§5.3' },
  { name: 'Log Matching', text: '', source: '§5.3' },
  { name: 'Leader Completeness', text: '', source: '§5.4' },
  { name: 'State Machine Safety', text: '', source: '§5.4.3' },
];

/** Judged over the clients' whole history, and so only when somebody asks. */
export const ON_REQUEST = 'Linearizability';

/** @type {Property} */
const LINEARIZABILITY = { name: ON_REQUEST, text: '', source: '§6.3' };

/**
 * @param {Session} session
 * @returns {Property[]} Those that are watched all the time.
 */
export function watched({ properties }) {
  return (properties ?? FIGURE_3).filter(({ name }) => name !== ON_REQUEST);
}

/**
 * @param {Session} session
 * @returns {Property} The one that is judged on request.
 */
export function onRequest({ properties }) {
  return properties?.find(({ name }) => name === ON_REQUEST) ?? LINEARIZABILITY;
}
