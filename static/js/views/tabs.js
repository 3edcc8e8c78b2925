/**
 * The tabs over the panels. Where room is short, on the projector and beside two stages the state panel becomes
 * one of them; on phones the narration and the space-time diagram, too, and the tabs are a sheet drawn up from below.
 *
 * @module views/tabs
 */

import { attr, html, text, toggle } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { watched } from './parts/properties.js';
import { createSheet } from './parts/sheet.js';
import { SHOWN } from './parts/visible.js';

/** @typedef {import('../types.js').Model} Model */

const TABS = /** @type {const} */ ([
  ['lesson', 'tab.lesson'],
  ['spacetime', 'tab.diagram'],
  ['panel-logs', 'tab.logs'],
  ['state', 'tab.state'],
  ['panel-keyvalue', 'tab.keyvalue'],
  ['panel-events', 'tab.events'],
  ['panel-why', 'tab.why'],
  ['panel-safety', 'tab.safety'],
]);

/**
 * @param {HTMLElement} root Holds the panels.
 * @returns {import('../types.js').ViewPart}
 */
export function createTabs(root) {
  const narrow = matchMedia('(max-width: 760px), (max-height: 500px)');
  const short = matchMedia('(max-width: 1180px), (max-height: 760px)');
  const page = document.documentElement;
  const desk = root.closest('.desk');
  /** Panels with a place of their own, which are tabs where room is short. */
  const guests = [
    { id: 'lesson', folded: () => narrow.matches && !page.hasAttribute('data-slides') },
    { id: 'spacetime', folded: () => narrow.matches },
    { id: 'state', folded: () => short.matches || page.hasAttribute('data-projector') || page.hasAttribute('data-compare') },
  ].map((guest) => {
    const panel = document.getElementById(guest.id);
    return { ...guest, panel, home: panel?.parentElement ?? null, before: panel?.nextElementSibling ?? null };
  });
  /** @param {string} id */
  const isTab = (id) => guests.find((each) => each.id === id)?.folded() ?? true;
  const sheet = createSheet(root);
  let chosen = 'lesson';

  const buttons = TABS.map(([id, label]) =>
    html('button', { class: 'tab', type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': id, text: t(label), onclick: () => pick(id) }),
  );
  const list = html('div', { class: 'tab-list', role: 'tablist', 'aria-label': t('tab.panels') }, buttons);
  root.prepend(sheet.handle, list);
  list.addEventListener('keydown', (event) => {
    const shown = buttons.filter((each) => !each.hidden);
    const at = shown.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: shown.length - 1 }[event.key];
    if (next === undefined || at < 0 || event.shiftKey) return; // With Shift they are the page's.
    event.preventDefault();
    const button = shown[(next + shown.length) % shown.length];
    button.focus();
    button.click();
  });

  /** @param {string} id */
  function pick(id) {
    choose(id);
    sheet.rise();
    reveal(buttons[TABS.findIndex(([each]) => each === id)]);
  }

  /** @param {HTMLElement} button Scroll the list, and nothing else, until it is in the middle. */
  function reveal(button) {
    const [its, frame] = [button.getBoundingClientRect(), list.getBoundingClientRect()];
    list.scrollLeft += (its.left + its.right - frame.left - frame.right) / 2;
  }

  /** @param {string} id */
  function choose(id) {
    chosen = id;
    if (desk) attr(desk, 'data-tab', id);
    TABS.forEach(([each], i) => {
      const panel = document.getElementById(each);
      const on = each === id;
      attr(buttons[i], 'aria-selected', on ? 'true' : 'false');
      attr(buttons[i], 'tabindex', on ? 0 : -1);
      if (!panel || !isTab(each)) return;
      if (panel.hidden === !on) return;
      panel.hidden = !on;
      if (on) panel.dispatchEvent(new CustomEvent(SHOWN));
    });
  }

  function arrange() {
    for (const { id, folded, panel, home, before } of guests) {
      const button = buttons[TABS.findIndex(([each]) => each === id)];
      button.hidden = !folded();
      if (!panel || !home) continue;
      if (folded()) {
        if (panel.parentElement !== root) root.append(panel);
        attr(panel, 'role', 'tabpanel');
      } else {
        if (panel.parentElement !== home) home.insertBefore(panel, before);
        attr(panel, 'role', null);
        panel.hidden = false;
      }
    }
    const wanted = chosen;
    choose(isTab(chosen) ? chosen : 'panel-logs');
    chosen = wanted; // Slides last for a while only.
  }

  for (const [id] of TABS) {
    const panel = document.getElementById(id);
    if (!panel || guests.some((each) => each.id === id)) continue;
    attr(panel, 'role', 'tabpanel');
    attr(panel, 'aria-labelledby', `tab-${id}`);
  }
  for (const each of [narrow, short]) each.addEventListener('change', arrange);
  new MutationObserver(arrange).observe(page, { attributeFilter: ['data-projector', 'data-compare', 'data-slides'] });
  arrange();

  /** @type {import('../types.js').Question|null} */
  let asked = null;
  let counted = -1;
  let branch = '';
  /** @type {Array<{seq: number, property: string}>} */
  let broken = [];

  return {
    update(model) {
      if (model.question !== asked) {
        asked = model.question;
        if (asked) {
          pick('panel-why');
        }
      }
      if (model.branch !== branch || model.last < counted) {
        branch = model.branch;
        counted = model.first - 1;
        broken = [];
      }
      for (; counted < model.last; counted += 1) {
        const event = model.event(counted + 1);
        if (event?.kind === 'invariant_violated') broken.push({ seq: event.seq, property: String(event.data.property) });
      }
      const now = new Set(broken.filter((each) => each.seq <= model.seq).map((each) => each.property)).size;
      const all = watched(model.session).length;
      const safety = buttons[buttons.length - 1];
      text(safety, now ? t(narrow.matches ? 'tab.safety.broken.short' : 'tab.safety.broken', { broken: now }) : t('tab.safety.holds', { holds: all, of: all }));
      toggle(safety, 'good', now === 0);
      toggle(safety, 'bad', now > 0);
    },
  };
}
