/**
 * The small menu beside what was clicked: its verbs, and why it is as it is.
 *
 * @module views/stage/menu
 */

import { about } from '../../lib/ask.js';
import { html } from '../../lib/svg.js';
import { t } from '../../lib/words.js';
import { icon } from '../parts/icons.js';
import { clockForm, transferForm, writeForm } from '../parts/forms.js';
import { delayForm, linkForm, retryForm, selfForm, sideForm } from '../parts/menuforms.js';
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

/** Forms that begin with a choice. @type {ReadonlyArray<string>} */
const CHOSEN = ['transfer', 'side', 'link', 'retry'];

/** What of a node can be asked about from its menu. */
const ASKED = /** @type {const} */ (['state', 'term', 'votedFor', 'log', 'commitIndex', 'lastApplied', 'stateMachine']);

/** @param {string} id @returns {HTMLElement} Each of its values, to ask why it is so. */
function asks(id) {
  return html('div', { class: 'menu-asks', role: 'group', 'aria-label': t('menu.asks', { node: id }) }, ASKED.map((field) =>
    html('button', { class: 'chip ask', type: 'button', text: field, title: t('state.why', { field, node: id }), 'data-ask': about('field', id, field) })));
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
    if (back && (opener instanceof SVGElement || opener instanceof HTMLElement) && opener.isConnected) opener.focus({ preventScroll: true });
  }

  /** @param {Model} model @param {import('./verbs.js').Choices} found */
  function build(model, found) {
    const reason = html('p', { class: 'menu-reason', hidden: true });
    /** @param {import('./verbs.js').Verb} verb */
    const tell = (verb) => {
      reason.textContent = verb.why ?? '';
      reason.hidden = !verb.why;
      settle();
    };
    const names = [...new Set(found.verbs.map(({ group }) => group))];
    const groups = names.map((name) =>
      html('div', { class: 'menu-verbs', role: 'group', 'aria-label': t(`verb.group.${name}`) }, found.verbs.filter(({ group }) => group === name).map((verb) =>
        html('button', {
          class: `menu-verb${verb.danger ? ' danger' : ''}`,
          type: 'button',
          text: verb.label,
          'aria-disabled': verb.why ? 'true' : null,
          title: verb.why ?? null,
          onfocus: () => tell(verb),
          onpointerenter: () => tell(verb),
          onclick: () => act(model, verb),
        }),
      )),
    );
    const seq = reasonFor(model);
    const chain = seq === null ? [] : reasons(model, seq, 4);
    const why = chain.length
      ? html('details', { class: 'menu-why' }, [
          html('summary', { text: t('menu.why') }),
          html('ol', {}, chain.map((each) => html('li', {}, [
            html('span', { text: each.text }),
            each.sources.length ? html('span', { class: 'source', text: ` ${each.sources.join(' · ')}` }) : null,
          ]))),
          html('button', { class: 'quiet', type: 'button', text: t('menu.why.follow'), onclick: () => dispatch({ type: 'why', question: { kind: 'event', seq: chain[0].seq } }) }),
          ...(model.selection?.kind === 'node' ? [asks(model.selection.id)] : []),
        ])
      : null;
    box.replaceChildren(
      html('div', { class: 'menu-head' }, [
        html('div', {}, [html('strong', { text: found.title }), html('p', { class: 'menu-fact', text: found.fact })]),
        html('button', { class: 'icon quiet', type: 'button', 'aria-label': t('keys.close'), onclick: () => close(true) }, [icon('close')]),
      ]),
      html('div', { class: 'menu-groups' }, groups),
      reason,
      ...(why ? [why] : []),
    );
  }

  /** @param {Model} model @param {import('./verbs.js').Verb} verb */
  function act(model, verb) {
    if (verb.why) return;
    if (verb.form) {
      showForm(model, verb.form);
      return;
    }
    close(true);
    if (verb.action) dispatch(verb.action);
    else dispatch({ type: 'gesture', commands: verb.commands ?? [] });
  }

  /** @param {Model} model @param {import('./verbs.js').FormKind} kind */
  function showForm(model, kind) {
    const id = open?.id ?? '';
    const client = open?.kind === 'client' ? id : null;
    const { nodes } = model;
    const done = () => close(true);
    const request = (/** @type {'write'|'read'|'delete'} */ op) => writeForm(nodes, dispatch, client === null ? { to: id, op, done } : { clients: [client], op, done });
    const [a, b] = id.split('>');
    const form = {
      write: () => request('write'),
      read: () => request('read'),
      delete: () => request('delete'),
      transfer: () => transferForm(nodes.filter((each) => each !== id), dispatch, done),
      clock: () => clockForm(id, model.view.nodes[id]?.clock ?? 1, dispatch, done),
      side: () => sideForm(model, id, dispatch, done),
      link: () => linkForm(model, a, b, dispatch, done),
      delay: () => delayForm(Number(id), dispatch, done),
      retry: () => retryForm(nodes, id, dispatch, done),
      self: () => selfForm(id, dispatch, done),
    }[kind]();
    box.querySelector('.menu-groups')?.replaceChildren(form);
    const told = box.querySelector('.menu-reason');
    if (told instanceof HTMLElement) told.hidden = true;
    const first = form.querySelector(CHOSEN.includes(kind) ? 'select' : 'input');
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

  /** What a form complains of makes the menu grow: it moves only where that leads out of the stage. */
  function complained() {
    const [own, stage] = [box, root].map((each) => each.getBoundingClientRect());
    if (own.bottom > stage.bottom - 4 || own.right > stage.right - 4) settle();
  }
  for (const name of ['submit', 'input', 'change']) box.addEventListener(name, complained);

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
          const inside = box.contains(document.activeElement);
          box.hidden = true;
          // What it was about is gone: go on from the nodes.
          if (inside) /** @type {SVGElement|null} */ (root.querySelector('[data-node][tabindex="0"]') ?? root.querySelector('[tabindex="0"]') ?? root)?.focus({ preventScroll: true });
          open = null;
          shape = '';
        }
        return;
      }
      const now = `${found.title}/${found.verbs.map((each) => `${each.label}${each.why ?? ''}`).join('/')}`;
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
      if (fresh && opener && opener !== root && root.contains(opener)) {
        const first = box.querySelector('.menu-verb:not([aria-disabled])') ?? box.querySelector('.menu-verb');
        if (first instanceof HTMLElement) first.focus({ preventScroll: true });
      }
    },
  };
}
