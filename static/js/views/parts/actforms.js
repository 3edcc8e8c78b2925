/**
 * The fields of each act, by its name: what is asked, and the command that it makes.
 *
 * @module views/parts/actforms
 */

import { attr, html } from '../../lib/svg.js';
import { t } from '../../lib/words.js';
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

/** @typedef {'isolate'|'crash'|'restart'|'pause'|'resume'|'stall'|'unstall'|'timeout'|'heartbeat'|'snapshot'} OneNode The acts that ask for a node alone. */

/** @type {(act: OneNode, command: (node: string) => Record<string, any>) => (bench: Bench) => Piece[]} */
const oneNode = (act, command) => ({ nodes, submit }) => {
  const node = nodeChoice(nodes);
  return [field(t('act.node'), node), ...submit(() => command(node.value), t(`act.${act}.do`))];
};

/** @type {(name: 'cut'|'heal') => (bench: Bench) => Piece[]} */
const link = (name) => ({ nodes, submit }) => {
  const from = nodeChoice(nodes, nodes[0]);
  const to = nodeChoice(nodes, nodes[1] ?? nodes[0]);
  const ways = choice([['both', t('act.way.both')], ['one', t('act.way.one')]]);
  return [
    field(t('act.from'), from), field(t('act.to'), to), field(t('act.way'), ways),
    ...submit(() => {
      if (from.value === to.value) return t('act.link.ends');
      return { [name]: ways.value === 'both' ? [from.value, to.value] : { from: from.value, to: to.value } };
    }, t(`act.${name}.do`)),
  ];
};

/** @param {Bench} bench */
function partition({ nodes, submit }) {
  const half = Math.ceil(nodes.length / 2);
  let sideOf = /** @type {Record<string, number>} */ (Object.fromEntries(nodes.map((id, i) => [id, i < half ? 0 : 1])));
  const rows = nodes.map((id) => {
    const buttons = SIDES.map((name, side) =>
      html('button', {
        class: 'side-choice', type: 'button', role: 'radio', text: name, 'aria-label': t('act.side', { node: id, side: name }),
        'aria-checked': sideOf[id] === side ? 'true' : 'false',
        onclick: () => {
          sideOf = { ...sideOf, [id]: side };
          buttons.forEach((each, i) => attr(each, 'aria-checked', i === side ? 'true' : 'false'));
        },
      }),
    );
    return html('div', { class: 'side-row', role: 'radiogroup', 'aria-label': t('act.sides', { node: id }) }, [html('span', { class: 'side-node', text: id }), ...buttons]);
  });
  return [html('div', { class: 'side-rows' }, rows), ...submit(() => {
    const made = groups(sideOf, nodes);
    return made.length < 2 ? t('act.partition.one') : { partition: made };
  }, t('act.partition.do'))];
}

/** @param {Bench} bench */
function transfer({ model, nodes, submit }) {
  const leads = leaderOf(model);
  const to = nodeChoice(nodes, nodes.find((id) => id !== leads));
  return [field(t('act.to'), to), ...submit(() => ({ transfer: { to: to.value } }), t('act.transfer.do'))];
}

/** @param {Bench} bench */
function clock({ model, nodes, submit }) {
  const node = nodeChoice(nodes);
  const { fields, rate } = clockFields(1.05);
  node.addEventListener('change', () => {
    const now = model.view.nodes[node.value]?.clock ?? 1;
    if (now === 1) return;
    const input = /** @type {HTMLInputElement} */ (fields[0].querySelector('input'));
    input.value = String(now);
    input.dispatchEvent(new Event('input'));
  });
  return [field(t('act.node'), node), ...fields, ...submit(() => {
    const found = rate();
    return typeof found === 'string' ? found : { clock: { node: node.value, rate: found } };
  }, t('act.clock.do'))];
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
  return [field(t('act.server'), name), known, ...submit(() => {
    const id = name.value.trim();
    if (!/^[A-Za-z][A-Za-z0-9_-]{0,19}$/.test(id)) return t('act.server.name');
    return { add_node: id };
  }, t('act.add.do'))];
}

/** @param {Bench} bench */
function removeNode({ members, submit }) {
  const node = nodeChoice(members);
  return [field(t('act.server'), node), ...submit(() => ({ remove_node: node.value }), t('act.remove.do'))];
}

/** @param {Bench} bench */
function reconfigure({ nodes, members, submit }) {
  const boxes = nodes.map((id) => {
    const control = html('input', { type: 'checkbox', value: id });
    control.checked = members.includes(id);
    return { control, label: html('label', { class: 'tick' }, [control, html('b', { text: id })]) };
  });
  return [html('div', { class: 'tick-grid', role: 'group', 'aria-label': t('act.members') }, boxes.map(({ label }) => label)), ...submit(() => {
    const chosen = boxes.filter(({ control }) => control.checked).map(({ control }) => control.value);
    return chosen.length > 0 ? { reconfigure: chosen } : t('act.members.none');
  }, t('act.reconfigure.do'))];
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
    html('p', { class: 'act-hint', text: t('act.client.about') }),
    field(t('act.client.name'), name), field(t('act.client.patience'), patience), field(t('act.client.tries'), tries),
    ...submit(() => {
      if (name.value.trim() === '' || [...name.value].length > 40) return t('act.client.name.wrong');
      const [wait, most] = [wholeNumber(patience.value, 0, 60000), wholeNumber(tries.value, 1, 100)];
      if (wait === null) return t('act.client.patience.wrong');
      if (most === null) return t('act.client.tries.wrong');
      return { client: { client: name.value.trim(), patience: wait, tries: most } };
    }, t('act.client.do')),
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
    if (wrong) return t('rule.wrong', { rule: t(`rule.${wrong.rule.name}`), most: wrong.rule.most ?? '' });
    const changed = differing(options, Object.fromEntries(fields.map(({ rule, value }) => [rule.name, value()])));
    return Object.keys(changed).length > 0 ? { option: changed } : t('act.rules.same');
  }, t('act.rules.do'))];
}

/** @param {Bench} bench */
function bugs({ model, submit }) {
  const made = mistakes(model.view.options);
  const { root, chosen } = mistakeFields(made);
  return [
    html('p', { class: 'act-hint', text: t('act.bugs.about') }),
    root,
    ...submit(() => {
      const wanted = chosen();
      return wanted.join() === made.join() ? t('act.bugs.same') : { option: { bugs: wanted } };
    }, t('act.bugs.do')),
  ];
}

/** @param {Bench} bench */
function healAll({ submit }) {
  return submit(() => ({ heal: true }), t('act.healAll.do'));
}

/** Every act, by its name in the catalogue: its group and its fields. */
export const ACTS = /** @type {const} */ ([
  ['partition', 'network', partition],
  ['cut', 'network', link('cut')],
  ['heal', 'network', link('heal')],
  ['isolate', 'network', oneNode('isolate', (isolate) => ({ isolate }))],
  ['healAll', 'network', healAll],
  ['crash', 'nodes', oneNode('crash', (crash) => ({ crash }))],
  ['restart', 'nodes', oneNode('restart', (restart) => ({ restart }))],
  ['pause', 'nodes', oneNode('pause', (pause) => ({ pause }))],
  ['resume', 'nodes', oneNode('resume', (resume) => ({ resume }))],
  ['stall', 'nodes', oneNode('stall', (disk) => ({ pause: { disk } }))],
  ['unstall', 'nodes', oneNode('unstall', (disk) => ({ resume: { disk } }))],
  ['clock', 'nodes', clock],
  ['timeout', 'nodes', oneNode('timeout', (timeout) => ({ timeout }))],
  ['heartbeat', 'nodes', oneNode('heartbeat', (heartbeat) => ({ heartbeat }))],
  ['snapshot', 'nodes', oneNode('snapshot', (snapshot) => ({ snapshot }))],
  ['transfer', 'cluster', transfer],
  ['add', 'cluster', addNode],
  ['remove', 'cluster', removeNode],
  ['reconfigure', 'cluster', reconfigure],
  ['write', 'clients', write],
  ['client', 'clients', client],
  ['rules', 'rules', rules],
  ['bugs', 'rules', bugs],
]);

/**
 * @param {Model} model
 * @returns {string[]} Who votes: by the leader, else by who knows most.
 */
export function membersOf(model) {
  const configuration = currentConfiguration(model) ?? configurationOf(model.view.nodes[model.nodes[0]]);
  return configuration?.members.length ? configuration.members : model.nodes;
}

