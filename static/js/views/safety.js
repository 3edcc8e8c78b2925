/**
 * The safety lamps: one for each property of the paper's Figure 3, and the exact event at which
 * one breaks.
 *
 * @module views/safety
 */

import { attr, html, text, toggle } from '../lib/svg.js';
import { icon } from './parts/icons.js';
import { whenVisible } from './parts/visible.js';

/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('../types.js').WireEvent} WireEvent */

/** @type {ReadonlyArray<[name: string, text: string, source: string]>} */
const PROPERTIES = [
  ['Election Safety', 'At most one leader is elected in a term.', '§5.2'],
  ['Leader Append-Only', 'A leader never overwrites or deletes entries of its log; it only appends.', '§5.3'],
  ['Log Matching', 'Where two logs hold an entry of the same index and term, they are the same up to there.', '§5.3'],
  ['Leader Completeness', 'What is committed in a term is in the logs of the leaders of all later terms.', '§5.4'],
  ['State Machine Safety', 'No two nodes ever apply different entries at the same index.', '§5.4.3'],
];

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createSafety(root, dispatch) {
  const list = html('ul', { class: 'lamps' });
  root.append(html('div', { class: 'panel-scroll', tabindex: 0, role: 'group', 'aria-label': 'Safety properties' }, [list]));
  /** @type {Map<string, {item: HTMLElement, lamp: HTMLElement, why: HTMLElement, go: HTMLButtonElement}>} */
  const lamps = new Map();
  /** @type {Map<string, WireEvent>} */
  const broken = new Map();
  let scanned = 0;
  let key = '';

  /** @param {string} name @param {string} meaning @param {string} source */
  function lamp(name, meaning, source) {
    const light = html('span', { class: 'lamp', 'aria-hidden': 'true' }, [icon('check')]);
    const why = html('p', { class: 'lamp-why' });
    const go = html('button', { class: 'quiet', type: 'button', text: 'Show the moment', hidden: true });
    go.addEventListener('click', () => {
      const event = broken.get(name);
      if (event) dispatch({ type: 'seekSeq', seq: event.seq });
    });
    const item = html('li', { class: 'lamp-row' }, [
      light,
      html('div', {}, [
        html('strong', { text: name }),
        source ? html('span', { class: 'source', text: ` ${source}` }) : null,
        html('p', { class: 'lamp-text', text: meaning }),
        why,
      ]),
      go,
    ]);
    list.append(item);
    lamps.set(name, { item, lamp: light, why, go });
  }
  for (const [name, meaning, source] of PROPERTIES) lamp(name, meaning, source);

  return whenVisible(root, (model) => {
    const now = `${model.branch} ${model.first}`;
    if (now !== key || scanned > model.last) {
      key = now;
      scanned = model.first - 1;
      broken.clear();
    }
    for (; scanned < model.last; scanned += 1) {
      const event = model.event(scanned + 1);
      if (event?.kind !== 'invariant_violated') continue;
      const name = String(event.data.property);
      if (!broken.has(name)) broken.set(name, event);
      if (!lamps.has(name)) lamp(name, 'A rule that every node keeps by itself.', '');
    }
    for (const [name, parts] of lamps) {
      const event = broken.get(name);
      const dark = Boolean(event && event.seq <= model.seq);
      toggle(parts.item, 'broken', dark);
      attr(parts.item, 'aria-label', `${name}: ${dark ? 'broken' : 'holds'}`);
      text(parts.why, dark && event ? `Broken: ${event.data.message}` : '');
      parts.go.hidden = !dark;
    }
  });
}
