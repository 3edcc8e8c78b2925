/**
 * What one server knows of the others: only what messages told it that reached it, each with the
 * time at which it did. It forgets when it crashes.
 *
 * @module store/known
 */

/** @typedef {import('../types.js').Entry} Entry */
/** @typedef {import('../types.js').NodeId} NodeId */
/** @typedef {import('../types.js').Role} Role */
/** @typedef {import('../types.js').WireEvent} WireEvent */

/**
 * What was heard from one other server. What was not heard is null. Never altered.
 * @typedef {object} Heard
 * @property {number} at When it was heard from last, µs of virtual time.
 * @property {number} seq The event by which it was.
 * @property {Role|null} role
 * @property {number|null} term
 * @property {NodeId|null} votedFor
 * @property {number|null} commitIndex
 * @property {number} last Its log reaches at least to this index.
 * @property {number} match Up to here its log is the same as the hearer's, which it said itself.
 * @property {Record<number, number>} terms Of its entries, by index.
 * @property {Record<number, Entry>} entries Those that were seen.
 */

/** @typedef {Readonly<Record<NodeId, Heard>>} Knowledge By server; of those that are not in it nothing was heard. */

/** @type {Knowledge} */
export const NOTHING = Object.freeze({});

/** @type {Omit<Heard, 'at'|'seq'>} */
const SILENT = { role: null, term: null, votedFor: null, commitIndex: null, last: 0, match: 0, terms: {}, entries: {} };

/** @typedef {Partial<Omit<Heard, 'at'|'seq'>>} News */

/**
 * @param {Record<number, any>} facts By index.
 * @param {number} upTo
 */
const within = (facts, upTo) => Object.fromEntries(Object.entries(facts).filter(([index]) => Number(index) <= upTo));

/**
 * What each message tells of its sender, beside its term. A candidate tells where its log ends, a
 * leader what it holds, and who answers it how far it agrees.
 * @type {Record<string, (message: Record<string, any>, was: Omit<Heard, 'at'|'seq'>) => News>}
 */
const REQUESTS = {
  RequestVote: ({ from, lastLogIndex: last, lastLogTerm }, was) => ({
    role: 'candidate', votedFor: from, last, match: Math.min(was.match, last), terms: { ...within(was.terms, last), [last]: lastLogTerm }, entries: within(was.entries, last),
  }),
  // It asks for the term after its own.
  PreVote: ({ term, lastLogIndex: last, lastLogTerm }, was) => ({
    role: 'precandidate', term: term - 1, last, match: Math.min(was.match, last), terms: { ...within(was.terms, last), [last]: lastLogTerm }, entries: within(was.entries, last),
  }),
  AppendEntries({ prevLogIndex, prevLogTerm, entries = [], leaderCommit }, was) {
    const terms = { ...was.terms, [prevLogIndex]: prevLogTerm };
    const seen = { ...was.entries };
    for (const entry of entries) {
      terms[entry.index] = entry.term;
      seen[entry.index] = entry;
    }
    return { role: 'leader', commitIndex: Math.max(was.commitIndex ?? 0, leaderCommit), last: Math.max(was.last, prevLogIndex + entries.length), terms, entries: seen };
  },
  InstallSnapshot: ({ lastIncludedIndex, lastIncludedTerm }, was) => ({
    role: 'leader', commitIndex: Math.max(was.commitIndex ?? 0, lastIncludedIndex), last: Math.max(was.last, lastIncludedIndex), terms: { ...was.terms, [lastIncludedIndex]: lastIncludedTerm },
  }),
  TimeoutNow: () => ({ role: 'leader' }),
};

/** @type {Record<string, (message: Record<string, any>, was: Omit<Heard, 'at'|'seq'>) => News>} */
const REPLIES = {
  RequestVote: ({ to, voteGranted }) => (voteGranted ? { role: 'follower', votedFor: to } : {}),
  // A yes repeats the term that was asked for.
  PreVote: ({ voteGranted }, was) => (voteGranted ? { term: was.term } : {}),
  AppendEntries({ success, matchIndex, reason }, was) {
    if (success) return { role: 'follower', match: Math.max(was.match, matchIndex), last: Math.max(was.last, matchIndex) };
    return reason === 'prev_missing' || reason === 'prev_conflict' ? { role: 'follower' } : { role: null };
  },
  InstallSnapshot: ({ term, requestTerm, lastIncludedIndex }, was) =>
    (term > (requestTerm ?? term) ? { role: null } : { role: 'follower', match: Math.max(was.match, lastIncludedIndex ?? 0), last: Math.max(was.last, lastIncludedIndex ?? 0) }),
};

/**
 * @param {Knowledge} known
 * @param {WireEvent} event A message that arrived.
 * @returns {Knowledge}
 */
function hear(known, event) {
  const message = event.data;
  const before = known[message.from] ?? SILENT;
  // In a new term a log may have been cut short since; what is committed stays.
  const was = before.term !== null && message.term > before.term ? { ...SILENT, term: before.term, commitIndex: before.commitIndex } : before;
  const news = (message.reply ? REPLIES : REQUESTS)[message.type]?.(message, was) ?? {};
  return { ...known, [message.from]: { ...was, term: message.term, ...news, at: event.time, seq: event.seq } };
}

/**
 * @param {Knowledge} known
 * @param {WireEvent} event One at the node that knows.
 * @returns {Knowledge} The same object where it learned nothing.
 */
export function learn(known, event) {
  if (event.kind === 'message_delivered') return hear(known, event);
  if (event.kind === 'crashed') return NOTHING;
  if (event.kind !== 'log_truncated') return known;
  // Where its own log changes, theirs are not the same as it any more.
  const upTo = event.data.from - 1;
  return Object.fromEntries(Object.entries(known).map(([id, heard]) => [id, heard.match > upTo ? { ...heard, match: upTo } : heard]));
}

/**
 * @returns {(events: readonly WireEvent[], first: number, id: NodeId, seq: number) => Knowledge} What the
 *   node knows after the event `seq`, of a list of events that begins with the event `first`. Going
 *   forward costs only the events passed.
 */
export function createKnown() {
  /** @type {readonly WireEvent[]|null} */
  let held = null;
  let who = '';
  let at = 0;
  let known = NOTHING;
  return (events, first, id, seq) => {
    if (held !== events || who !== id || at > seq) {
      held = events;
      who = id;
      at = first - 1;
      known = NOTHING;
    }
    for (; at < seq && at + 1 - first < events.length; at += 1) {
      const event = events[at + 1 - first];
      if (event.node === id) known = learn(known, event);
    }
    return known;
  };
}
