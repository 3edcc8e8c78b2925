/**
 * What is shown, on paper: the step's text, stage and diagram, and the state in the document's
 * notation, black on white. The figure is the same as the one that may be taken away.
 *
 * @module takeaway/print
 */

import { html } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { USUAL, follow } from '../store/stretch.js';
import { horizon } from '../views/parts/horizon.js';
import { richText } from '../views/parts/richtext.js';
import { createPress, headline } from './figure.js';
import { momentAt, upTo } from './moment.js';

/** @typedef {import('../types.js').Model} Model */

/**
 * @typedef {object} Printed What the page gives to be printed.
 * @property {() => Model} model
 * @property {() => import('../store/journal.js').Journal} journal
 * @property {() => import('./moment.js').Span|null} window What the space-time diagram on the screen shows.
 * @property {() => string[]} lines The state.
 */

/**
 * @param {Model} model
 * @returns {HTMLElement} What the cluster is doing, in words.
 */
function story(model) {
  const root = html('div', { class: 'print-story' });
  const step = model.lesson?.steps[model.step];
  if (step) {
    richText(root, step.html);
    root.prepend(html('h2', { text: step.title }));
    if (step.sources.length > 0) root.append(html('p', { class: 'print-sources', text: step.sources.join(' · ') }));
    return root;
  }
  const event = model.event(model.seq);
  const said = event && model.explain(event)?.text;
  if (said) root.append(html('p', { text: said }));
  return root;
}

/**
 * @param {Printed} source
 * @returns {HTMLElement}
 */
function sheetOf(source) {
  const model = source.model();
  const journal = source.journal();
  const seen = horizon(model);
  const window = source.window() ?? follow(null, model.span, model.p, USUAL, 0);
  const press = createPress(journal, { what: 'both', theme: 'light', legend: true, span: upTo(model, journal, window, seen), seen });
  const drawn = press.draw({ ...momentAt(model, journal, model.p, model.seq), flights: model.flights });
  press.close();
  const figure = new DOMParser().parseFromString(drawn.svg, 'image/svg+xml').documentElement;
  const { title } = headline(model);
  return html('article', { class: 'print-sheet', 'aria-hidden': 'true' }, [
    html('h1', { text: title }),
    story(model),
    html('div', { class: 'print-figure' }, [document.importNode(figure, true)]),
    html('section', { class: 'print-state' }, [
      html('h2', { text: t('state.title') }),
      ...source.lines().map((line) => html('p', { class: 'print-line', text: line })),
    ]),
    html('p', { class: 'print-foot', text: location.href }),
  ]);
}

/**
 * @param {Printed} source
 * @returns {{print: () => void}}
 */
export function createPrint(source) {
  /** @type {HTMLElement|null} */
  let sheet = null;

  function lay() {
    sheet?.remove();
    sheet = sheetOf(source);
    document.body.append(sheet);
  }

  // Printing by the browser's own menu, once this is here, gives the same sheet.
  addEventListener('beforeprint', lay);
  addEventListener('afterprint', () => {
    sheet?.remove();
    sheet = null;
  });

  return {
    print() {
      lay();
      window.print();
    },
  };
}
