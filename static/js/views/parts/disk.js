/**
 * What of a node is on its disk, and what is not yet.
 *
 * @module views/parts/disk
 */

import { lastIndex, snapshotIndex } from '../../lib/log.js';
import { t } from '../../lib/words.js';

/** @typedef {import('../../types.js').NodeView} NodeView */

/**
 * @param {string|null} id
 * @returns {number|string|null} As votedFor shows it: the ordinal of nodes named nodeN.
 */
export function ordinal(id) {
  const found = /^node([1-9]\d?)$/.exec(id ?? '');
  return found ? Number(found[1]) : id;
}

/**
 * @param {NodeView} node
 * @returns {string[]} What it holds that a crash would take from it, in the paper's words.
 */
export function unwritten(node) {
  const { disk } = node;
  if (!disk || node.crashed) return [];
  const [last, snapshot] = [lastIndex(node), snapshotIndex(node)];
  const missing = [];
  if (disk.term !== node.term) missing.push(t('disk.term'));
  if (ordinal(disk.votedFor) !== node.votedFor) missing.push('votedFor');
  if (disk.lastIndex < last) missing.push(last > disk.lastIndex + 1 ? t('disk.entries', { first: disk.lastIndex + 1, last }) : t('disk.entry', { index: last }));
  if (disk.lastIndex > last) missing.push(t('disk.tail'));
  if (disk.snapshotIndex !== snapshot) missing.push(t('mark.snapshot'));
  return missing;
}

/** @typedef {'written'|'unwritten'|'stalled'} DiskState */

/**
 * @param {NodeView} node
 * @returns {DiskState|null} Null where nothing is known of its disk.
 */
export function diskState(node) {
  if (!node.disk) return null;
  if (node.stalled) return 'stalled';
  return unwritten(node).length > 0 ? 'unwritten' : 'written';
}

/**
 * @param {NodeView} node
 * @returns {string} For example "all on disk" or "disk stalled, not written: term, votedFor"; empty where nothing is known.
 */
export function diskWords(node) {
  const state = diskState(node);
  if (state === null) return '';
  const missing = unwritten(node).join(t('comma.list'));
  if (state === 'written') return t('disk.all');
  return [state === 'stalled' ? t('disk.stalled') : '', missing ? t('disk.missing', { missing }) : ''].filter(Boolean).join(t('comma.clause'));
}
