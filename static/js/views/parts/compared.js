/**
 * Small tables and counted dots for "why not?": what was asked beside what there was, and who has
 * been counted up to which majority.
 *
 * @module views/parts/compared
 */

import { html } from '../../lib/svg.js';
import { t } from '../../lib/words.js';

/** @typedef {import('./lack.js').Count} Count */
/** @typedef {import('./lack.js').Dot} Dot */
/** @typedef {import('./refusals.js').Comparison} Comparison */

/** Each has a shape of its own. @type {Record<Dot, string>} */
const DOTS = { counted: '●', there: '◐', none: '○', granted: '●', refused: '×', open: '○' };

/** @param {string[]} sources */
export function sourcesOf(sources) {
  return sources.length > 0 ? html('span', { class: 'source', text: ` ${sources.join(' · ')}` }) : null;
}

/** @param {boolean|null} holds */
function verdict(holds) {
  const word = t(holds === null ? 'refusal.unread' : holds ? 'refusal.holds' : 'refusal.fails');
  return html('td', { class: 'compared-verdict' }, [html('span', { 'aria-hidden': 'true', text: holds === null ? '–' : holds ? '✓' : '✗' }), html('span', { class: holds === null ? '' : 'visually-hidden', text: ` ${word}` })]);
}

/**
 * @param {Comparison} compared
 * @returns {HTMLElement} A table with a verdict in each line.
 */
export function comparison({ title, heads, facts, moral, sources }) {
  return html('div', { class: 'compared' }, [
    html('table', {}, [
      html('caption', { text: title }),
      html('thead', {}, [html('tr', {}, [html('td'), ...heads.map((head) => html('th', { scope: 'col', text: head })), html('td')])]),
      html('tbody', {}, facts.map(({ name, asked, own, holds }) => html('tr', { class: holds === false ? 'fails' : holds === null ? 'unread' : '' }, [
        html('th', { scope: 'row', text: name }), html('td', { text: asked }), html('td', { text: own }), verdict(holds),
      ]))),
    ]),
    ...(moral ? [html('p', {}, [moral, sourcesOf(sources)])] : []),
  ]);
}

/**
 * @param {Count} count
 * @param {'copies'|'votes'} what
 * @param {(seq: number) => void} ask Why the event of that number happened.
 * @returns {HTMLElement} A dot and a name for each member, and where the majority is.
 */
export function counted({ dots, needed, have }, what, ask) {
  const of = dots.length;
  const signs = dots.flatMap(({ id, dot, seq }, place) => {
    const name = `${DOTS[dot]} ${id}`;
    const title = t(`dot.${dot}`, { node: id });
    const shown = seq === null
      ? html('span', { class: `why-dot ${dot}`, role: 'listitem', title, text: name })
      : html('span', { role: 'listitem' }, [html('button', { class: `why-dot quiet ${dot}`, type: 'button', title, text: name, onclick: () => ask(seq) })]);
    return place === needed - 1 ? [shown, html('span', { class: 'why-majority', text: t('dot.majority') })] : [shown];
  });
  const said = what === 'votes' ? t('why.votes', { have, needed }) : t('why.copies', { held: dots.filter(({ dot }) => dot !== 'none').length, of, needed });
  return html('div', { class: 'why-count' }, [
    html('p', { 'aria-hidden': 'true', text: said }),
    html('div', { class: 'why-dots', role: 'list', 'aria-label': said }, signs),
  ]);
}
