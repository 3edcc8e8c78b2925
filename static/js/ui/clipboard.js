/**
 * Copying text.
 *
 * @module ui/clipboard
 */

/**
 * @param {string} text
 * @returns {Promise<boolean>} Whether it worked. The older way serves pages without https.
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'visually-hidden';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
