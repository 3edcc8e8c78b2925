/**
 * The way to this page in the other languages that the server speaks.
 *
 * @module lib/languages
 */

import { html } from './svg.js';
import { language, t } from './words.js';

/**
 * @param {string} [name] A class of the group.
 * @returns {HTMLElement} Links to this page, as its address is when one is chosen.
 */
export function languageLinks(name = '') {
  const others = Object.entries(JSON.parse(document.body.dataset.languages ?? '{}')).filter(([code]) => code !== language());
  return html('span', { class: `languages ${name}`, role: 'group', 'aria-label': t('header.language') }, others.map(([code, called]) => {
    const link = html('a', { class: 'button quiet', href: '', hreflang: code, lang: code, text: String(called) });
    const aim = () => {
      const there = new URL(location.href);
      there.searchParams.set('lang', code);
      link.setAttribute('href', `${there.pathname}${there.search}${there.hash}`);
    };
    aim();
    for (const event of ['pointerdown', 'focus', 'click']) link.addEventListener(event, aim);
    return link;
  }));
}
