/**
 * The legend below the logs: the marks that are used at the moment, and the way to all of them.
 *
 * @module views/parts/loglegend
 */

import { LOG_MARKS, logSign } from '../../lib/logsigns.js';
import { attr, html } from '../../lib/svg.js';
import { t } from '../../lib/words.js';

/** @typedef {import('../../lib/logsigns.js').LogMark} LogMark */
/** @typedef {import('../../types.js').NodeView} NodeView */

/**
 * @param {import('../../types.js').Dispatch} dispatch
 * @returns {{element: HTMLElement, update: (nodes: NodeView[], led: boolean) => void}}
 */
export function createLogLegend(dispatch) {
  const keys = new Map(LOG_MARKS.map((mark) => [mark, html('span', { class: 'log-key' }, [logSign(mark), t(`log.mark.${mark}`)])]));
  const more = html('button', { class: 'log-signs quiet', type: 'button', text: t('log.signs'), onclick: () => dispatch({ type: 'help' }) });
  const element = html('div', { class: 'log-foot' }, [html('p', { class: 'log-legend' }, [...keys.values()]), more]);

  return {
    element,
    update(nodes, led) {
      /** @type {Partial<Record<LogMark, boolean>>} */
      const used = {
        committed: nodes.some(({ commitIndex }) => commitIndex > 0),
        applied: nodes.some(({ lastApplied }) => lastApplied > 0),
        answered: nodes.some(({ lastApplied }) => lastApplied > 0),
        unwritten: nodes.some(unwrittenFrom),
        next: led,
        match: led,
        count: led,
        snapshot: nodes.some(({ snapshot }) => snapshot),
        members: nodes.some(({ log }) => log.some((entry) => entry.configuration)),
        veiled: nodes.some(({ heard }) => heard !== undefined),
      };
      for (const [mark, key] of keys) attr(key, 'hidden', used[mark] === false);
    },
  };
}

/**
 * @param {NodeView} node
 * @returns {number} The first index that is not on its disk; 0 where all is.
 */
export function unwrittenFrom({ disk, crashed, log }) {
  const last = log.length > 0 ? log[log.length - 1].index : 0;
  return disk && !crashed && disk.lastIndex < last ? disk.lastIndex + 1 : 0;
}
