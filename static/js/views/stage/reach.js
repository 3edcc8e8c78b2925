/**
 * Everything on the stage within reach: Tab comes to the nodes, the links, the clients and the messages,
 * arrow keys move among each kind, and Enter, the context menu's key, the right button and a long press
 * open the menu of any.
 *
 * @module views/stage/reach
 */

import { lane } from '../../geometry/flight.js';
import { attr, svg } from '../../lib/svg.js';
import { t } from '../../lib/words.js';
import { linkState } from './verbs.js';

/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../types.js').Selection} Selection */
/** @typedef {import('./layout.js').Layout} Layout */

/** How long a finger rests before it is a long press, ms, and how far it may stray meanwhile, px. */
const PRESS = Object.freeze({ after: 550, slack: 9 });

/** @type {ReadonlyArray<'node'|'link'|'message'|'client'>} */
const KINDS = ['node', 'link', 'message', 'client'];

/**
 * @param {EventTarget|null} target
 * @returns {{selection: Selection, element: Element}|null} What on the stage that is.
 */
function found(target) {
  for (const kind of KINDS) {
    const element = target instanceof Element ? target.closest(`[data-${kind}]`) : null;
    const id = element?.getAttribute(`data-${kind}`);
    if (element && id) return { selection: { kind, id }, element };
  }
  return null;
}

/**
 * @param {HTMLElement} root The stage.
 * @param {SVGSVGElement} picture
 * @param {SVGGElement} clients
 * @param {HTMLElement} air Where the messages are.
 * @param {(selection: Selection) => void} open
 * @returns {{update: (model: Model, layout: Layout) => void}}
 */
export function createReach(root, picture, clients, air, open) {
  const stops = svg('g', { class: 'link-stops' });
  // After the nodes, so that these come first.
  picture.insertBefore(stops, clients);
  /** @type {Layout|null} */
  let drawn = null;
  /** @type {Model['view']['links']|null} */
  let links = null;
  /** @type {Element|null} */
  let held = null;

  /** @param {Element} parent @param {Element} [wanted] One of its children is within reach of Tab. */
  function rove(parent, wanted) {
    const all = [...parent.children];
    const now = wanted ?? all.find((each) => each.getAttribute('tabindex') === '0') ?? all[0];
    for (const each of all) attr(each, 'tabindex', each === now ? 0 : -1);
  }

  root.addEventListener('focusin', (event) => {
    held = event.target instanceof Element && event.target.parentElement === air ? event.target : null;
  });

  root.addEventListener('keydown', (event) => {
    const here = found(event.target);
    if (!here || here.element !== event.target) return;
    const { element, selection } = here;
    const parent = /** @type {Element} */ (element.parentElement);
    const turn = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const menu = event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey);
    if (menu || ((event.key === 'Enter' || event.key === ' ') && selection.kind !== 'node')) open(selection);
    else if (turn && selection.kind !== 'node') {
      const all = [...parent.children];
      const next = all[(all.indexOf(element) + turn + all.length) % all.length];
      rove(parent, next);
      if (next instanceof SVGElement || next instanceof HTMLElement) next.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  root.addEventListener('contextmenu', (event) => {
    const here = found(event.target);
    // A value beside a node has a menu of its own.
    if (!here || (event.target instanceof Element && event.target.closest('.ask'))) return;
    event.preventDefault();
    open(here.selection);
  });

  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let resting;
  let from = { x: 0, y: 0 };
  let pressed = false;
  root.addEventListener('pointerdown', (event) => {
    clearTimeout(resting);
    pressed = false;
    const here = event.pointerType === 'touch' && event.isPrimary ? found(event.target) : null;
    if (!here) return;
    from = { x: event.clientX, y: event.clientY };
    resting = setTimeout(() => {
      pressed = true;
      open(here.selection);
    }, PRESS.after);
  });
  root.addEventListener('pointermove', (event) => {
    if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > PRESS.slack) clearTimeout(resting);
  });
  for (const end of ['pointerup', 'pointercancel']) root.addEventListener(end, () => clearTimeout(resting));
  // The click that ends a long press is none.
  root.addEventListener('click', (event) => {
    if (pressed && found(event.target)) event.stopPropagation();
    pressed = false;
  }, true);

  /** @param {Model} model @param {Layout} layout */
  function drawStops(model, layout) {
    if (!drawn || drawn.ids !== layout.ids) {
      const pairs = layout.ids.flatMap((a, i) => layout.ids.slice(i + 1).map((b) => `${a}>${b}`));
      stops.replaceChildren(...pairs.map((id) => svg('line', { class: 'link-stop', role: 'button', 'data-link': id, 'aria-haspopup': 'dialog' })));
      rove(stops);
    }
    for (const stop of stops.children) {
      const [a, b] = (stop.getAttribute('data-link') ?? '').split('>');
      const on = lane(layout.ring.places[a], layout.ring.places[b], layout.gap, 0);
      for (const name of /** @type {const} */ (['x1', 'y1', 'x2', 'y2'])) attr(stop, name, on[name].toFixed(1));
      attr(stop, 'aria-label', t('link.says', { a, b, state: linkState(model, a, b) }));
    }
  }

  return {
    update(model, layout) {
      if (layout !== drawn || model.view.links !== links) drawStops(model, layout);
      drawn = layout;
      links = model.view.links;
      for (const each of air.children) {
        attr(each, 'role', 'button');
        attr(each, 'aria-label', each.getAttribute('title'));
        attr(each, 'aria-haspopup', 'dialog');
      }
      for (const each of clients.children) {
        attr(each, 'role', 'button');
        attr(each, 'aria-haspopup', 'dialog');
      }
      rove(air);
      rove(clients);
      if (!held || held.isConnected) return;
      held = null;
      // The message that had the focus has arrived: go on with another one, or with the nodes.
      const next = document.activeElement === document.body ? air.firstElementChild ?? picture.querySelector('[data-node][tabindex="0"]') : null;
      if (next instanceof HTMLElement || next instanceof SVGElement) next.focus();
    },
  };
}
