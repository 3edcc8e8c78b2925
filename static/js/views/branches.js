/**
 * The branches of the room: a button that names the one on the screen, and opens the tree of all.
 *
 * @module views/branches
 */

import { rows, step } from '../geometry/tree.js';
import { branchName, milliseconds } from '../lib/format.js';
import { attr, html, keyed, style, text, toggle } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { icon } from './parts/icons.js';

/** @typedef {import('../types.js').Branch} Branch */
/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('../geometry/tree.js').Row} Row */

/** Longest name, in characters: the same as the server takes. */
const LONGEST = 60;

/** @type {ReadonlyArray<string>} */
const KEYS = ['ArrowDown', 'ArrowUp', 'Home', 'End', 'ArrowRight', 'ArrowLeft'];

/**
 * @param {string} name Without blanks around it.
 * @returns {string|null} What is wrong with it.
 */
function problem(name) {
  const long = [...name].length;
  if (/^\p{C}*$/u.test(name)) return t('tree.name.needed');
  return long > LONGEST ? t('tree.name.long', { long, most: LONGEST }) : null;
}

/**
 * @param {Branch} branch
 * @param {Model['explain']} explain
 * @returns {string} What was done on it first, after it forked.
 */
function firstDeed({ parent, lesson, at, last, did }, explain) {
  if (parent === null) return t(lesson ? 'tree.lesson' : 'tree.start');
  if (did) {
    const said = explain({ seq: 0, time: 0, kind: did[0], node: null, cause: null, data: {}, changes: [], say: did })?.text ?? '';
    const command = t('tree.command');
    return said.startsWith(command) ? said.slice(command.length) : said;
  }
  return t(last === at ? 'tree.nothing' : 'tree.time');
}

/**
 * @param {Branch} branch
 * @returns {string} Where it forked.
 */
function origin({ parent, at, forked }) {
  if (parent === null || at === null) return '';
  return forked === null || forked === undefined ? t('tree.event', { seq: at }) : t('tree.forked', { seq: at, time: milliseconds(forked) });
}

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createBranches(root, dispatch) {
  const name = html('span', { class: 'branch-name' });
  const count = html('span', { class: 'branch-count' });
  const button = html('button', { type: 'button', class: 'soft branch-button', 'aria-haspopup': 'dialog', 'aria-expanded': 'false', popovertarget: 'branch-popover' }, [icon('branch'), name, ' ', count]);
  const tree = html('div', { class: 'branch-tree', role: 'tree', 'aria-labelledby': 'branch-title' });
  const input = html('input', { type: 'text', autocomplete: 'off', spellcheck: 'false' });
  const complaint = html('p', { class: 'complaint', id: 'branch-complaint', role: 'alert' });
  const rename = html('form', { class: 'branch-rename', novalidate: true }, [
    html('label', {}, [html('span', { text: t('tree.name') }), input]),
    html('button', { type: 'submit', text: t('tree.rename') }),
    complaint,
  ]);
  const box = html('div', { class: 'branch-popover', id: 'branch-popover', popover: 'auto', role: 'dialog', 'aria-labelledby': 'branch-title' }, [
    html('h2', { id: 'branch-title', text: t('tree.title') }),
    html('p', { class: 'branch-about', text: t('tree.about') }),
    tree,
    rename,
  ]);
  root.append(button, box);

  /** @type {Model|null} */
  let latest = null;
  /** @type {Row[]} */
  let shown = [];
  let focus = '';

  const draw = keyed(
    tree,
    (/** @type {Row} */ row) => row.branch.id,
    ({ branch }) => html('div', { class: 'branch-row', role: 'treeitem', 'data-branch': branch.id, onclick: () => choose(branch.id) }, [
      html('span', { class: 'branch-rails', 'aria-hidden': 'true' }),
      html('span', { class: 'branch-mark', 'aria-hidden': 'true' }),
      html('span', { class: 'branch-words' }, [
        html('strong'), ' ', html('span', { class: 'branch-here' }), ' ', html('span', { class: 'branch-did' }), ' ', html('span', { class: 'branch-forked' }),
      ]),
    ]),
    (element, { branch, level, place, of, rails }) => {
      if (!latest) return;
      const current = branch.id === latest.branch;
      const [lines, , words] = element.children;
      const [title, here, did, forked] = words.children;
      attr(element, 'aria-level', level);
      attr(element, 'aria-posinset', place);
      attr(element, 'aria-setsize', of);
      attr(element, 'aria-selected', current ? 'true' : 'false');
      attr(element, 'aria-current', current);
      attr(element, 'tabindex', branch.id === focus ? 0 : -1);
      lines.replaceChildren(...rails.map((on, i) => html('span', { class: `rail${on ? ' on' : ''}${i === rails.length - 1 ? ' turn' : ''}` })));
      text(title, branchName(branch.name));
      text(here, current ? t('tree.here') : '');
      text(did, firstDeed(branch, latest.explain));
      text(forked, origin(branch));
    },
  );

  /** @param {string} id */
  function choose(id) {
    if (id !== latest?.branch) dispatch({ type: 'branch', id });
    box.hidePopover();
    button.focus();
  }

  /** @param {Model} model */
  function drawTree(model) {
    shown = rows(model.branches);
    if (!shown.some(({ branch }) => branch.id === focus)) focus = model.branch;
    draw(shown);
    rename.hidden = model.role !== 'presenter';
  }

  tree.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === ' ') choose(focus);
    else if (event.key === 'F2' && !rename.hidden) input.focus();
    else if (KEYS.includes(event.key)) {
      focus = step(shown, focus, event.key) ?? focus;
      draw(shown);
      look();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  /** @param {string|null} wrong */
  function complain(wrong) {
    complaint.textContent = wrong ?? '';
    attr(input, 'aria-invalid', wrong ? 'true' : 'false');
    attr(input, 'aria-describedby', wrong ? complaint.id : '');
  }

  input.addEventListener('input', () => complain(problem(input.value.trim())));
  rename.addEventListener('submit', (event) => {
    event.preventDefault();
    const wanted = input.value.trim();
    const wrong = problem(wanted);
    complain(wrong);
    if (wrong) {
      input.focus();
      return;
    }
    if (latest) dispatch({ type: 'rename', id: latest.branch, name: wanted });
    box.hidePopover();
    button.focus();
  });

  /** Focus the row that arrow keys have reached. */
  function look() {
    const row = [...tree.children].find((each) => each.getAttribute('data-branch') === focus);
    if (row instanceof HTMLElement) row.focus();
  }

  box.addEventListener('beforetoggle', (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== 'open' || !latest) return;
    const near = button.getBoundingClientRect();
    style(box, 'right', `${Math.max(8, innerWidth - near.right)}px`);
    style(box, 'bottom', `${innerHeight - near.top + 6}px`);
    style(box, '--room', `${near.top - 14}px`);
    focus = latest.branch;
    drawTree(latest);
    input.value = branchName(latest.branches.find(({ id }) => id === latest?.branch)?.name ?? '');
    complain(null);
  });
  box.addEventListener('toggle', (event) => {
    const open = /** @type {ToggleEvent} */ (event).newState === 'open';
    attr(button, 'aria-expanded', open ? 'true' : 'false');
    if (open) look();
  });

  return {
    update(model) {
      const was = latest;
      latest = model;
      if (was?.branches === model.branches && was.branch === model.branch && was.explain === model.explain && was.role === model.role) return;
      const now = branchName(model.branches.find(({ id }) => id === model.branch)?.name ?? '');
      text(name, now);
      text(count, model.branches.length > 1 ? model.branches.length : '');
      attr(button, 'aria-label', t('tree.button', { name: now, count: model.branches.length }));
      attr(button, 'title', t('tree.button', { name: now, count: model.branches.length }));
      toggle(root, 'lone', model.branches.length < 2);
      if (box.matches(':popover-open')) drawTree(model);
    },
  };
}
