/**
 * What can be done to a node: every command that speaks of one, in order; what does not fit just now
 * says why.
 *
 * @module views/stage/nodeverbs
 */

import { snapshotIndex } from '../../lib/log.js';
import { t } from '../../lib/words.js';
import { currentConfiguration, leaderOf, standing } from '../parts/roles.js';

/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('./verbs.js').Verb} Verb */

/** Timers that have a verb of their own. */
const OWN = new Set(['election', 'heartbeat']);

/** Timers whose end has words of its own. */
const TOLD = /** @type {const} */ (['catch_up', 'check_quorum', 'leader_contact', 'lease_a', 'lease_b', 'transfer']);

/** @param {string} name @returns {string} What it is to let this timer run out. */
function runsOut(name) {
  const told = TOLD.find((each) => each === name);
  return told ? t(`verb.timer.${told}`) : t('verb.timer', { name });
}

/**
 * @param {Model} model
 * @param {string} id
 * @returns {Verb[]}
 */
export function nodeVerbs(model, id) {
  const node = model.view.nodes[id];
  const down = node.crashed ? t('not.down', { node: id }) : null;
  /** @type {Verb} */
  const knows = { group: 'why', label: t(model.knower === id ? 'verb.knows.not' : 'verb.knows', { node: id }), action: { type: 'knower', id } };
  return [...ofRaft(model, id, down), ...ofClients(down), ...ofNetwork(model, id), ...ofMachine(model, id, down), knows];
}

/** @param {Model} model @param {string} id @param {string|null} down @returns {Verb[]} */
function ofRaft(model, id, down) {
  const group = /** @type {const} */ ('raft');
  const node = model.view.nodes[id];
  const leads = node.state === 'leader';
  const timers = Object.keys(node.timers ?? {}).filter((name) => !OWN.has(name));
  const compact = node.lastApplied > snapshotIndex(node) ? null : t('not.snapshot');
  const still = down ?? (node.paused ? t('not.paused', { node: id }) : null);
  return [
    { group, label: t('verb.timeout'), commands: [{ timeout: id }], why: down ?? (leads ? t('not.follower', { node: id }) : null) },
    { group, label: t('verb.heartbeat'), commands: [{ heartbeat: id }], why: down ?? (leads ? null : t('not.leader', { node: id })) },
    ...timers.map((name) => ({ group, label: runsOut(name), commands: [{ timer: { node: id, name } }], why: down })),
    ...(timers.length > 0 ? [] : [{ group, label: t('verb.timer.any'), why: down ?? t('not.timer', { node: id }) }]),
    handOver(model, id, still),
    { group, label: t('verb.snapshot'), commands: [{ snapshot: id }], why: still ?? compact },
    ofMember(model, id),
  ];
}

/** @param {Model} model @param {string} id @param {string|null} still @returns {Verb} */
function handOver(model, id, still) {
  const group = /** @type {const} */ ('raft');
  const leader = leaderOf(model);
  const nobody = leader === null ? t('not.nobody') : null;
  const paused = leader !== null && model.view.nodes[leader].paused ? t('not.paused', { node: leader }) : null;
  const alone = model.nodes.length < 2 ? t('not.single') : null;
  if (model.view.nodes[id].state === 'leader') {
    const stale = leader !== null && leader !== id ? t('not.stale', { node: leader }) : null;
    return { group, label: t('verb.transfer'), form: 'transfer', why: still ?? stale ?? alone };
  }
  return { group, label: t('verb.promote'), commands: [{ transfer: { to: id } }], why: still ?? nobody ?? paused ?? alone };
}

/** @param {Model} model @param {string} id @returns {Verb} */
function ofMember(model, id) {
  const group = /** @type {const} */ ('raft');
  const configuration = currentConfiguration(model);
  const leader = leaderOf(model);
  const fixed = configuration?.members.length ? null : t('not.members');
  const nobody = leader === null ? t('not.nobody') : null;
  const paused = leader !== null && model.view.nodes[leader].paused ? t('not.paused', { node: leader }) : null;
  if (configuration?.members.length && !configuration.members.includes(id)) {
    const coming = standing(model, id) === 'outside' ? null : t('not.coming', { node: id });
    return { group, label: t('verb.add'), commands: [{ add_node: id }], why: nobody ?? paused ?? coming };
  }
  const last = configuration && configuration.members.length < 2 ? t('not.last') : null;
  return { group, label: t('verb.remove'), commands: [{ remove_node: id }], why: fixed ?? nobody ?? paused ?? last };
}

/** @param {string|null} down @returns {Verb[]} */
function ofClients(down) {
  const group = /** @type {const} */ ('client');
  return [
    { group, label: t('verb.write'), form: 'write', why: down },
    { group, label: t('verb.read'), form: 'read', why: down },
  ];
}

/** @param {Model} model @param {string} id @returns {Verb[]} */
function ofNetwork(model, id) {
  const group = /** @type {const} */ ('network');
  const others = model.nodes.filter((each) => each !== id);
  const cut = (/** @type {string} */ a, /** @type {string} */ b) => Boolean(model.view.links[`${a}>${b}`]?.cut);
  const single = others.length > 0 ? null : t('not.single');
  const alone = others.every((each) => cut(each, id) && cut(id, each)) ? t('not.together', { node: id }) : null;
  const whole = others.some((each) => cut(each, id) || cut(id, each)) ? null : t('not.whole', { node: id });
  return [
    { group, label: t('verb.isolate'), commands: [{ isolate: id }], why: single ?? alone },
    { group, label: t('verb.mend'), commands: [{ heal: id }], why: single ?? whole },
    { group, label: t('verb.side'), form: 'side', why: single },
  ];
}

/** @param {Model} model @param {string} id @param {string|null} down @returns {Verb[]} */
function ofMachine(model, id, down) {
  const group = /** @type {const} */ ('machine');
  const node = model.view.nodes[id];
  /** @type {Verb[]} */
  const disk = node.disk
    ? [
        node.stalled ? { group, label: t('verb.unstall'), commands: [{ resume: { disk: id } }] } : { group, label: t('verb.stall'), commands: [{ pause: { disk: id } }] },
        { group, label: t('verb.clock'), form: 'clock' },
      ]
    : [];
  return [
    node.paused && !down ? { group, label: t('verb.resume'), commands: [{ resume: id }] } : { group, label: t('verb.pause'), commands: [{ pause: id }], why: down },
    ...disk,
    node.crashed ? { group, label: t('verb.restart'), commands: [{ restart: id }] } : { group, label: t('verb.crash'), commands: [{ crash: id }], danger: true },
    { group, label: t('verb.wipe'), commands: [{ wipe: id }], danger: true },
  ];
}
