/**
 * The header: brand, what is on, how the connection is, projector, keys and theme.
 *
 * @module views/header
 */

import { count } from '../lib/format.js';
import { attr, html, text } from '../lib/svg.js';
import { icon } from './parts/icons.js';

/** @typedef {import('../types.js').Model} Model */

const CONNECTION = /** @type {Record<import('../types.js').Connection, string>} */ ({
  connecting: 'connecting',
  open: 'connected',
  reconnecting: 'reconnecting',
  gone: 'room closed',
  error: 'no connection',
});

/** Where the choice of the projector's type is kept. */
const KEY = 'raftviz:projector';

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createHeader(root, dispatch) {
  const title = html('p', { class: 'header-title', text: root.dataset.title ?? '' });
  const number = html('p', { class: 'header-number' });
  const connection = html('span', { class: 'pill connection', 'data-state': 'connecting' }, [html('span', { class: 'dot' }), html('span', { class: 'connection-word', text: CONNECTION.connecting })]);
  const share = html('button', { type: 'button', class: 'wide-only', hidden: true, title: 'Copy a link by which others can watch', onclick: () => copyLink() }, [icon('copy'), html('span', { text: 'Share' })]);
  const projector = html('button', { type: 'button', class: 'wide-only', 'aria-pressed': 'false', title: 'Larger type and thicker lines', onclick: () => project(!document.documentElement.hasAttribute('data-projector')) }, [icon('projector'), html('span', { text: 'Projector' })]);
  const theme = html('button', { type: 'button', class: 'icon', 'aria-label': 'Light or dark', title: 'Light or dark (T)', onclick: () => dispatch({ type: 'theme' }) }, [icon('theme')]);
  const help = html('button', { type: 'button', class: 'icon', 'aria-label': 'Keyboard', title: 'Keyboard (?)', text: '?', onclick: () => dispatch({ type: 'help' }) });
  root.append(
    html('a', { class: 'brand', href: '/', text: 'raftviz', title: 'All lessons' }),
    title,
    number,
    html('span', { class: 'header-space' }),
    html('div', { class: 'header-actions' }, [connection, share, projector, theme, help]),
  );

  /** @type {string|null} */
  let room = null;
  async function copyLink() {
    if (!room) return;
    const link = `${location.origin}/room/${encodeURIComponent(room)}`;
    const label = /** @type {Element} */ (share.lastElementChild);
    try {
      await navigator.clipboard.writeText(link);
      text(label, 'Link copied');
    } catch {
      prompt('A link by which others can watch:', link);
    }
    setTimeout(() => text(label, 'Share'), 2500);
  }

  /** @param {boolean} on */
  function project(on) {
    document.documentElement.toggleAttribute('data-projector', on);
    attr(projector, 'aria-pressed', on ? 'true' : 'false');
    try {
      localStorage.setItem(KEY, on ? 'on' : 'off');
    } catch {
      return; // Storage may be forbidden; then the choice lasts for this page.
    }
  }
  try {
    if (localStorage.getItem(KEY) === 'on') project(true);
  } catch {
    project(false);
  }

  /** @type {Model|null} */
  let drawn = null;
  return {
    update(model) {
      if (drawn?.connection !== model.connection || drawn.role !== model.role) {
        attr(connection, 'data-state', model.connection);
        const watching = model.connection === 'open' && model.role === 'viewer';
        text(connection.children[1], watching ? 'watching' : CONNECTION[model.connection]);
      }
      if (drawn?.room !== model.room) {
        room = model.room;
        share.hidden = !room;
      }
      if (drawn?.session !== model.session) {
        const { lesson } = model.session;
        text(title, model.session.title);
        text(number, lesson ? `lesson ${lesson.number} of ${lesson.of}` : '');
      }
      if (!model.session.lesson && (drawn?.nodes !== model.nodes || drawn.session !== model.session)) {
        text(number, `${count(model.nodes.length, 'node')} · seed ${model.session.seed}`);
      }
      drawn = model;
    },
  };
}
