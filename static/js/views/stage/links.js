/**
 * The links: two lanes each, one for either way. A cut lane is dashed and crossed; a slow or
 * lossy one is dotted and says so.
 *
 * @module views/stage/links
 */

import { along, lane } from '../../geometry/flight.js';
import { settle, textWidth } from '../../geometry/labels.js';
import { attr, svg, text, toggle } from '../../lib/svg.js';
import { t } from '../../lib/words.js';

/** @typedef {import('../../types.js').Dispatch} Dispatch */
/** @typedef {import('../../types.js').LinkView} LinkView */
/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('./layout.js').Layout} Layout */
/** @typedef {import('../../geometry/labels.js').Box} Box */

/** From so many nodes on open links are drawn as one line. */
const CROWD = 6;

const ENDS = /** @type {const} */ (['x1', 'y1', 'x2', 'y2']);

/**
 * @typedef {object} LaneParts
 * @property {string} id "from>to".
 * @property {SVGLineElement} line
 * @property {SVGGElement} cross
 * @property {SVGTextElement} note
 */

/**
 * @param {string} id "from>to".
 * @returns {LaneParts}
 */
function makeLane(id) {
  const cross = svg('g', { class: 'cut-mark' }, [
    svg('circle', { r: 9, class: 'cut-ground' }),
    svg('path', { d: 'M-5.5 -5.5L5.5 5.5M5.5 -5.5L-5.5 5.5' }),
  ]);
  return { id, line: svg('line', { class: 'lane' }), cross, note: svg('text', { class: 'lane-note', 'text-anchor': 'middle' }) };
}

/**
 * @param {string} id "from>to".
 * @param {Layout} layout
 * @param {boolean} whole Cut both ways.
 * @returns {import('../../geometry/labels.js').Box} Around the cross of a cut lane.
 */
function crossBox(id, layout, whole) {
  const [from, to] = id.split('>').map((each) => layout.ring.places[each]);
  const { x, y } = along(lane(from, to, layout.gap, whole ? 0 : layout.lane), 0.5);
  const half = 7 * layout.scale;
  return { x: x - half, y: y - half, width: half * 2, height: half * 2 };
}

/**
 * @param {LinkView|undefined} link
 * @returns {string} What is unusual about a link that still carries messages.
 */
function unusual(link) {
  if (!link || link.cut) return '';
  const parts = [];
  if (link.loss > 0) parts.push(t('link.loses', { share: Math.round(link.loss * 100) }));
  if (link.latency) parts.push(`${link.latency.map((each) => each / 1000).join('–')} ms`);
  if (link.duplicate > 0) parts.push(t('link.doubles', { share: Math.round(link.duplicate * 100) }));
  return parts.join(' · ');
}

/**
 * @param {SVGGElement} layer
 * @param {SVGGElement} marks Crosses and notes, above the lanes.
 * @param {(id: string) => void} pick A link was clicked.
 * @returns {{update: (model: Model, layout: Layout, taken: Box[]) => void, boxes: () => Box[]}} `taken` is
 *   what no note may cover; `boxes`: where the crosses and the notes are.
 */
export function createLinks(layer, marks, pick) {
  /** @type {Array<{id: string, hit: SVGLineElement, lanes: LaneParts[]}>} */
  let pairs = [];
  /** @type {Layout|null} */
  let drawn = null;
  /** @type {Record<string, LinkView>|null} */
  let links = null;
  /** @type {string|null} */
  let selected = null;
  /** @type {Box[]} */
  let crosses = [];
  /** @type {Box[]} */
  let noted = [];
  let around = '';

  /** @param {string[]} ids */
  function build(ids) {
    pairs = [];
    layer.replaceChildren();
    marks.replaceChildren();
    ids.forEach((a, i) =>
      ids.slice(i + 1).forEach((b) => {
        const id = `${a}>${b}`;
        const lanes = [makeLane(id), makeLane(`${b}>${a}`)];
        const hit = svg('line', { class: 'link-hit', onclick: () => pick(id) }, [
          svg('title', { text: t('link.between', { a, b }) }),
        ]);
        layer.append(svg('g', { class: 'link', 'data-link': id }, [hit, ...lanes.map((each) => each.line)]));
        for (const each of lanes) marks.append(each.cross, each.note);
        pairs.push({ id, hit, lanes });
      }),
    );
  }

  /**
   * A link that is cut both ways is one dashed line with one cross, and in a crowd an open one is
   * one line; else each way has its lane.
   * @param {(typeof pairs)[number]} pair
   * @param {Layout} layout
   * @param {boolean} whole
   */
  function placeLanes(pair, layout, whole) {
    for (const { id, line, cross } of pair.lanes) {
      const [from, to] = id.split('>').map((each) => layout.ring.places[each]);
      const on = lane(from, to, layout.gap, whole ? 0 : layout.lane);
      for (const name of ENDS) attr(line, name, on[name].toFixed(1));
      const middle = along(on, 0.5);
      attr(cross, 'transform', `translate(${middle.x.toFixed(1)} ${middle.y.toFixed(1)}) scale(${layout.scale})`);
    }
  }

  /** Each note beside its lane, where nothing else is written; the others fold away. @param {Layout} layout @param {Box[]} taken */
  function placeNotes(layout, taken) {
    const high = 15 * layout.scale;
    const notes = pairs.flatMap(({ lanes }) => lanes).filter(({ note }) => note.textContent);
    const wanted = notes.map(({ id, note }) => {
      const [from, to] = id.split('>').map((each) => layout.ring.places[each]);
      const on = lane(from, to, layout.gap, layout.lane);
      const width = textWidth(note.textContent ?? '', 11 * layout.scale) + 6;
      const places = [0.3, 0.5, 0.7].flatMap((share) => {
        const { x, y } = along(on, share);
        return [{ x: x - width / 2, y: y - high - 4, width, height: high }, { x: x - width / 2, y: y + 4, width, height: high }];
      });
      return { id, weight: 0, places };
    });
    const shown = settle(wanted, [...taken, ...crosses], { x: 2, y: 2, width: layout.width - 4, height: layout.height - 4 });
    noted = [];
    wanted.forEach(({ id, places }, i) => {
      const at = shown.get(id);
      const { note } = notes[i];
      attr(note, 'visibility', at === undefined ? 'hidden' : null);
      if (at === undefined) return;
      const box = places[at];
      noted.push(box);
      attr(note, 'x', (box.x + box.width / 2).toFixed(1));
      attr(note, 'y', (box.y + high * 0.78).toFixed(1));
    });
  }

  /** @param {Layout} layout */
  function placeHits(layout) {
    for (const { id, hit } of pairs) {
      const [from, to] = id.split('>').map((each) => layout.ring.places[each]);
      const middle = lane(from, to, layout.gap, 0);
      for (const name of ENDS) attr(hit, name, middle[name].toFixed(1));
    }
  }

  return {
    update(model, layout, taken) {
      const moved = layout !== drawn;
      const before = links;
      if (moved) {
        if (!drawn || drawn.ids !== layout.ids) build(layout.ids);
        placeHits(layout);
        drawn = layout;
      }
      if (moved || model.view.links !== links) {
        links = model.view.links;
        crosses = [];
        for (const pair of pairs) {
          const cuts = pair.lanes.filter(({ id }) => model.view.links[id]?.cut).length;
          const whole = cuts === 2 || (cuts === 0 && layout.ids.length >= CROWD);
          placeLanes(pair, layout, whole);
          pair.lanes.forEach(({ id, line, cross, note }, i) => {
            const link = model.view.links[id];
            const spare = whole && i > 0;
            toggle(line, 'cut', Boolean(link?.cut));
            toggle(line, 'spare', spare);
            toggle(line, 'odd', unusual(link) !== '');
            const crossed = Boolean(link?.cut) && !spare;
            toggle(cross, 'on', crossed);
            if (crossed) crosses.push(crossBox(id, layout, whole));
            text(note, unusual(link));
          });
        }
      }
      const others = taken.map(({ x, y, width }) => `${Math.round(x)} ${Math.round(y)} ${Math.round(width)}`).join();
      if (moved || before !== links || others !== around) {
        around = others;
        placeNotes(layout, taken);
      }
      const now = model.selection?.kind === 'link' ? model.selection.id : null;
      if (moved || now !== selected) {
        selected = now;
        const back = now?.split('>').reverse().join('>');
        for (const pair of pairs) toggle(pair.hit, 'selected', pair.id === now || pair.id === back);
      }
    },
    boxes: () => [...crosses, ...noted],
  };
}
