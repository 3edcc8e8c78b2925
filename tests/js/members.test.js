import assert from 'node:assert/strict';
import { test } from 'node:test';

import { between, ring } from '../../static/js/geometry/ring.js';
import { sides } from '../../static/js/geometry/sides.js';
import { ARRIVAL_GAP, COMMAND_GAP } from '../../static/js/lib/pace.js';
import { createJournal } from '../../static/js/store/journal.js';
import { nodesAt } from '../../static/js/store/select.js';
import { lanes } from '../../static/js/views/parts/horizon.js';
import { currentConfiguration, standing, voters } from '../../static/js/views/parts/roles.js';
import { isHeadline } from '../../static/js/views/parts/telling.js';
import { arrival, createLayouts } from '../../static/js/views/stage/layout.js';
import { event } from './recorded.js';

/** @typedef {import('../../static/js/types.js').Model} Model */

const names = (/** @type {number} */ count) => Array.from({ length: count }, (_, i) => `node${i + 1}`);
const fresh = { state: 'follower', term: 0, crashed: false, log: [] };

/** A cluster of three to which a fourth server comes with event 4. */
function grown() {
  const journal = createJournal();
  journal.append([
    event(1, { kind: 'command', changes: names(3).map((id) => [['nodes', id], { ...fresh }]) }),
    event(2, { time: 50_000, kind: 'timer_fired' }),
    event(3, { time: 50_000, kind: 'command', data: { command: { add_node: 'node4' } } }),
    event(4, { time: 50_000, kind: 'node_added', node: 'node4', cause: 3, changes: [[['nodes', 'node4'], { ...fresh }]] }),
    event(5, { time: 60_000, kind: 'timer_fired' }),
  ]);
  const session = /** @type {any} */ ({ nodes: names(3) });
  /** @param {number} p @param {number} [seq] @returns {Model} */
  const at = (p, seq = journal.seqAt(p)) => {
    const view = journal.viewAt(seq);
    return /** @type {any} */ ({ p, seq, view, roles: journal.roles, nodes: nodesAt(view, session) });
  };
  return { journal, at, came: journal.pOf(4) };
}

test('a server that comes later is there from then on, and gone again before', () => {
  const { journal, at, came } = grown();
  assert.deepEqual(at(0, 0).nodes, names(3), 'before everything: those that it starts with');
  assert.deepEqual(at(came - 1).nodes, names(3));
  assert.deepEqual(at(came).nodes, names(4));
  assert.equal(at(came - 1).nodes, at(0).nodes, 'the same nodes are the same list');
  assert.equal(at(came).nodes, at(journal.end()).nodes);
  assert.deepEqual(journal.marks.map(({ kind, label }) => [kind, label]), [['members', 'new node4']]);
});

test('the time line has a line for it from when it comes, wherever the cursor is', () => {
  const { at } = grown();
  assert.deepEqual(lanes(at(0), 3), names(3));
  assert.deepEqual(lanes(at(0), 5), names(4));
  assert.deepEqual(lanes(/** @type {any} */ ({ roles: {}, nodes: names(2) }), 9), names(2));
});

test('there is time to make room before it comes, and none before other commands', () => {
  const { journal } = grown();
  assert.equal(journal.pOf(3) - journal.pOf(2), ARRIVAL_GAP);
  assert.ok(ARRIVAL_GAP > COMMAND_GAP);
  assert.equal(journal.pOf(4), journal.pOf(3));
});

test('the others make room for it little by little: no jump, and the same at the same point of time', () => {
  const { at, came } = grown();
  const layouts = createLayouts();
  const size = { width: 805, height: 500, scale: 1 };
  assert.equal(arrival(at(came - ARRIVAL_GAP)), null);
  assert.equal(arrival(at(came)), null, 'it is there');
  assert.deepEqual(arrival(at(came, 3)), { id: 'node4', share: 1 }, 'at its command, before its own event');
  let last = layouts(at(came - ARRIVAL_GAP), size).ring.places;
  for (let p = came - ARRIVAL_GAP; p <= came; p += ARRIVAL_GAP / 60) {
    const { places } = layouts(at(p), size).ring;
    for (const id of names(3)) assert.ok(Math.hypot(places[id].x - last[id].x, places[id].y - last[id].y) < 25, `${id} jumps at ${p}`);
    last = places;
  }
  assert.deepEqual(layouts(at(came), size).ring, ring(names(4), 805, 500));
  const middle = layouts(at(came - ARRIVAL_GAP / 3), size).ring;
  layouts(at(0), size);
  assert.deepEqual(layouts(at(came - ARRIVAL_GAP / 3), size).ring, middle);
  const still = layouts(at(20_000), size);
  assert.equal(layouts(at(30_000), size), still, 'nothing is laid out anew while nothing moves');
});

test('one ring on its way to another begins as the one and ends as the other', () => {
  const [three, four] = [ring(names(3), 805, 500), ring(names(4), 805, 500)];
  assert.deepEqual(between(three, four, 0).places, three.places);
  const end = between(three, four, 1);
  for (const id of names(3)) assert.deepEqual(end.places[id], four.places[id]);
  assert.equal(end.radius, four.radius);
});

/** @param {Record<string, object>} nodes @returns {Model} */
const model = (nodes) => /** @type {any} */ ({ nodes: Object.keys(nodes), view: { nodes } });
const server = (/** @type {object} */ fields = {}) => ({ ...fresh, members: ['a', 'b'], oldMembers: [], learners: [], ...fields });

test('the leader says who belongs to the cluster; where nobody leads, each for itself', () => {
  const led = model({ a: server({ state: 'leader', term: 2, learners: ['d'] }), b: server(), c: server({ members: ['a', 'b', 'c'] }), d: server({ members: [] }) });
  assert.deepEqual(['a', 'b', 'c', 'd'].map((id) => standing(led, id)), ['member', 'member', 'outside', 'learner']);
  const alone = model({ a: server(), b: server(), c: server({ log: [{ index: 1, term: 3 }], members: ['a', 'b', 'c'] }), d: server({ term: 9, members: [] }) });
  assert.deepEqual(['a', 'b', 'c', 'd'].map((id) => standing(alone, id)), ['member', 'member', 'member', 'outside']);
  assert.deepEqual(currentConfiguration(alone)?.members, ['a', 'b', 'c'], 'by the most up-to-date log of those that know any');
  assert.equal(standing(model({ a: fresh }), 'a'), 'member', 'where members never change');
  assert.equal(currentConfiguration(model({ a: fresh })), null);
});

test('in a joint configuration who is in one half only is on its way', () => {
  const joint = server({ state: 'leader', members: ['a', 'c'], oldMembers: ['a', 'b'] });
  const led = model({ a: joint, b: server(), c: server(), d: server() });
  assert.deepEqual(['a', 'b', 'c', 'd'].map((id) => standing(led, id)), ['member', 'leaving', 'joining', 'outside']);
  assert.deepEqual(voters({ members: ['a', 'c'], old: ['a', 'b'] }), ['a', 'c', 'b']);
});

const cut = (/** @type {string[]} */ left, /** @type {string[]} */ right) =>
  Object.fromEntries(left.flatMap((a) => right.flatMap((b) => [[`${a}>${b}`, { cut: true }], [`${b}>${a}`, { cut: true }]])));

test('only those who vote make a majority, and a joint one is of both halves', () => {
  const links = cut(['node1', 'node2'], ['node3', 'node4', 'node5']);
  const named = (/** @type {any} */ voting) => sides(names(5), links, voting).map(({ name }) => name);
  assert.deepEqual(named(null), ['minority side · 2 of 5', 'majority side · 3 of 5']);
  assert.deepEqual(named({ members: names(3), old: [] }), ['majority side · 2 of 3', 'minority side · 1 of 3']);
  assert.deepEqual(named({ members: ['node3', 'node4', 'node5'], old: names(3) }), ['no majority · 2 of 3, 0 of 3', 'no majority · 1 of 3, 3 of 3']);
  assert.deepEqual(named({ members: [], old: [] }), named(null), 'nobody knows who votes');
});

test('of all who take a configuration over, the one that begins it is told, and marked', () => {
  const data = { index: 4, members: ['a', 'b'], old: [], why: 'appended' };
  const events = [
    event(1, { kind: 'command', changes: [[['nodes', 'a'], { ...fresh }]] }),
    event(2, { kind: 'configuration_changed', node: 'a', cause: 1, data }),
    event(3, { kind: 'message_delivered', time: 9000, data: { type: 'AppendEntries', reply: false } }),
    event(4, { kind: 'configuration_changed', time: 9000, node: 'b', cause: 3, data }),
    event(5, { kind: 'configuration_changed', time: 9500, node: 'a', cause: 1, data: { ...data, index: 5, old: ['a', 'c'] } }),
    event(6, { kind: 'configuration_changed', time: 9900, node: 'b', cause: 3, data: { ...data, why: 'truncated' } }),
  ];
  const told = (/** @type {number} */ seq) => isHeadline(events[seq - 1], (at) => events[at - 1]);
  assert.deepEqual([2, 4, 5, 6].map(told), [true, false, true, true]);
  const journal = createJournal();
  journal.append(events);
  assert.deepEqual(journal.marks.map(({ label }) => label), ['members', 'joint', 'undone']);
});
