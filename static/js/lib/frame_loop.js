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
 * @property {() => void} hold Draw nothing, whoever asks: nobody looks.
 * @property {() => void} goOn Draw again, at once where somebody asked meanwhile.
 */

/**
 * @param {(time: number) => boolean} draw Draws one frame, given its wall time in ms; true asks for
 *   the next one. The frame's own time paces motion evenly, whenever in the frame it is drawn.
 * @param {(callback: (time: number) => void) => number} [schedule]
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
  let held = false;
  let asked = false;

  /** @param {number} time */
  function frame(time) {
    pending = null;
    if (draw(time)) request();
  }

  function request() {
    asked = held;
    if (!held && pending === null) pending = schedule(frame);
  }

  function stop() {
    if (pending !== null) cancel(pending);
    pending = null;
  }

  function hold() {
    asked = pending !== null;
    stop();
    held = true;
  }

  function goOn() {
    held = false;
    if (asked) request();
  }

  return { request, stop, hold, goOn };
}
