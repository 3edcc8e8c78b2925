/**
 * The header: brand, what is on, how the connection is, projector, keys and theme.
 *
 * @module views/header
 */

import { keep, kept } from '../lib/keep.js';
import { languageLinks } from '../lib/languages.js';
import { attr, html, text } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { icon } from './parts/icons.js';

/** @typedef {import('../types.js').Model} Model */

/** Where the choice of the projector's type is kept. */
const KEY = 'raftviz:projector';

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createHeader(root, dispatch) {
  const title = html('h1', { class: 'header-title', text: root.dataset.title ?? '' });
  const number = html('p', { class: 'header-number' });
  const connection = html('span', { class: 'pill connection', 'data-state': 'connecting' }, [html('span', { class: 'dot' }), html('span', { class: 'connection-word', text: t('connection.connecting') })]);
  const share = html('button', { type: 'button', class: 'wordy', hidden: true, id: 'share-button', 'aria-haspopup': 'dialog', title: t('header.share.hint'), onclick: () => dispatch({ type: 'share' }) }, [icon('share'), html('span', { text: t('header.share') })]);
  const takeAway = html('button', { type: 'button', class: 'wordy', hidden: true, 'aria-haspopup': 'dialog', title: t('header.takeaway.hint'), onclick: () => dispatch({ type: 'takeAway' }) }, [icon('takeAway'), html('span', { text: t('header.takeaway') })]);
  const projector = html('button', { type: 'button', class: 'wide-only wordy', 'aria-pressed': 'false', title: t('header.projector.hint'), onclick: () => project(!document.documentElement.hasAttribute('data-projector')) }, [icon('projector'), html('span', { text: t('header.projector') })]);
  const theme = html('button', { type: 'button', class: 'icon', 'aria-label': t('header.theme'), title: t('header.theme.hint'), onclick: () => dispatch({ type: 'theme' }) }, [icon('theme')]);
  const help = html('button', { type: 'button', class: 'icon', 'aria-label': t('header.keyboard'), title: t('header.keyboard.hint'), text: '?', onclick: () => dispatch({ type: 'help' }) });
  /** A page that plays without a server leads nowhere. */
  const recorded = 'recorded' in document.body.dataset;
  root.append(
    recorded ? html('span', { class: 'brand', text: 'raftviz' }) : html('a', { class: 'brand', href: '/', text: 'raftviz', title: t('header.home') }),
    title,
    number,
    html('span', { class: 'header-space' }),
    html('div', { class: 'header-actions' }, [connection, share, takeAway, projector, ...(recorded ? [] : [languageLinks('header-languages')]), theme, help]),
  );

  /** @param {boolean} on */
  function project(on) {
    document.documentElement.toggleAttribute('data-projector', on);
    attr(projector, 'aria-pressed', on ? 'true' : 'false');
    keep(KEY, on ? 'on' : 'off');
  }
  if (kept(KEY) === 'on') project(true);

  /** @type {Model|null} */
  let drawn = null;
  return {
    update(model) {
      if (drawn?.connection !== model.connection || drawn.role !== model.role) {
        attr(connection, 'data-state', model.connection);
        const watching = model.connection === 'open' && model.role === 'viewer';
        text(connection.children[1], t(recorded ? 'connection.recorded' : watching ? 'connection.watching' : `connection.${model.connection}`));
      }
      if (drawn?.room !== model.room) {
        share.hidden = !model.room || recorded;
        takeAway.hidden = !model.room;
      }
      if (drawn?.session !== model.session) {
        const { lesson } = model.session;
        text(title, model.session.kind === 'sandbox' && model.session.nodes.length > 0 ? t('sandbox.title', { count: model.session.nodes.length }) : model.session.title);
        text(number, lesson && !recorded ? t('header.lesson', { number: lesson.number, of: lesson.of }) : '');
      }
      if (!model.session.lesson && (drawn?.nodes !== model.nodes || drawn.session !== model.session)) {
        text(number, model.nodes.length > 0 ? t('header.sandbox', { count: model.nodes.length, seed: model.session.seed }) : '');
      }
      drawn = model;
    },
  };
}
