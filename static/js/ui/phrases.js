/**
 * From `say: [key, params]` to a sentence, by the catalogue that the server uses too.
 *
 * @module ui/phrases
 */

import { fetchBaked } from '../lib/baked.js';
import { fill } from '../lib/words.js';

/** @typedef {import('../types.js').WireEvent} WireEvent */
/** @typedef {import('../types.js').Sentence} Sentence */

/** @typedef {import('../types.js').Say} Say */
/** @typedef {import('../types.js').Told} Told */

/** @typedef {Record<string, {text: string, tone?: Sentence['tone'], sources?: string[]}>} Catalogue */

/**
 * @param {Catalogue} catalogue
 * @param {string} key
 * @param {Record<string, Told>} params
 * @returns {string} Empty where the catalogue lacks the key.
 */
function phrase(catalogue, key, params) {
  return Object.hasOwn(catalogue, key) ? fill(catalogue[key].text, places(catalogue, params)) : '';
}

/**
 * @param {Catalogue} catalogue
 * @param {Record<string, Told>} params
 * @returns {Record<string, string>} What fills each place, in words.
 */
function places(catalogue, params) {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, told(catalogue, value)]));
}

/**
 * What fills a place, in words: a list as the language joins one, groups with a line between them.
 * @param {Catalogue} catalogue
 * @param {Told} value
 * @returns {string}
 */
function told(catalogue, value) {
  if (typeof value !== 'object') return String(value);
  if (!Array.isArray(value)) return phrase(catalogue, ...value.say);
  const parts = value.map((each) => told(catalogue, each));
  if (parts.length === 0 || value.some(Array.isArray)) return parts.join(' | ');
  const last = /** @type {string} */ (parts.pop());
  if (parts.length === 0) return last;
  const most = parts.reduce((a, b) => phrase(catalogue, 'listed.more', { a, b }));
  return phrase(catalogue, 'listed.last', { a: most, b: last });
}

/**
 * @param {Catalogue} catalogue
 * @returns {(event: WireEvent) => Sentence|null} Remembers what it made: the same event gives the same object.
 */
export function createPhrases(catalogue) {
  /** @type {WeakMap<WireEvent, Sentence>} */
  const made = new WeakMap();
  return (event) => {
    if (!event.say) return null;
    const known = made.get(event);
    if (known) return known;
    const [key, params] = event.say;
    const { tone, sources } = (Object.hasOwn(catalogue, key) && catalogue[key]) || {};
    const text = phrase(catalogue, key, params) || event.kind.replaceAll('_', ' ');
    const sentence = { text, tone: tone ?? 'info', sources: sources ?? [], places: places(catalogue, params) };
    made.set(event, sentence);
    return sentence;
  };
}

/**
 * @param {string} address
 * @returns {Promise<Catalogue>} Empty where it cannot be had: events are named by their kind then.
 */
export async function fetchCatalogue(address) {
  try {
    const answer = await fetchBaked(address);
    return answer.ok ? await answer.json() : {};
  } catch {
    return {};
  }
}
