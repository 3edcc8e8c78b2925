/**
 * What can be done to what was clicked: verbs and their commands, as one table.
 *
 * @module views/stage/verbs
 */

import { pace } from '../../lib/format.js';
import { lastIndex, snapshotIndex } from '../../lib/log.js';
import { diskState, diskWords } from '../parts/disk.js';
import { STANDINGS, currentConfiguration, leaderOf, standing } from '../parts/roles.js';

/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../types.js').Selection} Selection */

/**
 * @typedef {object} Verb
 * @property {string} label
 * @property {Array<Record<string, any>>} [commands] Sent one after the other.
 * @property {'write'|'transfer'|'clock'} [form] Opens a small form instead.
 * @property {boolean} [danger]
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
  const others = model.nodes.filter((each) => each !== id);
  const cut = (/** @type {string} */ a, /** @type {string} */ b) => Boolean(model.view.links[`${a}>${b}`]?.cut);
  const alone = others.length > 0 && others.every((each) => cut(each, id) && cut(id, each));
  const leads = leaderOf(model);
  const ruled = leads !== null && !model.view.nodes[leads].paused && others.length > 0;
  const touched = others.some((each) => cut(each, id) || cut(id, each));
  /** @type {Verb[]} */
  const verbs = [];
  if (!node.crashed) {
    if (node.state === 'leader') verbs.push({ label: 'Send heartbeats', commands: [{ heartbeat: id }] });
    else verbs.push({ label: 'Time out', commands: [{ timeout: id }] });
    verbs.push({ label: 'Write…', form: 'write' });
    if (ruled && leads === id) verbs.push({ label: 'Hand leadership to…', form: 'transfer' });
    else if (ruled && !node.paused) verbs.push({ label: 'Hand it the leadership', commands: [{ transfer: { to: id } }] });
    verbs.push(node.paused ? { label: 'Resume', commands: [{ resume: id }] } : { label: 'Pause', commands: [{ pause: id }] });
    if (!node.paused && node.lastApplied > snapshotIndex(node)) verbs.push({ label: 'Compact its log', commands: [{ snapshot: id }] });
  }
  if (node.disk) {
    verbs.push(node.stalled ? { label: 'Let disk go on', commands: [{ resume: { disk: id } }] } : { label: 'Stall disk', commands: [{ pause: { disk: id } }] });
    verbs.push({ label: 'Clock…', form: 'clock' });
  }
  verbs.push(...ofMember(model, id, ruled));
  if (!alone && others.length > 0) verbs.push({ label: 'Isolate', commands: [{ isolate: id }] });
  if (touched) verbs.push({ label: 'Mend its links', commands: [{ heal: id }] });
  verbs.push(
    node.crashed
      ? { label: 'Restart', commands: [{ restart: id }] }
      : { label: 'Crash', commands: [{ crash: id }], danger: true },
  );
  const role = node.crashed ? 'crashed' : node.paused ? `${node.state}, paused` : node.state;
  const leader = node.leader && node.state !== 'leader' ? ` · follows ${node.leader}` : '';
  const heir = node.transferTo ? ` · hands over to ${node.transferTo}` : '';
  return { title: id, fact: `${role} · term ${node.term}${leader}${heir}${remarks(model, id)}`, verbs };
}

/**
 * @param {Model} model
 * @param {string} id
 * @param {boolean} ruled Whether someone leads who can change the members.
 * @returns {Verb[]}
 */
function ofMember(model, id, ruled) {
  const configuration = currentConfiguration(model);
  if (!configuration?.members.length || !ruled) return [];
  if (!configuration.members.includes(id)) return standing(model, id) !== 'outside' ? [] : [{ label: 'Add to the cluster', commands: [{ add_node: id }] }];
  return configuration.members.length > 1 ? [{ label: 'Remove from the cluster', commands: [{ remove_node: id }] }] : [];
}

/**
 * @param {Model} model
 * @param {string} id
 * @returns {string} What else is to be said of it: what its log holds, its disk, its clock, its place in the cluster.
 */
function remarks(model, id) {
  const node = model.view.nodes[id];
  const words = [STANDINGS[standing(model, id)]];
  if (node.snapshot) words.push(`snapshot 1–${node.snapshot.index}, log to ${lastIndex(node)}`);
  if (node.lease && !node.crashed) words.push('holds a lease');
  if (node.clock !== undefined && node.clock !== 1) words.push(`clock ${pace(node.clock)}`);
  if (diskState(node) !== 'written') words.push(diskWords(node));
  return words.filter(Boolean).map((each) => ` · ${each}`).join('');
}

/**
 * @param {Model} model
 * @param {string} id "a>b"
 * @returns {Choices|null}
 */
function ofLink(model, id) {
  const [a, b] = id.split('>');
  if (!model.view.nodes[a] || !model.view.nodes[b]) return null;
  const there = model.view.links[`${a}>${b}`];
  const back = model.view.links[`${b}>${a}`];
  /** @type {Verb[]} */
  const verbs = [];
  if (!there?.cut || !back?.cut) verbs.push({ label: 'Cut both ways', commands: [{ cut: [a, b] }], danger: true });
  if (there?.cut && back?.cut) verbs.push({ label: 'Mend both ways', commands: [{ heal: [a, b] }] });
  for (const [from, to, link] of /** @type {const} */ ([[a, b, there], [b, a, back]])) {
    if (link?.cut) verbs.push({ label: `Mend ${from} → ${to}`, commands: [{ heal: { from, to } }] });
    else verbs.push({ label: `Cut ${from} → ${to}`, commands: [{ cut: { from, to } }] });
  }
  const ways = [{ from: a, to: b }, { from: b, to: a }];
  if (!there?.cut && !back?.cut) {
    const usual = model.session.timing.latency.map((us) => us / 1000);
    const slow = there?.latency || back?.latency;
    const lossy = there?.loss || back?.loss;
    verbs.push(
      slow
        ? { label: 'As fast as the others', commands: ways.map((way) => ({ link: { ...way, latency: usual } })) }
        : { label: 'Make it slow', commands: ways.map((way) => ({ link: { ...way, latency: [120, 200] } })) },
    );
    verbs.push(
      lossy
        ? { label: 'Lose nothing', commands: ways.map((way) => ({ link: { ...way, loss: 0 } })) }
        : { label: 'Lose half', commands: ways.map((way) => ({ link: { ...way, loss: 0.5 } })) },
    );
  }
  const state = there?.cut && back?.cut ? 'cut both ways' : there?.cut ? `cut from ${a} to ${b}` : back?.cut ? `cut from ${b} to ${a}` : 'open both ways';
  return { title: `${a} – ${b}`, fact: state, verbs };
}

/**
 * @param {Model} model
 * @param {string} id
 * @returns {Choices|null}
 */
function ofMessage(model, id) {
  const message = model.view.messages[id];
  if (!message) return null;
  const messages = { id: message.id };
  const fields = Object.entries(message)
    .filter(([name, value]) => FIELDS.has(name) && value !== undefined && value !== null)
    .map(([name, value]) => `${name} ${fieldText(name, value)}`);
  return {
    title: `${message.type}${message.reply ? ' reply' : ''}, ${message.from} → ${message.to}`,
    fact: [`term ${message.term}`, ...fields].join(' · '),
    verbs: [
      { label: 'Deliver now', commands: [{ deliver: messages }] },
      { label: 'Delay by 50 ms', commands: [{ delay: { messages, by: 50 } }] },
      { label: 'Duplicate', commands: [{ duplicate: messages }] },
      { label: 'Drop', commands: [{ drop: messages }], danger: true },
    ],
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
  if (selection?.kind === 'node') return ofNode(model, selection.id);
  if (selection?.kind === 'link') return ofLink(model, selection.id);
  if (selection?.kind === 'message') return ofMessage(model, selection.id);
  return null;
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
