/**
 * The banner over a stage that is seen with one server's eyes: whose, what it has heard of the
 * others and how long ago, and the way back.
 *
 * @module views/knower
 */

import { hide, html, keyed, text } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { heardSays } from './parts/heard.js';
import { icon } from './parts/icons.js';

/** @typedef {import('../types.js').Model} Model */

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createKnower(root, dispatch) {
  const title = html('strong', { role: 'status' });
  const leave = html('button', { class: 'soft', type: 'button', onclick: () => dispatch({ type: 'knower', id: null }) }, [icon('close'), html('span', { text: t('known.leave') })]);
  const list = html('ul', { class: 'knower-list' });
  const more = html('details', {}, [html('summary', { text: t('known.heard') }), list]);
  root.append(html('div', { class: 'knower-banner' }, [html('div', { class: 'knower-head' }, [title, leave]), more]));
  root.hidden = true;

  /** @type {Model|null} */
  let latest = null;
  const draw = keyed(list, (/** @type {string} */ id) => id, () => html('li'), (item, id) => {
    const node = latest?.view.nodes[id];
    if (latest && node) text(item, heardSays(id, node, latest.time));
  });

  const drawList = () => draw((latest?.nodes ?? []).filter((id) => id !== latest?.knower));
  more.addEventListener('toggle', drawList);

  return {
    update(model) {
      latest = model;
      const { knower } = model;
      const node = knower === null ? undefined : model.view.nodes[knower];
      hide(root, !node);
      root.closest('.desk')?.toggleAttribute('data-knower', Boolean(node));
      if (!node) {
        text(title, '');
        return;
      }
      text(title, t(node.crashed ? 'known.title.down' : 'known.title', { node: String(knower) }));
      if (more.open) drawList();
    },
  };
}
