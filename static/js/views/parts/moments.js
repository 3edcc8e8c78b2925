/**
 * Going from one moment of interest to the next, and choosing which moments are of interest.
 *
 * @module views/parts/moments
 */

import { ALL_MOMENTS } from '../../lib/moments.js';
import { html } from '../../lib/svg.js';
import { t } from '../../lib/words.js';
import { icon } from './icons.js';

/** @typedef {import('../../types.js').Moment} Moment */

/**
 * @param {import('../../types.js').Dispatch} dispatch
 * @returns {{element: HTMLElement, update: (chosen: readonly Moment[]) => void}}
 */
export function createMoments(dispatch) {
  /** @param {string} name @param {string} drawing @param {1|-1} direction @param {string} key */
  const button = (name, drawing, direction, key) =>
    html('button', { class: 'soft icon', type: 'button', 'aria-label': name, title: `${name} (${key})`, onclick: () => dispatch({ type: 'moment', direction }) }, [icon(drawing)]);
  const boxes = ALL_MOMENTS.map((moment) => {
    const box = html('input', { type: 'checkbox', value: moment, checked: true });
    box.addEventListener('change', choose);
    return box;
  });
  function choose() {
    dispatch({ type: 'moments', moments: ALL_MOMENTS.filter((_, i) => boxes[i].checked) });
  }
  const summary = html('summary', { class: 'button soft icon', 'aria-label': t('moment.choose'), title: t('moment.choose') }, [icon('choose')]);
  const sheet = html('div', { class: 'moment-kinds', role: 'group', 'aria-label': t('moment.choose') }, boxes.map((box, i) =>
    html('label', {}, [box, t(`moment.${ALL_MOMENTS[i]}`)]),
  ));
  const chooser = html('details', { class: 'moment-choose' }, [summary, sheet]);
  chooser.addEventListener('focusout', (event) => {
    if (event.relatedTarget instanceof Node && !chooser.contains(event.relatedTarget)) chooser.open = false;
  });
  chooser.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !chooser.open) return;
    event.stopPropagation();
    chooser.open = false;
    summary.focus();
  });
  document.addEventListener('pointerdown', (event) => {
    if (event.target instanceof Node && !chooser.contains(event.target)) chooser.open = false;
  });
  const element = html('div', { class: 'moments', role: 'group', 'aria-label': t('moment.title') }, [
    button(t('moment.previous'), 'momentBack', -1, 'Shift N'), button(t('moment.next'), 'moment', 1, 'N'), chooser,
  ]);
  return {
    element,
    update(chosen) {
      ALL_MOMENTS.forEach((moment, i) => (boxes[i].checked = chosen.includes(moment)));
    },
  };
}
