/**
 * Why was it refused? What a vote or an append asked for beside what the refuser had, in the order in
 * which the rules look at it, up to what decided.
 *
 * @module views/parts/refusals
 */

import { entryAt, lastIndex, snapshotIndex } from '../../lib/log.js';
import { t } from '../../lib/words.js';
import { ordinal } from './disk.js';

/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../types.js').NodeView} NodeView */
/** @typedef {import('../../types.js').WireEvent} WireEvent */

/**
 * One fact that was compared. `holds`: whether it was good enough; null where it was not looked at any more.
 * @typedef {{name: string, asked: string, own: string, holds: boolean|null}} Fact
 */

/**
 * @typedef {object} Comparison
 * @property {string} title
 * @property {[string, string]} heads Over what was asked, and over what there was.
 * @property {Fact[]} facts The last that does not hold decided.
 * @property {string} moral What it comes down to.
 * @property {string[]} sources
 */

/** So many links of a chain are looked at for a refusal: it is at the bottom of what it led to at once. */
const NEAR = 7;

/** Nothing there. */
const NONE = '–';

/**
 * @param {NodeView} node
 * @param {number} index
 * @returns {number|null} The term of its entry there; 0 before the first; null where it has none, or a snapshot hides it.
 */
export function termAt(node, index) {
  if (index === 0) return 0;
  if (node.snapshot && index === snapshotIndex(node)) return node.snapshot.term;
  return entryAt(node, index)?.term ?? null;
}

/**
 * @param {Pick<Model, 'event'>} model
 * @param {WireEvent} event
 * @param {string} type
 * @returns {WireEvent|null} The arrival of the request that the event answers.
 */
function requestOf(model, event, type) {
  /** @type {WireEvent|undefined} */
  let at = event;
  for (let step = 0; at && step < NEAR; step += 1) {
    if (at.kind === 'message_delivered' && at.data.type === type && !at.data.reply) return at;
    at = at.cause ? model.event(at.cause) : undefined;
  }
  return null;
}

/** @param {Fact[]} facts @returns {Fact[]} Up to the first that does not hold; where all hold, a deliberate mistake judged by the last. */
function decided(facts) {
  const at = facts.findIndex((fact) => fact.holds === false);
  if (at < 0) return facts.map((fact, place) => (place === facts.length - 1 ? { ...fact, holds: false } : fact));
  return facts.slice(0, at + 1);
}

/**
 * @param {Pick<Model, 'event'|'viewAt'>} model
 * @param {WireEvent} event A vote, or a pre-vote, that was refused.
 * @returns {Comparison|null}
 */
function ofVote(model, event) {
  const pre = event.kind === 'pre_voted';
  const request = requestOf(model, event, pre ? 'PreVote' : 'RequestVote');
  const node = model.viewAt(event.seq).nodes[String(event.node)];
  if (!request || !node) return null;
  const { term, lastLogIndex, lastLogTerm } = request.data;
  const candidate = String(event.data.for);
  const [last, lastTerm] = [lastIndex(node), termAt(node, lastIndex(node)) ?? 0];
  const why = String(event.data.why);
  const ends = { name: t('refusal.term.last'), asked: String(lastLogTerm), own: String(lastTerm), holds: lastLogTerm >= lastTerm };
  const length = { name: t('refusal.index.last'), asked: String(lastLogIndex), own: String(last) };
  const loyal = why === 'refused_leader_stickiness' || why === 'refused_leader_alive';
  const voted = term === node.term ? node.votedFor : null;
  const facts = [
    { name: t('refusal.term'), asked: String(term), own: String(node.term), holds: term >= node.term },
    ...(loyal ? [{ name: t('refusal.leader'), asked: NONE, own: node.state === 'leader' ? String(event.node) : (node.leader ?? NONE), holds: false }] : []),
    ...(voted !== null || why === 'refused_already_voted' ? [{ name: t('refusal.voted', { term }), asked: candidate, own: typeof voted === 'number' ? `node${voted}` : (voted ?? NONE), holds: voted === ordinal(candidate) }] : []),
    ends,
    { ...length, holds: lastLogTerm > lastTerm || lastLogIndex >= last },
  ];
  const shown = decided(facts);
  const decides = shown[shown.length - 1];
  // Which log is longer is what people expect to count; where the last terms differ it is not looked at.
  if (decides === ends) shown.push({ ...length, holds: null });
  const moral = why === 'refused_log_behind' ? (lastLogTerm === lastTerm ? 'refusal.moral.length' : 'refusal.moral.last') : loyal ? 'refusal.moral.leader' : why === 'refused_stale_term' ? 'refusal.moral.term' : 'refusal.moral.voted';
  const sources = loyal ? [pre ? 'Dissertation §9.6' : 'Raft §6'] : [`Fig. 2, RequestVote receiver ${why === 'refused_stale_term' ? 1 : 2}`, ...(why === 'refused_log_behind' ? ['Raft §5.4.1'] : [])];
  return { title: t(pre ? 'refusal.prevote' : 'refusal.vote', { node: String(event.node) }), heads: [candidate, String(event.node)], facts: shown, moral: t(moral), sources };
}

/**
 * @param {Pick<Model, 'event'|'viewAt'>} model
 * @param {WireEvent} event The refusing answer to AppendEntries, as it was sent.
 * @returns {Comparison|null}
 */
function ofAppend(model, event) {
  const request = requestOf(model, event, 'AppendEntries');
  const node = model.viewAt(event.seq).nodes[String(event.node)];
  if (!request || !node) return null;
  const { term, prevLogIndex, prevLogTerm } = request.data;
  const why = String(event.data.reason);
  const own = termAt(node, prevLogIndex);
  const facts = decided([
    { name: t('refusal.term'), asked: String(term), own: String(node.term), holds: term >= node.term },
    { name: t('refusal.prevIndex'), asked: String(prevLogIndex), own: t('refusal.ends', { index: lastIndex(node) }), holds: lastIndex(node) >= prevLogIndex },
    { name: t('refusal.prevTerm', { index: prevLogIndex }), asked: String(prevLogTerm), own: own === null ? NONE : String(own), holds: own === prevLogTerm },
  ]);
  const moral = why === 'stale_term' ? 'refusal.moral.term' : why === 'prev_missing' ? 'refusal.moral.missing' : why === 'prev_conflict' ? 'refusal.moral.conflict' : 'refusal.moral.append';
  return {
    title: t('refusal.append', { node: String(event.node) }),
    heads: [String(request.data.leaderId ?? request.data.from), String(event.node)],
    facts,
    moral: t(moral),
    sources: [`Fig. 2, AppendEntries receiver ${why === 'stale_term' ? 1 : 2}`, ...(why === 'stale_term' ? [] : ['Raft §5.3'])],
  };
}

/**
 * @param {Pick<Model, 'event'|'viewAt'>} model
 * @param {WireEvent[]} chain What was asked about, and what led to it.
 * @returns {Comparison|null} The comparison behind the refusal that it comes from, if it comes from one.
 */
export function refusalIn(model, chain) {
  for (const event of chain.slice(0, NEAR)) {
    if ((event.kind === 'voted' || event.kind === 'pre_voted') && event.data.granted === false) return ofVote(model, event);
    if (event.kind === 'message_sent' && event.data.type === 'AppendEntries' && event.data.reply && event.data.success === false) return ofAppend(model, event);
  }
  return null;
}
