/**
 * The rest of the form for a sandbox on the home page: rules that are more than on or off, and mistakes
 * on purpose.
 *
 * @module sandboxform
 */

import { html } from './lib/svg.js';
import { t } from './lib/words.js';
import { coupleLease, mistakeFields, ruleField } from './views/parts/rulefields.js';
import { RULES } from './views/parts/rules.js';

/** @param {HTMLFormElement} form */
export function fillSandboxForm(form) {
  const more = form.querySelector('.more-rules');
  const offered = [...form.querySelectorAll('.rules input')].map((each) => each.getAttribute('name'));
  const fields = RULES.filter(({ name }) => !offered.includes(name)).map((rule) => ruleField(rule));
  coupleLease([...fields, ...RULES.flatMap((rule) => {
    const control = form.elements.namedItem(rule.name);
    return control instanceof HTMLInputElement && offered.includes(rule.name) ? [{ rule, control, label: control, value: () => control.checked }] : [];
  })]);
  const mistakes = mistakeFields();
  more?.append(
    html('div', { class: 'rule-fields' }, fields.map(({ label }) => label)),
    html('details', { class: 'mistakes' }, [
      html('summary', { text: t('mistake.title') }),
      html('p', { class: 'tick-hint', text: t('mistake.about') }),
      mistakes.root,
    ]),
  );
  form.addEventListener('formdata', ({ formData }) => {
    for (const { rule, value } of fields) {
      const usual = rule.choices ? rule.choices[0][0] : null;
      if (value() === usual) formData.delete(rule.name);
    }
    formData.delete('bugs');
    if (mistakes.chosen().length > 0) formData.set('bugs', mistakes.chosen().join(','));
  });
}
