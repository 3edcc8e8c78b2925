/**
 * What can be done to what was clicked: verbs and their commands, as one table.
 *
 * @module views/stage/verbs
 */

import { pace } from '../../lib/format.js';
import { lastIndex, snapshotIndex } from '../../lib/log.js';
import { t } from '../../lib/words.js';
import { diskState, diskWords } from '../parts/disk.js';
import { currentConfiguration, leaderOf, standing, standingWord } from '../parts/roles.js';

/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../types.js').Selection} Selection */

/**
 * @typedef {object} Verb
 * @property {string} label
 * @property {Array<Record<string, any>>} [commands] Sent one after the other.
 * @property {'write'|'transfer'|'clock'} [form] Opens a small form instead.
 * @property {import('../../types.js').Action} [action] Is done here, not in the cluster.
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
    if (node.state === 'leader') verbs.push({ label: t('verb.heartbeat'), commands: [{ heartbeat: id }] });
    else verbs.push({ label: t('verb.timeout'), commands: [{ timeout: id }] });
    verbs.push({ label: t('verb.write'), form: 'write' });
    if (ruled && leads === id) verbs.push({ label: t('verb.transfer'), form: 'transfer' });
    else if (ruled && !node.paused) verbs.push({ label: t('verb.promote'), commands: [{ transfer: { to: id } }] });
    verbs.push(node.paused ? { label: t('verb.resume'), commands: [{ resume: id }] } : { label: t('verb.pause'), commands: [{ pause: id }] });
    if (!node.paused && node.lastApplied > snapshotIndex(node)) verbs.push({ label: t('verb.snapshot'), commands: [{ snapshot: id }] });
  }
  if (node.disk) {
    verbs.push(node.stalled ? { label: t('verb.unstall'), commands: [{ resume: { disk: id } }] } : { label: t('verb.stall'), commands: [{ pause: { disk: id } }] });
    verbs.push({ label: t('verb.clock'), form: 'clock' });
  }
  verbs.push(...ofMember(model, id, ruled));
  if (!alone && others.length > 0) verbs.push({ label: t('verb.isolate'), commands: [{ isolate: id }] });
  if (touched) verbs.push({ label: t('verb.mend'), commands: [{ heal: id }] });
  verbs.push(
    node.crashed
      ? { label: t('verb.restart'), commands: [{ restart: id }] }
      : { label: t('verb.crash'), commands: [{ crash: id }], danger: true },
  );
  verbs.push({ label: t(model.knower === id ? 'verb.knows.not' : 'verb.knows', { node: id }), action: { type: 'knower', id } });
  const role = t(`role.${node.crashed ? 'crashed' : node.state}`);
  const facts = [!node.crashed && node.paused ? t('menu.paused', { role }) : role, t('fact.term', { term: node.term })];
  if (node.leader && node.state !== 'leader') facts.push(t('menu.follows', { node: node.leader }));
  if (node.transferTo) facts.push(t('menu.heir', { node: node.transferTo }));
  return { title: id, fact: [...facts, ...remarks(model, id)].join(' · '), verbs };
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
  if (!configuration.members.includes(id)) return standing(model, id) !== 'outside' ? [] : [{ label: t('verb.add'), commands: [{ add_node: id }] }];
  return configuration.members.length > 1 ? [{ label: t('verb.remove'), commands: [{ remove_node: id }] }] : [];
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
  if (!there?.cut || !back?.cut) verbs.push({ label: t('verb.cut'), commands: [{ cut: [a, b] }], danger: true });
  if (there?.cut && back?.cut) verbs.push({ label: t('verb.heal'), commands: [{ heal: [a, b] }] });
  for (const [from, to, link] of /** @type {const} */ ([[a, b, there], [b, a, back]])) {
    if (link?.cut) verbs.push({ label: t('verb.heal.way', { from, to }), commands: [{ heal: { from, to } }] });
    else verbs.push({ label: t('verb.cut.way', { from, to }), commands: [{ cut: { from, to } }] });
  }
  const ways = [{ from: a, to: b }, { from: b, to: a }];
  if (!there?.cut && !back?.cut) {
    const usual = model.session.timing.latency.map((us) => us / 1000);
    const slow = there?.latency || back?.latency;
    const lossy = there?.loss || back?.loss;
    verbs.push(
      slow
        ? { label: t('verb.usual'), commands: ways.map((way) => ({ link: { ...way, latency: usual } })) }
        : { label: t('verb.slow'), commands: ways.map((way) => ({ link: { ...way, latency: [120, 200] } })) },
    );
    verbs.push(
      lossy
        ? { label: t('verb.lossless'), commands: ways.map((way) => ({ link: { ...way, loss: 0 } })) }
        : { label: t('verb.lossy'), commands: ways.map((way) => ({ link: { ...way, loss: 0.5 } })) },
    );
  }
  const state = there?.cut && back?.cut ? t('link.cut') : there?.cut ? t('link.cut.way', { from: a, to: b }) : back?.cut ? t('link.cut.way', { from: b, to: a }) : t('link.open');
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
    title: t('menu.message', { type: message.reply ? t('message.reply', { type: message.type }) : message.type, from: message.from, to: message.to }),
    fact: [t('fact.term', { term: message.term }), ...fields].join(' · '),
    verbs: [
      { label: t('verb.deliver'), commands: [{ deliver: messages }] },
      { label: t('verb.delay'), commands: [{ delay: { messages, by: 50 } }] },
      { label: t('verb.duplicate'), commands: [{ duplicate: messages }] },
      { label: t('verb.drop'), commands: [{ drop: messages }], danger: true },
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
