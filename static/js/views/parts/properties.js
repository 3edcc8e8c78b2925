/**
 * What is watched of every run: the promises that the server names, and the one that is judged on request.
 *
 * @module views/parts/properties
 */

/** @typedef {import('../../types.js').Property} Property */
/** @typedef {import('../../types.js').Session} Session */

/** The five of Figure 3: what a server that names none watches. @type {Property[]} */
const FIGURE_3 = [
  { name: 'Election Safety', text: 'At most one leader is elected in a term.', source: '§5.2' },
  { name: 'Leader Append-Only', text: 'A leader never overwrites or deletes entries of its log; it only appends.', source: '§5.3' },
  { name: 'Log Matching', text: 'Where two logs hold an entry of the same index and term, they are the same up to there.', source: '§5.3' },
  { name: 'Leader Completeness', text: 'What is committed in a term is in the logs of the leaders of all later terms.', source: '§5.4' },
  { name: 'State Machine Safety', text: 'No two nodes ever apply different entries at the same index.', source: '§5.4.3' },
];

/** Judged over the clients' whole history, and so only when somebody asks. */
export const ON_REQUEST = 'Linearizability';

/** @type {Property} */
const LINEARIZABILITY = {
  name: ON_REQUEST,
  text: 'What the clients saw could have happened in some order in which each request takes effect at once, between its sending and its answer.',
  source: '§6.3',
};

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
