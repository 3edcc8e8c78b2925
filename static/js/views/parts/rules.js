/**
 * The rules beyond Figure 2 that a cluster may follow, and the mistakes that it may make on purpose,
 * as people read them. The server knows what each does; here are their names and words.
 *
 * @module views/parts/rules
 */

import { isWord, t } from '../../lib/words.js';

/** @typedef {'pre_vote'|'check_quorum'|'leader_stickiness'|'noop_on_election'|'conflict_hints'|'client_sessions'|'read_mode'|'membership'|'snapshot_threshold'|'max_inflight'|'max_entries_per_append'} RuleName */

/**
 * @typedef {object} Rule Its words are in the catalogue: rule.NAME, what it does under rule.NAME.hint.
 * @property {RuleName} name As the option is called.
 * @property {Array<[value: string, label: import('../../lib/words.js').Word]>} [choices] One of these; the first is the usual one.
 * @property {number} [most] A whole number from 1 on, or nothing.
 */

/** Those without choices and numbers are on or off. @type {ReadonlyArray<Rule>} */
export const RULES = Object.freeze([
  { name: 'pre_vote' },
  { name: 'check_quorum' },
  { name: 'leader_stickiness' },
  { name: 'noop_on_election' },
  { name: 'conflict_hints' },
  { name: 'client_sessions' },
  { name: 'read_mode', choices: [['linearizable', 'rule.read_mode.linearizable'], ['lease', 'rule.read_mode.lease'], ['local', 'rule.read_mode.local']] },
  { name: 'membership', choices: [['single', 'rule.membership.single'], ['joint', 'rule.membership.joint']] },
  { name: 'snapshot_threshold', most: 10000 },
  { name: 'max_inflight', most: 1000 },
  { name: 'max_entries_per_append', most: 1000 },
]);

/** The mistakes, each with the promise that it breaks; what goes wrong is in the catalogue. */
export const MISTAKES = /** @type {const} */ ([
  ['commit-old-terms', 'Leader Completeness'],
  ['forget-vote', 'Election Safety'],
  ['forget-log-tail', 'Leader Completeness'],
  ['vote-without-log-check', 'Leader Completeness'],
  ['vote-twice', 'Election Safety'],
  ['majority-minus-one', 'Election Safety'],
  ['accept-stale-term', 'Leader Append-Only'],
  ['truncate-always', 'Leader Completeness'],
  ['skip-prev-log-check', 'Log Matching'],
  ['leader-commit-without-min', 'State Machine Safety'],
  ['apply-before-commit', 'State Machine Safety'],
  ['longest-log-wins', 'Leader Completeness'],
  ['overlapping-configurations', 'Election Safety'],
  ['retry-twice', 'Linearizability'],
  ['stale-local-read', 'Linearizability'],
]);

/**
 * @param {string} name Of a mistake.
 * @returns {string} What goes wrong.
 */
export function mistakeText(name) {
  const key = `mistake.${name}`;
  return isWord(key) ? t(key) : t('mistake.unknown');
}

/**
 * @param {string} name Of a mistake.
 * @returns {string} The promise that it breaks, as events call it.
 */
export function brokenBy(name) {
  return MISTAKES.find(([each]) => each === name)?.[1] ?? t('mistake.unknown.breaks');
}

/**
 * @param {Record<string, any>} options As in force.
 * @returns {string[]} What differs from Figure 2, mistakes left out.
 */
export function inForce(options) {
  return RULES.flatMap((rule) => {
    const value = options[rule.name];
    if (value === undefined || value === null || value === false || value === rule.choices?.[0][0]) return [];
    const chosen = `rule.${rule.name}.${value}.shown`;
    return [isWord(chosen) ? t(chosen) : t(`rule.${rule.name}.shown`, { value: String(value) })];
  });
}

/**
 * @param {Record<string, any>} options
 * @returns {string[]} The names of the mistakes that are made on purpose.
 */
export function mistakes(options) {
  return Array.isArray(options.bugs) ? options.bugs : [];
}
