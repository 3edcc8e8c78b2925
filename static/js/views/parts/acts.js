/**
 * The form that acts on the cluster by name: choose what to do, say to whom, do it. What is wrong
 * is said in place, before anything is sent and after the server refused.
 *
 * @module views/parts/acts
 */

import { html, text } from '../../lib/svg.js';
import { t } from '../../lib/words.js';
import { ACTS, membersOf } from './actforms.js';
import { field } from './forms.js';

/** @typedef {import('../../types.js').Dispatch} Dispatch */
/** @typedef {import('../../types.js').Model} Model */

/** @returns {HTMLSelectElement} What can be done, by groups. */
function actChoice() {
  const named = [...new Set(ACTS.map(([, group]) => group))];
  return html('select', {}, named.map((name) => html('optgroup', { label: t(`act.group.${name}`) }, ACTS
    .filter(([, group]) => group === name)
    .map(([value]) => html('option', { value, text: t(`act.${value}`) })))));
}

/**
 * @param {Dispatch} dispatch
 * @returns {{root: HTMLElement, update: (model: Model) => void, choose: (act: string) => void}}
 */
export function createActs(dispatch) {
  const what = actChoice();
  const fields = html('div', { class: 'act-fields' });
  const root = html('div', { class: 'act-form' }, [field(t('act.what'), what), fields]);
  /** @type {Model|null} */
  let latest = null;
  let built = '';
  /** @type {HTMLElement} */
  let complaint = html('p');
  let sentError = /** @type {string|null} */ (null);
  what.addEventListener('change', () => build(true));

  function newComplaint() {
    complaint = html('p', { class: 'complaint', role: 'alert' });
    return complaint;
  }

  /** @param {() => Record<string, any>|string} make A command, or what is wrong. @param {string} label */
  function submit(make, label) {
    const said = newComplaint();
    const button = html('button', {
      class: 'primary',
      type: 'button',
      text: label,
      onclick: () => {
        const made = make();
        text(said, typeof made === 'string' ? made : '');
        if (typeof made !== 'string') dispatch({ type: 'command', command: made });
      },
    });
    return [button, said];
  }

  /** What the forms offer: they are made anew when it changes. @param {Model} model */
  const offered = (model) => JSON.stringify([model.nodes, membersOf(model), model.view.options]);

  /** @param {boolean} again */
  function build(again) {
    if (!latest) return;
    const now = offered(latest);
    if (!again && built === now) return;
    built = now;
    const act = ACTS.find(([id]) => id === what.value);
    const model = latest;
    const made = act?.[2]({ model, nodes: model.nodes, members: membersOf(model), submit, dispatch, complaint: newComplaint }) ?? [];
    fields.replaceChildren(...made.filter((each) => each !== null));
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
