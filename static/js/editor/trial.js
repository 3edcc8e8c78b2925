/**
 * A lesson that is being written, tried on the server: a moment after the last change, one try at a
 * time, and only the last text counts.
 *
 * @module editor/trial
 */

import { LONGEST_DRAFT } from '../lib/draft.js';
import { describe } from '../lib/refused.js';
import { t } from '../lib/words.js';

/** How long nothing must change before it is tried, ms. */
const PAUSE = 450;

/** How long to wait after the server could not be asked, ms. */
const AGAIN = 3000;

/** @typedef {import('./code.js').Problem} Problem */

/**
 * @typedef {object} Outcome
 * @property {'empty'|'good'|'failing'|'wrong'|'away'} state `failing`: it runs, and something that it expects does not hold.
 * @property {Problem[]} problems
 * @property {any} run What the server told of its run; null where there is none.
 */

/**
 * @param {any} answer What the server says to a try.
 * @returns {Outcome}
 */
export function read(answer) {
  if (!answer.ok) {
    const { line, ...error } = answer.error;
    return { state: 'wrong', problems: [{ line: line ?? null, message: describe({ ...error, where: null }), severity: 'error' }], run: null };
  }
  /** @type {Problem[]} */
  const problems = answer.failures.map((/** @type {{line: number, message: string}} */ { line, message }) => ({
    line, message: message.replace(/^[^:]+:\d+: lesson [^,]+, /, ''), severity: 'warning',
  }));
  return { state: problems.length > 0 ? 'failing' : 'good', problems, run: answer };
}

/**
 * @param {{told: (outcome: Outcome) => void}} face
 * @returns {{take: (text: string) => void}}
 */
export function createTrial({ told }) {
  let timer = 0;
  let wanted = '';
  let busy = false;

  /** @param {string} text @returns {Promise<Outcome>} */
  async function attempt(text) {
    if (text.trim() === '') return { state: 'empty', problems: [], run: null };
    const size = new TextEncoder().encode(text).length;
    if (size > LONGEST_DRAFT) {
      const message = t('edit.large', { size: Math.ceil(size / 1000), most: LONGEST_DRAFT / 1000 });
      return { state: 'wrong', problems: [{ line: null, message, severity: 'error' }], run: null };
    }
    try {
      const answer = await fetch('/api/draft', { method: 'POST', headers: { 'Content-Type': 'application/yaml' }, body: text });
      return read(await answer.json());
    } catch {
      return { state: 'away', problems: [], run: null };
    }
  }

  async function next() {
    if (busy) return;
    busy = true;
    const text = wanted;
    const outcome = await attempt(text);
    busy = false;
    if (text !== wanted) {
      void next();
      return;
    }
    told(outcome);
    if (outcome.state === 'away') timer = window.setTimeout(() => void next(), AGAIN);
  }

  return {
    take(text) {
      wanted = text;
      clearTimeout(timer);
      timer = window.setTimeout(() => void next(), PAUSE);
    },
  };
}
