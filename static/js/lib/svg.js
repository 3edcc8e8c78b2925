/**
 * Making and touching elements. The setters write only when the value differs from what they
 * wrote last, so a view may call them on every frame.
 *
 * @module lib/svg
 */

const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';

/** The `nodeType` of text. */
const TEXT_NODE = 3;

/** @typedef {WeakMap<Element, Map<string, any>>} Written By element and name. */

/** What was written last, a memory for each kind of value: reading the DOM back would cost more. */
const written = {
  /** @type {Written} */ attributes: new WeakMap(),
  /** @type {Written} */ styles: new WeakMap(),
  /** @type {Written} */ classes: new WeakMap(),
};

/** @type {WeakMap<Element, string>} */
const texts = new WeakMap();

/**
 * @param {Written} memory
 * @param {Element} element
 * @param {string} name
 * @param {any} value
 * @returns {boolean} Whether the value differs from the one written last.
 */
function differs(memory, element, name, value) {
  let known = memory.get(element);
  if (!known) {
    known = new Map();
    memory.set(element, known);
  }
  if (known.get(name) === value && (value !== undefined || known.has(name))) return false;
  known.set(name, value);
  return true;
}

/**
 * Set an attribute, or remove it where the value is null, undefined or false.
 * @param {Element} element
 * @param {string} name
 * @param {string|number|boolean|null|undefined} value true sets it empty.
 */
export function attr(element, name, value) {
  if (!differs(written.attributes, element, name, value)) return;
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : String(value));
}

/**
 * @param {Element} element
 * @param {string|number} text
 */
export function text(element, text) {
  const value = String(text);
  if (texts.get(element) === value) return;
  texts.set(element, value);
  const { firstChild } = element;
  // A text node of its own stays: one in its place would be laid out as new.
  if (firstChild?.nodeType === TEXT_NODE && !firstChild.nextSibling) firstChild.nodeValue = value;
  else element.textContent = value;
}

/**
 * Set one style property through the CSSOM (the page's policy forbids style attributes).
 * @param {Element} element
 * @param {string} name A CSS property, custom ones too.
 * @param {string|number|null} value null removes it.
 */
export function style(element, name, value) {
  if (!differs(written.styles, element, name, value)) return;
  const declaration = /** @type {HTMLElement|SVGElement} */ (element).style;
  if (value === null) declaration.removeProperty(name);
  else declaration.setProperty(name, String(value));
}

/**
 * @param {Element} element
 * @param {string} name A class.
 * @param {boolean} on
 */
export function toggle(element, name, on) {
  if (differs(written.classes, element, name, on)) element.classList.toggle(name, on);
}

/**
 * Show or hide an element that others may show or hide as well: what it is now is asked of itself.
 * To write `hidden` over itself would make the browser work out the element's styles anew.
 * @param {HTMLElement} element
 * @param {boolean} hidden
 */
export function hide(element, hidden) {
  if (element.hidden !== hidden) element.hidden = hidden;
}

/**
 * @param {Element} element
 * @param {Record<string, any>} attributes
 * @param {Array<Element|string|null>} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'text') text(element, value);
    else attr(element, name, value);
  }
  for (const child of children) if (child !== null) element.append(child);
}

/**
 * Make an SVG element.
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [attributes] `text` sets the content, `onclick` and the like add listeners.
 * @param {Array<Element|string|null>} [children]
 * @returns {SVGElementTagNameMap[T]}
 */
export function svg(tag, attributes = {}, children = []) {
  const element = document.createElementNS(SVG_NAMESPACE, tag);
  fill(element, attributes, children);
  return element;
}

/**
 * Make an HTML element.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [attributes] `text` sets the content, `onclick` and the like add listeners.
 * @param {Array<Element|string|null>} [children]
 * @returns {HTMLElementTagNameMap[T]}
 */
export function html(tag, attributes = {}, children = []) {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

/**
 * Keep a parent's children in step with a list: one child for each item, in the list's order,
 * made once, moved only when the order changes, removed when its item is gone.
 *
 * @template Item
 * @template {Element} Child
 * @param {Element} parent Its children belong to this list alone.
 * @param {(item: Item) => string|number} keyOf
 * @param {(item: Item) => Child} create
 * @param {(child: Child, item: Item, index: number) => void} update
 * @param {{anew?: boolean}} [how] anew: `update` writes all that an item says, so where none of the
 *   items is left, the children stay and stand for others.
 * @returns {(items: Iterable<Item>) => void}
 */
export function keyed(parent, keyOf, create, update, { anew = false } = {}) {
  /** @type {Map<string|number, Child>} */
  let held = new Map();
  return (items) => {
    const list = [...items];
    // What is gone goes first: it would stand in the way, and everything after it be moved.
    const wanted = new Set(list.map(keyOf));
    const before = held.size;
    /** @type {Child[]} */
    const gone = [];
    for (const [key, child] of held) {
      if (wanted.has(key)) continue;
      gone.push(child);
      held.delete(key);
    }
    const spare = anew && gone.length === before ? gone.splice(0, wanted.size).reverse() : [];
    for (const child of gone) child.remove();
    /** @type {Map<string|number, Child>} */
    const next = new Map();
    let index = 0;
    let place = parent.firstElementChild;
    for (const item of list) {
      const key = keyOf(item);
      if (next.has(key)) continue;
      const child = held.get(key) ?? spare.pop() ?? create(item);
      next.set(key, child);
      held.delete(key);
      if (child === place) place = place.nextElementSibling;
      else parent.insertBefore(child, place);
      update(child, item, index);
      index += 1;
    }
    held = next;
  };
}
