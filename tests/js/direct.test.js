import assert from 'node:assert/strict';
import test from 'node:test';

import { command, parted, regroup, target } from '../../static/js/geometry/drops.js';
import { ring } from '../../static/js/geometry/ring.js';
import { sides } from '../../static/js/geometry/sides.js';
import { rows, step } from '../../static/js/geometry/tree.js';
import { createDeeds, floor, owner } from '../../static/js/store/deeds.js';
import { crossed, plan } from '../../static/js/geometry/strokes.js';
import './english.js';
import { gestureTold } from '../../static/js/ui/told.js';

const IDS = ['node1', 'node2', 'node3', 'node4', 'node5'];
const placed = ring(IDS, 900, 600);
const { places, center, radius } = placed;
const ground = { places, center, radius, margin: radius + 30 };
const cutBoth = (/** @type {string[][]} */ pairs) => Object.fromEntries(pairs.flatMap(([a, b]) => [[`${a}>${b}`, { cut: true }], [`${b}>${a}`, { cut: true }]]));

test('a line around a node crosses just its links, and one beside all crosses none', () => {
  const { x, y } = places.node1;
  const below = y + radius + 20;
  assert.deepEqual(crossed({ x: x - 250, y: below }, { x: x + 250, y: below }, IDS, places), IDS.slice(1).map((id) => ['node1', id]));
  assert.deepEqual(crossed({ x: 1, y: 1 }, { x: 1, y: 500 }, IDS, places), []);
});

test('a line cuts what is whole, also one way; it mends where all that it crosses is cut', () => {
  /** @type {Array<[string, string]>} */
  const pairs = [['node1', 'node2'], ['node1', 'node3']];
  assert.deepEqual(plan(pairs, {}).commands, [{ cut: ['node1', 'node2'] }, { cut: ['node1', 'node3'] }]);
  assert.deepEqual(plan(pairs, cutBoth([['node1', 'node2']])).commands, [{ cut: ['node1', 'node3'] }]);
  assert.deepEqual(plan(pairs, { ...cutBoth([['node1', 'node2']]), 'node1>node3': { cut: true } }).commands, [{ cut: ['node1', 'node3'] }]);
  assert.deepEqual(plan(pairs, cutBoth(pairs)), { kind: 'mend', pairs, commands: pairs.map((pair) => ({ heal: pair })) });
  assert.equal(plan([], {}).kind, 'none');
});

test('a node let go where it stood stays; outside all sides it has one of its own', () => {
  const at = places.node2;
  assert.deepEqual(target({ x: at.x + 10, y: at.y }, 'node2', [IDS], ground), { kind: 'stay' });
  assert.deepEqual(target({ x: 880, y: 20 }, 'node2', [IDS], ground), { kind: 'own' });
  assert.deepEqual(target(center, 'node2', [IDS], ground), { kind: 'join', ids: ['node1', 'node3', 'node4', 'node5'] });
});

test('a node let go over a side joins it, and in the middle all come together', () => {
  const groups = [['node1', 'node3', 'node4', 'node5'], ['node2']];
  assert.deepEqual(target(places.node2, 'node3', groups, ground), { kind: 'join', ids: ['node2'] });
  assert.deepEqual(target(center, 'node3', groups, ground), { kind: 'all' });
  const pairs = [['node1', 'node2'], ['node3', 'node4'], ['node5']];
  for (const [id, ids] of /** @type {Array<[string, string[]]>} */ ([['node1', pairs[0]], ['node3', pairs[1]]])) {
    assert.deepEqual(target(places[id], 'node5', pairs, { ...ground, margin: 10_000 }), { kind: 'join', ids }, 'the nearest of those within reach');
  }
  const joined = regroup('node3', groups, { kind: 'join', ids: ['node2'] });
  assert.deepEqual(joined, [['node1', 'node4', 'node5'], ['node2', 'node3']]);
  assert.deepEqual(regroup('node2', groups, { kind: 'join', ids: ['node1', 'node3', 'node4', 'node5'] }), [['node1', 'node3', 'node4', 'node5', 'node2']]);
  assert.deepEqual(regroup('node3', groups, { kind: 'own' }), [['node1', 'node4', 'node5'], ['node2'], ['node3']]);
  assert.deepEqual(regroup('node3', groups, { kind: 'all' }).length, 1);
  assert.deepEqual(regroup('node3', groups, { kind: 'stay' }), groups);
});

test('what results is one command, or none where nothing would change', () => {
  const groups = [['node1', 'node4', 'node5'], ['node2', 'node3']];
  assert.deepEqual(command(groups, {}), { partition: groups });
  assert.equal(command(groups, parted(groups)), null);
  assert.deepEqual(command([IDS], parted(groups)), { heal: true });
  assert.equal(command([IDS], {}), null);
  assert.deepEqual(sides(IDS, parted(groups)).map(({ ids }) => ids), groups);
});

test('a place in the past that branches share belongs to the one where it happened', () => {
  const branch = (/** @type {string} */ id, /** @type {string|null} */ parent, /** @type {number|null} */ at, lesson = false) => ({ id, name: id, parent, at, last: 50, now: 0, lesson });
  const branches = [branch('main', null, null), branch('b1', 'main', 30), branch('b2', 'b1', 40)];
  assert.deepEqual(owner(branches, { branch: 'b2', seq: 41 }), { branch: 'b2', seq: 41 });
  assert.deepEqual(owner(branches, { branch: 'b2', seq: 40 }), { branch: 'b1', seq: 40 });
  assert.deepEqual(owner(branches, { branch: 'b2', seq: 12 }), { branch: 'main', seq: 12 });
  assert.equal(floor(branches, 'b2'), 1);
  assert.equal(floor([branch('main', null, null, true), ...branches.slice(1)], 'b2'), 30, 'what a lesson brought is not taken back');
  const deeds = createDeeds();
  deeds.note('b1', 33, 36);
  assert.deepEqual([32, 33, 35, 37].map((seq) => deeds.begin(branches, { branch: 'b2', seq })), [32, 33, 33, 37]);
});

test('the tree has each branch below its parent, and arrow keys find their way', () => {
  const branch = (/** @type {string} */ id, /** @type {string|null} */ parent, at = 0) => ({ id, name: id, parent, at, last: 50, now: 0, lesson: false });
  const tree = rows([branch('main', null), branch('b1', 'main', 30), branch('b2', 'b1', 40), branch('b3', 'main', 20)]);
  assert.deepEqual(tree.map(({ branch: { id }, level, place, of }) => [id, level, place, of]), [['main', 1, 1, 1], ['b3', 2, 1, 2], ['b1', 2, 2, 2], ['b2', 3, 1, 1]]);
  assert.deepEqual(tree.map(({ rails }) => rails), [[], [true], [false], [false, false]]);
  assert.deepEqual(['ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'x'].map((key) => step(tree, 'b1', key)), ['b2', 'b3', 'main', 'b2', 'main', 'b2', null]);
  assert.deepEqual([step(tree, 'b3', 'ArrowRight'), step(tree, 'main', 'ArrowLeft')], [null, null]);
});

test('a line across several links is told as one: how many and which', () => {
  const cuts = [{ cut: ['node1', 'node3'] }, { cut: ['node2', 'node3'] }];
  assert.equal(gestureTold(cuts), '2 links cut: node1–node3, node2–node3.');
  assert.equal(gestureTold([{ heal: ['node1', 'node2'] }, { heal: ['node1', 'node3'] }]), '2 links mended: node1–node2, node1–node3.');
  assert.equal(gestureTold(cuts.slice(1)), null);
  assert.equal(gestureTold([cuts[0], { crash: 'node1' }]), null);
});
