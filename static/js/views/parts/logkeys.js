/**
 * The keyboard in the logs: one cell is reached by Tab, the arrows lead from there to the others.
 *
 * @module views/parts/logkeys
 */

import { attr } from '../../lib/svg.js';

/** Where the arrows lead: rows down, columns to the right. @type {Record<string, [number, number]>} */
const TURNS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** @param {Element} cell @returns {number} */
const columnOf = (cell) => Number(cell.getAttribute('data-index'));

/**
 * @param {Element} row
 * @returns {Element[]} Its cells that hold something, by index.
 */
function cellsOf(row) {
  return [...row.querySelectorAll('[data-ask]')].sort((a, b) => columnOf(a) - columnOf(b));
}

/**
 * @param {HTMLElement} rows The rows of all logs.
 * @returns {{settle: () => void}} `settle` keeps just one cell within the reach of Tab.
 */
export function createLogKeys(rows) {
  /** @type {Element|null} */
  let reached = null;

  /** @param {Element} cell */
  function reach(cell) {
    if (reached && reached !== cell) attr(reached, 'tabindex', -1);
    reached = cell;
    attr(cell, 'tabindex', 0);
  }

  rows.addEventListener('focusin', (event) => {
    const cell = event.target instanceof Element ? event.target.closest('[data-ask]') : null;
    if (cell) reach(cell);
  });
  rows.addEventListener('keydown', (event) => {
    const turn = TURNS[event.key];
    const cell = event.target instanceof Element ? event.target.closest('[data-ask]') : null;
    const row = cell?.parentElement;
    if (!turn || !cell || !row || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    const [down, right] = turn;
    const all = [...rows.children];
    const target = all[all.indexOf(row) + down];
    if (!target) return;
    const cells = cellsOf(target);
    const wanted = columnOf(cell) + right;
    const next = down === 0 ? cells[cells.indexOf(cell) + right] : cells.reduce((/** @type {Element|undefined} */ best, each) => (best && Math.abs(columnOf(best) - wanted) <= Math.abs(columnOf(each) - wanted) ? best : each), undefined);
    if (!(next instanceof HTMLElement)) return;
    reach(next);
    next.focus();
  });

  return {
    settle() {
      if (reached?.isConnected && reached.hasAttribute('data-ask')) return;
      const first = rows.querySelector('[data-ask]');
      reached = null;
      if (first) reach(first);
    },
  };
}
