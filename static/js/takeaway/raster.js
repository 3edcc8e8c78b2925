/**
 * From a figure to pixels. A picture within a page may load nothing, so the faces travel inside it.
 *
 * @module takeaway/raster
 */

import { isBaked } from '../lib/baked.js';

/** @typedef {import('./figure.js').Figure} Figure */

const FONTS = /** @type {const} */ ([
  ['Inter', '100 900', '/static/vendor/fonts/inter-latin-wght-normal.woff2'],
  ['JetBrains Mono', '100 800', '/static/vendor/fonts/jetbrains-mono-latin-wght-normal.woff2'],
]);

/** @param {Blob} blob @returns {Promise<string>} As a data: address. */
function dataAddress(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

/** @type {Promise<string>|null} */
let faces = null;

/** @returns {Promise<string>} A style element that holds the page's faces; empty where they cannot be had. */
export function fontStyle() {
  if (isBaked('recording')) return Promise.resolve(''); // A page from a disk may not fetch what lies beside it.
  faces ??= Promise.all(FONTS.map(async ([name, weights, address]) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(address);
    return `@font-face{font-family:'${name}';font-weight:${weights};src:url(${await dataAddress(await answer.blob())}) format('woff2')}`;
  })).then((rules) => `<style>${rules.join('')}</style>`, () => '');
  return faces;
}

/**
 * @param {Figure} figure
 * @returns {Promise<HTMLImageElement>} Ready to be drawn.
 */
export async function picture({ svg }) {
  const text = svg.replace('<title', `${await fontStyle()}<title`);
  const address = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  const image = new Image();
  try {
    image.src = address;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/**
 * @param {Figure} figure
 * @param {number} scale Pixels a px.
 * @param {HTMLCanvasElement} [canvas] One to use again.
 * @returns {Promise<HTMLCanvasElement>}
 */
export async function painted(figure, scale, canvas = document.createElement('canvas')) {
  const image = await picture(figure);
  const [width, height] = [Math.round(figure.width * scale), Math.round(figure.height * scale)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  context.drawImage(image, 0, 0, width, height);
  return canvas;
}

/**
 * @param {Figure} figure
 * @param {number} scale Pixels a px.
 * @returns {Promise<Blob>}
 */
export async function png(figure, scale) {
  const canvas = await painted(figure, scale);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'));
}
