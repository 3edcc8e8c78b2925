/**
 * What the space-time diagram shows, as a table: for who cannot see arrows, or would rather read.
 *
 * @module views/parts/messagelist
 */

import { milliseconds } from '../../lib/format.js';
import { html } from '../../lib/svg.js';
import { t } from '../../lib/words.js';

/** @typedef {import('../../types.js').Arrow} Arrow */
/** @typedef {import('../../types.js').Model} Model */

/** As many rows as a person may want to read; of more, the latest. */
const MOST = 300;

/**
 * @param {Model} model
 * @param {Arrow} arrow
 * @param {number} seen Events after this one are not told.
 * @returns {string} What became of a message.
 */
export function fate(model, arrow, seen) {
  const end = arrow.endSeq !== null && arrow.endSeq <= seen ? model.event(arrow.endSeq) : null;
  if (!end) return t('diagram.list.flies');
  return t(arrow.end === 'dropped' ? 'diagram.list.lost' : 'diagram.list.arrives', { time: milliseconds(end.time) });
}

/**
 * @param {(arrow: Arrow) => void} pick Go to a message.
 * @param {(arrow: Arrow) => string} says
 * @returns {{show: (model: Model, arrows: Arrow[], seen: number) => void}}
 */
export function createMessageList(pick, says) {
  const title = html('h2', { id: 'message-list-title' });
  const more = html('p', {});
  const body = html('tbody', {});
  const close = html('button', { type: 'button', class: 'button', text: t('keys.close'), onclick: () => dialog.close() });
  const dialog = html('dialog', { class: 'help message-list', 'aria-labelledby': 'message-list-title' }, [
    title,
    more,
    html('table', {}, [
      html('thead', {}, [html('tr', {}, /** @type {const} */ (['sent', 'message', 'fate']).map((name) => html('th', { scope: 'col', text: t(`diagram.list.${name}`) })))]),
      body,
    ]),
    html('div', { class: 'help-foot' }, [html('span', { class: 'header-space' }), close]),
  ]);
  document.body.append(dialog);

  return {
    show(model, arrows, seen) {
      const told = arrows.slice(-MOST);
      title.textContent = t('diagram.list.title', { count: arrows.length });
      more.textContent = told.length < arrows.length ? t('diagram.list.latest', { count: told.length }) : t('diagram.list.hint');
      more.hidden = told.length === 0;
      body.replaceChildren(...told.map((arrow) => html('tr', {}, [
        html('td', { text: milliseconds(arrow.message.sent) }),
        html('td', {}, [html('button', { type: 'button', class: 'quiet', text: says(arrow), onclick: () => {
          dialog.close();
          pick(arrow);
        } })]),
        html('td', { text: fate(model, arrow, seen) }),
      ])));
      dialog.showModal();
      dialog.scrollTop = 0;
    },
  };
}
