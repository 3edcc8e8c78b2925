/**
 * What must be known of the whole picture before it is believed: that a mistake is made on purpose.
 *
 * @module views/notes
 */

import { promiseName } from '../lib/promises.js';
import { attr, html, text } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { icon } from './parts/icons.js';
import { brokenBy, mistakeText, mistakes } from './parts/rules.js';

/** @typedef {import('../types.js').Model} Model */

/**
 * @param {HTMLElement} root
 * @returns {import('../types.js').ViewPart}
 */
export function createNotes(root) {
  const words = html('span');
  const badge = html('p', { class: 'mistake-badge', role: 'note' }, [icon('warning'), words]);
  root.append(badge);
  root.hidden = true;
  const desk = root.closest('.desk');

  /** @type {Record<string, any>|null} */
  let drawn = null;
  return {
    update(model) {
      if (drawn === model.view.options) return;
      drawn = model.view.options;
      const made = mistakes(drawn);
      root.hidden = made.length === 0;
      if (desk) attr(desk, 'data-notes', made.length > 0);
      text(words, t('mistake.made', { count: made.length, names: made.join(t('comma.list')) }));
      badge.title = made.map((name) => t('mistake.hint', { name, what: mistakeText(name), breaks: promiseName(brokenBy(name)) })).join('\n');
    },
  };
}
