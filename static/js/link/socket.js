/**
 * The socket: requests with answers as promises, and what the server pushes.
 *
 * @module link/socket
 */

import { io } from '../../vendor/socket.io.esm.min.js';
import { describe } from '../lib/refused.js';
import { language, t } from '../lib/words.js';
import { LONGEST_REQUEST, PATIENCE, RequestError } from './messages.js';

/**
 * @typedef {object} Link
 * @property {(name: string, request: Record<string, any>) => Promise<any>} request The answer, or a RequestError.
 * @property {(name: string, take: (message: any) => void) => void} on
 * @property {(take: () => void) => void} onConnect Each time that the connection is made.
 * @property {(take: () => void) => void} onDisconnect
 * @property {(take: (message: string) => void) => void} onRefused The server takes no more connections; only `start` asks it again.
 * @property {() => void} start
 * @property {() => void} stop
 */

/**
 * @param {string} packed JSON, deflated, in base64: how the server sends long answers.
 * @returns {Promise<any>}
 */
export function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'))).json();
}

/** @returns {Link} */
export function createLink() {
  const socket = io({
    transports: ['websocket', 'polling'],
    autoConnect: false,
    reconnectionDelay: 300,
    reconnectionDelayMax: 4000,
  });

  /** @type {Link['request']} */
  async function request(name, message) {
    const size = new TextEncoder().encode(JSON.stringify(message)).length;
    if (size > LONGEST_REQUEST) {
      throw new RequestError({
        code: 'limit',
        message: t('error.long', { bytes: size.toLocaleString(language()) }),
        remedy: t('error.long.remedy', { bytes: LONGEST_REQUEST.toLocaleString(language()) }),
      });
    }
    if (!socket.connected) {
      throw new RequestError({ code: 'offline', message: t('error.offline'), remedy: t('error.offline.remedy') });
    }
    const patience = name === 'open' || name === 'variant' ? PATIENCE[name] : PATIENCE.other;
    let answer;
    try {
      const asked = name === 'open' ? { ...message, packed: true } : message;
      answer = await socket.timeout(patience).emitWithAck(name, asked);
    } catch {
      throw new RequestError({ code: 'timeout', message: t('error.timeout', { seconds: patience / 1000 }), remedy: t('error.again') });
    }
    if (!answer || answer.ok !== true) {
      throw new RequestError(answer?.error ?? { code: 'internal', message: t('error.nonsense') });
    }
    return typeof answer.packed === 'string' ? unpack(answer.packed) : answer;
  }

  return {
    request,
    on: (name, take) => void socket.on(name, take),
    onConnect: (take) => void socket.on('connect', take),
    onDisconnect(take) {
      socket.on('disconnect', (reason) => {
        take();
        if (reason === 'io server disconnect') socket.connect();
      });
    },
    onRefused(take) {
      socket.on('connect_error', (error) => {
        const { data } = /** @type {Error & {data?: import('../types.js').Said}} */ (error);
        if (!socket.active) take(data ? describe(data) : error.message);
      });
    },
    start: () => void socket.connect(),
    stop: () => void socket.disconnect(),
  };
}
