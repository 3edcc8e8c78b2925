/**
 * What a gesture of several commands has done, in one sentence: a line across five links is one action,
 * and is told as one, on the screen and to a screen reader.
 *
 * @module ui/told
 */

import { t } from '../lib/words.js';

/**
 * @param {Array<Record<string, any>>} commands
 * @returns {string|null} Null where each says enough by itself, or they are not of one kind.
 */
export function gestureTold(commands) {
  if (commands.length < 2) return null;
  const kind = /** @type {const} */ (['cut', 'heal']).find((name) => commands.every((each) => Array.isArray(each[name])));
  if (!kind) return null;
  const links = commands.map((each) => each[kind].join('–')).join(t('comma.list'));
  return t(`gesture.did.${kind}`, { count: commands.length, links });
}
