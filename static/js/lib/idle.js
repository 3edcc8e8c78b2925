/**
 * Parts of the page that are not needed at first: fetched once the page is drawn and has nothing
 * better to do, so that they are there when they are asked for, even if the server is away by then.
 *
 * @module lib/idle
 */

/** The longest to wait for an idle moment, ms: a page that plays on and on has none. */
const PATIENCE = 4000;

/**
 * Call back in an idle moment after the page has been loaded and drawn.
 * @param {() => void} call
 */
export function whenIdle(call) {
  const soon = () => {
    if (typeof requestIdleCallback === 'function') requestIdleCallback(() => call(), { timeout: PATIENCE });
    else setTimeout(call, PATIENCE / 10);
  };
  if (document.readyState === 'complete') soon();
  else addEventListener('load', soon, { once: true });
}

/**
 * @template Loaded
 * @param {() => Promise<Loaded>} load For example `() => import('./dialog.js')`.
 * @param {(call: () => void) => void} [idle]
 * @returns {() => Promise<Loaded>} Gives what was loaded, and loads it at once where it is not there
 *   yet. What failed is tried again when it is asked for again.
 */
export function fetchWhenIdle(load, idle = whenIdle) {
  /** @type {Promise<Loaded>|null} */
  let coming = null;
  function get() {
    coming ??= load().catch((error) => {
      coming = null;
      throw error;
    });
    return coming;
  }
  // Nobody waits for it yet: whoever asks is told of a failure then.
  idle(() => void get().catch(() => {}));
  return get;
}
