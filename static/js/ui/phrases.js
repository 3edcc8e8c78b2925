/**
 * From `say: [key, params]` to a sentence, by the catalogue that the server uses too.
 *
 * @module ui/phrases
 */

import { fill } from '../lib/words.js';

/** @typedef {import('../types.js').WireEvent} WireEvent */
/** @typedef {import('../types.js').Sentence} Sentence */

/** @typedef {Record<string, {text: string, tone?: Sentence['tone'], sources?: string[]}>} Catalogue */

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
    const phrase = Object.hasOwn(catalogue, key) ? catalogue[key] : { text: event.kind.replaceAll('_', ' ') };
    const sentence = { text: fill(phrase.text, params), tone: phrase.tone ?? 'info', sources: phrase.sources ?? [] };
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
    const answer = await fetch(address);
    return answer.ok ? await answer.json() : {};
  } catch {
    return {};
  }
}
