/**
 * State in the document's own notation, in parts, so that what changed can be marked:
 * `node1: {state: leader, term: 1, votedFor: 1, log: [(set, key=value)], commitIndex: 1, stateMachine: {key: value}}`
 *
 * commitIndex and stateMachine are printed once something is committed anywhere, and only for
 * nodes whose log is not empty.
 *
 * @module views/notation
 */

import { lastIndex } from '../lib/log.js';

/** @typedef {import('../types.js').Entry} Entry */
/** @typedef {import('../types.js').NodeView} NodeView */
/** @typedef {import('../types.js').View} View */

/** @typedef {{name: string, text: string}} Part One field, for example `{name: 'term', text: 'term: 1'}`. */
/** @typedef {{id: string, parts: Part[], down: string}} Line `down` is " // crashed", " // paused" or empty. */

/**
 * @param {any} value
 * @returns {string} As the document writes it: bare text, null, true; in quotes where there is nothing to see.
 */
export function valueText(value) {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return value.trim() === '' ? `"${value}"` : value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What was written of an entry: entries never change, and every state holds the same ones. @type {WeakMap<Entry, string>} */
const entryTexts = new WeakMap();

/**
 * @param {Entry} entry
 * @returns {string} "(set, key=value)", "(delete, key)", "(cas, key=old→new)", "(members, node1 node2)",
 *   "(members, node1 node2 → node1 node3)" while two are joint, or "(no-op)".
 */
export function entryText(entry) {
  let known = entryTexts.get(entry);
  if (known === undefined) {
    known = writeEntry(entry);
    entryTexts.set(entry, known);
  }
  return known;
}

/** @param {Entry} entry */
function writeEntry(entry) {
  if (entry.set) {
    const [[key, value]] = Object.entries(entry.set);
    return `(set, ${key}=${valueText(value)})`;
  }
  if (entry.delete !== undefined) return `(delete, ${entry.delete})`;
  if (entry.cas) return `(cas, ${entry.cas.key}=${valueText(entry.cas.expected)}→${valueText(entry.cas.value)})`;
  if (entry.configuration) {
    const { members, old } = entry.configuration;
    return `(members, ${[old, members].filter((each) => each.length > 0).map((each) => each.join(' ')).join(' → ')})`;
  }
  return '(no-op)';
}

/**
 * @param {NodeView} node
 * @returns {string} Its log without the brackets, for example "(snapshot 1–3), (set, x=1)".
 */
export function logText({ snapshot, log }) {
  return [...(snapshot ? [`(snapshot 1–${snapshot.index})`] : []), ...log.map(entryText)].join(', ');
}

/**
 * @param {string} id
 * @param {NodeView} node
 * @param {boolean} committed Something is committed somewhere in the cluster.
 * @returns {Line}
 */
export function nodeLine(id, node, committed) {
  const parts = [
    { name: 'state', text: `state: ${node.state}` },
    { name: 'term', text: `term: ${node.term}` },
    { name: 'votedFor', text: `votedFor: ${valueText(node.votedFor)}` },
    { name: 'log', text: `log: [${logText(node)}]` },
  ];
  if (committed && lastIndex(node) > 0) {
    const pairs = Object.entries(node.stateMachine).map(([key, value]) => `${key}: ${valueText(value)}`);
    parts.push({ name: 'commitIndex', text: `commitIndex: ${node.commitIndex}` });
    parts.push({ name: 'stateMachine', text: `stateMachine: {${pairs.join(', ')}}` });
  }
  const down = node.crashed ? ' // crashed' : node.paused ? ' // paused' : '';
  return { id, parts, down };
}

/**
 * @param {View} view
 * @param {string[]} ids In ring order.
 * @returns {Line[]}
 */
export function documentLines(view, ids) {
  const committed = ids.some((id) => (view.nodes[id]?.commitIndex ?? 0) >= 1);
  return ids.filter((id) => view.nodes[id]).map((id) => nodeLine(id, view.nodes[id], committed));
}

/** @param {Line} line */
const stateText = (line) => `${line.id}: {${line.parts.map((part) => part.text).join(', ')}}`;

/**
 * @param {Line} line
 * @returns {string} With a comment where the node is not running.
 */
export function lineText(line) {
  return stateText(line) + line.down;
}

/**
 * What stands behind a line: the lesson's comment, for example " // Still partitioned", or that
 * the node is not running.
 * @param {Line} line
 * @param {string|undefined} authoritative The lesson's own line at the step's end.
 * @returns {string|null} Empty where there is none; null where the lines differ in more than that.
 */
export function comment(line, authoritative) {
  const text = stateText(line);
  if (authoritative === undefined || authoritative === lineText(line)) return line.down;
  return authoritative.startsWith(`${text} //`) ? authoritative.slice(text.length) : null;
}

/**
 * @param {Line} now
 * @param {Line|undefined} was
 * @returns {Set<string>} Names of the fields that differ; none where there is nothing to compare with.
 */
export function changedFields(now, was) {
  if (!was) return new Set();
  const before = new Map(was.parts.map((part) => [part.name, part.text]));
  return new Set(now.parts.filter((part) => before.get(part.name) !== part.text).map((part) => part.name));
}
