/**
 * What is heard of a node that is seen with the eyes of another, in words.
 *
 * @module views/parts/heard
 */

import { milliseconds } from '../../lib/format.js';
import { t } from '../../lib/words.js';

/** @typedef {import('../../types.js').NodeView} NodeView */

/** What is not known. */
const UNKNOWN = '?';

/**
 * @param {NodeView} node
 * @returns {string} Whose values these are may be asked, so unknown ones are a question mark.
 */
export function heardTerm({ heard, term }) {
  return heard === undefined ? String(term) : String(heard?.term ?? UNKNOWN);
}

/**
 * @param {NodeView} node
 * @returns {string}
 */
export function heardCommit({ heard, commitIndex }) {
  return heard === undefined ? String(commitIndex) : String(heard?.commitIndex ?? UNKNOWN);
}

/**
 * @param {NodeView} node
 * @param {number} now µs.
 * @returns {string} How old the news of it are, for example "24 ms ago"; empty of a node that is seen itself.
 */
export function age({ heard }, now) {
  if (heard === undefined) return '';
  return heard === null ? t('known.never') : t('known.ago', { ms: milliseconds(Math.max(0, now - heard.at)) });
}

/**
 * @param {string} id
 * @param {NodeView} node
 * @param {number} now µs.
 * @returns {string} All that is heard of it, in a line.
 */
export function heardSays(id, node, now) {
  const { heard } = node;
  if (!heard) return t('known.says.nothing', { node: id });
  const facts = [
    t(`role.${heard.role ?? 'unknown'}`),
    t('fact.term', { term: heardTerm(node) }),
    ...(heard.last > 0 ? [t('known.log', { last: heard.last })] : []),
    ...(heard.commitIndex === null ? [] : [t('node.commit', { index: heard.commitIndex })]),
    age(node, now),
  ];
  return t('node.says', { id, facts: facts.join(t('comma.clause')) });
}
