/**
 * SVG as values: built without a document, written out with everything escaped. What people typed
 * can only ever become text.
 *
 * @module takeaway/markup
 */

/** @typedef {{name: string, attributes: Record<string, string|number|null|undefined>, children: Array<Part|string>}} Part */

/**
 * @param {string} name
 * @param {Part['attributes']} [attributes] One that is null or undefined is left out.
 * @param {Array<Part|string|null>} [children] Texts are escaped.
 * @returns {Part}
 */
export function part(name, attributes = {}, children = []) {
  return { name, attributes, children: children.filter((each) => each !== null) };
}

/** What XML cannot hold even as a reference: most control characters, halves of pairs, and two that are no characters. */
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * @param {string} text
 * @returns {string} As the content of an element or the value of an attribute.
 */
export function escape(text) {
  return text
    .replace(FORBIDDEN, '\ufffd')
    .replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;').replace(/[\t\n\r]/g, (each) => `&#${each.charCodeAt(0)};`);
}

/**
 * @param {number} value
 * @returns {string} With at most two decimals.
 */
export function number(value) {
  return String(Math.round(value * 100) / 100 || 0);
}

/**
 * @param {Part} tree
 * @returns {string} The element as XML.
 */
export function write({ name, attributes, children }) {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => ` ${key}="${escape(typeof value === 'number' ? number(value) : String(value))}"`)
    .join('');
  if (children.length === 0) return `<${name}${written}/>`;
  return `<${name}${written}>${children.map((each) => (typeof each === 'string' ? escape(each) : write(each))).join('')}</${name}>`;
}

/**
 * @param {string} colour As a browser computes it: "rgb(1, 2, 3)" or "rgba(1, 2, 3, 0.5)", or "none".
 * @returns {{paint: string, opacity: number}} As SVG 1.1 takes it, with its opacity apart.
 */
export function paint(colour) {
  const found = /^rgba?\(\s*([\d.]+)[, ]+([\d.]+)[, ]+([\d.]+)(?:[,/ ]+([\d.]+)(%?))?\s*\)$/.exec(colour);
  if (!found) {
    const wide = /^color\(srgb\s+([\d.e-]+)\s+([\d.e-]+)\s+([\d.e-]+)(?:\s*\/\s*([\d.]+))?\)$/.exec(colour);
    if (!wide) return { paint: colour === 'transparent' ? 'none' : colour, opacity: 1 };
    return { paint: hex(wide.slice(1, 4).map((each) => Number(each) * 255)), opacity: wide[4] === undefined ? 1 : Number(wide[4]) };
  }
  const opacity = found[4] === undefined ? 1 : Number(found[4]) / (found[5] ? 100 : 1);
  return opacity === 0 ? { paint: 'none', opacity: 1 } : { paint: hex(found.slice(1, 4).map(Number)), opacity };
}

/** @param {number[]} channels 0 to 255 each. */
function hex(channels) {
  return `#${channels.map((each) => Math.max(0, Math.min(255, Math.round(each))).toString(16).padStart(2, '0')).join('')}`;
}

/** The faces of the page, and what stands in for them where they are not installed. */
export const FACES = Object.freeze({
  sans: "Inter, 'Inter Variable', 'Helvetica Neue', Arial, 'Noto Sans SC', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif",
  mono: "'JetBrains Mono', 'JetBrains Mono Variable', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
});

/**
 * @param {string} said
 * @param {number} size Of the type, px.
 * @param {boolean} [mono]
 * @returns {number} About how wide it is, px; Chinese characters are square.
 */
export function widthOf(said, size, mono = false) {
  let width = 0;
  for (const each of said) width += /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]/.test(each) ? 1 : mono ? 0.61 : 0.55;
  return width * size;
}

/**
 * @param {string} said
 * @param {number} width px.
 * @param {number} size Of the type, px.
 * @returns {string} Cut with an ellipsis where it is wider.
 */
export function cut(said, width, size) {
  if (widthOf(said, size) <= width) return said;
  const letters = [...said];
  while (letters.length > 1 && widthOf(`${letters.join('')}…`, size) > width) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}
