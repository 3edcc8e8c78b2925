/**
 * What a person has seen already, in this browser.
 *
 * @module ui/visits
 */

/**
 * @param {string} what
 * @returns {boolean} Whether it is the first time; never twice. Where storage is forbidden, never at all.
 */
export function firstTime(what) {
  const key = `raftviz:seen:${what}`;
  try {
    if (localStorage.getItem(key) !== null) return false;
    localStorage.setItem(key, 'yes');
    return localStorage.getItem(key) === 'yes';
  } catch {
    return false;
  }
}
