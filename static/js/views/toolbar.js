/**
 * The tools over the stage, and the form that does by name what they do by hand.
 *
 * @module views/toolbar
 */

import { milliseconds } from '../lib/format.js';
import { attr, hide, html, text } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { createActs } from './parts/acts.js';
import { icon } from './parts/icons.js';
import { currentConfiguration } from './parts/roles.js';

/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('../types.js').Tool} Tool */

/** @type {ReadonlyArray<Tool>} */
const TOOLS = ['select', 'cut', 'isolate', 'crash', 'write'];

/** While time runs the clock is written every so many frames: faster cannot be read. */
const CLOCK_FRAMES = 6;

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createToolbar(root, dispatch) {
  const time = html('span');
  const clock = html('p', { class: 'stage-clock' }, [html('span', { class: 'stage-clock-name', text: `${t('stage.clock')} ` }), time]);
  const buttons = TOOLS.map((tool) =>
    html('button', { class: 'tool soft', type: 'button', 'data-tool': tool, 'aria-label': t(`tool.${tool}`), onclick: () => dispatch({ type: 'tool', tool }) }, [icon(tool), html('span', { text: t(`tool.${tool}`) })]),
  );
  const more = html('button', { class: 'tool soft', type: 'button', 'data-tool': 'act', 'aria-label': t('tool.act'), 'aria-expanded': 'false', 'aria-controls': 'acts', onclick: () => toggleActs() }, [icon('act'), html('span', { text: t('tool.act') })]);
  const tools = html('div', { class: 'tools', role: 'toolbar', 'aria-label': t('tool.title') }, [...buttons, more]);
  let asked = false;
  // Phones have no room for it beside the branches, where it is else.
  const compare = html('button', { class: 'tool soft compare-tool', type: 'button', 'aria-haspopup': 'dialog', 'aria-label': t('transport.compare'), title: t('transport.compare.hint'), onclick: () => dispatch({ type: 'compare' }) }, [icon('compare')]);
  const acts = createActs((action) => {
    asked = action.type === 'command';
    dispatch(action);
  });
  const sheet = html('div', { class: 'acts', id: 'acts', hidden: true, role: 'dialog', 'aria-label': t('act.title') }, [acts.root]);
  const joint = html('span', { class: 'stage-joint', hidden: true }, [html('span', { text: t('stage.joint') }), 'C', html('sub', { text: 'old,new' })]);
  root.append(html('div', { class: 'stage-title' }, [html('div', { class: 'stage-what' }, [html('h2', { class: 'eyebrow', text: t('stage.title') }), joint]), clock]), tools, compare, sheet);

  tools.addEventListener('keydown', (event) => {
    const turn = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!turn) return;
    const all = [...buttons, more];
    const at = all.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    all[(at + turn + all.length) % all.length].focus();
    event.preventDefault();
    event.stopPropagation();
  });
  sheet.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    toggleActs(false);
    more.focus();
    event.stopPropagation();
  });
  document.addEventListener('pointerdown', (event) => {
    if (!sheet.hidden && event.target instanceof Node && !root.contains(event.target)) toggleActs(false);
  });

  /** @param {boolean} [open] */
  function toggleActs(open = Boolean(sheet.hidden)) {
    sheet.hidden = !open;
    attr(more, 'aria-expanded', open ? 'true' : 'false');
    asked = false;
    if (!open && drawn?.tool === 'write') dispatch({ type: 'tool', tool: 'select' });
    if (open && drawn?.selection) dispatch({ type: 'select', selection: null });
    if (open && drawn) {
      acts.update(drawn);
      sheet.querySelector('select')?.focus();
    }
  }

  /** @param {Model} model */
  function drawJoint(model) {
    const configuration = currentConfiguration(model);
    const old = configuration?.old ?? [];
    hide(joint, old.length === 0);
    attr(joint, 'title', old.length > 0 && configuration ? t('stage.joint.hint', { old: old.join(t('comma.list')), members: configuration.members.join(t('comma.list')) }) : null);
  }

  /** @type {Model|null} */
  let drawn = null;
  let frames = 0;
  return {
    update(model) {
      const was = drawn;
      drawn = model;
      frames += 1;
      if (!model.playing || frames % CLOCK_FRAMES === 0) text(time, milliseconds(model.time));
      attr(root, 'data-role', model.role);
      if (was?.view.nodes !== model.view.nodes) drawJoint(model);
      if (was?.tool !== model.tool) {
        TOOLS.forEach((tool, i) => attr(buttons[i], 'aria-pressed', tool === model.tool ? 'true' : 'false'));
        if (model.tool === 'write' && was) {
          acts.choose('write');
          toggleActs(true);
        }
      }
      // What was asked for has happened: the form leaves the view to it.
      if (asked && !model.error && was && (was.last !== model.last || was.branch !== model.branch)) toggleActs(false);
      if (!sheet.hidden && (was?.view !== model.view || was?.error !== model.error)) acts.update(model);
    },
  };
}
