/**
 * The only `requestAnimationFrame`. Draws when asked, and not at all when nobody asked: an idle
 * page does no work.
 *
 * @module lib/frame_loop
 */

/**
 * @typedef {object} FrameLoop
 * @property {() => void} request Draw once, at the next frame.
 * @property {() => void} stop Draw no more, until asked again.
 */

/**
 * @param {() => boolean} draw Draws one frame; true asks for the next one.
 * @param {(callback: () => void) => number} [schedule]
 * @param {(handle: number) => void} [cancel]
 * @returns {FrameLoop}
 */
export function createFrameLoop(
  draw,
  schedule = (callback) => requestAnimationFrame(callback),
  cancel = (handle) => cancelAnimationFrame(handle),
) {
  /** @type {number|null} */
  let pending = null;

  function frame() {
    pending = null;
    if (draw()) request();
  }

  function request() {
    if (pending === null) pending = schedule(frame);
  }

  function stop() {
    if (pending !== null) cancel(pending);
    pending = null;
  }

  return { request, stop };
}
