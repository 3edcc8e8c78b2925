/**
 * What a page brings along by itself: a page that was saved as one file has no server to ask.
 *
 * @module lib/baked
 */

/**
 * @param {string} address
 * @returns {HTMLScriptElement|null} Where the page holds what the address would answer.
 */
function baked(address) {
  return globalThis.document?.querySelector(`script[data-baked="${CSS.escape(address)}"]`) ?? null;
}

/**
 * @param {string} address
 * @returns {boolean} Whether the page brings it along.
 */
export function isBaked(address) {
  return baked(address) !== null;
}

/**
 * @param {string} address
 * @returns {Promise<Response>} What the page brings along, or else what the server answers.
 */
export async function fetchBaked(address) {
  const element = baked(address);
  return element ? new Response(element.textContent) : fetch(address);
}
