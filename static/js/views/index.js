/**
 * The table of views: the id of the element in templates/room.html that each one fills, and what
 * makes it. main.js walks it; the views know nothing of one another.
 *
 * @module views/index
 */

import { createBehind } from './behind.js';
import { createBranches } from './branches.js';
import { createEvents } from './events.js';
import { createHeader } from './header.js';
import { createKeyValue } from './keyvalue.js';
import { createKnower } from './knower.js';
import { createLesson } from './lesson.js';
import { createLogs } from './logs.js';
import { createNotes } from './notes.js';
import { createSafety } from './safety.js';
import { createOverview } from './overview.js';
import { createScrub } from './scrub.js';
import { createSpacetime } from './spacetime.js';
import { createStage } from './stage/stage.js';
import { createState } from './state.js';
import { createStatus } from './status.js';
import { createTabs } from './tabs.js';
import { createToolbar } from './toolbar.js';
import { createTransport } from './transport.js';
import { createWhy } from './why.js';

/** @typedef {(root: HTMLElement, dispatch: import('../types.js').Dispatch) => import('../types.js').ViewPart} ViewFactory */

/** @type {ReadonlyArray<[id: string, create: ViewFactory]>} */
export const VIEWS = Object.freeze([
  ['header', createHeader],
  ['status', createStatus],
  ['stage', createStage],
  ['stage-tools', createToolbar],
  ['stage-notes', createNotes],
  ['stage-knower', createKnower],
  ['lesson', createLesson],
  ['tabs', createTabs],
  ['panel-logs', createLogs],
  ['panel-keyvalue', createKeyValue],
  ['panel-events', createEvents],
  ['panel-safety', createSafety],
  ['panel-why', createWhy],
  ['state', createState],
  ['transport', createTransport],
  ['branches', createBranches],
  ['spacetime', createSpacetime],
  ['overview', createOverview],
  ['scrub', createScrub],
  ['behind', createBehind],
]);

/** What tells either of two runs that stand side by side, whichever a person wants to read. */
const OF_EITHER = new Set(['panel-logs', 'panel-keyvalue', 'state']);

/**
 * @param {import('../types.js').ViewPart} part
 * @returns {import('../types.js').ViewPart}
 */
const ofEither = (part) => ({ update: (model, previous) => part.update(model.beside?.(model) ?? model, previous) });

/**
 * Make every view whose element is on the page.
 * @param {import('../types.js').Dispatch} dispatch
 * @param {(id: string) => HTMLElement|null} [find]
 * @returns {import('../types.js').ViewPart[]}
 */
export function createViews(dispatch, find = (id) => document.getElementById(id)) {
  return VIEWS.flatMap(([id, create]) => {
    const root = find(id);
    if (!root) return [];
    const part = create(root, dispatch);
    return [OF_EITHER.has(id) ? ofEither(part) : part];
  });
}
