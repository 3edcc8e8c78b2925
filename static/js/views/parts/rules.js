/**
 * The rules beyond Figure 2 that a cluster may follow, and the mistakes that it may make on purpose,
 * as people read them. The server knows what each does; here are their names and words.
 *
 * @module views/parts/rules
 */

/**
 * @typedef {object} Rule
 * @property {string} name As the option is called.
 * @property {string} label
 * @property {string} hint What it does, and where that is written.
 * @property {Array<[value: string, label: string]>} [choices] One of these; the first is the usual one.
 * @property {number} [most] A whole number from 1 on, or nothing.
 * @property {(value: any) => string} [shown] How it is named where it is in force.
 */

/** Those without choices and numbers are on or off. @type {ReadonlyArray<Rule>} */
export const RULES = Object.freeze([
  { name: 'pre_vote', label: 'PreVote', hint: 'ask before an election whether it could be won (§9.6)' },
  { name: 'check_quorum', label: 'CheckQuorum', hint: 'a leader that no majority answers steps down (§6.2)' },
  { name: 'leader_stickiness', label: 'Leader stickiness', hint: 'who hears its leader gives no vote to others (§4.2.3)' },
  { name: 'noop_on_election', label: 'No-op on election', hint: 'a new leader appends a blank entry at once (§6.4)' },
  { name: 'conflict_hints', label: 'Conflict hints', hint: 'a follower says where the logs part (Raft §5.3)' },
  { name: 'client_sessions', label: 'Client sessions', hint: 'a command is executed once, however often it is sent (§6.3)' },
  {
    name: 'read_mode', label: 'Reads', hint: 'how a read is answered that does not say how (§6.4)',
    choices: [['linearizable', 'after a heartbeat round'], ['lease', 'by lease'], ['local', 'at once, perhaps stale']],
    shown: (value) => `${value} reads`,
  },
  {
    name: 'membership', label: 'Members', hint: 'how servers are added and removed (§4)',
    choices: [['single', 'one at a time'], ['joint', 'any, by joint consensus']],
    shown: () => 'joint consensus',
  },
  { name: 'snapshot_threshold', label: 'Snapshot after', hint: 'entries that are applied before the log is compacted (§5)', most: 10000, shown: (value) => `snapshot after ${value}` },
  { name: 'max_inflight', label: 'Pipelining', hint: 'requests that may follow each other without an answer (§10.2)', most: 1000, shown: (value) => `${value} in flight` },
  { name: 'max_entries_per_append', label: 'Batches', hint: 'entries in one request at most', most: 1000, shown: (value) => `${value} an append` },
]);

/** @type {ReadonlyArray<[name: string, breaks: string, what: string]>} */
export const MISTAKES = Object.freeze([
  ['commit-old-terms', 'Leader Completeness', 'a leader commits entries of older terms by counting copies'],
  ['forget-vote', 'Election Safety', 'the vote is not written to the disk'],
  ['forget-log-tail', 'Leader Completeness', 'the last entry is acknowledged before it is on the disk'],
  ['vote-without-log-check', 'Leader Completeness', 'a vote is given whatever the log holds'],
  ['vote-twice', 'Election Safety', 'a server votes for whoever asks'],
  ['majority-minus-one', 'Election Safety', 'one less than a majority is enough'],
  ['accept-stale-term', 'Leader Append-Only', 'requests of an older term are obeyed'],
  ['truncate-always', 'Leader Completeness', 'entries are deleted without a conflict'],
  ['skip-prev-log-check', 'Log Matching', 'entries are taken whatever stands before them'],
  ['leader-commit-without-min', 'State Machine Safety', 'commitIndex runs past the last new entry'],
  ['apply-before-commit', 'State Machine Safety', 'entries are applied as soon as they are in the log'],
  ['longest-log-wins', 'Leader Completeness', 'logs are compared by their length alone'],
  ['overlapping-configurations', 'Election Safety', 'members change while another change is under way'],
  ['retry-twice', 'Linearizability', 'a command that is sent again is executed again'],
  ['stale-local-read', 'Linearizability', 'a leader reads without asking whether it still leads'],
]);

/**
 * @param {Record<string, any>} options As in force.
 * @returns {string[]} What differs from Figure 2, mistakes left out.
 */
export function inForce(options) {
  return RULES.flatMap((rule) => {
    const value = options[rule.name];
    if (value === undefined || value === null || value === false || value === rule.choices?.[0][0]) return [];
    return [rule.shown?.(value) ?? rule.name.replaceAll('_', ' ')];
  });
}

/**
 * @param {Record<string, any>} options
 * @returns {string[]} The names of the mistakes that are made on purpose.
 */
export function mistakes(options) {
  return Array.isArray(options.bugs) ? options.bugs : [];
}
