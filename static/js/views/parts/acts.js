/**
 * The form that acts on the cluster by name: choose what to do, say to whom, do it. What is wrong
 * is said in place, before anything is sent and after the server refused.
 *
 * @module views/parts/acts
 */

import { attr, html, text } from '../../lib/svg.js';
import { choice, field, nodeChoice, writeForm } from './forms.js';
import { leaderOf } from './roles.js';

/** @typedef {import('../../types.js').Dispatch} Dispatch */
/** @typedef {import('../../types.js').Model} Model */

/** @type {ReadonlyArray<[id: string, label: string]>} */
const ACTS = [
  ['partition', 'Partition the cluster'],
  ['cut', 'Cut a link'],
  ['heal', 'Mend a link'],
  ['isolate', 'Isolate a node'],
  ['healAll', 'Mend everything'],
  ['crash', 'Crash a node'],
  ['restart', 'Restart a node'],
  ['pause', 'Pause a node'],
  ['resume', 'Resume a node'],
  ['timeout', 'Let an election timer run out'],
  ['heartbeat', 'Send heartbeats'],
  ['transfer', 'Hand leadership over'],
  ['write', 'Write, read or delete'],
];

const SIDES = ['A', 'B', 'C'];

/**
 * @param {Record<string, number>} sideOf Side of each node, as an index of SIDES.
 * @param {string[]} nodes
 * @returns {string[][]} The groups of a partition, empty ones left out.
 */
export function groups(sideOf, nodes) {
  return SIDES.map((_, side) => nodes.filter((id) => (sideOf[id] ?? 0) === side)).filter((each) => each.length > 0);
}

/**
 * @param {Dispatch} dispatch
 * @returns {{root: HTMLElement, update: (model: Model) => void, choose: (act: string) => void}}
 */
export function createActs(dispatch) {
  const what = choice(ACTS.map(([id, label]) => [id, label]));
  const fields = html('div', { class: 'act-fields' });
  const root = html('div', { class: 'act-form' }, [field('What', what), fields]);
  /** @type {Model|null} */
  let latest = null;
  let built = '';
  /** @type {Record<string, number>} */
  let sideOf = {};
  /** @type {HTMLElement} */
  let complaint = html('p');
  let sentError = /** @type {string|null} */ (null);
  what.addEventListener('change', () => build(true));

  /** @param {() => Record<string, any>|string} make A command, or what is wrong. @param {string} label */
  function submit(make, label) {
    complaint = html('p', { class: 'complaint', role: 'alert' });
    const button = html('button', {
      class: 'primary',
      type: 'button',
      text: label,
      onclick: () => {
        const made = make();
        text(complaint, typeof made === 'string' ? made : '');
        if (typeof made !== 'string') dispatch({ type: 'command', command: made });
      },
    });
    return [button, complaint];
  }

  /** @param {string} name @param {string} label */
  function oneNode(name, label) {
    const node = nodeChoice(latest?.session.nodes ?? []);
    fields.append(field('Node', node), ...submit(() => ({ [name]: node.value }), label));
  }

  /** @param {'cut'|'heal'} name */
  function link(name) {
    const nodes = latest?.session.nodes ?? [];
    const from = nodeChoice(nodes, nodes[0]);
    const to = nodeChoice(nodes, nodes[1] ?? nodes[0]);
    const ways = choice([['both', 'both ways'], ['one', 'one way only']]);
    fields.append(
      field('From', from), field('To', to), field('Which way', ways),
      ...submit(() => {
        if (from.value === to.value) return 'A link has two ends: choose two different nodes.';
        return { [name]: ways.value === 'both' ? [from.value, to.value] : { from: from.value, to: to.value } };
      }, name === 'cut' ? 'Cut' : 'Mend'),
    );
  }

  function transfer() {
    const nodes = latest?.session.nodes ?? [];
    const leads = latest && leaderOf(latest);
    const to = nodeChoice(nodes, nodes.find((id) => id !== leads));
    fields.append(field('To', to), ...submit(() => ({ transfer: { to: to.value } }), 'Hand over'));
  }

  function partition() {
    const nodes = latest?.session.nodes ?? [];
    const half = Math.ceil(nodes.length / 2);
    sideOf = Object.fromEntries(nodes.map((id, i) => [id, i < half ? 0 : 1]));
    const rows = nodes.map((id) => {
      const buttons = SIDES.map((name, side) =>
        html('button', {
          class: 'side-choice', type: 'button', role: 'radio', text: name, 'aria-label': `${id} on side ${name}`,
          'aria-checked': sideOf[id] === side ? 'true' : 'false',
          onclick: () => {
            sideOf = { ...sideOf, [id]: side };
            buttons.forEach((each, i) => attr(each, 'aria-checked', i === side ? 'true' : 'false'));
          },
        }),
      );
      return html('div', { class: 'side-row', role: 'radiogroup', 'aria-label': `Side of ${id}` }, [html('span', { class: 'side-node', text: id }), ...buttons]);
    });
    fields.append(html('div', { class: 'side-rows' }, rows), ...submit(() => {
      const made = groups(sideOf, nodes);
      return made.length < 2 ? 'All nodes are on one side: put at least one on another.' : { partition: made };
    }, 'Partition'));
  }

  /** @param {boolean} again */
  function build(again) {
    const nodes = latest?.session.nodes.join(' ') ?? '';
    if (!again && built === nodes) return;
    built = nodes;
    fields.replaceChildren();
    const act = what.value;
    if (act === 'partition') partition();
    else if (act === 'cut' || act === 'heal') link(act);
    else if (act === 'transfer') transfer();
    else if (act === 'healAll') fields.append(...submit(() => ({ heal: true }), 'Mend everything'));
    else if (act === 'write') {
      complaint = html('p', { class: 'complaint', role: 'alert' });
      fields.append(writeForm(latest?.session.nodes ?? [], dispatch), complaint);
    } else oneNode(act, ACTS.find(([id]) => id === act)?.[1].replace(' a node', '') ?? 'Do it');
  }

  return {
    root,
    update(model) {
      latest = model;
      build(false);
      if (model.error !== sentError) {
        sentError = model.error;
        text(complaint, model.error ?? '');
      }
    },
    choose(act) {
      what.value = act;
      build(true);
    },
  };
}
