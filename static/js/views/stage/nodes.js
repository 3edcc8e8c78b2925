/**
 * The nodes: role by colour and by shape, term, votedFor and commitIndex beside it, and the
 * election timer as an arc that runs down.
 *
 * @module views/stage/nodes
 */

import { timeLeft } from '../../geometry/flight.js';
import { textWidth } from '../../geometry/labels.js';
import { votesIn } from '../../geometry/votes.js';
import { about } from '../../lib/ask.js';
import { lastIndex } from '../../lib/log.js';
import { attr, style, svg, text, toggle } from '../../lib/svg.js';
import { t } from '../../lib/words.js';
import { age, heardCommit, heardSays, heardTerm } from '../parts/heard.js';
import { configurationOf, leaderOf, standing, standingWord, voters } from '../parts/roles.js';
import { clockInWords, makeRim, note, placeRim, signsInWords, writeRim } from './rim.js';

/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../types.js').NodeView} NodeView */
/** @typedef {import('./layout.js').Layout} Layout */

/**
 * @param {NodeView} node
 * @returns {import('../../types.js').Role|'crashed'|'unknown'} What the node is now; one that is down has no role to show.
 */
export function condition(node) {
  if (node.heard === null || (node.heard && node.heard.role === null)) return 'unknown';
  return node.crashed ? 'crashed' : node.state;
}

/**
 * @param {string} id
 * @param {Model} model
 * @returns {string} The node in words.
 */
export function describe(id, model) {
  const node = model.view.nodes[id];
  if (node.heard !== undefined) return heardSays(id, node, model.time);
  const now = condition(node);
  const facts = [
    `${together(t(`role.${now}`), standingWord(standing(model, id)))}${handing(node)}`,
    t('fact.term', { term: node.term }),
    t('node.voted', { whom: node.votedFor ?? t('node.nobody') }),
    tally(now, node),
    node.snapshot ? t('node.log.snapshot', { last: lastIndex(node), index: node.snapshot.index }) : t('node.log', { last: lastIndex(node) }),
    t('node.index', { index: node.commitIndex }),
    clockInWords(node),
  ];
  return t('node.says', { id, facts: together(...facts, ...signsInWords(node)) });
}

/** @param {...string} facts @returns {string} Those that say something, with commas. */
const together = (...facts) => facts.filter(Boolean).join(t('comma.clause'));

/**
 * @param {string} now
 * @param {NodeView} node
 * @returns {string} What it has counted; empty where it counts nothing.
 */
function tally(now, node) {
  const yes = node.votesGranted.length;
  if (now === 'candidate') return t('node.votes', { count: yes });
  return now === 'precandidate' ? t('node.would', { count: yes }) : '';
}

/** @param {NodeView} node @returns {string} To whom it hands its leadership over, after an arrow. */
function handing(node) {
  return node.transferTo && !node.crashed ? ` → ${node.transferTo}` : '';
}

/** More than this many cannot vote for a node. */
const MOST = 18;

/** One node's drawing. @param {string} id */
function make(id) {
  const parts = {
    halo: svg('circle', { class: 'node-halo' }),
    ring: svg('circle', { class: 'node-ring' }),
    disc: svg('circle', { class: 'node-disc' }),
    hatch: svg('circle', { class: 'node-hatch', fill: 'url(#hatch)' }),
    name: svg('text', { class: 'node-name', 'text-anchor': 'middle', text: id }),
    role: svg('text', { class: 'node-role', 'text-anchor': 'middle' }),
    pips: svg('g', { class: 'node-pips' }),
    pill: svg('rect', { class: 'node-pill ask', 'data-ask': about('field', id, 'term') }),
    term: svg('text', { class: 'node-term ask', 'text-anchor': 'middle', 'data-ask': about('field', id, 'term') }),
    vote: svg('text', { class: 'node-fact fact-vote ask', 'data-ask': about('field', id, 'votedFor') }),
    commit: svg('text', { class: 'node-fact fact-commit ask', 'data-ask': about('field', id, 'commitIndex') }),
    note: svg('text', { class: 'node-fact node-note' }),
  };
  const pips = Array.from({ length: MOST }, () => svg('rect', { class: 'pip' }));
  const majority = svg('line', { class: 'pip-majority' });
  parts.pips.append(...pips, majority);
  const rim = makeRim();
  const { halo, ring, disc, hatch, name, role, pill, term, vote, commit } = parts;
  // Blanks keep the words apart for those who hear them; SVG does not draw them.
  const group = svg('g', { class: 'node', role: 'button', 'data-node': id, 'data-ask': about('node', id), tabindex: -1 }, [
    halo, ring, disc, hatch, name, ' ', role, ' ', parts.pips, pill, term, ' ', vote, ' ', commit, ' ', parts.note, ' ', rim.group,
  ]);
  const track = svg('circle', { class: 'node-track' });
  const arc = svg('circle', { class: 'node-arc', pathLength: 100, transform: 'rotate(-90)' });
  return { ...parts, group, rim, dots: pips, majority, track, arc, dial: svg('g', { class: 'dial' }, [track, arc]) };
}

/** Smaller than this the long name of a role is cut short, px at the usual size of type. */
const LEGIBLE = 9.5;

/** While time runs the dials move every so many frames: often enough for the eye. */
const DIAL_FRAMES = 3;

/** @param {Event} event @returns {boolean} Whether a value beside the node was clicked to ask why it is so. */
function asks({ target }) {
  return target instanceof Element && target.matches('[data-tool="select"] .ask');
}

/** @typedef {ReturnType<typeof make>} Parts */

/**
 * @param {Layout} layout
 * @param {boolean} voting
 * @returns {{name: number, role: number, votes: number}} On which lines name and role are written, and what is left below
 *   begins. A small node has no line for its role; its name makes room for the votes.
 */
function baselines({ radius, scale }, voting) {
  const lift = radius < 44 * scale ? 4 * scale : 0;
  const roomy = radius >= 30 * scale;
  const name = roomy ? -1 * scale - lift : (voting ? 1 : 5) * scale;
  const role = 15 * scale - lift;
  return { name, role, votes: (roomy ? role : name) + 3 * scale };
}

/**
 * @param {Parts} parts
 * @param {string} id
 * @param {Layout} layout
 */
function place(parts, id, layout) {
  const { x, y } = layout.ring.places[id];
  const { radius, scale } = layout;
  attr(parts.group, 'transform', `translate(${x} ${y})`);
  attr(parts.dial, 'transform', `translate(${x} ${y})`);
  attr(parts.disc, 'r', radius);
  attr(parts.hatch, 'r', radius);
  attr(parts.ring, 'r', radius + 7 * scale);
  attr(parts.track, 'r', radius + 7 * scale);
  attr(parts.arc, 'r', radius + 7 * scale);
  attr(parts.halo, 'r', radius + 12 * scale);
  const roomy = radius >= 30 * scale;
  toggle(parts.group, 'small', !roomy);
  const fits = (radius * 1.56) / (textWidth(id, 1) || 1);
  style(parts.name, 'font-size', `${Math.min(16 * scale, fits).toFixed(1)}px`);
  attr(parts.role, 'y', baselines(layout, false).role);
  placeRim(parts.rim, id, layout);
  const { lines } = layout.labels.of[id];
  [parts.vote, parts.commit, parts.note].forEach((each, i) => {
    const room = lines !== null && i < lines.rows;
    attr(each, 'visibility', room ? null : 'hidden');
    if (!room) return;
    attr(each, 'text-anchor', lines.anchor);
    attr(each, 'x', lines.x.toFixed(1));
    attr(each, 'y', (lines.y + i * 17 * scale).toFixed(1));
  });
}

/**
 * A dot for each vote that a node may get.
 * @param {Parts} parts
 * @param {NodeView} node
 * @param {Layout} layout
 */
function writePips(parts, node, layout) {
  const configuration = configurationOf(node);
  const count = Math.min(MOST, (configuration && voters(configuration).length) || layout.ids.length);
  const { r, dots, majority } = votesIn(count, layout.radius, baselines(layout, true).votes, layout.scale);
  const yes = node.votesGranted.length;
  const no = node.votesRefused?.length ?? 0;
  parts.dots.forEach((dot, i) => {
    toggle(dot, 'spare', i >= count);
    if (i >= count) return;
    attr(dot, 'x', (dots[i].x - r).toFixed(1));
    attr(dot, 'y', (dots[i].y - r).toFixed(1));
    for (const side of ['width', 'height']) attr(dot, side, (2 * r).toFixed(1));
    attr(dot, 'rx', r.toFixed(1));
    attr(dot, 'data-vote', i < yes ? 'yes' : i < yes + no ? 'no' : 'open');
  });
  // Two majorities at once cannot be told by one line.
  attr(parts.majority, 'visibility', configuration?.old.length ? 'hidden' : null);
  const { x, top, bottom } = majority;
  for (const [name, value] of Object.entries({ x1: x, x2: x, y1: top, y2: bottom })) attr(parts.majority, name, value.toFixed(1));
}

/**
 * @param {ReturnType<typeof condition>} now
 * @param {import('../parts/roles.js').Standing} member
 * @param {NodeView} node
 * @returns {string[]} What stands under its name, the most telling first; the shorter ones where room is short.
 */
function roleWords(now, member, node) {
  const role = t(`role.${now}`);
  const word = standingWord(member);
  const more = (/** @type {string} */ said) => together(`${said}${handing(node)}`, node.paused && !node.crashed ? t('node.paused') : '');
  if (word && now === 'follower') return [more(word), word, standingWord(member, true)];
  return [more(together(role, word)), more(role), ...(now === 'precandidate' ? [more(t('role.precandidate.short'))] : [])];
}

/**
 * @param {Parts} parts
 * @param {Model} model
 * @param {string} id
 * @param {Layout} layout
 */
function write(parts, model, id, layout) {
  const node = model.view.nodes[id];
  const { scale } = layout;
  const now = condition(node);
  const member = standing(model, id);
  attr(parts.group, 'data-standing', member);
  attr(parts.group, 'data-role', now);
  attr(parts.dial, 'data-role', now);
  toggle(parts.group, 'paused', node.paused && !node.crashed);
  toggle(parts.dial, 'paused', node.paused && !node.crashed);
  const roomy = layout.radius >= 30 * layout.scale;
  const words = roleWords(now, member, node);
  const [said] = words;
  const size = (/** @type {string} */ each) => Math.min(11.5 * scale, (layout.radius * 1.72) / textWidth(each, 1));
  const shown = words.find((each) => size(each) >= LEGIBLE * scale) ?? words[words.length - 1];
  text(parts.role, roomy ? shown : '');
  style(parts.role, 'font-size', `${size(shown).toFixed(1)}px`);
  const term = t(layout.labels.short ? 'fact.term.short' : 'fact.term', { term: heardTerm(node) });
  const { pill } = layout.labels.of[id];
  const width = Math.max(pill.width, textWidth(term, 12.5 * scale, true) + 18 * scale);
  const high = pill.height;
  const middle = { x: pill.x + (Math.sign(pill.x) * (width - pill.width)) / 2, y: pill.y };
  text(parts.term, term);
  attr(parts.term, 'x', middle.x.toFixed(1));
  attr(parts.term, 'y', (middle.y + 4.4 * scale).toFixed(1));
  attr(parts.pill, 'x', (middle.x - width / 2).toFixed(1));
  attr(parts.pill, 'y', (middle.y - high / 2).toFixed(1));
  attr(parts.pill, 'width', width.toFixed(1));
  attr(parts.pill, 'height', high);
  attr(parts.pill, 'rx', high / 2);
  text(parts.vote, age(node, model.time) || `votedFor ${node.votedFor ?? '–'}`);
  text(parts.commit, t('node.commit', { index: heardCommit(node) }));
  toggle(parts.group, 'veiled', node.heard !== undefined);
  const unusual = note(node);
  text(parts.note, unusual ? t(`disk.${unusual}`) : '');
  attr(parts.note, 'data-note', unusual);
  writeRim(parts.rim, node, id, layout);
  const { lines } = layout.labels.of[id];
  const written = [parts.vote, parts.commit, parts.note].slice(0, lines?.rows ?? 0);
  // What can be read on it comes first, in the order in which it stands there.
  const facts = [parts.term, ...written].map((each) => each.textContent);
  const read = [id, roomy ? shown : '', ...facts, clockInWords(node)].filter(Boolean).join(' ');
  attr(parts.group, 'aria-label', together(read, roomy && shown === said ? '' : said, tally(now, node), ...signsInWords(node)));
  const voting = now === 'candidate' || now === 'precandidate';
  toggle(parts.group, 'voting', voting);
  attr(parts.name, 'y', baselines(layout, voting).name);
  if (voting) writePips(parts, node, layout);
}

/**
 * @param {SVGGElement} layer
 * @param {SVGElement} dials Behind the picture: what runs down is drawn apart from what stands still.
 * @param {(id: string) => void} pick A node was clicked or chosen with Enter.
 * @returns {{update: (model: Model, layout: Layout) => void, pulse: (id: string, kind: string) => void}}
 */
export function createNodes(layer, dials, pick) {
  /** @type {Map<string, Parts>} */
  const nodes = new Map();
  /** @type {Layout|null} */
  let drawn = null;
  /** @type {Record<string, NodeView>} */
  let written = {};
  /** @type {string|null} */
  let selected = null;
  let time = -1;
  let skipped = 0;
  /** Who belongs to the cluster, as it was drawn last. */
  let counted = '';

  /** @param {Model} model */
  function voting(model) {
    const leader = leaderOf(model);
    const node = leader === null ? null : model.view.nodes[leader];
    return `${leader} ${node?.members} ${node?.oldMembers} ${node?.learners}`;
  }

  /** Nodes that stay keep their drawing, and the focus. @param {string[]} ids */
  function build(ids) {
    for (const [id, parts] of nodes) {
      if (ids.includes(id)) continue;
      nodes.delete(id);
      parts.group.remove();
      parts.dial.remove();
    }
    for (const id of ids) {
      if (nodes.has(id)) continue;
      const parts = make(id);
      parts.group.addEventListener('click', (event) => {
        if (asks(event)) return;
        event.preventDefault();
        pick(id);
      });
      parts.group.addEventListener('keydown', (event) => onKey(event, id));
      nodes.set(id, parts);
      layer.append(parts.group);
      dials.append(parts.dial);
    }
    const reached = [...nodes.values()].some(({ group }) => group.getAttribute('tabindex') === '0');
    const first = nodes.get(ids[0]);
    if (first && !reached) attr(first.group, 'tabindex', 0);
  }

  /** @param {KeyboardEvent} event @param {string} id */
  function onKey(event, id) {
    const ids = [...nodes.keys()];
    const turn = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === 'Enter' || event.key === ' ') pick(id);
    else if (turn) {
      const next = nodes.get(ids[(ids.indexOf(id) + turn + ids.length) % ids.length]);
      for (const parts of nodes.values()) attr(parts.group, 'tabindex', parts === next ? 0 : -1);
      next?.group.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {Parts} parts @param {NodeView} node @param {number} now */
  function drawTimer(parts, node, now) {
    const timer = node.timers?.election;
    const running = Boolean(timer) && !node.crashed && node.state !== 'leader';
    toggle(parts.group, 'timed', running);
    toggle(parts.dial, 'timed', running);
    if (!running) return;
    const waits = timer.due === null;
    toggle(parts.group, 'by-hand', waits);
    toggle(parts.dial, 'by-hand', waits);
    const left = waits ? 100 : Math.round(timeLeft(timer, now) * 400) / 4;
    attr(parts.arc, 'stroke-dasharray', left >= 100 ? null : `${left} 100`);
    toggle(parts.dial, 'nearly', !waits && left < 22);
  }

  return {
    update(model, layout) {
      const moved = layout !== drawn;
      if (moved) {
        if (!drawn || drawn.ids !== layout.ids) build(layout.ids);
        for (const [id, parts] of nodes) place(parts, id, layout);
        drawn = layout;
      }
      const votes = model.view.nodes === written ? counted : voting(model);
      const ranked = votes !== counted;
      counted = votes;
      const now = model.time;
      skipped = now === time ? 0 : skipped + 1;
      const turn = now !== time && (!model.playing || skipped % DIAL_FRAMES === 0);
      for (const [id, parts] of nodes) {
        const node = model.view.nodes[id];
        if (!node) continue;
        const changed = moved || ranked || node !== written[id];
        if (changed) write(parts, model, id, layout);
        if (changed || turn) drawTimer(parts, node, now);
        if (turn && node.heard) text(parts.vote, age(node, now));
      }
      written = model.view.nodes;
      if (turn) time = now;
      const chosen = model.selection?.kind === 'node' ? model.selection.id : null;
      if (chosen !== selected || moved) {
        selected = chosen;
        for (const [id, parts] of nodes) toggle(parts.group, 'selected', id === chosen);
      }
    },
    pulse(id, kind) {
      const halo = nodes.get(id)?.halo;
      if (!halo) return;
      attr(halo, 'data-pulse', kind);
      halo.animate(
        [
          { opacity: 0.9, transform: 'scale(.92)' },
          { opacity: 0, transform: 'scale(1.42)' },
        ],
        { duration: 900, easing: 'cubic-bezier(.2,.7,.2,1)' },
      );
    },
  };
}
