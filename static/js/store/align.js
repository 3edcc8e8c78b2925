/**
 * Two runs laid beside each other: which moment of one belongs to which of the other. What is the
 * same on both sides holds them together, first of all the commands; between and after, virtual time.
 *
 * @module store/align
 */

import { COMMAND_GAP } from '../lib/pace.js';

/** @typedef {import('../types.js').Branch} Branch */
/** @typedef {import('../types.js').WireEvent} WireEvent */
/** @typedef {import('./journal.js').Journal} Journal */

/** @typedef {{a: number, b: number|null}} Pair Events, by their numbers, that are the same thing on both sides; null: the other side goes without it. */

/** @typedef {{p: number, seq: number}} Spot A presentation time, and the last event that is to be shown there. */

/**
 * @typedef {object} Alignment
 * @property {(spot: Spot) => Spot} toB Where the other side stands when this one stands there.
 * @property {(p: number) => number} toA Where this side is when the other one is there.
 * @property {number} same How many events from the first on are the same on both sides.
 */

/** Presentation times are whole µs: what is closer than this is the same moment. */
const NEAR = 0.01;

/**
 * @param {WireEvent} a
 * @param {WireEvent} b
 * @returns {boolean} The first event is what a run was made of: it stands at the same place in each.
 */
function equal(a, b) {
  if (a.seq === 1) return a.kind === b.kind;
  return a.kind === b.kind && a.time === b.time && a.node === b.node
    && JSON.stringify(a.changes) === JSON.stringify(b.changes) && JSON.stringify(a.data) === JSON.stringify(b.data);
}

/** @param {WireEvent|undefined} a @param {WireEvent|undefined} b @returns {boolean} Whether the same happened, whenever it did. */
function alike(a, b) {
  return a?.kind === b?.kind && a?.node === b?.node && JSON.stringify(a?.data) === JSON.stringify(b?.data);
}

/** @param {Journal} a @param {Journal} b @param {number} [from] So many are known to be the same. */
export function sameEvents(a, b, from = 0) {
  let same = Math.max(from, a.first - 1);
  if (a.first !== b.first) return 0;
  const most = Math.min(a.last(), b.last());
  while (same < most && equal(/** @type {WireEvent} */ (a.event(same + 1)), /** @type {WireEvent} */ (b.event(same + 1)))) same += 1;
  return same;
}

/** @param {Journal} journal @returns {number[]} The numbers of its commands; the first event is no command of anybody's. */
const commands = (journal) => journal.events.filter(({ kind, seq }) => kind === 'command' && seq > 1).map(({ seq }) => seq);

/**
 * @param {Journal} a A run.
 * @param {Journal} b The same commands under other rules.
 * @param {ReadonlySet<number>} skipped Events of `a` that are commands which `b` goes without.
 * @returns {Pair[]}
 */
export function pairsOfVariant(a, b, skipped) {
  const theirs = commands(b);
  /** @type {Pair[]} */
  const pairs = [];
  let next = 0;
  for (const seq of commands(a)) {
    if (skipped.has(seq)) pairs.push({ a: seq, b: null });
    else if (next < theirs.length) pairs.push({ a: seq, b: theirs[next++] });
  }
  return pairs;
}

/**
 * @param {Journal} a
 * @param {Journal} b
 * @param {number} at The last event that both have from where they parted.
 * @param {boolean} inStep Whether what was done first after that on one side stands beside what was
 *   done first on the other, and so on: where time stands still between commands.
 * @returns {Pair[]}
 */
export function pairsOfBranches(a, b, at, inStep) {
  const [ours, theirs] = [commands(a), commands(b)];
  const shared = ours.filter((seq) => seq <= at && seq >= b.first).map((seq) => ({ a: seq, b: seq }));
  if (!inStep) return shared;
  const [ownA, ownB] = [ours, theirs].map((all) => all.filter((seq) => seq > at));
  return [...shared, ...ownA.slice(0, ownB.length).map((seq, i) => ({ a: seq, b: ownB[i] }))];
}

/**
 * @param {readonly Branch[]} branches
 * @param {string} one
 * @param {string} other
 * @returns {{branch: string, at: number}|null} Their closest common ancestor, and the last event that
 *   both have of it; null where they have none.
 */
export function kinship(branches, one, other) {
  /** @param {string} id @returns {Map<string, number>} Each of its ancestors, with the last event that it has of it. */
  function line(id) {
    const found = new Map();
    let at = Infinity;
    for (let branch = branches.find((each) => each.id === id); branch && !found.has(branch.id);) {
      found.set(branch.id, at);
      at = Math.min(at, branch.at ?? 0);
      const { parent } = branch;
      branch = branches.find((each) => each.id === parent);
    }
    return found;
  }
  const theirs = line(other);
  for (const [branch, at] of line(one)) {
    const reach = theirs.get(branch);
    if (reach === undefined) continue;
    const last = branches.find((each) => each.id === branch)?.last ?? 0;
    return { branch, at: Math.min(at, reach, last) };
  }
  return null;
}

/**
 * @param {Journal} journal
 * @param {number} time Virtual time, µs.
 * @returns {number} The last presentation time at which it is not later than that.
 */
function pAtTime(journal, time) {
  let [low, high] = [0, journal.end()];
  if (journal.timeAt(high) <= time) return high;
  for (let i = 0; i < 60 && high - low > NEAR; i += 1) {
    const middle = (low + high) / 2;
    if (journal.timeAt(middle) <= time) low = middle;
    else high = middle;
  }
  return low;
}

/** @typedef {{from: number, to: number}} Anchor Presentation times that belong together. */

/**
 * @param {Anchor[]} anchors In order.
 * @param {Journal} source
 * @param {Journal} target
 * @param {number} p
 * @returns {number}
 */
function carry(anchors, source, target, p) {
  let next = 0;
  while (next < anchors.length && anchors[next].from <= p) next += 1;
  const before = anchors[next - 1];
  if (!before) return Math.min(pAtTime(target, source.timeAt(p)), anchors[0]?.to ?? Infinity);
  const after = anchors[next];
  if (after) return before.to + ((p - before.from) * (after.to - before.to)) / (after.from - before.from);
  const since = source.timeAt(p) - source.timeAt(before.from);
  return Math.max(before.to, pAtTime(target, target.timeAt(before.to) + since));
}

/**
 * @param {Journal} a
 * @param {Journal} b
 * @param {Pair[]} pairs In order.
 * @param {boolean} tied Whether the ends belong together too.
 * @returns {Anchor[]} From a to b: each command, and what lies right before the pause that each is shown after.
 */
function anchorsOf(a, b, pairs, tied) {
  /** @type {Anchor[]} */
  const anchors = a.first === b.first ? [{ from: 0, to: 0 }] : [];
  /** @param {number} from @param {number} to */
  function add(from, to) {
    const last = anchors[anchors.length - 1];
    if (!last || (from > last.from && to >= last.to)) anchors.push({ from, to });
  }
  pairs.forEach((pair, i) => {
    if (pair.a < a.first || (pair.b ?? b.first) < b.first) return;
    const from = a.pOf(pair.a);
    if (pair.b === null) {
      // What the other side goes without takes no time there: it waits.
      const next = pairs.slice(i).find((each) => each.b !== null)?.b ?? null;
      const most = next === null ? b.end() : b.pOf(next) - COMMAND_GAP;
      const waits = Math.min(most, carry(anchors, a, b, from - COMMAND_GAP));
      add(from - COMMAND_GAP, waits);
      add(from, waits);
      return;
    }
    const to = b.pOf(pair.b);
    add(from - COMMAND_GAP, to - COMMAND_GAP);
    add(from, to);
  });
  if (tied) add(a.end(), b.end());
  return anchors;
}

/**
 * @param {Journal} a The side that the transport moves.
 * @param {Journal} b
 * @param {{pairs: Pair[], tied: boolean, known?: number}} held What holds them together; `known` events
 *   are known to be the same.
 * @returns {Alignment}
 */
export function align(a, b, { pairs, tied, known = 0 }) {
  const same = sameEvents(a, b, known);
  const forth = anchorsOf(a, b, pairs, tied);
  const back = forth.map(({ from, to }) => ({ from: to, to: from }));

  /** The first event of the moment that an event belongs to. @param {Journal} journal @param {number} seq */
  function firstOf(journal, seq) {
    const p = journal.pOf(seq);
    let first = seq;
    while (first > journal.first && journal.pOf(first - 1) >= p - NEAR) first -= 1;
    return first;
  }

  /**
   * Inside a moment, where many events happen at once: up to what happened on this side too.
   * @param {number} seq Event of this side's moment.
   * @param {number} last Last event of the other side's.
   */
  function inMoment(seq, last) {
    let reached = firstOf(b, last) - 1;
    for (let ours = firstOf(a, seq); ours <= seq; ours += 1) {
      let theirs = reached + 1;
      while (theirs <= last && !alike(a.event(ours), b.event(theirs))) theirs += 1;
      if (theirs <= last) reached = theirs;
    }
    return reached;
  }

  /** @type {Alignment['toB']} */
  function toB({ p, seq }) {
    if (seq < same) return { p, seq };
    const at = Math.min(b.end(), Math.max(0, carry(forth, a, b, p)));
    const last = Math.max(same, b.first - 1, b.seqAt(at + NEAR));
    if (seq >= a.seqAt(p + NEAR) || last < b.first) return { p: at, seq: last };
    if (at - b.pOf(last) > NEAR) return { p: at, seq: last };
    return { p: at, seq: Math.max(same, inMoment(seq, last)) };
  }

  return { toB, toA: (p) => Math.min(a.end(), Math.max(0, carry(back, b, a, p))), same };
}
