/**
 * The event list: what happened and by which rule, one sentence each. Only the rows on the screen
 * are in the page, so a session of 100,000 events scrolls as easily as a short one.
 *
 * @module views/events
 */

import { firstFrom } from '../geometry/spacetime.js';
import { about } from '../lib/ask.js';
import { milliseconds } from '../lib/format.js';
import { attr, html, keyed, style, text, toggle } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { horizon } from './parts/horizon.js';
import { typeScale, whenVisible } from './parts/visible.js';

/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('../types.js').WireEvent} WireEvent */

/** Height of a row at the usual size of type, px. */
const ROW = 38;

/** Which kinds of events each filter lets pass. @type {ReadonlyArray<[id: 'all'|'roles'|'messages'|'log'|'members'|'clients'|'faults', kinds: string[]|null]>} */
const FILTERS = [
  ['all', null],
  ['roles', ['role_changed', 'term_changed', 'voted', 'pre_voted', 'transfer_changed', 'lease_changed', 'leader_known', 'timer_fired']],
  ['messages', ['message_sent', 'message_delivered', 'message_dropped', 'message_duplicated']],
  ['log', ['log_appended', 'log_truncated', 'index_changed', 'applied', 'persisted', 'snapshot_taken', 'snapshot_installed']],
  ['members', ['configuration_changed', 'learner_changed', 'node_added']],
  ['clients', ['client_request', 'client_reply', 'client_timed_out', 'client_gave_up']],
  ['faults', ['command', 'crashed', 'restarted', 'paused', 'resumed', 'clock_changed', 'node_added', 'link_changed', 'option_changed', 'checked', 'invariant_violated']],
];

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createEvents(root, dispatch) {
  let filter = 'all';
  const chips = FILTERS.map(([id]) =>
    html('button', { class: 'chip', type: 'button', role: 'radio', 'aria-checked': id === filter ? 'true' : 'false', tabindex: id === filter ? 0 : -1, text: t(`events.${id}`), onclick: () => setFilter(id) }),
  );
  const bar = html('div', { class: 'chips', role: 'radiogroup', 'aria-label': t('events.which') }, chips);
  const list = html('div', { class: 'event-rows', role: 'list' });
  const sheet = html('div', { class: 'event-sheet' }, [list]);
  const scroller = html('div', { class: 'event-scroller', tabindex: 0, role: 'group', 'aria-label': t('tab.events') }, [sheet]);
  const empty = html('p', { class: 'empty', text: t('events.none') });
  root.append(bar, scroller, empty);

  /** @type {Model|null} */
  let drawn = null;
  /** Numbers of the events that pass the filter, ascending. @type {number[]} */
  let found = [];
  let scanned = 0;
  let key = '';
  let height = 0;
  let row = ROW;
  let current = -1;

  bar.addEventListener('keydown', (event) => {
    const turn = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!turn) return;
    event.preventDefault();
    const at = FILTERS.findIndex(([id]) => id === filter);
    const next = (at + turn + FILTERS.length) % FILTERS.length;
    chips[next].focus();
    setFilter(FILTERS[next][0]);
  });

  /** @param {string} id */
  function setFilter(id) {
    filter = id;
    FILTERS.forEach(([each], i) => {
      attr(chips[i], 'aria-checked', each === id ? 'true' : 'false');
      attr(chips[i], 'tabindex', each === id ? 0 : -1);
    });
    if (drawn) draw(drawn, true);
  }

  /** @param {Model} model */
  function scan(model) {
    const now = `${model.branch} ${model.first} ${filter} ${model.knower}`;
    if (now !== key || scanned > model.last) {
      key = now;
      found = [];
      scanned = model.first - 1;
    }
    const kinds = FILTERS.find(([id]) => id === filter)?.[1] ?? null;
    for (let seq = scanned + 1; seq <= model.last; seq += 1) {
      const event = model.event(seq);
      if (model.knower && event?.node !== model.knower) continue;
      if (event?.say && (!kinds || kinds.includes(event.kind))) found.push(seq);
    }
    scanned = model.last;
  }

  /** What is in a row about a message points at it. @param {number|null} seq */
  function pointFrom(seq) {
    const path = seq === null ? undefined : drawn?.event(seq)?.changes.find(([[place]]) => place === 'messages')?.[0];
    const message = path ? Number(path[1]) : null;
    if (drawn && message !== drawn.pointed) dispatch({ type: 'point', message });
  }

  const drawRows = keyed(
    list,
    (/** @type {number} */ seq) => seq,
    (seq) => html('div', { class: 'event-row', role: 'listitem', 'data-ask': about('event', seq), onpointerenter: () => pointFrom(seq), onpointerleave: () => pointFrom(null) }, [
      html('button', { class: 'event-button', type: 'button', onclick: () => dispatch({ type: 'seekSeq', seq }) }, [
        html('span', { class: 'event-time' }),
        html('span', { class: 'event-text' }),
      ]),
      html('button', { class: 'event-why quiet', type: 'button', text: t('tab.why'), onclick: () => dispatch({ type: 'why', question: { kind: 'event', seq } }) }),
    ]),
    (element, seq, index) => {
      const model = drawn;
      const event = model?.event(seq);
      if (!model || !event) return;
      const said = model.explain(event);
      const button = element.children[0];
      text(button.children[0], milliseconds(event.time));
      text(button.children[1], said?.text ?? event.kind);
      attr(element, 'data-tone', said?.tone ?? 'info');
      attr(element, 'title', said ? [said.text, ...said.sources].join('\n') : null);
      style(element, 'transform', `translateY(${(first + index) * row}px)`);
      const now = found[current] === seq;
      toggle(element, 'current', now);
      attr(button, 'aria-current', now ? 'true' : null);
      const arrow = model.pointed === null ? undefined : model.arrow(model.pointed);
      toggle(element, 'pointed', seq === arrow?.sentSeq || seq === arrow?.endSeq);
    },
  );
  let first = 0;

  scroller.addEventListener('scroll', () => {
    if (drawn) draw(drawn, false);
  }, { passive: true });
  new ResizeObserver(([entry]) => {
    const fresh = height === 0;
    height = entry.contentRect.height;
    if (drawn) draw(drawn, fresh);
  }).observe(scroller);

  /** @param {Model} model @param {boolean} follow Whether to bring the current event into view. */
  function draw(model, follow) {
    drawn = model;
    row = ROW * typeScale();
    scan(model);
    const seen = horizon(model);
    const shown = firstFrom(found, seen + 1, (seq) => seq);
    current = firstFrom(found, model.seq + 1, (seq) => seq) - 1;
    style(sheet, 'height', `${shown * row}px`);
    empty.hidden = shown > 0;
    if (follow && height > 0 && current >= 0) {
      const top = current * row;
      if (top < scroller.scrollTop || top + row > scroller.scrollTop + height) scroller.scrollTop = top - height * 0.6;
    }
    const top = scroller.scrollTop;
    first = Math.max(0, Math.floor(top / row) - 3);
    const last = Math.min(shown, Math.ceil((top + height) / row) + 3);
    drawRows(found.slice(first, last));
  }

  return whenVisible(root, (model) => {
    if (drawn && drawn.seq === model.seq && drawn.last === model.last && drawn.reveal === model.reveal && drawn.branch === model.branch && drawn.pointed === model.pointed && drawn.knower === model.knower) return;
    draw(model, !drawn || drawn.seq !== model.seq);
  });
}
