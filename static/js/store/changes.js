/**
 * Forward application of changes to the visible state.
 *
 * A path of length 3 that begins with "nodes" sets that field, null too. Every other path sets,
 * or removes where the value is null. Log positions are 0-based and are removed from the tail.
 *
 * @module store/changes
 */

/** @typedef {import('../types.js').View} View */
/** @typedef {import('../types.js').Change} Change */
/** @typedef {import('../types.js').WireEvent} WireEvent */

/** @type {View} The state before everything. */
export const EMPTY = Object.freeze({ time: 0, seq: 0, options: {}, nodes: {}, messages: {}, links: {}, clients: {} });

/**
 * A key may be anything that a person typed, "__proto__" too: assignment would lose that one.
 * @param {any} container
 * @param {string|number} key
 * @param {any} value
 */
function put(container, key, value) {
  if (key === '__proto__') {
    Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    container[key] = value;
  }
}

/**
 * @param {any} container
 * @param {Set<object>} owned
 * @returns {any} The container itself where this batch made it, else a copy that the batch owns.
 */
function own(container, owned) {
  if (owned.has(container)) return container;
  const copy = Array.isArray(container) ? container.slice() : { ...container };
  owned.add(copy);
  return copy;
}

/**
 * @param {View} view One that the batch owns.
 * @param {Change} change
 * @param {Set<object>} owned
 */
function applyChange(view, change, owned) {
  const path = change[0];
  const value = change[1];
  /** @type {any} */
  let container = view;
  const end = path.length - 1;
  for (let depth = 0; depth < end; depth += 1) {
    const key = path[depth];
    const inner = container[key];
    if (inner === undefined || inner === null) throw new Error(`no such place in the state: ${path.join('/')}`);
    const next = own(inner, owned);
    if (next !== inner) container[key] = next;
    container = next;
  }
  const key = path[end];
  const sets = (end === 2 && path[0] === 'nodes') || value !== null;
  if (sets) put(container, key, value);
  else if (Array.isArray(container)) container.splice(Number(key), 1);
  else delete container[key];
}

/**
 * Apply events one after another. What no event touches is shared with the view given; the view
 * given is left as it was.
 *
 * @param {View} view
 * @param {readonly WireEvent[]} events
 * @param {number} [from] Position in `events` to begin with.
 * @param {number} [to] Position to stop before.
 * @param {(event: WireEvent, view: View) => void} [seen] Called after each event with the state as
 *   it then stands: to be read at once, not to be kept.
 * @returns {View}
 */
export function applyEvents(view, events, from = 0, to = events.length, seen) {
  if (from >= to) return view;
  /** @type {Set<object>} */
  const owned = new Set();
  const next = /** @type {View} */ (own(view, owned));
  for (let position = from; position < to; position += 1) {
    const event = events[position];
    for (const change of event.changes) applyChange(next, change, owned);
    next.time = event.time;
    next.seq = event.seq;
    if (seen) seen(event, next);
  }
  return next;
}
