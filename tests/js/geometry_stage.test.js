import assert from 'node:assert/strict';
import { test } from 'node:test';

import { beside } from '../../static/js/geometry/beside.js';
import { facts } from '../../static/js/geometry/facts.js';
import { along, bow, crosses, curve, lane, timeLeft } from '../../static/js/geometry/flight.js';
import { overlap, settle, textWidth } from '../../static/js/geometry/labels.js';
import { angles, ring } from '../../static/js/geometry/ring.js';
import { area, hull, outside, sides } from '../../static/js/geometry/sides.js';
import { createLayouts } from '../../static/js/views/stage/layout.js';
import { diskAside } from '../../static/js/views/stage/rim.js';

const SIZES = [[805, 500], [540, 450], [1160, 700], [374, 380]];
const names = (/** @type {number} */ count) => Array.from({ length: count }, (_, i) => `node${i + 1}`);

test('nodes stand inside the stage, apart from one another, whatever their number', () => {
  for (const [width, height] of SIZES) {
    for (let count = 1; count <= 9; count += 1) {
      const { places, radius } = ring(names(count), width, height);
      const all = Object.values(places);
      assert.equal(all.length, count);
      for (const place of all) {
        assert.ok(place.x - radius > 0 && place.x + radius < width, `${count} nodes in ${width}: x ${place.x}`);
        assert.ok(place.y - radius > 0 && place.y + radius < height, `${count} nodes in ${height}: y ${place.y}`);
      }
      for (const a of all) for (const b of all) {
        const apart = Math.hypot(a.x - b.x, a.y - b.y);
        if (a !== b) assert.ok(apart > radius * 2 + 12, `${count} nodes in ${width}×${height}: ${apart} apart, radius ${radius}`);
      }
    }
  }
});

test('larger type shrinks the discs rather than letting them touch', () => {
  for (let count = 3; count <= 9; count += 1) {
    const { places, radius } = ring(names(count), 795, 430, 1.5);
    for (const a of Object.values(places)) for (const b of Object.values(places)) {
      if (a !== b) assert.ok(Math.hypot(a.x - b.x, a.y - b.y) > radius * 2, `${count} nodes, radius ${radius}`);
    }
  }
});

test('the ring is the same for the same arguments and keeps the declared order', () => {
  const ids = ['zoe', 'amy', 'bob', 'cid', 'dan'];
  assert.deepEqual(ring(ids, 800, 500), ring(ids, 800, 500));
  assert.deepEqual(Object.keys(ring(ids, 800, 500).places), ids);
  assert.equal(angles(5).length, 5);
});

test('three nodes make the triangle of the document: two on one side, one facing them', () => {
  const { places } = ring(names(3), 805, 500);
  assert.equal(places.node1.x, places.node2.x);
  assert.ok(places.node1.y < places.node3.y && places.node3.y < places.node2.y);
  assert.ok(places.node3.x > places.node1.x);
  assert.deepEqual(names(3).map((id) => places[id].side), ['left', 'left', 'right']);
});

test('labels go below the nodes on a phone, and larger type gets more room', () => {
  assert.ok(Object.values(ring(names(5), 374, 380).places).every((place) => place.side === 'below'));
  const usual = ring(names(5), 1100, 600).places.node5.x;
  assert.ok(ring(names(5), 1100, 600, 1.5).places.node5.x > usual);
});

test('a stage however low keeps the ring in its shape', () => {
  for (const [width, height] of [[354, 60], [390, 110], [374, 175], [450, 180], [450, 230], [640, 190], [640, 249]]) {
    for (let count = 2; count <= 9; count += 1) {
      const { places } = ring(names(count), width, height);
      const upright = ring(names(count), 805, 500).places;
      for (const a of names(count)) for (const b of names(count)) {
        const [there, here] = [upright[a].y - upright[b].y, places[a].y - places[b].y];
        if (there < -1) assert.ok(here <= 0, `${count} nodes in ${width}×${height}: ${a} above ${b}`);
      }
      if (height < 150 || count > 5) continue;
      const least = Math.min(...names(count).flatMap((a) => names(count).filter((b) => b !== a).map((b) => Math.hypot(places[a].x - places[b].x, places[a].y - places[b].y))));
      assert.ok(least > 36, `${count} nodes in ${width}×${height}: ${least} apart`);
    }
  }
});

test('what is written beside the nodes covers neither a neighbour nor another label', () => {
  for (const [width, height] of SIZES) {
    for (let count = 3; count <= 9; count += 1) {
      const placed = ring(names(count), width, height);
      const { of } = facts(placed, width, height);
      const pills = Object.entries(of).map(([id, { pill }]) => ({
        id, x: placed.places[id].x + pill.x - pill.width / 2, y: placed.places[id].y + pill.y - pill.height / 2, width: pill.width, height: pill.height,
      }));
      for (const a of pills) for (const b of pills) {
        if (a !== b) assert.ok(!overlap(a, b), `${count} nodes in ${width}×${height}: the terms of ${a.id} and ${b.id}`);
      }
      for (const pill of pills) for (const [id, { x, y }] of Object.entries(placed.places)) {
        const { radius } = placed;
        const disc = { x: x - radius * 0.7, y: y - radius * 0.7, width: radius * 1.4, height: radius * 1.4 };
        if (id !== pill.id) assert.ok(!overlap(pill, disc), `${count} nodes in ${width}×${height}: the term of ${pill.id} over ${id}`);
      }
    }
  }
  const wide = facts(ring(names(5), 805, 500), 805, 500);
  assert.equal(wide.short, false);
  assert.ok(Object.values(wide.of).every(({ lines }) => lines !== null));
  const phone = facts(ring(names(9), 374, 380), 374, 380);
  assert.equal(phone.short, true);
  assert.ok(Object.values(phone.of).some(({ lines }) => lines === null));
});

test('the two lanes of a link lie side by side and end at the discs', () => {
  const [a, b] = [{ x: 0, y: 0 }, { x: 100, y: 0 }];
  const there = lane(a, b, 20, 5);
  const back = lane(b, a, 20, 5);
  assert.deepEqual([there.x1, there.x2, back.x1, back.x2], [20, 80, 80, 20]);
  assert.equal(there.y1, 5);
  assert.equal(back.y1, -5);
  assert.deepEqual(along(there, 0.5), { x: 50, y: 5 });
  assert.deepEqual(along(there, 7), along(there, 1));
});

test('a stroke crosses the links it passes over and no others', () => {
  const [a, b] = [{ x: 0, y: 0 }, { x: 10, y: 10 }];
  assert.ok(crosses(a, b, { x: 0, y: 10 }, { x: 10, y: 0 }));
  assert.ok(!crosses(a, b, { x: 20, y: 0 }, { x: 30, y: 10 }));
});

test('a bow is straight where the way is free, else it keeps clear, and never leaves the stage', () => {
  const stage = { width: 400, height: 400 };
  const [from, to] = [{ x: 100, y: 100 }, { x: 300, y: 100 }];
  assert.deepEqual(bow(from, to, [{ x: 200, y: 250 }], 40, stage), { x: 200, y: 100 });
  const other = { x: 200, y: 105 };
  const near = (/** @type {import('../../static/js/geometry/flight.js').Point} */ control, /** @type {number} */ steps = 20) => Math.min(...curve(from, control, to, steps).map((at) => Math.hypot(at.x - other.x, at.y - other.y)));
  assert.ok(near(bow(from, to, [other], 40, stage)) >= 38);
  const low = { width: 400, height: 140 };
  for (const clear of [20, 40, 90]) {
    const tight = curve(from, bow(from, to, [other], clear, low), to, 20);
    assert.ok(tight.every(({ x, y }) => x > 0 && y > 0 && x < low.width && y < low.height), `${clear} px from the other`);
  }
  assert.deepEqual(bow(from, to, [other], 90, { width: 400, height: 120 }).x, 200);
});

test('the arc of a timer runs from full to empty, and stays full where it waits for a command', () => {
  assert.equal(timeLeft({ set: 100, due: 300 }, 100), 1);
  assert.equal(timeLeft({ set: 100, due: 300 }, 250), 0.25);
  assert.equal(timeLeft({ set: 100, due: 300 }, 999), 0);
  assert.equal(timeLeft({ set: 100, due: null }, 999), 1);
});

const cut = (/** @type {string[]} */ ...keys) => Object.fromEntries(keys.map((key) => [key, { cut: true }]));

test('a one-way cut makes a side of the node that hears nothing', () => {
  const found = sides(names(3), cut('node1>node3', 'node2>node3'));
  assert.deepEqual(found.map((side) => side.name), ['majority side · 2 of 3', 'minority side · 1 of 3']);
  assert.deepEqual(found.map((side) => side.ids), [['node1', 'node2'], ['node3']]);
});

test('a whole cluster has no sides, nor one whose nodes reach each other over others', () => {
  assert.deepEqual(sides(names(3), {}), []);
  assert.deepEqual(sides(names(3), cut('node1>node3', 'node3>node1')), []);
});

test('an even split has no majority', () => {
  const ids = names(4);
  const keys = ['node1', 'node2'].flatMap((a) => ['node3', 'node4'].flatMap((b) => [`${a}>${b}`, `${b}>${a}`]));
  assert.deepEqual(sides(ids, cut(...keys)).map((side) => side.name), ['no majority · 2 of 4', 'no majority · 2 of 4']);
});

test('the area behind a side is its hull, or spots where a hull would cover a stranger', () => {
  const square = [{ x: 0, y: 0 }, { x: 100, y: 0 }, { x: 100, y: 100 }, { x: 0, y: 100 }];
  assert.equal(hull([...square, { x: 50, y: 50 }]).length, 4);
  assert.equal(outside(hull(square), { x: 50, y: 50 }), 0);
  assert.equal(outside(hull(square), { x: 130, y: 50 }), 30);
  assert.match(area(square, [[{ x: 300, y: 300 }]], 20), /^M.*Z$/);
  assert.equal(area(square, [[{ x: 50, y: 50 }]], 20).match(/M/g)?.length, 4);
  const [across, athwart] = [[square[0], square[2]], [square[1], square[3]]];
  assert.equal(area(across, [athwart], 20).match(/M/g)?.length, 2);
  assert.match(area([square[0]], [], 20), /^M0 0h/);
});

const box = (/** @type {number} */ x, /** @type {number} */ y) => ({ x, y, width: 10, height: 10 });

test('labels never overlap: the heavier keeps its place, the lighter moves or folds away', () => {
  const shown = settle([
    { id: 'light', weight: 0, places: [box(0, 0), box(50, 0)] },
    { id: 'heavy', weight: 5, places: [box(5, 5)] },
    { id: 'hidden', weight: 0, places: [box(3, 3)] },
  ], []);
  assert.deepEqual([...shown], [['heavy', 0], ['light', 1]]);
});

test('a label stays where it was while that is free, and leaves neither the stage nor the nodes', () => {
  const places = [box(0, 0), box(50, 0)];
  assert.equal(settle([{ id: 1, weight: 0, places, held: 1 }], []).get(1), 1);
  assert.equal(settle([{ id: 1, weight: 0, places, held: 1 }], [box(52, 2)]).get(1), 0);
  assert.equal(settle([{ id: 1, weight: 0, places }], [], { x: 40, y: 0, width: 100, height: 100 }).get(1), 1);
  assert.ok(overlap(box(0, 0), box(9, 9)) && !overlap(box(0, 0), box(10, 0)));
  assert.ok(textWidth('RequestVote', 13) > textWidth('vote', 13));
});

test('a card stands beside what it speaks of, whole and within the window', () => {
  const room = { width: 1000, height: 800 };
  const card = { width: 300, height: 160 };
  const of = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ width, /** @type {number} */ height) => ({ x, y, width, height });
  const spoken = [of(10, 10, 100, 40), of(900, 10, 90, 40), of(0, 640, 1000, 160), of(0, 50, 600, 750), of(500, 60, 500, 740), of(400, 380, 20, 20)];
  for (const target of spoken) {
    const at = { ...beside(target, card, room), ...card };
    assert.ok(at.x >= 12 && at.y >= 12 && at.x + at.width <= 988 && at.y + at.height <= 788, JSON.stringify(at));
    assert.ok(!overlap(at, target), JSON.stringify([target, at]));
  }
  const whole = { ...beside(of(0, 0, 1000, 800), card, room), ...card };
  assert.ok(whole.y > 400 && whole.y + whole.height <= 788);
});

test('the sign of a disk stands where no message leaves: below, or outward where a link goes straight down', () => {
  for (const [count, size, wanted] of /** @type {const} */ ([
    [3, { width: 900, height: 560 }, [1, 0, 0]],
    [3, { width: 380, height: 400 }, null],
    [4, { width: 900, height: 560 }, [1, -1, 0, 0]],
    [5, { width: 900, height: 560 }, [0, 0, 0, 0, 0]],
    [9, { width: 900, height: 560 }, null],
  ])) {
    const ids = Array.from({ length: count }, (_, i) => `node${i + 1}`);
    const layout = createLayouts()(/** @type {any} */ ({ nodes: ids, p: 0, roles: {}, view: { nodes: {} } }), { ...size, scale: 1 });
    const found = ids.map((id) => diskAside(id, layout));
    if (wanted) assert.deepEqual(found.map(Math.sign).map((each) => each || 0), wanted, `${count} nodes`);
    ids.forEach((id, i) => {
      const { x, y } = layout.ring.places[id];
      if (found[i] === 0) return;
      assert.equal(Math.sign(found[i]), -layout.labels.of[id].out, 'outward');
      for (const other of ids.filter((each) => each !== id)) {
        const at = layout.ring.places[other];
        assert.ok(Math.abs(Math.atan2(x - at.x, at.y - y) - found[i]) > 0.4, `${id} to ${other}`);
      }
    });
  }
});
