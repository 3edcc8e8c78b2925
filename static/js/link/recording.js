/**
 * A session that the page brings along, in place of the socket: it answers what can be answered
 * without a server, and says of all else that it needs one.
 *
 * @module link/recording
 */

import { fetchBaked, isBaked } from '../lib/baked.js';
import { t } from '../lib/words.js';
import { REQUEST, RequestError } from './messages.js';
import { unpack } from './socket.js';

/** @typedef {import('./socket.js').Link} Link */
/** @typedef {{open: any, branches: Record<string, any>, save: any}} Recorded The answers, by request. */

/** Where the page keeps it. */
const ADDRESS = 'recording';

/** @returns {boolean} */
export const isRecording = () => isBaked(ADDRESS);

/** @returns {Link} */
export function createRecording() {
  /** @type {Promise<Recorded>|null} */
  let kept = null;
  const recorded = () => (kept ??= fetchBaked(ADDRESS).then((answer) => answer.text()).then(unpack));
  /** @type {() => void} */
  let connected = () => {};

  /** @type {Link['request']} */
  async function request(name, message) {
    const { open, branches, save } = await recorded();
    if (name === REQUEST.open) return open;
    if (name === REQUEST.save) return save;
    const known = name === REQUEST.resync && branches[message.branch];
    if (known) return known;
    throw new RequestError({ code: 'recorded', message: t('recording.only'), remedy: t('recording.remedy') });
  }

  return {
    request,
    on() {},
    onConnect(take) {
      connected = take;
    },
    onDisconnect() {},
    onRefused() {},
    start: () => connected(),
    stop() {},
  };
}
