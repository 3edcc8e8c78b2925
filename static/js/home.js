/**
 * The home page and the pages of errors: the theme, as it was chosen last; and for a sandbox the
 * rules that are more than on or off, and mistakes on purpose; and a place for saved sessions.
 *
 * @module home
 */

import { html } from './lib/svg.js';
import { fetchWords, speak, t } from './lib/words.js';
import { createTheme } from './ui/theme.js';
import { coupleLease, mistakeFields, ruleField } from './views/parts/rulefields.js';
import { RULES } from './views/parts/rules.js';

const theme = createTheme(() => {});
document.getElementById('theme')?.addEventListener('click', theme.flip);

const tongue = document.documentElement.lang;
speak(tongue, await fetchWords(`/static/words/${tongue}.json`));

const opener = document.getElementById('opener');
if (opener) import('./takeaway/file.js').then(({ createOpener }) => opener.append(createOpener(document.body)));

const form = document.querySelector('.sandbox-form');
const more = document.getElementById('more-rules');
if (form instanceof HTMLFormElement && more) {
  const offered = [...form.querySelectorAll('.rules input')].map((each) => each.getAttribute('name'));
  const fields = RULES.filter(({ name }) => !offered.includes(name)).map((rule) => ruleField(rule));
  coupleLease([...fields, ...RULES.flatMap((rule) => {
    const control = form.elements.namedItem(rule.name);
    return control instanceof HTMLInputElement && offered.includes(rule.name) ? [{ rule, control, label: control, value: () => control.checked }] : [];
  })]);
  const mistakes = mistakeFields();
  more.append(
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
