/**
 * Free prediction: a guess at what the next turn changes, and how near it came.
 *
 * @module views/parts/guessing
 */

import { about } from '../../lib/ask.js';
import { html, text } from '../../lib/svg.js';
import { t } from '../../lib/words.js';

/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../store/predict.js').Field} Field */
/** @typedef {import('../../store/predict.js').Guess} Guess */

/** What is chosen where one thinks that nothing changes. */
const NOTHING = '-';

/**
 * @param {string} name
 * @param {() => void} change
 * @returns {{select: HTMLSelectElement, label: HTMLElement}}
 */
function chooser(name, change) {
  const select = html('select', {});
  select.addEventListener('change', change);
  return { select, label: html('label', {}, [html('span', { text: name }), select]) };
}

/**
 * @param {HTMLSelectElement} select
 * @param {Array<[value: string, shown: string]>} choices What was chosen stays so, where it still fits.
 */
function offer(select, choices) {
  const was = select.value;
  const key = JSON.stringify(choices);
  if (select.dataset.choices === key) return;
  select.dataset.choices = key;
  select.replaceChildren(...choices.map(([value, shown]) => html('option', { value, text: shown })));
  if (choices.some(([value]) => value === was)) select.value = was;
}

/**
 * @param {import('../../types.js').Dispatch} dispatch
 * @returns {{root: HTMLElement, update: (model: Model) => void}}
 */
export function createGuessing(dispatch) {
  /** @type {Model|null} */
  let latest = null;
  const node = chooser(t('guess.node'), () => weigh());
  const field = chooser(t('guess.field'), () => weigh());
  const value = chooser(t('guess.value'), () => weigh());
  const go = html('button', { class: 'primary', type: 'submit', text: t('guess.go') });
  const form = html('form', { class: 'guess-form' }, [node.label, field.label, value.label, go]);
  const verdict = html('p', { class: 'guess-verdict', role: 'status' });
  const chips = html('ul', { class: 'guess-chips', 'aria-label': t('guess.changed') });
  const score = html('p', { class: 'lesson-facts' });
  const root = html('section', { class: 'question guess', 'aria-label': t('guess.title') }, [html('p', {}, [html('strong', { text: t('guess.question') })]), form, verdict, chips, score]);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    dispatch({ type: 'guess', guess: chosen() });
  });

  /** @returns {Guess|null} */
  function chosen() {
    if (node.select.value === NOTHING) return null;
    return { node: node.select.value, field: /** @type {Field} */ (field.select.value), value: value.select.value };
  }

  function weigh() {
    redraw();
    dispatch({ type: 'weigh', guess: chosen() });
  }

  function redraw() {
    if (!latest?.guess) return;
    const { guess, nodes } = latest;
    offer(node.select, [...nodes.map((id) => /** @type {[string, string]} */ ([id, id])), [NOTHING, t('guess.nothing')]]);
    const nothing = node.select.value === NOTHING;
    field.label.hidden = nothing;
    value.label.hidden = nothing;
    if (!nothing) {
      offer(field.select, guess.fields.map((each) => [each, t(`guess.field.${each}`)]));
      const values = guess.fitting(node.select.value, /** @type {Field} */ (field.select.value));
      offer(value.select, values.map((each) => [each, each]));
    }
    const { turn, score: { right, partly, wrong } } = guess;
    const known = turn?.mark && latest.seq >= turn.to ? turn : null;
    verdict.hidden = !known;
    chips.hidden = !known;
    if (known?.mark) {
      text(verdict, t(`guess.${known.mark}`));
      verdict.dataset.mark = known.mark;
      chips.replaceChildren(...(known.changes.length > 0 ? known.changes.map((each) => html('li', {}, [html('button', {
        class: 'ask', type: 'button', 'data-ask': about('field', each.node, each.field), title: t('guess.why'),
        text: t('guess.change', { node: each.node, field: t(`guess.field.${each.field}`), from: each.from, to: each.to }),
      })])) : [html('li', { text: t('guess.none') })]));
    }
    score.hidden = right + partly + wrong === 0;
    text(score, t('guess.score', { right, partly, wrong }));
  }

  return {
    root,
    update(model) {
      const same = latest && latest.guess === model.guess && latest.view === model.view && latest.nodes === model.nodes;
      latest = model;
      if (!same) redraw();
    },
  };
}
