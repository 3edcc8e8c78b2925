/**
 * Two stages beside each other in the place of one, each with its caption, and below them what differs.
 *
 * @module compare/stages
 */

import { describe as refused } from '../lib/refused.js';
import { attr, html, keyed, style, text } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { createStill } from '../takeaway/studio.js';
import { icon } from '../views/parts/icons.js';
import { stageScale } from '../views/parts/visible.js';
import { describe } from '../views/stage/nodes.js';
import { mark } from './marks.js';
import { told } from './words.js';

/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('../store/differ.js').Difference} Difference */
/** @typedef {import('./other.js').Skipped} Skipped */

/**
 * @typedef {object} Deeds What the buttons do.
 * @property {() => void} first
 * @property {() => void} next
 * @property {() => void} choose
 * @property {(right: boolean) => void} tell Whose logs, state and store the panels tell.
 * @property {() => void} swap
 * @property {() => void} leave
 * @property {(seq: number) => void} go
 */

/**
 * @typedef {object} Shown
 * @property {Model} here
 * @property {Model} there
 * @property {Difference[]} found
 * @property {string} nameHere
 * @property {string} nameThere
 * @property {Skipped[]} skipped
 * @property {boolean} stale Whether the other side is being asked for anew.
 * @property {boolean} right Whether the panels tell the right side.
 * @property {boolean} branch Whether the right side is a branch, which can stand on the left too.
 */

/**
 * @param {HTMLElement} stage The page's own.
 * @param {Deeds} deeds
 * @returns {{draw: (shown: Shown) => void, close: () => void}}
 */
export function createStages(stage, deeds) {
  const page = document.documentElement;
  const nameHere = html('h3', { class: 'compare-name', 'data-side': 'here' });
  const nameThere = html('h3', { class: 'compare-name', id: 'compare-there' });
  const list = html('ul', {});
  const skipped = html('button', { type: 'button', class: 'quiet compare-skipped', popovertarget: 'compare-skipped', hidden: true });
  const sheet = html('div', { class: 'compare-sheet', id: 'compare-skipped', popover: 'auto', role: 'dialog', 'aria-label': t('compare.skipped.title') }, [list]);
  sheet.addEventListener('beforetoggle', () => {
    const { left, bottom } = skipped.getBoundingClientRect();
    style(sheet, '--x', `${Math.round(left)}px`);
    style(sheet, '--y', `${Math.round(bottom)}px`);
  });
  const there = html('div', { class: 'compare-caption', 'data-side': 'there' }, [nameThere, skipped, sheet]);
  const root = html('div', { class: 'stage', inert: true });
  const words = html('p', { class: 'visually-hidden', id: 'compare-words' });
  const other = html('div', { class: 'stage-other', id: 'stage-other', role: 'group', 'aria-labelledby': 'compare-there', 'aria-describedby': 'compare-words' }, [root, words]);
  const verdict = html('p', { class: 'compare-verdict' });
  const lines = html('ul', { class: 'compare-lines' });
  const button = (/** @type {string} */ label, /** @type {() => void} */ act) => html('button', { type: 'button', class: 'soft', text: label, onclick: act });
  const leave = html('button', { type: 'button', class: 'icon', 'aria-label': t('compare.leave'), title: t('compare.leave.hint'), onclick: deeds.leave }, [icon('close')]);
  const swap = html('button', { type: 'button', class: 'icon soft', 'aria-label': t('compare.swap'), title: t('compare.swap.hint'), onclick: deeds.swap }, [icon('swap')]);
  const whose = [false, true].map((right) => html('button', { type: 'button', class: 'quiet', 'data-right': right, title: t('compare.whose.hint'), onclick: () => deeds.tell(right) }, [
    html('span', { class: 'compare-which', text: t(right ? 'compare.right' : 'compare.left') }), ' ', html('span', { class: 'compare-named' }),
  ]));
  const sides = html('div', { class: 'compare-whose', role: 'group', 'aria-label': t('compare.whose') }, whose);
  const tabs = document.getElementById('tabs');
  tabs?.querySelector('.tab-list')?.after(sides);
  tabs?.setAttribute('data-whose', '');
  const bar = html('section', { class: 'compare-bar', 'aria-label': t('compare.differences') }, [
    html('div', { class: 'compare-told', tabindex: 0, role: 'group', 'aria-label': t('compare.differences') }, [verdict, lines]),
    html('div', { class: 'compare-buttons' }, [button(t('compare.first'), deeds.first), button(t('compare.next'), deeds.next), button(t('compare.other'), deeds.choose), swap, leave]),
  ]);
  const still = createStill(root);
  stage.before(nameHere);
  stage.after(there, other, bar);
  attr(page, 'data-compare', true);

  let size = { width: 0, height: 0, scale: 1 };
  /** @type {Shown|null} */
  let latest = null;
  // The page's own stage is laid out anew by itself before this is told of it: it was here first.
  const seen = new ResizeObserver((entries) => {
    for (const { target, contentRect: { width, height } } of entries) {
      if (target === root) size = { width: Math.round(width), height: Math.round(height), scale: stageScale(root, width, height) };
    }
    if (!latest) return;
    drawOther(latest);
    mark(stage, latest.found);
  });
  seen.observe(root);
  seen.observe(stage);

  const drawLines = keyed(
    lines,
    (/** @type {{node: string, words: string}} */ line) => line.node,
    ({ node }) => html('li', {}, [html('strong', { text: node }), ' ', html('span')]),
    (item, line) => text(item.children[1], line.words),
  );
  const drawSkipped = keyed(
    list,
    (/** @type {Skipped} */ each) => each.seq,
    (each) => {
      const [[name, argument]] = Object.entries(each.command);
      const said = `${name} ${typeof argument === 'string' ? argument : JSON.stringify(argument)}`;
      return html('li', {}, [html('button', { type: 'button', class: 'quiet', text: said, onclick: () => {
        sheet.hidePopover();
        deeds.go(each.seq);
      } }), html('span', { text: refused(each.error) })]);
    },
    () => {},
  );

  /** @param {Shown} shown */
  function drawOther({ there: model, found }) {
    if (size.width <= 0 || size.height <= 0) return;
    still.draw(model, size);
    mark(root, found);
  }

  /** @type {Difference[]|null} */
  let drawn = null;
  let said = '';

  return {
    draw(shown) {
      latest = shown;
      const { here, found } = shown;
      text(nameHere, shown.nameHere);
      text(nameThere, shown.nameThere);
      whose.forEach((each, i) => {
        attr(each, 'aria-pressed', (i === 1) === shown.right ? 'true' : 'false');
        text(/** @type {Element} */ (each.lastElementChild), i ? shown.nameThere : shown.nameHere);
      });
      attr(nameHere, 'data-told', !shown.right);
      attr(nameThere, 'data-told', shown.right);
      swap.hidden = !shown.branch;
      attr(there, 'aria-busy', shown.stale ? 'true' : null);
      skipped.hidden = shown.skipped.length === 0;
      text(skipped, t('compare.skipped', { count: shown.skipped.length }));
      drawSkipped(shown.skipped);
      drawOther(shown);
      mark(stage, found);
      const inWords = shown.there.nodes.map((id) => (shown.there.view.nodes[id] ? t('node.sentence', { says: describe(id, shown.there) }) : '')).join(' ');
      if (inWords !== said) text(words, (said = inWords));
      attr(bar, 'aria-live', here.playing ? 'off' : 'polite');
      if (drawn && drawn.length === found.length && drawn.every((each, i) => each === found[i])) return;
      drawn = found;
      const all = told(found);
      text(verdict, all.length ? t('compare.verdict', { count: found.length }) : t('compare.same'));
      attr(verdict, 'data-same', all.length === 0);
      drawLines(all);
    },
    close() {
      seen.disconnect();
      mark(stage, []);
      for (const each of [nameHere, there, other, bar, sides]) each.remove();
      tabs?.removeAttribute('data-whose');
      attr(page, 'data-compare', null);
    },
  };
}
