/**
 * The tabs over the panels. On phones and on the projector the state panel becomes one of them.
 *
 * @module views/tabs
 */

import { attr, html, text, toggle } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { watched } from './parts/properties.js';
import { SHOWN } from './parts/visible.js';

/** @typedef {import('../types.js').Model} Model */

const TABS = /** @type {const} */ ([
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
  const narrow = matchMedia('(max-width: 760px)');
  const page = document.documentElement;
  /** Whether the state panel is one of the tabs: where room is short. */
  const folded = () => narrow.matches || page.hasAttribute('data-projector');
  const state = document.getElementById('state');
  const home = state?.parentElement ?? null;
  const afterHome = state?.nextElementSibling ?? null;
  let chosen = 'panel-logs';

  const buttons = TABS.map(([id, label]) =>
    html('button', { class: 'tab', type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': id, text: t(label), onclick: () => choose(id) }),
  );
  const list = html('div', { class: 'tab-list', role: 'tablist', 'aria-label': t('tab.panels') }, buttons);
  root.prepend(list);
  list.addEventListener('keydown', (event) => {
    const shown = buttons.filter((each) => !each.hidden);
    const at = shown.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: shown.length - 1 }[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    const button = shown[(next + shown.length) % shown.length];
    button.focus();
    button.click();
  });

  /** @param {string} id */
  function choose(id) {
    chosen = id;
    TABS.forEach(([each], i) => {
      const panel = document.getElementById(each);
      const on = each === id;
      attr(buttons[i], 'aria-selected', on ? 'true' : 'false');
      attr(buttons[i], 'tabindex', on ? 0 : -1);
      if (!panel || (each === 'state' && !folded())) return;
      if (panel.hidden === !on) return;
      panel.hidden = !on;
      if (on) panel.dispatchEvent(new CustomEvent(SHOWN));
    });
  }

  function arrange() {
    const button = buttons[1];
    button.hidden = !folded();
    if (state && home) {
      if (folded()) {
        root.append(state);
        attr(state, 'role', 'tabpanel');
      } else {
        home.insertBefore(state, afterHome);
        attr(state, 'role', null);
        state.hidden = false;
      }
    }
    choose(chosen === 'state' && !folded() ? 'panel-logs' : chosen);
  }

  for (const [id] of TABS) {
    const panel = document.getElementById(id);
    if (!panel || id === 'state') continue;
    attr(panel, 'role', 'tabpanel');
    attr(panel, 'aria-labelledby', `tab-${id}`);
  }
  narrow.addEventListener('change', arrange);
  new MutationObserver(arrange).observe(page, { attributeFilter: ['data-projector'] });
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
          choose('panel-why');
          if (narrow.matches) root.scrollIntoView({ block: 'start' });
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
