/**
 * What was clicked, in a line, and what can be done to it.
 *
 * @module views/stage/verbs
 */

import { aboutSelection } from '../../lib/ask.js';
import { pace } from '../../lib/format.js';
import { lastIndex } from '../../lib/log.js';
import { t } from '../../lib/words.js';
import { diskState, diskWords } from '../parts/disk.js';
import { standing, standingWord } from '../parts/roles.js';
import { lastWord } from './client.js';
import { clientVerbs, linkVerbs, messageVerbs } from './linkverbs.js';
import { nodeVerbs } from './nodeverbs.js';

/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../types.js').Selection} Selection */

/** @typedef {'write'|'read'|'delete'|'transfer'|'clock'|'side'|'link'|'delay'|'retry'|'self'} FormKind */

/**
 * @typedef {object} Verb
 * @property {'raft'|'client'|'network'|'machine'|'cuts'|'quality'|'flight'|'why'} group What it belongs to.
 * @property {string} label
 * @property {Array<Record<string, any>>} [commands] Sent one after the other, as one action.
 * @property {FormKind} [form] Opens a small form instead.
 * @property {import('../../types.js').Action} [action] Changes nothing of the cluster.
 * @property {boolean} [danger]
 * @property {string|null} [why] Why it does not fit just now.
 */

/**
 * @typedef {object} Choices
 * @property {string} title What was clicked.
 * @property {string} fact One line about it.
 * @property {Verb[]} verbs
 */

/**
 * @param {Model} model
 * @param {string} id
 * @returns {Choices|null}
 */
function ofNode(model, id) {
  const node = model.view.nodes[id];
  if (!node) return null;
  const role = t(`role.${node.crashed ? 'crashed' : node.state}`);
  const facts = [!node.crashed && node.paused ? t('menu.paused', { role }) : role, t('fact.term', { term: node.term })];
  if (node.leader && node.state !== 'leader') facts.push(t('menu.follows', { node: node.leader }));
  if (node.transferTo) facts.push(t('menu.heir', { node: node.transferTo }));
  return { title: id, fact: [...facts, ...remarks(model, id)].join(' · '), verbs: nodeVerbs(model, id) };
}

/**
 * @param {Model} model
 * @param {string} id
 * @returns {string[]} What else is to be said of it: what its log holds, its disk, its clock, its place in the cluster.
 */
function remarks(model, id) {
  const node = model.view.nodes[id];
  const words = [standingWord(standing(model, id))];
  if (node.snapshot) words.push(t('menu.snapshot', { index: node.snapshot.index, last: lastIndex(node) }));
  if (node.lease && !node.crashed) words.push(t('menu.lease'));
  if (node.clock !== undefined && node.clock !== 1) words.push(t('menu.clock', { pace: pace(node.clock) }));
  if (diskState(node) !== 'written') words.push(diskWords(node));
  return words.filter(Boolean);
}

/**
 * @param {Model} model
 * @param {string} a
 * @param {string} b
 * @returns {string} Whether a link is cut, and which way.
 */
export function linkState(model, a, b) {
  const there = model.view.links[`${a}>${b}`]?.cut;
  const back = model.view.links[`${b}>${a}`]?.cut;
  if (there && back) return t('link.cut');
  if (there) return t('link.cut.way', { from: a, to: b });
  return back ? t('link.cut.way', { from: b, to: a }) : t('link.open');
}

/**
 * @param {Model} model
 * @param {string} id "a>b"
 * @returns {Choices|null}
 */
function ofLink(model, id) {
  const [a, b] = id.split('>');
  if (!model.view.nodes[a] || !model.view.nodes[b]) return null;
  return { title: `${a} – ${b}`, fact: linkState(model, a, b), verbs: linkVerbs(model, a, b) };
}

/**
 * @param {Model} model
 * @param {string} id
 * @returns {Choices|null}
 */
function ofMessage(model, id) {
  const message = model.view.messages[id];
  if (!message) return null;
  const fields = Object.entries(message)
    .filter(([name, value]) => FIELDS.has(name) && value !== undefined && value !== null)
    .map(([name, value]) => `${name} ${fieldText(name, value)}`);
  return {
    title: t('menu.message', { type: message.reply ? t('message.reply', { type: message.type }) : message.type, from: message.from, to: message.to }),
    fact: [t('fact.term', { term: message.term }), ...fields].join(' · '),
    verbs: messageVerbs(message.id),
  };
}

/** @param {string} name @param {any} value @returns {string} */
function fieldText(name, value) {
  if (name === 'configuration') return value.old.length > 0 ? `${value.old.join(' ')} → ${value.members.join(' ')}` : value.members.join(' ');
  if (name === 'stateMachine') return `{${Object.keys(value).length}}`;
  return Array.isArray(value) ? `[${value.length}]` : String(value);
}

/** The fields of the paper's RPCs, in its words. */
const FIELDS = new Set([
  'lastLogIndex', 'lastLogTerm', 'voteGranted', 'prevLogIndex', 'prevLogTerm', 'entries',
  'leaderCommit', 'success', 'matchIndex', 'conflictIndex', 'conflictTerm', 'leadershipTransfer',
  'lastIncludedIndex', 'lastIncludedTerm', 'configuration', 'stateMachine',
]);

/**
 * @param {Model} model
 * @param {Selection|null} selection
 * @returns {Choices|null} Null where there is nothing (any more) to act on.
 */
export function choices(model, selection) {
  const found = selection && ofSelection(model, selection);
  if (!selection || !found) return null;
  const watching = model.role === 'viewer' ? t('not.presenter') : null;
  const verbs = found.verbs.map((verb) => ({ ...verb, why: (verb.action ? null : watching) ?? verb.why ?? null }));
  if (selection.kind === 'client' && !model.view.clients[selection.id]) return { ...found, verbs };
  return { ...found, verbs: [...verbs, { group: 'why', label: t('tab.why'), action: { type: 'ask', about: aboutSelection(selection) } }] };
}

/** @param {Model} model @param {Selection} selection @returns {Choices|null} */
function ofSelection(model, { kind, id }) {
  if (kind === 'node') return ofNode(model, id);
  if (kind === 'link') return ofLink(model, id);
  if (kind === 'message') return ofMessage(model, id);
  return kind === 'client' ? ofClient(model, id) : null;
}

/** @param {Model} model @param {string} id @returns {Choices} */
function ofClient(model, id) {
  const client = model.view.clients[id];
  return { title: t('menu.client', { client: id }), fact: client ? lastWord(client) : t('not.asked'), verbs: clientVerbs(model, id) };
}

/**
 * The chain of reasons from an event back to a command, each in words.
 * @param {Model} model
 * @param {number} seq
 * @param {number} [most]
 * @returns {Array<{seq: number, text: string, sources: string[]}>} The event itself first; events that have nothing to say are left out.
 */
export function reasons(model, seq, most = 6) {
  const out = [];
  for (let at = model.event(seq), steps = 0; at && out.length < most && steps < 64; steps += 1) {
    const said = model.explain(at);
    if (said) out.push({ seq: at.seq, text: said.text, sources: said.sources });
    if (at.cause === null || at.cause === undefined || at.cause >= at.seq) break;
    at = model.event(at.cause);
  }
  return out;
}
