/**
 * Small pieces of forms: fields with names, choices of a node, and the client's request, with
 * what is wrong said beside the field.
 *
 * @module views/parts/forms
 */

import { html } from '../../lib/svg.js';
import { t } from '../../lib/words.js';

/** @typedef {import('../../types.js').Dispatch} Dispatch */

/** Longest key and value, in characters: the same as the server takes. */
const LONGEST = { key: 200, value: 1000 };

/** How slow and how fast a clock may run: the same as the server takes. */
const RATES = { least: 0.1, most: 10 };

let fields = 0;

/**
 * @param {string} label
 * @param {HTMLElement} control
 * @param {boolean} [bare] The label is for screen readers only.
 * @returns {HTMLLabelElement}
 */
export function field(label, control, bare = false) {
  return html('label', { class: 'field' }, [html('span', { class: bare ? 'visually-hidden' : 'field-name', text: label }), control]);
}

/**
 * @param {Array<[value: string, label: string]>} options
 * @param {string} [chosen]
 * @returns {HTMLSelectElement}
 */
export function choice(options, chosen) {
  const select = html('select', {}, options.map(([value, label]) => html('option', { value, text: label })));
  if (chosen !== undefined) select.value = chosen;
  return select;
}

/**
 * @param {string[]} nodes
 * @param {string} [chosen]
 * @returns {HTMLSelectElement}
 */
export function nodeChoice(nodes, chosen) {
  return choice(nodes.map((id) => [id, id]), chosen);
}

/**
 * @param {'key'|'value'} name
 * @param {string} text
 * @returns {string|null} What is wrong with it, and what would be right.
 */
export function problem(name, text) {
  if (name === 'key' && text.trim() === '') return t('form.key.needed');
  const most = name === 'key' ? LONGEST.key : LONGEST.value;
  const long = [...text].length;
  if (long > most) return t(`form.${name}.long`, { long, most });
  return null;
}

/**
 * The command of a client's request.
 * @param {{op: string, key: string, value: string, to: string, mode?: string, client?: string}} request
 *   `to` empty: the leader; `mode` empty: as the rules have it; `client` empty: the usual one.
 * @returns {Record<string, any>}
 */
export function requestCommand({ op, key, value, to, mode = '', client = '' }) {
  const target = { ...(to ? { to } : {}), ...(client ? { client } : {}) };
  if (op === 'delete') return { delete: { key, ...target } };
  if (op === 'read') return { read: { key, ...(mode ? { mode } : {}), ...target } };
  return { write: { key, value, ...target } };
}

/**
 * @param {string[]} heirs The nodes that leadership may go to.
 * @param {Dispatch} dispatch
 * @param {() => void} done
 * @returns {HTMLFormElement}
 */
export function transferForm(heirs, dispatch, done) {
  const target = nodeChoice(heirs);
  const form = html('form', { class: 'request-form' }, [field(t('form.to'), target), html('button', { class: 'primary', type: 'submit', text: t('act.transfer.do') })]);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    dispatch({ type: 'command', command: { transfer: { to: target.value } } });
    done();
  });
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') event.stopPropagation();
  });
  return form;
}

/**
 * @param {string} text
 * @returns {number|string} How fast a clock is to run, or what is wrong.
 */
export function rateOf(text) {
  const rate = text.trim() === '' ? NaN : Number(text);
  return rate >= RATES.least && rate <= RATES.most ? rate : t('form.rate.needed', RATES);
}

/**
 * How fast a clock runs: as a number, or on a slider with 1 in its middle, where a clock twice as fast is as far
 * away as one of half the rate.
 * @param {number} now
 * @returns {{fields: HTMLElement[], rate: () => number|string}}
 */
export function clockFields(now) {
  const input = html('input', { type: 'number', min: RATES.least, max: RATES.most, step: 0.05, value: now });
  const slider = html('input', { type: 'range', min: Math.log10(RATES.least), max: Math.log10(RATES.most), step: 0.01, class: 'speed-slider', 'aria-label': t('form.rate.name') });
  const follow = () => {
    const rate = rateOf(input.value);
    if (typeof rate === 'string') return;
    slider.value = String(Math.log10(rate));
    slider.setAttribute('aria-valuetext', String(rate));
  };
  slider.addEventListener('input', () => {
    input.value = String(Number((10 ** Number(slider.value)).toFixed(2)));
    slider.setAttribute('aria-valuetext', input.value);
  });
  input.addEventListener('input', follow);
  follow();
  return { fields: [field(t('form.rate'), input), slider], rate: () => rateOf(input.value) };
}

/**
 * @param {string} node
 * @param {number} now How fast its clock runs.
 * @param {Dispatch} dispatch
 * @param {() => void} done
 * @returns {HTMLFormElement}
 */
export function clockForm(node, now, dispatch, done) {
  const { fields: controls, rate } = clockFields(now);
  const complaint = html('p', { class: 'complaint', role: 'alert' });
  const form = html('form', { class: 'request-form', novalidate: true }, [...controls, html('button', { class: 'primary', type: 'submit', text: t('act.clock.do') }), complaint]);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const found = rate();
    complaint.textContent = typeof found === 'string' ? found : '';
    if (typeof found === 'string') return;
    dispatch({ type: 'command', command: { clock: { node, rate: found } } });
    done();
  });
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') event.stopPropagation();
  });
  return form;
}

/**
 * @param {string[]} nodes
 * @param {Dispatch} dispatch
 * @param {{to?: string, clients?: string[], op?: 'write'|'read'|'delete', done?: () => void}} [options] `to`: the node that is asked;
 *   empty is the leader. `clients`: who asked before; left out, it is the usual one that asks.
 * @returns {HTMLFormElement}
 */
export function writeForm(nodes, dispatch, { to = '', clients, op: wanted = 'write', done = () => {} } = {}) {
  const op = choice([['write', t('form.write')], ['read', t('form.read')], ['delete', t('form.delete')]], wanted);
  const key = html('input', { type: 'text', value: 'x', size: 8, autocomplete: 'off', spellcheck: 'false' });
  const value = html('input', { type: 'text', value: '1', size: 8, autocomplete: 'off', spellcheck: 'false' });
  const target = choice([['', t('form.leader')], ...nodes.map((id) => /** @type {[string, string]} */ ([id, id]))], to);
  const mode = choice([['', t('form.mode')], ['linearizable', t('form.mode.linearizable')], ['lease', t('rule.read_mode.lease')], ['local', t('form.mode.local')]]);
  const client = html('input', { type: 'text', value: clients?.[0] ?? 'client', size: 8, autocomplete: 'off', spellcheck: 'false' });
  const modeField = field(t('form.how'), mode);
  modeField.hidden = wanted !== 'read';
  fields += 1;
  const complaint = html('p', { class: 'complaint', id: `complaint-${fields}`, role: 'alert' });
  const valueField = field(t('form.value'), value);
  valueField.hidden = wanted !== 'write';
  const form = html('form', { class: 'request-form', novalidate: true }, [
    field(t('form.request'), op, true),
    field(t('store.key'), key),
    valueField,
    modeField,
    field(t('form.to'), target),
    clients ? field(t('client.name'), client) : null,
    html('button', { class: 'primary', type: 'submit', text: t('form.send') }),
    complaint,
  ]);

  /** @returns {boolean} */
  function check() {
    const wrong = { key: problem('key', key.value), value: op.value === 'write' ? problem('value', value.value) : null };
    for (const [name, input] of Object.entries({ key, value })) {
      const text = wrong[/** @type {'key'|'value'} */ (name)];
      input.setAttribute('aria-invalid', text ? 'true' : 'false');
      input.setAttribute('aria-describedby', text ? complaint.id : '');
    }
    complaint.textContent = wrong.key ?? wrong.value ?? '';
    return !wrong.key && !wrong.value;
  }

  op.addEventListener('change', () => {
    valueField.hidden = op.value !== 'write';
    modeField.hidden = op.value !== 'read';
    check();
  });
  form.addEventListener('input', check);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!check()) return;
    dispatch({ type: 'command', command: requestCommand({ op: op.value, key: key.value, value: value.value, to: target.value, mode: mode.value, client: clients ? client.value.trim() : '' }) });
    done();
  });
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') event.stopPropagation();
  });
  return form;
}
