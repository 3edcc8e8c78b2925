/**
 * The logs: rows are nodes, columns are indices; colour and a small number tell the term, a solid
 * border what is committed. ▲ nextIndex and ● matchIndex as the leader holds them. A snapshot is one
 * wide cell over the indices that it stands for; a configuration is a cell with corners.
 *
 * @module views/logs
 */

import { columnCount, columns, keepTail, reveal, rowsIn, termColour } from '../geometry/logs.js';
import { about } from '../lib/ask.js';
import { entryLabel, shortLabel } from '../lib/format.js';
import { entryAt, lastIndex, snapshotIndex } from '../lib/log.js';
import { makeStage } from '../lib/logsigns.js';
import { STAGES } from '../lib/signs.js';
import { attr, html, keyed, style, text, toggle } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { changedPlaces } from './parts/logchanges.js';
import { createLogKeys } from './parts/logkeys.js';
import { createLogLegend, unwrittenFrom } from './parts/loglegend.js';
import { copiesOf, createAnswered, dotsOf, stageOf } from './parts/progress.js';
import { leaderOf } from './parts/roles.js';
import { typeScale, whenVisible } from './parts/visible.js';

/** @typedef {import('../types.js').Entry} Entry */
/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('../types.js').NodeView} NodeView */

/** Width of a column at the usual size of type, px. */
const CELL = 84;

/** How much fits into a cell, in characters: with the sign of what became of its entry, and without. */
const ROOM = Object.freeze({ marked: 6, bare: 7 });

/**
 * @typedef {object} Cell
 * @property {number} index SNAPSHOT for the wide cell.
 * @property {number} upTo The last index that a snapshot stands for; else the index itself.
 * @property {number} term Of the last entry that a snapshot stands for.
 * @property {Entry|null} entry
 * @property {boolean} covered A snapshot stands for it: it has marks at most.
 * @property {boolean} committed
 * @property {import('../lib/logsigns.js').Stage|null} stage How far it has come.
 * @property {boolean} unwritten It is not on the node's disk.
 * @property {ReturnType<typeof copiesOf>|null} copies That the leader counts; of its own entries only.
 * @property {boolean} next
 * @property {boolean} match
 */

/** In the place of an index, the wide cell of a snapshot. */
const SNAPSHOT = 0;

/** From so many rows on the panel is given more room. */
const CROWD = 7;

/** And from so many on, they take some from a lesson's text. */
const SEVERAL = 5;

/** What of a node this panel shows. @type {ReadonlyArray<keyof NodeView>} */
const SHOWN = ['log', 'snapshot', 'commitIndex', 'lastApplied', 'disk', 'state', 'term', 'crashed', 'nextIndex', 'matchIndex'];

/**
 * @param {Model} a
 * @param {Model} b
 * @returns {boolean} Whether this panel looks the same for both; timers, for one, it does not show.
 */
function sameLogs(a, b) {
  if (a.view.nodes === b.view.nodes) return true;
  return a.nodes === b.nodes && b.nodes.every((id) => {
    const [was, now] = [a.view.nodes[id], b.view.nodes[id]];
    return was === now || (was && now && SHOWN.every((field) => was[field] === now[field]));
  });
}

/**
 * @param {import('../types.js').Configuration} configuration
 * @returns {string} Who votes, in words.
 */
function told({ members, old }) {
  const now = members.join(t('comma.list'));
  return old.length > 0 ? t('log.joint', { members: now, old: old.join(t('comma.list')) }) : t('log.members', { members: now });
}

/**
 * @param {Cell} cell
 * @param {Entry} entry
 * @param {string} label What it does, in short.
 * @returns {string} All that its marks say, in words.
 */
function sayings({ index, committed, stage, unwritten, copies }, entry, label) {
  if (entry.veiled) return t('known.entry', { index });
  const said = t(committed ? 'log.entry.committed' : 'log.entry.open', { index, term: entry.term, entry: entry.configuration ? told(entry.configuration) : label });
  const more = [
    stage === 'applied' || stage === 'answered' ? t('log.mark.applied') : '',
    stage === 'answered' ? t('log.mark.answered') : '',
    unwritten ? t('log.mark.unwritten') : '',
    ...(copies ?? []).map(({ have, of, needed }) => t('log.copies', { have, of, needed })),
  ];
  return [said, ...more.filter(Boolean)].join(t('comma.clause'));
}

/** A person's hand moves what is scrolled by more than this, px; the browser rounds by less. */
const SLIP = 1.5;

/**
 * @param {Model} model
 * @returns {boolean} Whether time goes on without a script, where each event would pull somewhere else: the tail is shown.
 */
const runs = (model) => model.playing && !model.lesson;

/** From so many events on it is a leap: what is there then has not just come. */
const LEAP = 200;

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createLogs(root, dispatch) {
  const nameList = html('div', { class: 'log-name-list' });
  const names = html('div', { class: 'log-names' }, [html('div', { class: 'log-corner' }), nameList]);
  const head = html('div', { class: 'log-head', 'aria-hidden': 'true' });
  const rows = html('div', { class: 'log-rows' });
  const sheet = html('div', { class: 'log-sheet' }, [head, rows]);
  const scroller = html('div', { class: 'log-scroller', tabindex: 0, role: 'group', 'aria-label': t('log.title') }, [html('div', { class: 'log-body' }, [names, sheet])]);
  const legend = createLogLegend(dispatch);
  const answeredAt = createAnswered();
  let answered = (/** @type {string} */ _node, /** @type {number} */ _index) => false;
  const keyboard = createLogKeys(rows);
  root.append(scroller, legend.element);

  const desk = root.closest('.desk');
  /** @type {Model|null} */
  let drawn = null;
  let width = 0;
  let height = 0;
  let content = 0;
  /** Where it is scrolled to, px: to ask the page for it while drawing would cost a layout. */
  let left = 0;
  let top = 0;
  /** Whether a person scrolled away, and wants to stay there until the next step. */
  const away = { columns: false, rows: false };
  let cell = CELL;
  let range = { first: 1, last: 0 };
  /** Whether this is what follows upon what was drawn last, and no leap. */
  let near = false;
  /** How many columns were leapt over: after a leap the cells that are there stand for others, none is made or moved. */
  let leapt = 0;

  scroller.addEventListener('scroll', () => {
    if (Math.abs(scroller.scrollLeft - left) > SLIP) away.columns = scroller.scrollLeft + width < content - SLIP;
    if (Math.abs(scroller.scrollTop - top) > SLIP) away.rows = true;
    left = scroller.scrollLeft;
    top = scroller.scrollTop;
    if (drawn) draw(drawn, false);
  }, { passive: true });
  const sizes = { scroller: 0, names: 0 };
  const observer = new ResizeObserver((entries) => {
    for (const { target, contentRect, borderBoxSize } of entries) {
      if (target === scroller) [sizes.scroller, height] = [contentRect.width, contentRect.height];
      else sizes.names = borderBoxSize[0].inlineSize;
    }
    width = Math.max(0, sizes.scroller - sizes.names);
    if (drawn && width > 0) draw(drawn, true);
  });
  for (const each of [scroller, names]) observer.observe(each);

  let scrolls = false;
  /** To scroll makes the browser lay the page out, so it waits until the frame is written. @param {number} x px @param {number} y px */
  function scrollTo(x, y) {
    [left, top] = [x, y];
    if (scrolls) return;
    scrolls = true;
    queueMicrotask(() => {
      scrolls = false;
      scroller.scrollLeft = left;
      scroller.scrollTop = top;
      // The page may not go as far as was asked for; to read what it did is free here.
      [left, top] = [scroller.scrollLeft, scroller.scrollTop];
    });
  }

  /** @type {import('../geometry/logs.js').Rows} */
  let rowed = rowsIn(1, 0, 1);
  /** @param {number} count */
  function fitRows(count) {
    rowed = rowsIn(count, height, typeScale());
    for (const [name, px] of Object.entries(rowed)) style(root, `--${name}`, `${px}px`);
    if (!desk) return;
    attr(desk, 'data-several', count >= SEVERAL);
    attr(desk, 'data-crowd', count >= CROWD);
  }

  /**
   * Where to scroll to, so that what has changed can be seen.
   * @param {Model} model
   * @param {{x: number, y: number}} from
   * @returns {{x: number, y: number}}
   */
  function revealed(model, from) {
    const places = changedPlaces(model);
    const order = new Map(model.nodes.map((id, i) => [id, i]));
    const counts = order.get(leaderOf(model) ?? '') ?? Infinity;
    const x = away.columns ? from.x : reveal(from.x, width, places.map(({ index }) => [(index - 1) * cell, index * cell]));
    const y = away.rows ? from.y : reveal(from.y, height - rowed.head, places.map(({ node }) => {
      const at = order.get(node) ?? 0;
      const start = at * (rowed.row + rowed.gap) + (at > counts ? rowed.counted - rowed.row : 0);
      return [start, start + (at === counts ? rowed.counted : rowed.row)];
    }));
    return { x, y };
  }

  const drawHead = keyed(
    head,
    (/** @type {number} */ index) => index - leapt,
    () => html('span', { class: 'log-index' }),
    (element, index) => {
      text(element, index);
      style(element, 'left', `${(index - 1) * cell}px`);
    },
  );

  const drawNames = keyed(
    nameList,
    (/** @type {string} */ id) => id,
    (id) => html('div', { class: 'log-place' }, [
      html('button', { class: 'log-name', type: 'button', text: id, title: id, onclick: () => dispatch({ type: 'select', selection: { kind: 'node', id } }) }),
    ]),
    (element, id) => {
      const node = drawn?.view.nodes[id];
      toggle(element, 'counted', drawn !== null && leaderOf(drawn) === id);
      attr(element.children[0], 'data-role', node?.crashed ? 'crashed' : (node?.state ?? null));
    },
  );

  /** @type {WeakMap<Element, (cells: Cell[]) => void>} */
  const drawers = new WeakMap();
  const drawRows = keyed(
    rows,
    (/** @type {string} */ id) => id,
    (id) => {
      const row = html('div', { class: 'log-row', role: 'list', 'data-log': id, 'aria-label': t('log.of', { node: id }) });
      drawers.set(row, keyed(
        row,
        (/** @type {Cell} */ item) => (item.index === SNAPSHOT ? 'snapshot' : item.index - leapt),
        (item) => (item.index === SNAPSHOT ? makeSnapshot(id) : makeCell(id)),
        (element, item) => (item.index === SNAPSHOT ? writeSnapshot(element, item) : writeCell(element, item)),
      ));
      return row;
    },
    (row, id) => {
      const model = drawn;
      const node = model?.view.nodes[id];
      if (!model || !node) return;
      const leads = leaderOf(model);
      const leader = leads === null ? null : model.view.nodes[leads];
      const next = leader && leader !== node ? leader.nextIndex[id] : undefined;
      const match = leader && leader !== node ? leader.matchIndex[id] : undefined;
      toggle(row, 'crashed', node.crashed);
      toggle(row, 'counted', leads === id);
      const upTo = snapshotIndex(node);
      const unwritten = unwrittenFrom(node);
      /** @type {Cell[]} */
      const cells = [];
      if (upTo >= range.first) {
        cells.push({ index: SNAPSHOT, upTo, term: node.snapshot?.term ?? 0, entry: null, covered: false, committed: true, stage: null, unwritten: false, copies: null, next: false, match: false });
      }
      for (let index = range.first; index <= range.last; index += 1) {
        const entry = entryAt(node, index);
        cells.push({
          index,
          upTo: index,
          term: entry?.term ?? 0,
          entry,
          covered: index <= upTo,
          committed: index <= node.commitIndex,
          stage: entry ? stageOf(node, index, answered(id, index)) : null,
          unwritten: unwritten > 0 && index >= unwritten,
          copies: entry && leader === node ? copiesOf(id, node, index, model.nodes) : null,
          next: next === index,
          match: match === index && index > 0,
        });
      }
      drawers.get(row)?.(cells);
    },
  );

  /** @param {string} node */
  function makeCell(node) {
    return html('span', { class: 'log-cell ask', role: 'listitem', tabindex: -1, 'data-node': node }, [
      html('span', { class: 'log-text' }),
      html('span', { class: 'log-term' }),
      html('span', { class: 'log-marks' }),
      makeStage(),
    ]);
  }

  /** @param {string} node @returns {HTMLElement} */
  function makeSnapshot(node) {
    return html('span', { class: 'log-cell ask filled committed snapshot', role: 'listitem', tabindex: -1, 'data-node': node }, [
      html('span', { class: 'log-text' }),
      html('span', { class: 'log-term' }),
    ]);
  }

  /** @param {string} node @returns {string} About the event that made its snapshot; one that was given at the start is part of its log. */
  function askSnapshot(node) {
    const made = drawn?.marks.findLast((mark) => mark.kind === 'snapshot' && mark.node === node && mark.seq <= Number(drawn?.seq));
    return made ? about('event', made.from) : about('field', node, 'log');
  }

  /** @param {Element} element @param {Cell} item */
  function writeSnapshot(element, { upTo, term }) {
    if (element.getAttribute('data-index') !== String(upTo)) attr(element, 'data-ask', askSnapshot(String(element.getAttribute('data-node'))));
    attr(element, 'data-index', upTo);
    style(element, 'left', '0px');
    style(element, 'width', `calc(${upTo * cell}px - 0.25rem)`);
    attr(element, 'data-term', termColour(term));
    text(element.children[0], upTo > 1 ? t('log.snapshot', { index: upTo }) : t('mark.snapshot'));
    text(element.children[1], `t${term}`);
    attr(element, 'title', t('log.snapshot.hint', { index: upTo, term }));
  }

  /** @param {Element} element @param {Cell} item */
  function writeCell(element, item) {
    const { entry, index } = item;
    const held = element.getAttribute('data-index') === String(index) && element.classList.contains('filled');
    attr(element, 'data-index', index);
    toggle(element, 'covered', item.covered);
    toggle(element, 'members', entry?.configuration !== undefined);
    style(element, 'left', `${(index - 1) * cell}px`);
    attr(element, 'data-term', entry ? termColour(entry.term) : null);
    toggle(element, 'fresh', near && entry !== null && (!held || element.classList.contains('fresh')));
    toggle(element, 'filled', entry !== null);
    toggle(element, 'committed', entry !== null && item.committed);
    const label = entry ? entryLabel(entry) : '';
    text(element.children[0], entry ? shortLabel(entry, label, item.stage ? ROOM.marked : ROOM.bare) : '');
    text(element.children[1], entry?.term ? `t${entry.term}` : '');
    toggle(element, 'unknown', Boolean(entry?.veiled));
    const [, , marks, sign] = element.children;
    text(marks, item.copies ? dotsOf(item.copies) : `${item.match ? '●' : ''}${item.next ? '▲' : ''}`);
    toggle(marks, 'log-count', item.copies !== null);
    attr(element, 'data-marked', item.match || item.next);
    attr(sign, 'data-stage', item.stage);
    attr(element, 'data-staged', Boolean(item.stage));
    attr(sign.children[0], 'd', item.stage && STAGES[item.stage]);
    toggle(element, 'unwritten', entry !== null && item.unwritten);
    attr(element, 'title', entry && sayings(item, entry, label));
    attr(element, 'aria-hidden', entry ? null : 'true');
    attr(element, 'data-ask', entry && !entry.veiled ? about('entry', String(element.getAttribute('data-node')), index) : null);
  }

  /** @param {Model} model @param {boolean} changed Whether more than the scroll position may have changed. */
  function draw(model, changed) {
    near = changed && drawn !== null && drawn.branch === model.branch && model.seq >= drawn.seq && model.seq - drawn.seq < LEAP;
    if (drawn && (drawn.branch !== model.branch || drawn.step !== model.step)) [away.columns, away.rows] = [false, false];
    drawn = model;
    const ids = model.nodes;
    cell = CELL * typeScale();
    const there = ids.flatMap((id) => model.view.nodes[id] ?? []);
    const lengths = there.map(lastIndex);
    const leads = leaderOf(model);
    legend.update(there, leads !== null);
    answered = answeredAt(model);
    const nexts = leads === null ? [] : Object.values(model.view.nodes[leads].nextIndex);
    const count = columnCount(lengths, nexts, Math.max(1, Math.floor(width / cell)));
    if (changed) {
      fitRows(ids.length);
      const after = count * cell;
      style(sheet, 'width', `${after}px`);
      const stays = away.columns || (near && !runs(model));
      const from = { x: stays ? keepTail({ scroll: left, width, before: content, after }) : after - width, y: top };
      const to = runs(model) ? from : revealed(model, from);
      const x = Math.max(0, Math.min(after - width, to.x));
      content = after;
      if (Math.abs(x - left) >= 1 || Math.abs(to.y - top) >= 1) scrollTo(x, to.y);
    }
    const now = columns(left, width, cell, count);
    if (!changed && now.first === range.first && now.last === range.last) return;
    if (changed && !near) leapt += now.first - range.first;
    range = now;
    drawHead(Array.from({ length: Math.max(0, range.last - range.first + 1) }, (_, i) => range.first + i));
    drawNames(ids);
    drawRows(ids);
    keyboard.settle();
  }

  return whenVisible(root, (model) => {
    if (drawn && drawn.session === model.session && drawn.view.clients === model.view.clients && sameLogs(drawn, model)) {
      drawn = model;
      return;
    }
    if (width === 0) width = scroller.clientWidth;
    draw(model, true);
  });
}
