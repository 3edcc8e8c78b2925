/**
 * Which lessons a search finds, and how the address says it. Pure.
 *
 * @module catalogue/search
 */

/**
 * @typedef {object} Wish What somebody looks for.
 * @property {string} q What was typed.
 * @property {string} level A level's name; empty for all.
 */

/** @typedef {{text: string, level: string}} Entry What a lesson is found by. */

/**
 * @param {string} text
 * @returns {string} The same without what a person need not type: capitals, accents, wide forms.
 */
export function fold(text) {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/**
 * @param {string} typed
 * @returns {string[]} Its words, folded.
 */
export function wordsOf(typed) {
  return fold(typed).split(/\s+/).filter(Boolean);
}

/**
 * @param {Entry} entry Its text folded.
 * @param {Wish} wish
 * @param {Meant} [meant] What was meant by words that are nowhere.
 * @returns {boolean} Whether all of the words are in it, and it is of the level.
 */
export function fits(entry, { q, level }, meant = {}) {
  return (level === '' || entry.level === level) && wordsOf(q).every((word) => (meant[word] ?? [word]).some((each) => entry.text.includes(each)));
}

/** @typedef {Record<string, string[]>} Meant By a word that was typed, those that are like it. */

/**
 * @param {Entry[]} entries
 * @param {Wish} wish
 * @param {(typed: string) => string[]} near
 * @returns {Meant} For each word of the wish that no entry has, what is like it, if anything is.
 */
export function meantBy(entries, { q }, near) {
  const strange = wordsOf(q).filter((word) => !entries.some(({ text }) => text.includes(word)));
  return Object.fromEntries(strange.map((word) => [word, near(word)]).filter(([, like]) => like.length > 0));
}

/**
 * @param {string} search The address's part from `?` on.
 * @param {string[]} levels Those that there are.
 * @returns {Wish} A level that there is not counts as none.
 */
export function wishOf(search, levels) {
  const params = new URLSearchParams(search);
  const level = params.get('level') ?? '';
  return { q: (params.get('q') ?? '').slice(0, 80), level: levels.includes(level) ? level : '' };
}

/**
 * @param {Wish} wish
 * @param {string} search The address's part from `?` on, as it is.
 * @returns {string} As it is to be; empty where nothing is left of it.
 */
export function addressOf(wish, search) {
  const params = new URLSearchParams(search);
  for (const [name, value] of [['q', wish.q.trim()], ['level', wish.level]]) {
    if (value) params.set(name, value);
    else params.delete(name);
  }
  const text = params.toString();
  return text && `?${text}`;
}
