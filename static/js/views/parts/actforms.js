/**
 * The fields of each act, by its name: what is asked, and the command that it makes.
 *
 * @module views/parts/actforms
 */

import { attr, html } from '../../lib/svg.js';
import { choice, clockFields, field, nodeChoice, writeForm } from './forms.js';
import { configurationOf, currentConfiguration, leaderOf } from './roles.js';
import { coupleLease, mistakeFields, ruleField } from './rulefields.js';
import { RULES, mistakes } from './rules.js';

/** @typedef {import('../../types.js').Model} Model */
/** @typedef {HTMLElement|null} Piece */

/**
 * @typedef {object} Bench What a form is made of.
 * @property {Model} model
 * @property {string[]} nodes Who is there.
 * @property {string[]} members Who votes; all where members never change.
 * @property {(make: () => Record<string, any>|string, label: string) => Piece[]} submit A button: `make`
 *   gives a command, or says what is wrong.
 * @property {import('../../types.js').Dispatch} dispatch
 * @property {() => Piece} complaint Where it is said what is wrong.
 */

const SIDES = ['A', 'B', 'C'];

/**
 * @param {Record<string, number>} sideOf Side of each node, as an index of SIDES.
 * @param {string[]} nodes
 * @returns {string[][]} The groups of a partition, empty ones left out.
 */
export function groups(sideOf, nodes) {
  return SIDES.map((_, side) => nodes.filter((id) => (sideOf[id] ?? 0) === side)).filter((each) => each.length > 0);
}

/** @type {(label: string, command: (node: string) => Record<string, any>) => (bench: Bench) => Piece[]} */
const oneNode = (label, command) => ({ nodes, submit }) => {
  const node = nodeChoice(nodes);
  return [field('Node', node), ...submit(() => command(node.value), label)];
};

/** @type {(name: 'cut'|'heal', label: string) => (bench: Bench) => Piece[]} */
const link = (name, label) => ({ nodes, submit }) => {
  const from = nodeChoice(nodes, nodes[0]);
  const to = nodeChoice(nodes, nodes[1] ?? nodes[0]);
  const ways = choice([['both', 'both ways'], ['one', 'one way only']]);
  return [
    field('From', from), field('To', to), field('Which way', ways),
    ...submit(() => {
      if (from.value === to.value) return 'A link has two ends: choose two different nodes.';
      return { [name]: ways.value === 'both' ? [from.value, to.value] : { from: from.value, to: to.value } };
    }, label),
  ];
};

/** @param {Bench} bench */
function partition({ nodes, submit }) {
  const half = Math.ceil(nodes.length / 2);
  let sideOf = /** @type {Record<string, number>} */ (Object.fromEntries(nodes.map((id, i) => [id, i < half ? 0 : 1])));
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
  return [html('div', { class: 'side-rows' }, rows), ...submit(() => {
    const made = groups(sideOf, nodes);
    return made.length < 2 ? 'All nodes are on one side: put at least one on another.' : { partition: made };
  }, 'Partition')];
}

/** @param {Bench} bench */
function transfer({ model, nodes, submit }) {
  const leads = leaderOf(model);
  const to = nodeChoice(nodes, nodes.find((id) => id !== leads));
  return [field('To', to), ...submit(() => ({ transfer: { to: to.value } }), 'Hand over')];
}

/** @param {Bench} bench */
function clock({ model, nodes, submit }) {
  const node = nodeChoice(nodes);
  const { fields, rate } = clockFields(1.05);
  node.addEventListener('change', () => {
    const now = model.view.nodes[node.value]?.clock ?? 1;
    if (now !== 1) /** @type {HTMLInputElement} */ (fields[0].querySelector('input')).value = String(now);
  });
  return [field('Node', node), ...fields, ...submit(() => {
    const found = rate();
    return typeof found === 'string' ? found : { clock: { node: node.value, rate: found } };
  }, 'Set the clock')];
}

/**
 * @param {string[]} nodes
 * @returns {string} A name that is free: node4 after node3.
 */
export function freeName(nodes) {
  let number = nodes.length + 1;
  while (nodes.includes(`node${number}`)) number += 1;
  return `node${number}`;
}

/** @param {Bench} bench */
function addNode({ nodes, members, submit }) {
  const spare = nodes.filter((id) => !members.includes(id));
  const name = html('input', { type: 'text', value: spare[0] ?? freeName(nodes), size: 10, autocomplete: 'off', spellcheck: 'false', list: 'spare-servers' });
  const known = html('datalist', { id: 'spare-servers' }, [...spare, freeName(nodes)].map((value) => html('option', { value })));
  return [field('Server', name), known, ...submit(() => {
    const id = name.value.trim();
    if (!/^[A-Za-z][A-Za-z0-9_-]{0,19}$/.test(id)) return 'A name is needed: a letter, then letters, digits, - or _, at most 20 in all.';
    return { add_node: id };
  }, 'Add')];
}

/** @param {Bench} bench */
function removeNode({ members, submit }) {
  const node = nodeChoice(members);
  return [field('Server', node), ...submit(() => ({ remove_node: node.value }), 'Remove')];
}

/** @param {Bench} bench */
function reconfigure({ nodes, members, submit }) {
  const boxes = nodes.map((id) => {
    const control = html('input', { type: 'checkbox', value: id });
    control.checked = members.includes(id);
    return { control, label: html('label', { class: 'tick' }, [control, html('b', { text: id })]) };
  });
  return [html('div', { class: 'tick-grid', role: 'group', 'aria-label': 'Members' }, boxes.map(({ label }) => label)), ...submit(() => {
    const chosen = boxes.filter(({ control }) => control.checked).map(({ control }) => control.value);
    return chosen.length > 0 ? { reconfigure: chosen } : 'A cluster has at least one member: choose one.';
  }, 'Change the members')];
}

/**
 * @param {string} text
 * @param {number} low
 * @param {number} high
 * @returns {number|null} A whole number within bounds.
 */
function wholeNumber(text, low, high) {
  const number = Number(text);
  return text.trim() !== '' && Number.isInteger(number) && number >= low && number <= high ? number : null;
}

/** @param {Bench} bench */
function client({ model, submit }) {
  const known = Object.keys(model.view.clients);
  const name = html('input', { type: 'text', value: known[0] ?? 'client', size: 10, autocomplete: 'off', spellcheck: 'false' });
  const patience = html('input', { type: 'number', min: 0, max: 60000, step: 50, value: 500 });
  const tries = html('input', { type: 'number', min: 1, max: 100, step: 1, value: 10 });
  return [
    html('p', { class: 'act-hint', text: 'It goes where it is sent, and asks elsewhere when its patience is over. With patience 0 it waits for you again.' }),
    field('Client', name), field('Patience, ms', patience), field('Tries', tries),
    ...submit(() => {
      if (name.value.trim() === '' || [...name.value].length > 40) return 'A name of at most 40 characters is needed, for example "client".';
      const [wait, most] = [wholeNumber(patience.value, 0, 60000), wholeNumber(tries.value, 1, 100)];
      if (wait === null) return 'The patience is a whole number of milliseconds, at most 60000.';
      if (most === null) return 'The tries are a whole number from 1 to 100.';
      return { client: { client: name.value.trim(), patience: wait, tries: most } };
    }, 'Let it act'),
  ];
}

/** @param {Bench} bench */
function write({ model, nodes, dispatch, complaint }) {
  return [writeForm(nodes, dispatch, { clients: Object.keys(model.view.clients) }), complaint()];
}

/**
 * @param {Record<string, any>} before Options in force.
 * @param {Record<string, any>} chosen
 * @returns {Record<string, any>} Those that differ.
 */
export function differing(before, chosen) {
  return Object.fromEntries(Object.entries(chosen).filter(([name, value]) => (before[name] ?? null) !== value));
}

/** @param {Bench} bench */
function rules({ model, submit }) {
  const { options } = model.view;
  const known = RULES.filter((rule) => rule.most !== undefined || rule.name in options);
  const fields = known.map((rule) => ruleField(rule, options[rule.name]));
  coupleLease(fields);
  return [html('div', { class: 'rule-list' }, fields.map(({ label }) => label)), ...submit(() => {
    const wrong = fields.find(({ value }) => Number.isNaN(value()));
    if (wrong) return `${wrong.rule.label}: a whole number from 1 to ${wrong.rule.most} is needed, or nothing.`;
    const changed = differing(options, Object.fromEntries(fields.map(({ rule, value }) => [rule.name, value()])));
    return Object.keys(changed).length > 0 ? { option: changed } : 'These rules are in force already.';
  }, 'Change the rules')];
}

/** @param {Bench} bench */
function bugs({ model, submit }) {
  const made = mistakes(model.view.options);
  const { root, chosen } = mistakeFields(made);
  return [
    html('p', { class: 'act-hint', text: 'Mistakes that implementations have made. While one is on, the stage says so.' }),
    root,
    ...submit(() => {
      const wanted = chosen();
      return wanted.join() === made.join() ? 'Nothing is changed: tick a mistake, or untick one.' : { option: { bugs: wanted } };
    }, 'Make these mistakes'),
  ];
}

/**
 * Every act: its group, its name for people, its fields.
 * @type {ReadonlyArray<[id: string, group: string, label: string, build: (bench: Bench) => Piece[]]>}
 */
export const ACTS = [
  ['partition', 'Network', 'Partition the cluster', partition],
  ['cut', 'Network', 'Cut a link', link('cut', 'Cut')],
  ['heal', 'Network', 'Mend a link', link('heal', 'Mend')],
  ['isolate', 'Network', 'Isolate a node', oneNode('Isolate', (isolate) => ({ isolate }))],
  ['healAll', 'Network', 'Mend everything', ({ submit }) => submit(() => ({ heal: true }), 'Mend everything')],
  ['crash', 'Nodes', 'Crash a node', oneNode('Crash', (crash) => ({ crash }))],
  ['restart', 'Nodes', 'Restart a node', oneNode('Restart', (restart) => ({ restart }))],
  ['pause', 'Nodes', 'Pause a node', oneNode('Pause', (pause) => ({ pause }))],
  ['resume', 'Nodes', 'Resume a node', oneNode('Resume', (resume) => ({ resume }))],
  ['stall', 'Nodes', 'Stall a disk', oneNode('Stall its disk', (disk) => ({ pause: { disk } }))],
  ['unstall', 'Nodes', 'Let a disk go on', oneNode('Let its disk go on', (disk) => ({ resume: { disk } }))],
  ['clock', 'Nodes', 'Change a clock', clock],
  ['timeout', 'Nodes', 'Let an election timer run out', oneNode('Let it run out', (timeout) => ({ timeout }))],
  ['heartbeat', 'Nodes', 'Send heartbeats', oneNode('Send heartbeats', (heartbeat) => ({ heartbeat }))],
  ['snapshot', 'Nodes', 'Compact a log', oneNode('Compact its log', (snapshot) => ({ snapshot }))],
  ['transfer', 'Cluster', 'Hand leadership over', transfer],
  ['add', 'Cluster', 'Add a server', addNode],
  ['remove', 'Cluster', 'Remove a server', removeNode],
  ['reconfigure', 'Cluster', 'Choose the members', reconfigure],
  ['write', 'Clients', 'Write, read or delete', write],
  ['client', 'Clients', 'Let a client act by itself', client],
  ['rules', 'Rules', 'Change the rules', rules],
  ['bugs', 'Rules', 'Make mistakes on purpose', bugs],
];

/**
 * @param {Model} model
 * @returns {string[]} Who votes: by the leader, else by who knows most.
 */
export function membersOf(model) {
  const configuration = currentConfiguration(model) ?? configurationOf(model.view.nodes[model.nodes[0]]);
  return configuration?.members.length ? configuration.members : model.nodes;
}

