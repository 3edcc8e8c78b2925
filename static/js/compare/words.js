/**
 * Rules and differences as people read them.
 *
 * @module compare/words
 */

import { branchName } from '../lib/format.js';
import { t } from '../lib/words.js';
import { inForce } from '../views/parts/rules.js';

/** @typedef {import('../store/differ.js').Difference} Difference */
/** @typedef {import('../types.js').Model} Model */

/** The rule sets that have a name, as the server knows them (raftviz/variants.py). */
export const RULES = /** @type {const} */ (['paper', 'document', 'prevote', 'checkquorum', 'careful']);

/** @typedef {typeof RULES[number]} RulesName */

/** What a comparison with a branch is called in an address, before the branch's id. */
const BRANCH = 'branch:';

/** @param {string} id @returns {string} */
export const asBranch = (id) => `${BRANCH}${id}`;

/** @param {string} what @returns {string|null} The branch's id; null where it is no branch that is meant. */
export const branchIn = (what) => (what.startsWith(BRANCH) ? what.slice(BRANCH.length) : null);

/** @param {string} what @returns {what is RulesName} */
export const isRules = (what) => RULES.some((name) => name === what);

/**
 * @param {string} name
 * @param {Record<string, any>} options
 * @returns {string} A run by its name and by what differs in it from Figure 2.
 */
export function runName(name, options) {
  const rules = inForce(options).join(t('comma.list')) || t('transport.rules');
  return t('compare.run', { name: branchName(name), rules });
}

/** @param {any} vote */
const vote = (vote) => (vote === null ? '–' : String(vote));

/** @param {import('../store/differ.js').LogEnd} end */
const logEnd = ({ last, term }) => (last === 0 ? t('compare.log.empty') : t('compare.log.end', { last, term }));

/**
 * @param {Difference} difference
 * @returns {string} What it is on this side and what on the other, for example "term 2 | 1".
 */
function fieldWords({ field, a, b }) {
  const sides = (/** @type {(value: any) => string} */ say) => `${say(a)} | ${say(b)}`;
  switch (field) {
    case 'there': return sides((value) => t(value ? 'compare.there' : 'compare.missing'));
    case 'up': return sides((value) => t(`compare.${/** @type {'up'|'crashed'|'paused'} */ (value)}`));
    case 'state': return sides((value) => t(`role.${/** @type {import('../types.js').Role} */ (value)}`));
    case 'term': return t('fact.term', { term: sides(String) });
    case 'votedFor': return `votedFor ${sides(vote)}`;
    case 'log': return a.from === null ? t('compare.log', { sides: sides(logEnd) }) : t('compare.log.from', { index: a.from });
    case 'commitIndex': return t('node.commit', { index: sides(String) });
    case 'snapshot': return t('compare.snapshot', { sides: sides(String) });
    default: return t('compare.members', { sides: sides(String) });
  }
}

/**
 * @param {Difference[]} found
 * @returns {Array<{node: string, words: string}>} For each node what differs of it, in one line.
 */
export function told(found) {
  /** @type {Map<string, string[]>} */
  const lines = new Map();
  for (const each of found) lines.set(each.node, [...(lines.get(each.node) ?? []), fieldWords(each)]);
  return [...lines].map(([node, words]) => ({ node, words: words.join(t('comma.list')) }));
}
