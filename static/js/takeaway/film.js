/**
 * Films: every frame is the figure of one moment, so that a film is the same from a slow machine and
 * from a fast one. A GIF is written frame by frame; a WebM by the browser's own recorder, which
 * takes as long as the film lasts.
 *
 * @module takeaway/film
 */

import { GIFEncoder, applyPalette, quantize } from '../../vendor/gifenc.esm.js';
import { painted } from './raster.js';

/** @typedef {import('./figure.js').Figure} Figure */
/** @typedef {import('./moment.js').Span} Span */

/** Frames a second, and the longest film, in frames: half a minute. */
export const FRAMES_PER_SECOND = 20;
export const MOST_FRAMES = 600;

/** How long the last frame stands before a film begins again, ms. */
export const LAST = 1600;

/** The time of a frame, ms. */
const FRAME = 1000 / FRAMES_PER_SECOND;

/** Colours of a GIF: drawings need few, and edges some between them. */
const COLOURS = 256;

/** @typedef {{span: Span, rate: number}} Take What of a run, presentation µs, and how fast: virtual seconds a real second. */

/**
 * @param {Take} take
 * @returns {number} How many frames that is, both ends too.
 */
export function frameCount({ span, rate }) {
  return Math.max(2, Math.round(((span.p1 - span.p0) / 1e6 / rate) * FRAMES_PER_SECOND) + 1);
}

/**
 * @param {Take} take
 * @param {number} index 0-based.
 * @returns {number} The presentation time of a frame: the first and the last are the ends of the span.
 */
export function frameTime(take, index) {
  const { p0, p1 } = take.span;
  return p0 + ((p1 - p0) * index) / (frameCount(take) - 1);
}

/**
 * @typedef {object} Making
 * @property {number} frames
 * @property {(index: number) => Figure} figure
 * @property {number} scale Pixels a px.
 * @property {(share: number) => void} progress From 0 to 1.
 * @property {AbortSignal} signal
 */

/** Let the page have its turn. */
const breathe = () => new Promise((resolve) => setTimeout(resolve, 0));

/** @param {HTMLCanvasElement} canvas @returns {Uint8ClampedArray} */
function pixels(canvas) {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  return context.getImageData(0, 0, canvas.width, canvas.height).data;
}

/**
 * One palette for all frames, from some of them: colours must not flicker.
 * @param {Making} making
 */
async function palette({ frames, figure, scale, signal }) {
  const chosen = [...new Set([0, 1, 2, 3, 4].map((each) => Math.round(((frames - 1) * each) / 4)))];
  /** @type {Uint8ClampedArray[]} */
  const samples = [];
  for (const index of chosen) {
    signal.throwIfAborted();
    samples.push(pixels(await painted(figure(index), Math.min(scale, 0.75))));
    await breathe();
  }
  const all = new Uint8ClampedArray(samples.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of samples) {
    all.set(each, at);
    at += each.length;
  }
  return quantize(all, COLOURS);
}

/**
 * @param {Making} making
 * @returns {Promise<Blob>} Rejects with an AbortError when it is given up.
 */
export async function gif(making) {
  const { frames, figure, scale, progress, signal } = making;
  const colours = await palette(making);
  const encoder = GIFEncoder();
  const canvas = document.createElement('canvas');
  for (let index = 0; index < frames; index += 1) {
    signal.throwIfAborted();
    await painted(figure(index), scale, canvas);
    const indexed = applyPalette(pixels(canvas), colours);
    const delay = index === frames - 1 ? LAST : FRAME;
    encoder.writeFrame(indexed, canvas.width, canvas.height, { palette: index === 0 ? colours : undefined, delay, repeat: 0 });
    progress((index + 1) / frames);
    await breathe();
  }
  encoder.finish();
  return new Blob([encoder.bytes()], { type: 'image/gif' });
}

const KINDS = ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm'];

/** @returns {string|null} The kind of WebM that this browser records; null where it records none. */
export function webmKind() {
  if (typeof MediaRecorder === 'undefined' || !('captureStream' in HTMLCanvasElement.prototype)) return null;
  return KINDS.find((kind) => MediaRecorder.isTypeSupported(kind)) ?? null;
}

/**
 * @param {Making} making
 * @returns {Promise<Blob>} Rejects with an AbortError when it is given up.
 */
export async function webm({ frames, figure, scale, progress, signal }) {
  const kind = webmKind();
  if (kind === null) throw new Error('no recorder');
  // Figures are made before, so that the recorder's clock only ever waits for painting.
  const made = [];
  for (let index = 0; index < frames; index += 1) {
    signal.throwIfAborted();
    made.push(figure(index));
    if (index % 4 === 0) await breathe();
  }
  const canvas = await painted(made[0], scale);
  const stream = canvas.captureStream(0);
  const [track] = /** @type {CanvasCaptureMediaStreamTrack[]} */ (stream.getVideoTracks());
  const recorder = new MediaRecorder(stream, { mimeType: kind, videoBitsPerSecond: 8_000_000 });
  /** @type {Blob[]} */
  const pieces = [];
  recorder.ondataavailable = ({ data }) => void pieces.push(data);
  const stopped = new Promise((resolve) => { recorder.onstop = resolve; });
  const failed = new Promise((_, reject) => { recorder.onerror = () => reject(new Error('the recorder failed')); });
  const paced = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const recording = (async () => {
    recorder.start();
    for (const [index, each] of made.entries()) {
      signal.throwIfAborted();
      const due = paced(index === frames - 1 ? LAST : FRAME);
      await painted(each, scale, canvas);
      track.requestFrame();
      progress((index + 1) / frames);
      await due;
    }
    track.requestFrame();
    recorder.stop();
    await stopped;
  })();
  try {
    await Promise.race([recording, failed]);
  } finally {
    if (recorder.state !== 'inactive') recorder.stop();
    track.stop();
  }
  return new Blob(pieces, { type: 'video/webm' });
}
