/**
 * What the browser knows of its room: the session, the branches and a journal for each branch
 * that has been looked at. The link writes it; nothing else does.
 *
 * @module store/store
 */

import { savedRun } from './saved.js';
import { createJournal } from './journal.js';
import { withTexts } from './texts.js';

/** @typedef {import('../types.js').Session} Session */
/** @typedef {import('../types.js').Branch} Branch */
/** @typedef {import('../types.js').Opened} Opened */
/** @typedef {import('../types.js').Frame} Frame */
/** @typedef {import('../types.js').Playing} Playing */
/** @typedef {import('../types.js').LessonInfo} LessonInfo */
/** @typedef {import('./journal.js').Journal} Journal */

/**
 * @typedef {object} Store
 * @property {() => Session|null} session
 * @property {(seq: number) => import('./saved.js').Saved|null} saved The run as a file holds it, opened at an event of the active branch; null where there is none.
 * @property {() => Branch[]} branches
 * @property {() => string} active The active branch's id.
 * @property {() => 'presenter'|'viewer'} role
 * @property {() => Playing} playing What the server does.
 * @property {() => Journal} journal The active branch's.
 * @property {() => LessonInfo|null} lesson The lesson, while the active branch is its own run.
 * @property {(id: string) => number} last Last event held of a branch; 0 where none is held.
 * @property {(answer: Opened) => void} opened Take in the answer to `open`.
 * @property {(branch: string, answer: Pick<Opened, 'events'|'snapshot'|'from'|'log'>, now?: number) => void} loaded
 *   Take in a branch's events, and what was done on it, from an answer.
 * @property {(frame: Frame) => void} frame Take in a frame that follows what is held.
 * @property {(branch: Branch, active: string, gone?: string) => void} branched `gone`: one that was left before anything happened on it.
 * @property {(id: string) => void} activate
 * @property {(playing: Playing) => void} setPlaying
 */

/**
 * @param {import('../types.js').LessonTexts|null} [texts] The lesson's, in the page's language.
 * @returns {Store}
 */
export function createStore(texts = null) {
  /** @type {Session|null} */
  let session = null;
  /** The same as it was told, in the room's language. @type {Session|null} */
  let told = null;
  let room = '';
  /** @type {Branch[]} */
  let branches = [];
  /** @type {Map<string, Journal>} */
  const journals = new Map();
  const nothing = createJournal();
  let active = '';
  /** @type {'presenter'|'viewer'} */
  let role = 'viewer';
  /** @type {Playing} */
  let playing = { on: false, rate: 1 };

  /** @param {string} id */
  const branchOf = (id) => branches.find((each) => each.id === id);

  /** @param {string} id */
  const last = (id) => journals.get(id)?.last() ?? 0;

  /**
   * @param {string} id
   * @param {Partial<Branch>} fields
   */
  function amend(id, fields) {
    branches = branches.map((each) => (each.id === id ? { ...each, ...fields } : each));
  }

  /** @param {string} id @param {import('../types.js').LogPart} [part] */
  function done(id, part) {
    const log = branchOf(id)?.log;
    if (part && log) amend(id, { log: [...log.slice(0, part.at), ...part.done] });
  }

  /** @type {Store['loaded']} */
  function loaded(id, answer, now) {
    const { events, snapshot } = answer;
    let journal = journals.get(id);
    const follows = journal && !snapshot && (!events.length || events[0].seq <= journal.last() + 1);
    if (!journal || !follows) {
      journal = createJournal(snapshot ? { ...snapshot.view, seq: snapshot.seq } : undefined);
      journals.set(id, journal);
    }
    const held = journal.last();
    journal.append(events.filter((event) => event.seq > held), now ?? branchOf(id)?.now);
    amend(id, { last: journal.last() });
    done(id, answer.log);
  }

  /** @type {Store['opened']} */
  function opened(answer) {
    if (answer.room !== room) journals.clear();
    room = answer.room;
    told = answer.session;
    session = withTexts(answer.session, texts);
    branches = answer.branches;
    role = answer.role;
    playing = answer.playing;
    active = answer.branch;
    loaded(active, answer);
  }

  /** @type {Store['frame']} */
  function frame({ branch, events, now, last: reached, playing: state, log }) {
    let journal = journals.get(branch);
    if (!journal) {
      journal = createJournal();
      journals.set(branch, journal);
    }
    journal.append(events, now);
    amend(branch, { last: events.length ? reached : journal.last(), now });
    done(branch, log);
    if (branch === active && state) playing = state;
  }

  /** @type {Store['branched']} */
  function branched(branch, newActive, gone) {
    if (branchOf(branch.id)) amend(branch.id, branch);
    else branches = [...branches, branch];
    const parent = branch.parent === null ? undefined : journals.get(branch.parent);
    if (parent && !journals.has(branch.id) && branch.at !== null && parent.last() >= branch.at && parent.first <= branch.at + 1) {
      journals.set(branch.id, parent.fork(branch.at));
    }
    active = newActive;
    if (gone === undefined) return;
    branches = branches.filter(({ id }) => id !== gone);
    journals.delete(gone);
  }

  return {
    session: () => session,
    saved: (seq) => savedRun(told, branches, { branch: active, event: seq }),
    branches: () => branches,
    active: () => active,
    role: () => role,
    playing: () => playing,
    journal: () => journals.get(active) ?? nothing,
    lesson: () => (branchOf(active)?.lesson ? session?.lesson ?? null : null),
    last,
    opened,
    loaded,
    frame,
    branched,
    activate(id) {
      active = id;
    },
    setPlaying(state) {
      playing = state;
    },
  };
}
