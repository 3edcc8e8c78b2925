/**
 * A run as a file holds it, put together from what the room has told: what the cluster was made of, and
 * for each branch what was done on it. It is what the server saves, but for the digests of final states.
 *
 * @module store/saved
 */

/** @typedef {import('../types.js').Branch} Branch */
/** @typedef {import('../types.js').Done} Done */
/** @typedef {import('../types.js').Session} Session */

/** @typedef {{id: string, name: string, parent?: string, at?: number, log: Done[], events: number}} SavedBranch */

/**
 * @typedef {object} Saved
 * @property {'raftviz-session'} format
 * @property {1} version
 * @property {string} [title]
 * @property {string} [lesson]
 * @property {Record<string, any>} cluster
 * @property {SavedBranch[]} branches Parents first.
 * @property {{branch: string, event: number}} moment Where it is opened.
 */

/** @param {Branch} branch @returns {SavedBranch} */
function savedBranch({ id, name, parent, at, log, last }) {
  const left = parent === null || at === null ? {} : { parent, at };
  return { id, name, ...left, log: log ?? [], events: last };
}

/**
 * @param {Session|null} session As the room told it.
 * @param {Branch[]} branches
 * @param {{branch: string, event: number}} moment
 * @returns {Saved|null} Null where the room has not told enough.
 */
export function savedRun(session, branches, moment) {
  if (!session?.cluster || !branches.length || !branches.every(({ log }) => log)) return null;
  const { title, lesson, cluster } = session;
  return {
    format: 'raftviz-session', version: 1, ...(title && { title }), ...(lesson && { lesson: lesson.id }),
    cluster, branches: branches.map(savedBranch), moment,
  };
}

/**
 * @param {Saved} saved
 * @returns {Saved} The same without the branches that its moment does not come from.
 */
export function lineage(saved) {
  /** @type {SavedBranch[]} */
  const line = [];
  /** @type {string|undefined} */
  let wanted = saved.moment.branch;
  for (const branch of [...saved.branches].reverse()) {
    if (branch.id !== wanted) continue;
    line.unshift(branch);
    wanted = branch.parent;
  }
  return { ...saved, branches: line };
}

/**
 * @param {Saved} saved
 * @returns {boolean} Whether there is anything that a person did, or let happen: a lesson by itself is always there.
 */
export function worthKeeping({ lesson, branches: [first, ...others] }) {
  return others.some(({ log }) => log.length) || (lesson === undefined && first.log.length > 0);
}

/**
 * @param {string|null} text What was kept.
 * @returns {Saved|null} Null where it is no run, or a part of one; what is wrong inside, the server says.
 */
export function readRun(text) {
  try {
    const session = JSON.parse(text ?? '');
    const whole = session.format === 'raftviz-session' && typeof session.cluster === 'object' && session.branches.length > 0
      && typeof session.moment.branch === 'string' && typeof session.moment.event === 'number';
    return whole ? session : null;
  } catch {
    return null;
  }
}
