/**
 * Controls for the rules of a cluster, and for the mistakes that it makes on purpose.
 *
 * @module views/parts/rulefields
 */

import { promiseName } from '../../lib/promises.js';
import { html } from '../../lib/svg.js';
import { t } from '../../lib/words.js';
import { MISTAKES } from './rules.js';

/** @typedef {import('./rules.js').Rule} Rule */

/**
 * @typedef {object} RuleField
 * @property {Rule} rule
 * @property {HTMLInputElement|HTMLSelectElement} control
 * @property {HTMLElement} label Holds the control.
 * @property {() => any} value What is chosen: true or false, a word, a number or null; NaN where it is no whole number in its bounds.
 */

/**
 * @param {Rule} rule
 * @param {any} [now] What is in force.
 * @returns {RuleField}
 */
export function ruleField(rule, now) {
  const { name, choices, most } = rule;
  const [words, does] = [t(`rule.${name}`), t(`rule.${name}.hint`)];
  const hint = { title: does };
  if (choices) {
    const control = html('select', { name }, choices.map(([value, label]) => html('option', { value, text: t(label) })));
    control.value = now ?? choices[0][0];
    return { rule, control, label: html('label', { class: 'field', ...hint }, [html('span', { class: 'field-name', text: words }), control]), value: () => control.value };
  }
  if (most) {
    const control = html('input', { type: 'number', name, min: 1, max: most, step: 1, placeholder: t('rule.off'), value: now ?? null });
    const label = html('label', { class: 'field', ...hint }, [html('span', { class: 'field-name', text: words }), control]);
    return { rule, control, label, value: () => whole(control, most) };
  }
  const control = html('input', { type: 'checkbox', name, value: '1' });
  control.checked = now === true;
  const label = html('label', { class: 'tick', ...hint }, [control, html('span', {}, [html('b', { text: words }), html('span', { class: 'tick-hint', text: ` ${does}` })])]);
  return { rule, control, label, value: () => control.checked };
}

/** @param {HTMLInputElement} input @param {number} most @returns {number|null} */
function whole(input, most) {
  if (input.value.trim() === '' && !input.validity.badInput) return null;
  const number = Number(input.value);
  return Number.isInteger(number) && number >= 1 && number <= most && !input.validity.badInput ? number : NaN;
}

/**
 * A lease rests on two other rules: choosing it brings them along.
 * @param {RuleField[]} fields
 */
export function coupleLease(fields) {
  const find = (/** @type {string} */ name) => fields.find(({ rule }) => rule.name === name)?.control;
  const reads = find('read_mode');
  const needed = [find('check_quorum'), find('leader_stickiness')];
  reads?.addEventListener('change', () => {
    if (reads.value === 'lease') for (const each of needed) if (each instanceof HTMLInputElement) each.checked = true;
  });
  for (const each of needed) {
    each?.addEventListener('change', () => {
      if (reads?.value === 'lease' && each instanceof HTMLInputElement && !each.checked) reads.value = 'linearizable';
    });
  }
}

/**
 * @param {string[]} [made] Those that are made already.
 * @returns {{root: HTMLElement, chosen: () => string[]}}
 */
export function mistakeFields(made = []) {
  const boxes = MISTAKES.map(([name, breaks]) => {
    const control = html('input', { type: 'checkbox', name: 'bugs', value: name });
    control.checked = made.includes(name);
    const words = html('span', {}, [html('b', { text: name }), html('span', { class: 'tick-hint', text: ` ${t('mistake.option', { what: t(`mistake.${name}`), breaks: promiseName(breaks) })}` })]);
    return { control, label: html('label', { class: 'tick' }, [control, words]) };
  });
  return {
    root: html('div', { class: 'mistake-list', role: 'group', 'aria-label': t('mistake.title') }, boxes.map(({ label }) => label)),
    chosen: () => boxes.filter(({ control }) => control.checked).map(({ control }) => control.value),
  };
}
