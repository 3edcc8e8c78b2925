/**
 * "Why?": the chain of causes from what was asked about, back to the command at its root. Each
 * link is a sentence with its source, and leads to its moment.
 *
 * @module views/why
 */

import { about } from '../lib/ask.js';
import { milliseconds } from '../lib/format.js';
import { attr, html } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { comparison, counted, sourcesOf } from './parts/compared.js';
import { lackOf, votesOf } from './parts/lack.js';
import { causesOf, originOf, wordsOf } from './parts/reasons.js';
import { refusalIn } from './parts/refusals.js';
import { whenVisible } from './parts/visible.js';

/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('../types.js').Question} Question */
/** @typedef {import('../types.js').WireEvent} WireEvent */

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createWhy(root, dispatch) {
  const body = html('div', { class: 'panel-scroll why', tabindex: 0, role: 'group', 'aria-label': t('tab.why') });
  root.append(body);
  /** @type {Question|null|undefined} */
  let drawn;
  let branch = '';
  let loaded = false;
  /** @type {Map<number, HTMLElement>} */
  let links = new Map();

  /** @param {Model} model @param {Question} question */
  function draw(model, question) {
    const origin = originOf(model, question);
    const whole = origin ? causesOf(model, origin) : [];
    const chain = whole.filter((event) => model.explain(event));
    const refusal = refusalIn(model, whole);
    const votes = votesOf(model, question);
    const lack = lackOf(model, question);
    links = new Map();
    body.replaceChildren(
      html('h3', { text: wordsOf(model, question) }),
      ...(votes ? [html('section', { class: 'why-not' }, votes.map((each) => counted(each, 'votes', ask)))] : []),
      ...(lack ? [notCommitted(lack)] : []),
      ...(refusal ? [comparison(refusal)] : []),
      ...(chain.length > 0
        ? [html('ol', { class: 'why-chain' }, chain.map((event, place) => link(model, event, place === 0, place === chain.length - 1)))]
        : [html('p', { class: 'empty', text: t(origin ? 'why.start' : 'why.before') })]),
    );
    body.scrollTop = 0;
  }

  /** @param {number} seq */
  const ask = (seq) => dispatch({ type: 'why', question: { kind: 'event', seq } });

  /** @param {import('./parts/lack.js').Lack} lack */
  function notCommitted({ text, sources, counts, facts }) {
    return html('section', { class: 'why-not' }, [
      html('p', {}, [text, sourcesOf(sources)]),
      ...counts.map((each) => counted(each, 'copies', ask)),
      ...(facts.length > 0 ? [comparison({ title: t('lack.rule'), heads: [t('lack.needed'), t('lack.have')], facts, moral: '', sources: [] })] : []),
    ]);
  }

  /** @param {Model} model @param {WireEvent} event @param {boolean} first @param {boolean} last */
  function link(model, event, first, last) {
    const said = model.explain(event);
    const item = html('li', { class: 'why-link', 'data-ask': about('event', event.seq), 'data-tone': said?.tone ?? 'info' }, [
      html('button', { class: 'event-button', type: 'button', onclick: () => dispatch({ type: 'seekSeq', seq: event.seq }) }, [
        html('span', { class: 'event-time', text: milliseconds(event.time) }),
        html('span', { class: 'why-text' }, [
          html('span', { class: 'why-because', text: first ? '' : t(last ? 'why.began' : 'why.because') }),
          said?.text ?? event.kind,
          said?.sources.length ? html('span', { class: 'source', text: ` ${said.sources.join(' · ')}` }) : null,
        ]),
      ]),
    ]);
    links.set(event.seq, item);
    return item;
  }

  return whenVisible(root, (model) => {
    const { question } = model;
    const known = model.explain !== undefined && model.events.length > 0;
    if (drawn !== question || branch !== model.branch || loaded !== known) {
      drawn = question;
      branch = model.branch;
      loaded = known;
      if (question) draw(model, question);
      else {
        links = new Map();
        body.replaceChildren(html('p', { class: 'empty', text: t('why.ask') }));
      }
    }
    for (const [seq, item] of links) attr(item, 'aria-current', seq === model.seq ? 'true' : null);
  });
}
