/**
 * The key-value store of every node, side by side: what has been applied, and who lags.
 *
 * @module views/keyvalue
 */

import { about } from '../lib/ask.js';
import { grouped, value as printed } from '../lib/format.js';
import { attr, html, keyed, text, toggle } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { whenVisible } from './parts/visible.js';

/** @typedef {import('../types.js').Model} Model */

/** Rows shown at most. */
const MOST = 200;

/**
 * @param {HTMLElement} root
 * @returns {import('../types.js').ViewPart}
 */
export function createKeyValue(root) {
  const head = html('tr', {}, []);
  const body = html('tbody');
  const table = html('table', { class: 'store' }, [html('thead', {}, [head]), body]);
  const empty = html('p', { class: 'empty', text: t('store.empty') });
  const more = html('p', { class: 'empty' });
  root.append(html('div', { class: 'panel-scroll', tabindex: 0, role: 'group', 'aria-label': t('store.title') }, [table, more, empty]));

  /** @type {Model|null} */
  let drawn = null;
  /** @type {WeakMap<Element, (ids: string[]) => void>} */
  const drawers = new WeakMap();

  const drawRows = keyed(
    body,
    (/** @type {string} */ key) => key,
    (key) => {
      const row = html('tr', {}, [html('th', { scope: 'row', text: key, title: key })]);
      const values = html('td', { hidden: true });
      row.append(values);
      drawers.set(row, (ids) => {
        while (row.cells.length < ids.length + 2) row.append(html('td', {}, [html('span', { class: 'ask', role: 'button', tabindex: 0 })]));
        while (row.cells.length > ids.length + 2) row.deleteCell(-1);
        const view = drawn?.view;
        const latest = ids.map((id) => view?.nodes[id]).reduce((best, node) => (node && (!best || node.lastApplied > best.lastApplied) ? node : best));
        ids.forEach((id, i) => {
          const store = view?.nodes[id]?.stateMachine ?? {};
          const has = Object.hasOwn(store, key);
          const cell = row.cells[i + 2];
          const said = cell.children[0];
          const unknown = view?.nodes[id]?.heard !== undefined;
          text(said, unknown ? '?' : has ? printed(store[key]) : '–');
          attr(said, 'data-ask', about('pair', id, key));
          attr(said, 'aria-label', has ? t('store.says', { node: id, key, value: printed(store[key]) }) : t('store.says.none', { node: id, key }));
          toggle(cell, 'absent', !has);
          toggle(cell, 'lagging', !unknown && (has !== Object.hasOwn(latest?.stateMachine ?? {}, key) || (has && store[key] !== latest?.stateMachine[key])));
          attr(cell, 'title', has ? printed(store[key]) : null);
        });
      });
      return row;
    },
    (row) => drawers.get(row)?.(drawn?.nodes ?? []),
  );

  return whenVisible(root, (model) => {
    if (drawn && drawn.view.nodes === model.view.nodes) return;
    const fresh = drawn?.nodes !== model.nodes;
    drawn = model;
    const ids = model.nodes;
    if (fresh) {
      head.replaceChildren(html('th', { scope: 'col', text: t('store.key') }), html('td', { hidden: true }), ...ids.map((id) => html('th', { scope: 'col', text: id, title: id })));
    }
    const keys = new Set(ids.flatMap((id) => Object.keys(model.view.nodes[id]?.stateMachine ?? {})));
    const all = [...keys];
    drawRows(all.slice(0, MOST));
    text(more, all.length > MOST ? t('store.more', { count: all.length - MOST, keys: grouped(all.length - MOST) }) : '');
    table.hidden = all.length === 0;
    empty.hidden = all.length > 0;
  });
}
