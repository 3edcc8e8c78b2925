/**
 * The moments worth a mark on the time line, by kind; and who had which role when.
 *
 * @module store/marks
 */

import { COMMAND_GAP } from '../lib/pace.js';
import { promiseName } from '../lib/promises.js';
import { t } from '../lib/words.js';

/** @typedef {import('../types.js').WireEvent} WireEvent */
/** @typedef {import('../types.js').View} View */
/** @typedef {import('../types.js').Mark} Mark */
/** @typedef {import('../types.js').MarkKind} MarkKind */
/** @typedef {import('../types.js').RoleSpan} RoleSpan */
/** @typedef {import('../types.js').NodeId} NodeId */

/** @param {WireEvent} event @returns {string} A configuration as it is remembered: each server that takes it over tells of it again. */
const configured = ({ data }) => `members ${data.index} ${data.members}`;

/** Commands that only let time pass, or of which what they do has a mark of its own. */
const TOLD = new Set([
  'advance', 'run_until', 'step', 'settle', 'deliver', 'partition', 'isolate', 'cut', 'heal', 'crash', 'restart', 'write', 'delete', 'cas', 'read',
  'snapshot', 'add_node', 'remove_node', 'reconfigure', 'timeout', 'start', 'check',
]);

/** @param {Record<string, any>|undefined} command @returns {boolean} Whether nothing else would mark what was done. */
function plain(command) {
  const [name] = Object.keys(command ?? {});
  return name !== undefined && !TOLD.has(name);
}

/** @type {Record<string, (event: WireEvent, known: Set<string>) => {kind: MarkKind, label: string}|null>} */
const RULES = {
  role_changed({ data }) {
    if (data.to === 'leader') return { kind: 'leader', label: t('role.leader') };
    if (data.why === 'higher_term') return { kind: 'term', label: t('fact.term', { term: data.term }) };
    return null;
  },
  term_changed({ data }) {
    if (data.why !== 'election') return null;
    return { kind: 'election', label: data.to > 1 ? t('fact.term', { term: data.to }) : t('mark.election') };
  },
  link_changed({ data }, known) {
    if (Boolean(data.cut) === known.has(`${data.from}>${data.to}`)) return null;
    return data.cut ? { kind: 'cut', label: t('mark.cut') } : { kind: 'heal', label: t('mark.heal') };
  },
  client_request({ data }) {
    const writes = data.request && data.request.op !== 'read' && data.request.op !== 'get';
    return writes ? { kind: 'write', label: t('mark.write') } : null;
  },
  index_changed({ data }) {
    const commits = data.what === 'commitIndex' && data.why !== 'leader_commit' && data.to > data.from;
    return commits ? { kind: 'commit', label: t('mark.commit') } : null;
  },
  configuration_changed(event, known) {
    const { why, old } = event.data;
    if (why === 'truncated') return { kind: 'members', label: t('mark.undone') };
    if (why !== 'appended' || known.has(configured(event))) return null;
    return { kind: 'members', label: t(old?.length ? 'mark.joint' : 'mark.members') };
  },
  node_added: ({ node }) => ({ kind: 'members', label: t('mark.new', { node: String(node) }) }),
  snapshot_taken: ({ data }) => (data.why === 'given' ? null : { kind: 'snapshot', label: t('mark.snapshot') }),
  snapshot_installed: () => ({ kind: 'snapshot', label: t('mark.installed') }),
  crashed: () => ({ kind: 'crash', label: t('mark.crash') }),
  restarted: () => ({ kind: 'restart', label: t('mark.restart') }),
  voted: ({ data, node }) => (data.granted && data.for !== node ? { kind: 'vote', label: t('mark.vote') } : null),
  command: ({ data }) => (plain(data.command) ? { kind: 'command', label: t('mark.command') } : null),
  invariant_violated: ({ data }) => ({ kind: 'violation', label: promiseName(String(data.property)) }),
};

/**
 * @param {WireEvent} event
 * @param {number} p
 * @param {Set<string>} known The links that were cut before the event, as "from>to", and the
 *   configurations that were told of.
 * @returns {Mark|null}
 */
export function markOf(event, p, known) {
  const rule = RULES[event.kind];
  const found = rule ? rule(event, known) : null;
  return found && { p, seq: event.seq, from: event.seq, kind: found.kind, label: found.label, node: event.node };
}

/**
 * Add an event's mark, and keep what is known for the next ones; of several marks alike in one breath (a
 * partition cuts many links), one.
 * @param {Mark[]} marks
 * @param {WireEvent} event
 * @param {number} p
 * @param {Set<string>} known The links that are cut, as "from>to", and the configurations told of.
 */
export function addMark(marks, event, p, known) {
  const mark = markOf(event, p, known);
  if (event.kind === 'configuration_changed') known.add(configured(event));
  if (event.kind === 'link_changed') {
    const key = `${event.data.from}>${event.data.to}`;
    if (event.data.cut) known.add(key);
    else known.delete(key);
  }
  if (!mark) return;
  const last = marks[marks.length - 1];
  const alike = last && last.kind === mark.kind && last.node === mark.node && last.label === mark.label;
  if (alike && p - last.p <= COMMAND_GAP) return;
  marks.push(mark);
}

/**
 * Add a span for each node whose role, term or life an event changed.
 * @param {Record<NodeId, RoleSpan[]>} roles
 * @param {WireEvent} event
 * @param {View} view State after the event.
 * @param {number} p
 */
export function addRoles(roles, event, view, p) {
  for (const [path] of event.changes) {
    if (path[0] !== 'nodes' || path.length > 3) continue;
    const field = path[2];
    if (field === undefined || field === 'state' || field === 'term' || field === 'crashed') {
      addRole(roles, String(path[1]), view, event.seq, p);
    }
  }
}

/**
 * @param {Record<NodeId, RoleSpan[]>} roles
 * @param {NodeId} id
 * @param {View} view
 * @param {number} seq
 * @param {number} p
 */
export function addRole(roles, id, view, seq, p) {
  const node = view.nodes[id];
  if (!node) return;
  const spans = (roles[id] ??= []);
  const last = spans[spans.length - 1];
  if (last && last.role === node.state && last.term === node.term && last.crashed === node.crashed) return;
  const span = { p, seq, role: node.state, term: node.term, crashed: node.crashed };
  if (last && last.p === p) spans[spans.length - 1] = span;
  else spans.push(span);
}
