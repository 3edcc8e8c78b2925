/**
 * A lesson's text: the server makes it from Markdown without raw HTML; here it is taken apart
 * and only plain marks are kept, so that nothing a lesson holds can ever run.
 *
 * @module views/parts/richtext
 */

const KEPT = new Set(['P', 'EM', 'STRONG', 'CODE', 'UL', 'OL', 'LI', 'BR', 'BLOCKQUOTE', 'PRE', 'H3', 'H4', 'A']);

/** A page that plays without a server leads nowhere on it: there the words of a link remain. */
const nowhere = 'document' in globalThis && 'recorded' in document.body.dataset;

/**
 * @param {Node} from
 * @param {Element} to
 */
function copy(from, to) {
  for (const child of from.childNodes) {
    if (child instanceof Text) {
      to.append(child.data);
    } else if (child instanceof Element && KEPT.has(child.tagName)) {
      const href = child.getAttribute('href') ?? '';
      if (nowhere && href.startsWith('/')) {
        copy(child, to);
        continue;
      }
      const made = document.createElement(child.tagName);
      if (child.tagName === 'A' && /^(https?:|\/(?!\/)|#)/.test(href)) {
        made.setAttribute('href', href);
        made.setAttribute('rel', 'noopener noreferrer');
        if (href.startsWith('http')) made.setAttribute('target', '_blank');
      }
      copy(child, made);
      to.append(made);
    } else {
      copy(child, to);
    }
  }
}

/**
 * @param {Element} into Its children are replaced.
 * @param {string} markup
 */
export function richText(into, markup) {
  const inert = new DOMParser().parseFromString(markup, 'text/html');
  into.replaceChildren();
  copy(inert.body, into);
}
