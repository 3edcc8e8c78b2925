/**
 * Words that a typing error may have been meant for. Loaded when something is looked for.
 *
 * @module catalogue/near
 */

import { fold } from './search.js';

/** Shorter words are like too many others; from the longer length on, two errors are forgiven. */
const LEAST = 4;
const LONG = 6;

/**
 * @param {typeof import('../../vendor/minisearch.esm.min.js').default} MiniSearch
 * @param {string[]} texts In which is looked, folded.
 * @returns {(typed: string) => string[]} The words of them that are like what was typed, the likeliest first.
 */
export function createNear(MiniSearch, texts) {
  const index = new MiniSearch({ fields: ['text'], tokenize: (text) => fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean) });
  index.addAll(texts.map((text, id) => ({ id, text })));
  return (typed) => {
    const word = fold(typed);
    if (word.length < LEAST || /\p{Script=Han}/u.test(word)) return [];
    for (const errors of word.length < LONG ? [1] : [1, 2]) {
      const found = new Set(index.search(word, { fuzzy: errors }).flatMap(({ terms }) => terms));
      if (found.size > 0) return [...found];
    }
    return [];
  };
}
