/**
 * The sheet on which one chooses what to compare with.
 *
 * @module compare/chooser
 */

import { branchName } from '../lib/format.js';
import { html } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { asBranch, RULES } from './words.js';

/** @typedef {import('../types.js').Model} Model */

/**
 * @param {(what: string) => void} choose
 * @param {() => void} leave
 * @returns {{toggle: (model: Model, chosen: string|null, near: Element|null) => void}}
 */
export function createChooser(choose, leave) {
  const root = html('div', { class: 'compare-chooser', popover: 'auto', role: 'dialog', 'aria-labelledby': 'compare-title' });
  document.body.append(root);
  /** A recording has its branches, but nobody to carry out its commands under other rules. */
  const recorded = 'recorded' in document.body.dataset;
  /** @type {Element|null} */
  let near = null;
  root.addEventListener('toggle', (event) => {
    const closed = /** @type {ToggleEvent} */ (event).newState === 'closed';
    if (closed && near instanceof HTMLElement && (document.activeElement === document.body || root.contains(document.activeElement))) near.focus();
  });

  /** @param {string} what @param {string} name @param {string} hint @param {boolean} chosen */
  function choice(what, name, hint, chosen) {
    return html('li', {}, [
      html('button', { type: 'button', class: 'compare-choice', 'data-what': what, 'aria-pressed': String(chosen), onclick: () => {
        root.hidePopover();
        choose(what);
      } }, [html('strong', { text: name }), html('span', { class: 'compare-hint', text: hint })]),
    ]);
  }

  /** @param {string} id @param {string} title @param {HTMLElement[]} items */
  function group(id, title, items) {
    return html('section', {}, [html('h3', { id, text: title }), html('ul', { 'aria-labelledby': id }, items)]);
  }

  return {
    toggle(model, chosen, from) {
      if (root.matches(':popover-open')) {
        root.hidePopover();
        return;
      }
      near = from;
      const branches = model.branches.filter(({ id }) => id !== model.branch);
      const rules = recorded ? [] : RULES.map((name) => choice(name, t(`compare.rules.${name}`), t(`compare.rules.${name}.hint`), chosen === name));
      const others = branches.map((each) => {
        const parent = model.branches.find(({ id }) => id === each.parent);
        const hint = parent ? t('compare.branch.hint', { parent: branchName(parent.name), event: each.at ?? 0 }) : t('compare.branch.first');
        return choice(asBranch(each.id), branchName(each.name), hint, chosen === asBranch(each.id));
      });
      root.replaceChildren(
        html('h2', { id: 'compare-title', text: t('compare.title') }),
        html('p', { class: 'compare-hint', text: t('compare.lead') }),
        ...(others.length ? [group('compare-branches', t('compare.branches'), others)] : []),
        ...(rules.length ? [group('compare-rules', t('compare.rules'), rules)] : []),
        ...(chosen ? [html('button', { type: 'button', class: 'quiet', text: t('compare.leave'), onclick: () => {
          root.hidePopover();
          leave();
        } })] : []),
      );
      root.showPopover();
      /** @type {HTMLElement} */ (root.querySelector('[aria-pressed="true"]') ?? root.querySelector('button')).focus();
    },
  };
}
