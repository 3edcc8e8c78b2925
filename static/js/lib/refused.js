/**
 * What was refused, in the page's language: the words for each kind of error, its facts filled in.
 *
 * @module lib/refused
 */

import { isWord, language, t } from './words.js';

/** The kinds of error that do not say by themselves which value they speak of. */
const OF_A_VALUE = /^(?:shape|value|missing)\b/;

/** A place in a lesson is a line of its file. */
const IN_A_LESSON = /^[\w-]+\.yaml:/;

/**
 * A fact of an error, as a sentence shows it; it may be a sentence in turn.
 * @param {any} fact
 * @returns {string}
 */
function filling(fact) {
  if (Array.isArray(fact)) return fact.map(filling).join(t('comma.list'));
  if (typeof fact === 'number') return fact.toLocaleString(language());
  return fact && typeof fact === 'object' ? describe(fact) : String(fact);
}

/**
 * @param {import('../types.js').Said} error
 * @returns {string} One line: which field, what was wrong, what would be right. In the page's language where its words
 *   know the kind of error, else as the server said it.
 */
export function describe({ message, where, remedy, kind, facts = {} }) {
  const key = `refused.${kind}`;
  const own = isWord(key);
  let said = message;
  if (own) {
    const filled = Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, filling(fact)]));
    said = t(key, filled);
    const right = filled.near ? 'refused.near' : facts.known?.length ? 'refused.known' : `${key}.remedy`;
    if (remedy && isWord(right)) remedy = t(right, filled);
  }
  if (remedy) said = t('error.remedy', { message: said, remedy });
  const line = IN_A_LESSON.test(where ?? '') && where;
  const named = !own || OF_A_VALUE.test(String(kind)) || where?.startsWith('session');
  const field = line || (named && where?.split('.').slice(1).at(-1));
  return field ? t('error.field', { field, message: said }) : said;
}
