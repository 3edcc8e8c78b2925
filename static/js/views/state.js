/**
 * The state panel: one line a node, in the document's notation. A line's textContent is the line,
 * letter by letter, also while another tab covers it.
 *
 * @module views/state
 */

import { about } from '../lib/ask.js';
import { html, keyed, text, toggle } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { changedFields, comment, documentLines, lineText } from './notation.js';
import { heardSays } from './parts/heard.js';
import { icon } from './parts/icons.js';

/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('./notation.js').Line} Line */
/** @typedef {{line: Line, changed: Set<string>, tail: string, whole: string|null}} Row */

/** Longer logs are not compared word by word while they play. */
const LONG = 4000;

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createState(root, dispatch) {
  const body = html('div', { class: 'state-lines', tabindex: 0, role: 'group', 'aria-label': t('state.nodes') });
  const copy = html('button', { class: 'quiet', type: 'button', onclick: () => dispatch({ type: 'copyState' }) }, [icon('copy'), t('state.copy')]);
  root.append(html('div', { class: 'card-head' }, [html('h2', { class: 'eyebrow', text: t('state.title') }), copy]), body);

  /** @type {Row[]} */
  let rows = [];
  /** What each line is made of: which fields, and which of them are marked. @type {WeakMap<Element, string>} */
  const made = new WeakMap();

  /** @param {HTMLElement} element @param {Row} row */
  function make(element, { line, changed, tail }) {
    const parts = line.parts.flatMap((part, i) => {
      const field = html(changed.has(part.name) ? 'mark' : 'span', { class: 'state-field' }, [
        // A button would not be broken into lines as the text that it is.
        html('span', {
          class: 'ask', role: 'button', tabindex: 0, title: t('state.why', { field: part.name, node: line.id }),
          'data-ask': about('field', line.id, part.name),
        }),
      ]);
      return i ? [', ', field] : [field];
    });
    element.replaceChildren(html('span', { class: 'state-node', text: `${line.id}: ` }), '{', ...parts, '}');
    if (tail) element.append(html('span', { class: 'state-comment' }));
  }

  /** @param {HTMLElement} element @param {Row} row */
  function write(element, row) {
    const { line, changed, tail, whole } = row;
    if (whole !== null) {
      element.replaceChildren(whole);
      made.delete(element);
      return;
    }
    const like = [line.id, Boolean(tail), ...line.parts.map(({ name }) => (changed.has(name) ? `*${name}` : name))].join();
    if (made.get(element) !== like) make(element, row);
    made.set(element, like);
    element.querySelectorAll('.ask').forEach((field, i) => text(field, line.parts[i].text));
    if (tail && element.lastElementChild) text(element.lastElementChild, tail);
  }

  /** @type {WeakMap<Element, string>} */
  const written = new WeakMap();
  const draw = keyed(
    body,
    (/** @type {Row} */ row) => row.line.id,
    (row) => html('p', { class: 'state-line', 'data-node-line': row.line.id }),
    (element, row) => {
      const key = `${row.whole ?? lineText(row.line)}\n${row.tail}\n${[...row.changed].join()}`;
      if (written.get(element) === key) return;
      written.set(element, key);
      write(element, row);
    },
  );

  /** @type {Model|null} */
  let drawn = null;

  /** @param {Model} model */
  function update(model) {
    const same =
      drawn && drawn.view.nodes === model.view.nodes && drawn.session === model.session && drawn.previous?.nodes === model.previous?.nodes && drawn.step === model.step && drawn.seq === model.seq;
    if (same) return;
    const before = drawn;
    drawn = model;
    const ids = model.nodes;
    const lines = documentLines(model.view, ids);
    const length = lines.reduce((sum, line) => sum + line.parts[3].text.length, 0);
    const was = model.previous && length < LONG ? documentLines(model.previous, ids) : [];
    const step = model.aside ? undefined : model.lesson?.steps[model.step];
    const final = step && model.seq >= step.end ? step.lines : [];
    rows = lines.map((line) => {
      const given = final.find((each) => each.startsWith(`${line.id}: `));
      const tail = comment(line, given);
      const changed = changedFields(line, was.find((each) => each.id === line.id));
      const { heard } = model.view.nodes[line.id];
      if (heard !== undefined) return { line, changed: new Set(), tail: '', whole: heardSays(line.id, model.view.nodes[line.id], model.time) };
      return { line, changed, tail: tail ?? '', whole: tail === null ? (given ?? null) : null };
    });
    draw(rows);
    toggle(root, 'long', length > LONG);
    if (before && before.session !== model.session) body.scrollTop = 0;
  }

  return { update };
}
