/**
 * One way from a gesture to its effect: `dispatch(action)` finds the handler of the action's type.
 *
 * @module lib/dispatch
 */

/** @typedef {import('../types.js').Action} Action */
/** @typedef {import('../types.js').Dispatch} Dispatch */

/**
 * @typedef {{[T in Action['type']]: (action: Extract<Action, {type: T}>) => void}} Handlers
 *   One handler for each type of action: the type checker tells when one is missing.
 */

/** @typedef {'carryOn'|'saveRun'|'anew'} CarryAction What carry.js does. */

/** @typedef {'outcome'|'rejoin'|'tryOut'|'predict'|'guess'|'weigh'|'slides'|'notes'} CourseAction What course.js does. */

/**
 * @param {Handlers} handlers
 * @param {(action: Action) => void} [after] Called after each action, for example to draw a frame.
 * @returns {Dispatch}
 */
export function createDispatch(handlers, after = () => {}) {
  return (action) => {
    const handler = /** @type {((action: Action) => void)|undefined} */ (handlers[action.type]);
    if (!handler) throw new Error(`unknown action ${JSON.stringify(action)}`);
    handler(action);
    after(action);
  };
}
