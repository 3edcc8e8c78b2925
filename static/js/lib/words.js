/**
 * The interface's words in the page's language: every text of the screen that is not told by the
 * server comes from one catalogue per language, `static/words/<language>.json`.
 *
 * @module lib/words
 */

import { fetchBaked } from './baked.js';

/** @typedef {keyof typeof import('../../words/en.json')} Word */

/** A text, or one for each plural form that the language has. @typedef {string|Partial<Record<Intl.LDMLPluralRule, string>>} Text */

/** @type {Record<string, Text>} */
let words = {};
let spoken = 'en';
let plurals = new Intl.PluralRules(spoken);
let lists = new Intl.ListFormat(spoken);

/**
 * Choose the language, once, before anything is drawn.
 * @param {string} language For example "zh".
 * @param {Record<string, Text>} catalogue
 */
export function speak(language, catalogue) {
  words = catalogue;
  spoken = language;
  plurals = new Intl.PluralRules(language);
  lists = new Intl.ListFormat(language);
}

/** @returns {string} The page's language. */
export function language() {
  return spoken;
}

/**
 * @param {string} template Names in braces are filled in.
 * @param {Record<string, string|number>} params
 * @returns {string}
 */
export function fill(template, params) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(params, name) ? String(params[name]) : whole));
}

/**
 * A text of the catalogue. Call it when drawing, never while a module loads: the words come later.
 * @param {Word} key
 * @param {Record<string, string|number>} [params] What to fill in; `count` chooses the plural form.
 * @returns {string} The key itself where the catalogue lacks it.
 */
export function t(key, params) {
  const text = words[key];
  if (text === undefined) return key;
  if (typeof text === 'string') return params ? fill(text, params) : text;
  const form = plurals.select(Number(params?.count));
  return fill(text[form] ?? text.other ?? key, params ?? {});
}

/**
 * @param {string} key
 * @returns {key is Word} Whether the catalogue has it: for keys that are put together from parts.
 */
export function isWord(key) {
  return Object.hasOwn(words, key);
}

/**
 * @param {string[]} names
 * @returns {string} For example "node1, node2 and node3".
 */
export function listed(names) {
  return lists.format(names);
}

/**
 * @param {string} address
 * @returns {Promise<Record<string, Text>>} Empty where it cannot be had; texts are named by their keys then.
 */
export async function fetchWords(address) {
  try {
    const answer = await fetchBaked(address);
    return answer.ok ? await answer.json() : {};
  } catch {
    return {};
  }
}
