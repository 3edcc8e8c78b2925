/**
 * The small menu beside what was clicked: its verbs, and why it is as it is.
 *
 * @module views/stage/menu
 */

import { html } from '../../lib/svg.js';
import { t } from '../../lib/words.js';
import { icon } from '../parts/icons.js';
import { clockForm, transferForm, writeForm } from '../parts/forms.js';
import { choices, reasons } from './verbs.js';

/** @typedef {import('../../types.js').Dispatch} Dispatch */
/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('./layout.js').Layout} Layout */
/** @typedef {{x: number, y: number, clear: number}} Anchor `clear`: distance to keep, px. */

/**
 * @param {Model} model
 * @returns {number|null} The event that explains best what was clicked.
 */
function reasonFor(model) {
  const { selection } = model;
  if (!selection) return null;
  if (selection.kind === 'message') {
    const flight = model.flights.find((each) => String(each.id) === selection.id);
    return flight ? flight.sentSeq : null;
  }
  if (selection.kind !== 'node') return null;
  const telling = new Set(['role_changed', 'term_changed', 'voted', 'pre_voted', 'transfer_changed', 'crashed', 'restarted', 'paused', 'resumed', 'applied', 'log_truncated', 'lease_changed', 'snapshot_taken', 'snapshot_installed', 'configuration_changed', 'clock_changed', 'node_added']);
  for (let seq = model.seq, looked = 0; seq >= model.first && looked < 4000; seq -= 1, looked += 1) {
    const event = model.event(seq);
    if (event && event.node === selection.id && telling.has(event.kind)) return seq;
  }
  return null;
}

/**
 * @param {HTMLElement} root The stage.
 * @param {Dispatch} dispatch
 * @returns {{update: (model: Model, layout: Layout, anchor: Anchor|null) => void}}
 */
export function createMenu(root, dispatch) {
  const box = html('div', { class: 'menu', role: 'dialog', 'aria-label': t('menu.title'), hidden: true });
  root.append(box);
  /** @type {import('../../types.js').Selection|null} */
  let open = null;
  /** @type {string} */
  let shape = '';
  /** @type {Element|null} */
  let opener = null;

  box.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      close(true);
      event.stopPropagation();
      return;
    }
    const turn = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!turn || event.target instanceof HTMLInputElement) return;
    const items = [...box.querySelectorAll('.menu-verb')].filter((each) => each instanceof HTMLElement);
    const next = items[(items.indexOf(/** @type {any} */ (document.activeElement)) + turn + items.length) % items.length];
    if (next instanceof HTMLElement) next.focus();
    event.preventDefault();
  });

  /** @param {boolean} back Whether the focus goes back to what was clicked. */
  function close(back) {
    dispatch({ type: 'select', selection: null });
    if (back && opener instanceof SVGElement) opener.focus();
  }

  /** @param {Model} model @param {import('./verbs.js').Choices} found */
  function build(model, found) {
    const verbs = found.verbs.map((verb) =>
      html('button', {
        class: `menu-verb${verb.danger ? ' danger' : ''}`,
        type: 'button',
        text: verb.label,
        onclick: () => {
          if (verb.form) {
            showForm(model, verb.form);
            return;
          }
          if (verb.action) dispatch(verb.action);
          for (const command of verb.commands ?? []) dispatch({ type: 'command', command });
          close(true);
        },
      }),
    );
    const seq = reasonFor(model);
    const chain = seq === null ? [] : reasons(model, seq, 4);
    const why = chain.length
      ? html('details', { class: 'menu-why' }, [
          html('summary', { text: t('tab.why') }),
          html('ol', {}, chain.map((each) => html('li', {}, [
            html('span', { text: each.text }),
            each.sources.length ? html('span', { class: 'source', text: ` ${each.sources.join(' · ')}` }) : null,
          ]))),
          html('button', { class: 'quiet', type: 'button', text: t('menu.why.follow'), onclick: () => dispatch({ type: 'why', question: { kind: 'event', seq: chain[0].seq } }) }),
        ])
      : null;
    box.replaceChildren(
      html('div', { class: 'menu-head' }, [
        html('div', {}, [html('strong', { text: found.title }), html('p', { class: 'menu-fact', text: found.fact })]),
        html('button', { class: 'icon quiet', type: 'button', 'aria-label': t('keys.close'), onclick: () => close(true) }, [icon('close')]),
      ]),
      html('div', { class: 'menu-verbs' }, verbs),
      ...(why ? [why] : []),
    );
  }

  /** @param {Model} model @param {'write'|'transfer'|'clock'} kind */
  function showForm(model, kind) {
    const to = open?.kind === 'node' ? open.id : '';
    const { nodes } = model;
    const done = () => close(true);
    const form = {
      write: () => writeForm(nodes, dispatch, { to, done }),
      transfer: () => transferForm(nodes.filter((id) => id !== to), dispatch, done),
      clock: () => clockForm(to, model.view.nodes[to]?.clock ?? 1, dispatch, done),
    }[kind]();
    box.querySelector('.menu-verbs')?.replaceChildren(form);
    const first = form.querySelector(kind === 'transfer' ? 'select' : 'input');
    if (first instanceof HTMLElement) first.focus();
    settle();
  }

  /** @type {{layout: Layout, anchor: Anchor}|null} */
  let at = null;
  box.addEventListener('toggle', () => settle(), true);

  /** The menu grew or shrank: keep it within the stage. */
  function settle() {
    if (at && !box.hidden) place(at.layout, at.anchor);
  }

  /** @param {Layout} layout @param {Anchor} anchor */
  function place(layout, anchor) {
    at = { layout, anchor };
    const { offsetWidth: wide, offsetHeight: high } = box;
    const right = anchor.x + anchor.clear;
    const left = anchor.x - anchor.clear - wide;
    const x = right + wide <= layout.width - 4 ? right : left >= 4 ? left : (layout.width - wide) / 2;
    const y = Math.max(4, Math.min(layout.height - high - 4, anchor.y - high / 2));
    box.style.transform = `translate(${Math.round(Math.max(4, x))}px, ${Math.round(y)}px)`;
    box.style.maxHeight = `${layout.height - 8}px`;
  }

  return {
    update(model, layout, anchor) {
      const found = anchor ? choices(model, model.selection) : null;
      if (!found || !anchor) {
        if (!box.hidden) {
          box.hidden = true;
          open = null;
          shape = '';
        }
        return;
      }
      const now = `${found.title}/${found.verbs.map((each) => each.label).join('/')}`;
      const fresh = model.selection !== open;
      if (!fresh && now === shape) return;
      if (!fresh && box.querySelector('form')) return;
      if (fresh) opener = document.activeElement;
      open = model.selection;
      shape = now;
      build(model, found);
      box.hidden = false;
      if (model.tool === 'write' && fresh && model.selection?.kind === 'node') showForm(model, 'write');
      place(layout, anchor);
      if (fresh && opener instanceof SVGElement && root.contains(opener)) {
        const first = box.querySelector('.menu-verb');
        if (first instanceof HTMLElement) first.focus({ preventScroll: true });
      }
    },
  };
}
