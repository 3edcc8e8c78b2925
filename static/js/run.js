/**
 * The run that an address carries in its fragment, for the page that needs no room.
 *
 * @module run
 */

import { language, t } from './lib/words.js';
import { packedIn, unpack } from './takeaway/links.js';

/**
 * @param {string} fragment
 * @returns {Promise<{session: any, texts: string, problem: string|null}>} `texts`: where its lesson's texts
 *   are in the page's language; `problem`: why there is none, in a sentence.
 */
export async function openPacked(fragment) {
  const packed = packedIn(fragment);
  if (packed === null) return { session: null, texts: '', problem: t('run.empty') };
  try {
    const session = await unpack(packed);
    const told = typeof session?.lesson === 'string' && language() !== 'en';
    return { session, texts: told ? `/api/lessons/${encodeURIComponent(session.lesson)}.${language()}.json` : '', problem: null };
  } catch {
    return { session: null, texts: '', problem: t('run.damaged') };
  }
}
