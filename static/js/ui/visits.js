/**
 * What a person has seen already, in this browser.
 *
 * @module ui/visits
 */

import { keep, kept } from '../lib/keep.js';

/**
 * @param {string} what
 * @returns {boolean} Whether it is the first time; never twice. Where storage is forbidden, never at all.
 */
export function firstTime(what) {
  const key = `raftviz:seen:${what}`;
  return kept(key) === null && keep(key, 'yes') && kept(key) === 'yes';
}
