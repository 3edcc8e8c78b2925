/**
 * What is drawn by hand on the stage: a line across links cuts them, a node carried elsewhere changes
 * sides. Each shows what it will do before it is let go, is one action, and is called off by Escape.
 *
 * @module views/stage/gestures
 */

import { command, parted, regroup, target } from '../../geometry/drops.js';
import { sides } from '../../geometry/sides.js';
import { crossed, plan } from '../../geometry/strokes.js';
import { attr, html, svg, text, toggle } from '../../lib/svg.js';
import { t } from '../../lib/words.js';
import { createSides } from './sides.js';

/** @typedef {import('../../types.js').Dispatch} Dispatch */
/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../geometry/flight.js').Point} Point */
/** @typedef {import('./layout.js').Layout} Layout */
/** @typedef {{kind: 'cut'|'mend'|'none', pairs: Array<[string, string]>, commands: Array<Record<string, any>>}} Plan */

/** A press that moves less than this is a click, px. */
const SLACK = 8;

/** @type {Plan} */
const NOTHING = { kind: 'none', pairs: [], commands: [] };

/**
 * @param {Model} model
 * @param {Layout} layout
 * @returns {string[][]} The sides as they are; one where the cluster is whole.
 */
function groupsOf(model, layout) {
  const found = sides(layout.ids, model.view.links);
  return found.length > 0 ? found.map(({ ids }) => ids) : [layout.ids];
}

/**
 * @param {SVGSVGElement} picture
 * @param {SVGGElement} links Where the links are drawn, each with `data-link`.
 * @param {HTMLElement} root The stage.
 * @param {Dispatch} dispatch
 * @param {() => {model: Model, layout: Layout}|null} look What is on the stage now.
 */
export function createGestures(picture, links, root, dispatch, look) {
  const areas = svg('g', { class: 'layer-areas preview' });
  const names = svg('g', { class: 'preview' });
  const middle = svg('circle', { class: 'drop-middle' });
  const line = svg('line', { class: 'cut-stroke' });
  const ghost = svg('g', { class: 'node-ghost' }, [svg('circle'), svg('text', { 'text-anchor': 'middle', dy: '.35em' })]);
  const says = html('p', { class: 'stage-says', hidden: true });
  picture.prepend(areas);
  picture.append(names, middle, line, ghost);
  root.append(says);
  const preview = createSides(areas, names);

  /** @type {{pointer: number, from: Point, node: string|null, on: boolean, plan: Plan}|null} */
  let held = null;
  /** A click that ends a gesture is none. */
  let swallow = false;

  /** @param {PointerEvent} event @returns {Point} */
  function at(event) {
    const box = picture.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** @param {string} words @param {'cut'|'mend'|'none'} kind */
  function say(words, kind) {
    text(says, words ? t('gesture.cancel', { says: words }) : '');
    attr(says, 'data-kind', kind);
    says.hidden = !words;
    attr(root, 'data-says', Boolean(words));
  }

  /** @param {Plan} plan Light up the links that it changes. */
  function light({ kind, pairs }) {
    const lit = new Set(pairs.map((pair) => pair.join('>')));
    for (const each of links.children) {
      const on = lit.has(each.getAttribute('data-link') ?? '');
      toggle(each, 'will-cut', on && kind === 'cut');
      toggle(each, 'will-mend', on && kind === 'mend');
    }
  }

  /** @param {Point} from @param {Point} to @param {Model} model @param {Layout} layout */
  function draw(from, to, model, layout) {
    for (const [name, value] of Object.entries({ x1: from.x, y1: from.y, x2: to.x, y2: to.y })) attr(line, name, value);
    const now = plan(crossed(from, to, layout.ids, layout.ring.places), model.view.links);
    attr(line, 'data-kind', now.kind);
    light(now);
    say(t(`gesture.${now.kind}`, { count: now.pairs.length }), now.kind);
    return now;
  }

  /** @param {string} id @param {Point} to @param {Model} model @param {Layout} layout @returns {Plan} */
  function carry(id, to, model, layout) {
    const groups = groupsOf(model, layout);
    const { places, center } = layout.ring;
    const inside = to.x >= 0 && to.y >= 0 && to.x <= layout.width && to.y <= layout.height;
    const margin = layout.radius + 30 * layout.scale;
    const goal = inside ? target(to, id, groups, { places, center, radius: layout.radius, margin }) : { kind: /** @type {const} */ ('stay') };
    const result = regroup(id, groups, goal);
    const wanted = goal.kind === 'stay' ? null : command(result, model.view.links);
    const shown = wanted ? parted(result) : model.view.links;
    preview.update({ ...model, view: { ...model.view, links: /** @type {any} */ (shown) } }, layout);
    attr(ghost, 'transform', `translate(${to.x} ${to.y})`);
    for (const each of [ghost.firstElementChild, middle]) if (each) attr(each, 'r', layout.radius);
    text(/** @type {Element} */ (ghost.lastElementChild), id);
    attr(middle, 'cx', center.x);
    attr(middle, 'cy', center.y);
    toggle(middle, 'on', groups.length > 1);
    toggle(middle, 'aimed', goal.kind === 'all');
    /** @param {boolean} cut @returns {Array<[string, string]>} */
    const turned = (cut) =>
      layout.ids.flatMap((a, i) => layout.ids.slice(i + 1).flatMap((b) => {
        const was = Boolean(model.view.links[`${a}>${b}`]?.cut && model.view.links[`${b}>${a}`]?.cut);
        return was !== cut && Boolean(shown[`${a}>${b}`]?.cut) === cut ? [/** @type {[string, string]} */ ([a, b])] : [];
      }));
    const cuts = wanted ? turned(true) : [];
    const kind = cuts.length > 0 ? 'cut' : wanted ? 'mend' : 'none';
    light({ kind, pairs: wanted && kind === 'mend' ? turned(false) : cuts, commands: [] });
    if (!wanted) say(t('gesture.stay', { node: id }), 'none');
    else if (result.length === 1) say(t('gesture.all'), kind);
    else if (goal.kind === 'join') say(t('gesture.join', { node: id, nodes: goal.ids.join(t('comma.list')) }), kind);
    else say(t('gesture.own', { node: id }), kind);
    return { kind, pairs: cuts, commands: wanted ? [wanted] : [] };
  }

  function stop() {
    held = null;
    light(NOTHING);
    say('', 'none');
    for (const name of ['cutting', 'carrying']) toggle(picture, name, false);
    document.removeEventListener('keydown', onKey, true);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.key !== 'Escape') return;
    stop();
    event.preventDefault();
    event.stopPropagation();
  }

  picture.addEventListener('pointerdown', (event) => {
    swallow = false;
    const now = look();
    if (held) stop();
    if (event.button !== 0 || !event.isPrimary || !now || now.model.role !== 'presenter') return;
    const { target: on } = event;
    const node = on instanceof Element ? on.closest('[data-node]')?.getAttribute('data-node') ?? null : null;
    const empty = on === picture || (on instanceof Element && on.matches('.link-hit'));
    if (node ? now.model.tool === 'select' && now.model.nodes.length > 1 : empty) held = { pointer: event.pointerId, from: at(event), node, on: false, plan: NOTHING };
  });
  picture.addEventListener('pointermove', (event) => {
    const now = look();
    if (!held || event.pointerId !== held.pointer || !now) return;
    const to = at(event);
    if (!held.on) {
      if (Math.hypot(to.x - held.from.x, to.y - held.from.y) < SLACK) return;
      held.on = true;
      swallow = true;
      picture.setPointerCapture(event.pointerId);
      document.addEventListener('keydown', onKey, true);
      toggle(picture, held.node ? 'carrying' : 'cutting', true);
      if (now.model.selection) dispatch({ type: 'select', selection: null });
    }
    held.plan = held.node ? carry(held.node, to, now.model, now.layout) : draw(held.from, to, now.model, now.layout);
  });
  picture.addEventListener('pointerup', (event) => {
    if (!held || event.pointerId !== held.pointer) return;
    const { on, plan: { commands } } = held;
    stop();
    if (on && commands.length > 0) dispatch({ type: 'gesture', commands });
  });
  picture.addEventListener('pointercancel', stop);
  picture.addEventListener('click', (event) => {
    if (!swallow) return;
    swallow = false;
    event.stopPropagation();
  }, true);
}
