/**
 * What "why?" is asked about, written on an element (`data-ask`) and read back from it.
 *
 * @module lib/ask
 */

/** @typedef {'node'|'field'|'entry'|'pair'|'message'|'link'|'client'|'event'} Topic */

/**
 * @param {Topic} topic
 * @param {...(string|number)} parts node: its id. field: node, field. entry: node, index. pair: node, key.
 *   message, link, client: its id. event: its number.
 * @returns {string} For the attribute `data-ask`.
 */
export function about(topic, ...parts) {
  return JSON.stringify([topic, ...parts]);
}

/**
 * @param {string} text What `about` made.
 * @returns {[Topic, ...any[]]}
 */
export function topicOf(text) {
  return JSON.parse(text);
}

/**
 * @param {import('../types.js').Selection|null} selection
 * @returns {string|null} As `about` writes it.
 */
export function aboutSelection(selection) {
  if (selection?.kind === 'entry') {
    const at = selection.id.lastIndexOf(':');
    return about('entry', selection.id.slice(0, at), Number(selection.id.slice(at + 1)));
  }
  if (selection?.kind === 'event') return about('event', Number(selection.id));
  return selection && about(selection.kind, selection.id);
}
