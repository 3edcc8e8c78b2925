/**
 * The safety lamps: one for each promise that is watched, and the exact event at which one breaks.
 * What is broken stands on top, with what happened; the others are a compact list, each of which
 * unfolds to what it says.
 *
 * @module views/safety
 */

import { milliseconds } from '../lib/format.js';
import { promiseName, promiseText } from '../lib/promises.js';
import { attr, html, text, toggle } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { icon } from './parts/icons.js';
import { ON_REQUEST, onRequest, watched } from './parts/properties.js';
import { whenVisible } from './parts/visible.js';

/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('../types.js').Property} Property */
/** @typedef {import('../types.js').WireEvent} WireEvent */

/** @typedef {'holds'|'broken'|'unknown'} Light */

/**
 * @param {Model} model
 * @param {WireEvent} event A verdict.
 * @returns {string} What it says, in the page's language.
 */
function message(model, event) {
  const said = model.explain(event);
  return said?.places?.message ?? said?.text ?? '';
}

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createSafety(root, dispatch) {
  const list = html('ul', { class: 'lamps' });
  const check = html('button', { class: 'soft', type: 'button', text: t('safety.check'), onclick: () => dispatch({ type: 'command', command: { check: 'linearizability' } }) });
  const verdict = html('p', { class: 'lamp-verdict', role: 'status' });
  const judge = html('div', { class: 'lamp-judge' }, [check, verdict]);
  root.append(html('div', { class: 'panel-scroll', tabindex: 0, role: 'group', 'aria-label': t('safety.title') }, [judge, list]));
  /** @type {Map<string, {item: HTMLElement, why: HTMLElement, go: HTMLButtonElement, ask: HTMLButtonElement}>} */
  const lamps = new Map();
  /** The first time that each was broken. @type {Map<string, WireEvent>} */
  const broken = new Map();
  /** Every verdict, in order. @type {WireEvent[]} */
  let verdicts = [];
  let scanned = 0;
  let key = '';
  /** @type {import('../types.js').Session|null} */
  let session = null;

  /** @param {Property} property */
  function lamp(property) {
    const { name, source } = property;
    const why = html('p', { class: 'lamp-why' });
    const go = html('button', { class: 'quiet', type: 'button', text: t('safety.go'), hidden: true });
    go.addEventListener('click', () => {
      const event = broken.get(name);
      if (event) dispatch({ type: 'seekSeq', seq: event.seq });
    });
    const ask = html('button', { class: 'quiet', type: 'button', text: t('tab.why'), hidden: true });
    ask.addEventListener('click', () => {
      const event = broken.get(name);
      if (event) dispatch({ type: 'why', question: { kind: 'event', seq: event.seq } });
    });
    const item = html('li', { class: 'lamp-row' }, [
      html('details', {}, [
        html('summary', {}, [html('span', { class: 'lamp', 'aria-hidden': 'true' }, [icon('check')]), html('span', { class: 'lamp-name', text: promiseName(name) })]),
        html('p', { class: 'lamp-text' }, [promiseText(property), source ? html('span', { class: 'source', text: ` ${source}` }) : null]),
      ]),
      why,
      html('div', { class: 'lamp-ways' }, [go, ask]),
    ]);
    list.append(item);
    lamps.set(name, { item, why, go, ask });
  }

  /** @param {Model} model */
  function begin(model) {
    session = model.session;
    lamps.clear();
    list.replaceChildren();
    for (const property of [...watched(session), onRequest(session)]) lamp(property);
  }

  /** @param {Model} model */
  function scan(model) {
    const now = `${model.branch} ${model.first}`;
    if (now !== key || scanned > model.last) {
      key = now;
      scanned = model.first - 1;
      broken.clear();
      verdicts = [];
    }
    for (; scanned < model.last; scanned += 1) {
      const event = model.event(scanned + 1);
      if (event?.kind === 'checked') verdicts.push(event);
      if (event?.kind !== 'invariant_violated') continue;
      const name = String(event.data.property);
      if (!broken.has(name)) broken.set(name, event);
      if (!lamps.has(name)) lamp({ name, text: t('safety.other'), source: '' });
    }
  }

  return whenVisible(root, (model) => {
    if (session !== model.session) begin(model);
    scan(model);
    const judged = verdicts.filter((event) => event.seq <= model.seq);
    const latest = judged[judged.length - 1];
    for (const [name, { item, why, go, ask }] of lamps) {
      const event = broken.get(name);
      const dark = Boolean(event && event.seq <= model.seq);
      /** @type {Light} */
      const light = dark ? 'broken' : name === ON_REQUEST && !latest ? 'unknown' : 'holds';
      toggle(item, 'broken', dark);
      attr(item, 'data-light', light);
      attr(item, 'aria-label', t(`safety.${light}`, { name: promiseName(name) }));
      text(why, dark && event ? message(model, event) : '');
      go.hidden = ask.hidden = !dark;
    }
    check.hidden = model.role === 'viewer';
    judge.hidden = check.hidden && !latest;
    text(verdict, latest ? t('safety.verdict', { time: milliseconds(latest.time), verdict: message(model, latest) }) : '');
    attr(verdict, 'data-ok', latest ? String(Boolean(latest.data.ok)) : null);
  });
}
