/**
 * The stage: the cluster as a picture. It joins nodes, links, messages, clients and sides, turns
 * clicks into selections and commands, and keeps the layout to the room there is.
 *
 * @module views/stage/stage
 */

import { overlap } from '../../geometry/labels.js';
import { attr, html, style, svg, text, toggle } from '../../lib/svg.js';
import { t } from '../../lib/words.js';
import { calm, stageScale } from '../parts/visible.js';
import { createClients } from './client.js';
import { createCrowd } from './crowd.js';
import { createGestures } from './gestures.js';
import { createLayouts } from './layout.js';
import { createLinks } from './links.js';
import { createMenu } from './menu.js';
import { createMessages } from './messages.js';
import { createNodes, describe } from './nodes.js';
import { createReach } from './reach.js';
import { createSides } from './sides.js';

/** @typedef {import('../../types.js').Dispatch} Dispatch */
/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../types.js').Selection} Selection */
/** @typedef {import('./layout.js').Layout} Layout */

/** The hatching of nodes that are down. */
function definitions() {
  return svg('defs', {}, [
    svg('pattern', { id: 'hatch', width: 7, height: 7, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }, [
      svg('line', { x1: 0, y1: 0, x2: 0, y2: 7, class: 'hatch-line' }),
    ]),
  ]);
}

/**
 * @param {HTMLElement} root
 * @param {Dispatch} dispatch
 * @returns {import('../../types.js').ViewPart}
 */
export function createStage(root, dispatch) {
  const layer = (/** @type {string} */ name) => svg('g', { class: `layer-${name}` });
  const layers = {
    areas: layer('areas'), clientLines: layer('client-lines'), links: layer('links'), nodes: layer('nodes'),
    marks: layer('marks'), names: layer('side-names'), clients: layer('clients'),
  };
  const picture = svg('svg', { class: 'stage-picture', role: 'group', 'aria-label': t('stage.name') }, [
    definitions(), layers.areas, layers.clientLines, layers.links, layers.marks, layers.names, layers.nodes, layers.clients,
  ]);
  const dials = svg('svg', { class: 'stage-dials', 'aria-hidden': 'true' });
  const air = html('div', { class: 'stage-air' });
  const hint = html('p', { class: 'stage-hint' });
  const words = html('p', { class: 'visually-hidden', id: 'stage-words' });
  attr(picture, 'aria-describedby', 'stage-words');
  root.append(dials, picture, air, hint, words);

  /** @type {Model|null} */
  let latest = null;
  /** @type {Layout|null} */
  let layout = null;
  let size = { width: 0, height: 0, scale: 1 };

  const pickNode = (/** @type {string} */ id) => {
    if (!latest) return;
    const node = latest.view.nodes[id];
    if (latest.tool === 'crash') dispatch({ type: 'command', command: node?.crashed ? { restart: id } : { crash: id } });
    else if (latest.tool === 'isolate') dispatch({ type: 'command', command: alone(latest, id) ? { heal: id } : { isolate: id } });
    else select({ kind: 'node', id });
  };
  const pickLink = (/** @type {string} */ id) => {
    if (!latest) return;
    const [a, b] = id.split('>');
    const cut = latest.view.links[id]?.cut || latest.view.links[`${b}>${a}`]?.cut;
    if (latest.tool === 'cut') dispatch({ type: 'command', command: cut ? { heal: [a, b] } : { cut: [a, b] } });
    else select({ kind: 'link', id });
  };
  /** @param {Selection} selection */
  function select(selection) {
    const same = latest?.selection?.kind === selection.kind && latest.selection.id === selection.id;
    dispatch({ type: 'select', selection: same ? null : selection });
  }

  const sides = createSides(layers.areas, layers.names);
  const links = createLinks(layers.links, layers.marks, pickLink);
  const nodes = createNodes(layers.nodes, dials, pickNode);
  const messages = createMessages(air, (id) => select({ kind: 'message', id }), (message) => dispatch({ type: 'point', message }), createCrowd(air));
  const clients = createClients(layers.clientLines, layers.clients, (id) => select({ kind: 'client', id }));
  const reach = createReach(root, picture, layers.clients, air, (selection) => dispatch({ type: 'select', selection }));
  const menu = createMenu(root, dispatch);
  createGestures(picture, layers.links, root, dispatch, () => latest && layout && { model: latest, layout });
  picture.addEventListener('click', (event) => {
    if (event.target === picture && latest?.selection) dispatch({ type: 'select', selection: null });
  });

  new ResizeObserver(([entry]) => {
    const { width, height } = entry.contentRect;
    size = { width: Math.round(width), height: Math.round(height), scale: stageScale(root, width, height) };
    if (latest) draw(latest);
  }).observe(root);

  /** @param {Model} model */
  function anchor(model) {
    const { selection } = model;
    if (!selection || !layout) return null;
    const { places } = layout.ring;
    if (selection.kind === 'node' && places[selection.id]) return { ...places[selection.id], clear: layout.radius + 18 };
    if (selection.kind === 'message') {
      const at = messages.at(selection.id);
      return at && { ...at, clear: 20 };
    }
    if (selection.kind === 'client') {
      const at = clients.at(selection.id);
      return at && { x: at.x, y: at.y, clear: 52 * layout.scale };
    }
    if (selection.kind !== 'link') return null;
    const [a, b] = selection.id.split('>').map((each) => places[each]);
    return a && b ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, clear: 22 } : null;
  }

  /** Rings spread from nodes whose role or commitIndex just changed. @param {Model} now @param {Model|null} was */
  function pulses(now, was) {
    if (!was || now.branch !== was.branch || now.seq <= was.seq || now.seq - was.seq > 400 || calm()) return;
    for (const id of now.nodes) {
      const [node, before] = [now.view.nodes[id], was.view.nodes[id]];
      if (!node || !before || node === before) continue;
      if (node.state !== before.state && node.state !== 'follower') nodes.pulse(id, node.state);
      else if (node.commitIndex > before.commitIndex) nodes.pulse(id, 'commit');
    }
  }

  /** @type {Model|null} */
  let drawn = null;
  const layouts = createLayouts();
  /** Where the hint stands. @type {import('../../geometry/labels.js').Box[]} */
  let hinted = [];
  /** @param {Model} model */
  function draw(model) {
    if (size.width < 40 || size.height < 40) return;
    const was = layout;
    layout = layouts(model, size);
    if (layout !== was) {
      for (const each of [picture, dials]) attr(each, 'viewBox', `0 0 ${layout.width} ${layout.height}`);
      style(root, '--k', layout.scale);
    }
    clients.update(model, layout);
    sides.update(model, layout, clients.boxes());
    const tool = drawn?.tool !== model.tool || drawn.role !== model.role;
    text(hint, t(`stage.hint.${model.role === 'viewer' ? 'watch' : model.tool}`));
    if (tool || layout !== was) hinted = hint.offsetWidth > 0 ? [{ x: hint.offsetLeft - 4, y: hint.offsetTop, width: hint.offsetWidth + 8, height: hint.offsetHeight }] : [];
    const firm = [...layout.obstacles, ...clients.boxes(), ...sides.boxes()];
    const free = hinted.length > 0 && !firm.some((each) => overlap(each, hinted[0]));
    toggle(hint, 'folded', !free);
    const written = free ? [...firm, ...hinted] : firm;
    links.update(model, layout, written);
    nodes.update(model, layout);
    messages.update(model, layout, [...written, ...links.boxes()]);
    reach.update(model, layout);
    if (model.selection !== drawn?.selection || model.view !== drawn?.view || model.flights !== drawn?.flights) menu.update(model, layout, anchor(model));
    attr(picture, 'data-tool', model.tool);
    if (model.view.nodes !== drawn?.view.nodes && !(model.playing && model.live)) {
      text(words, model.nodes.map((id) => (model.view.nodes[id] ? t('node.sentence', { says: describe(id, model) }) : '')).join(' '));
    }
    pulses(model, drawn);
    drawn = model;
  }

  return {
    update(model) {
      latest = model;
      draw(model);
    },
  };
}

/** @param {Model} model @param {string} id @returns {boolean} Whether all links of a node are cut both ways. */
function alone(model, id) {
  const others = model.nodes.filter((each) => each !== id);
  return others.every((each) => model.view.links[`${id}>${each}`]?.cut && model.view.links[`${each}>${id}`]?.cut);
}
