/**
 * What each action does. Movement is local; what changes the cluster is asked of the server, and
 * comes back as events like everything else.
 *
 * @module actions
 */

import { aboutSelection } from './lib/ask.js';
import { nextRate } from './lib/format.js';
import { lastIndex } from './lib/log.js';
import { kindsOf } from './lib/moments.js';
import { t } from './lib/words.js';
import { questionOf } from './store/asking.js';
import { neighbour, nextMark, previousMark } from './store/select.js';
import { gestureTold } from './ui/told.js';
import { createUndo } from './undo.js';

/** @typedef {Omit<import('./lib/dispatch.js').Handlers, import('./lib/dispatch.js').CourseAction|import('./lib/dispatch.js').CarryAction>} Handlers */
/** @typedef {import('./types.js').MarkKind} MarkKind */
/** @typedef {import('./store/store.js').Store} Store */
/** @typedef {import('./store/player.js').Player} Player */
/** @typedef {import('./store/walk.js').Walk} Walk */
/** @typedef {import('./store/model.js').Desk} Desk */
/** @typedef {import('./link/room.js').Room} Room */

/** The longest that a step forward takes on the screen, and what a command does, ms. */
const LONGEST = Object.freeze({ step: 900, command: 4000 });

/** How long to wait for what a command did, ms, before the next command goes its own way. */
const ARRIVAL = 2000;

/**
 * @typedef {object} Context
 * @property {Store} store
 * @property {Player} player
 * @property {Walk} walk
 * @property {Desk} desk
 * @property {Room} room
 * @property {() => number} now Wall time, ms.
 * @property {() => void} changed Ask for a frame.
 * @property {() => void} theme
 * @property {() => void} help
 * @property {() => void} share
 * @property {() => void} takeAway
 * @property {Pick<Handlers, 'compare'|'leaveCompare'|'otherSide'|'swapSides'>} comparison
 * @property {() => void} tour
 * @property {() => void} print
 * @property {() => Promise<boolean>} copyState
 */

/** How far the next election or commit is looked for, virtual ms. */
const LONGEST_RUN = 5000;

/** @typedef {{branch: string, first: number, last: number}} Done What a command did: events `first` to `last` of a branch. */

/**
 * @param {Context} context
 * @returns {{handlers: Handlers, noticed: () => void, longest: () => number|undefined}} `noticed` is to
 *   be called whenever events or branches came in; `longest` is how long these may take to be shown, ms.
 */
export function createHandlers({ store, player, walk, desk, room, now, changed, theme, help, share, takeAway, tour, print, comparison, copyState }) {
  /** How many commands are under way. */
  let waiting = 0;
  /** @type {number} */
  let longest = LONGEST.command;
  /** What the latest command did. @type {Promise<Done|null>} */
  let latest = Promise.resolve(null);
  /** @type {Array<{done: Pick<Done, 'branch'|'last'>, resolve: () => void}>} */
  let awaited = [];
  const taking = createUndo({ store, player, room, arrival });

  /** @param {unknown} error */
  function failed(error) {
    desk.error = error instanceof Error ? error.message : String(error);
    changed();
  }

  /** @param {string} text */
  function note(text) {
    desk.notice = text;
    changed();
  }

  /** Stop all movement, the server's too where it is this page that steers. */
  function settle() {
    desk.notice = null;
    walk.stop();
    if (store.playing().on && store.role() === 'presenter') {
      store.setPlaying({ ...store.playing(), on: false });
      askToPause();
    }
  }

  /** Where a command from here is to happen: null is the head, wherever that is by then. */
  function here() {
    if (!store.lesson() && player.atHead()) {
      if (!player.following()) player.finish();
      return null;
    }
    walk.rejoin();
    walk.stop();
    return { branch: store.active(), seq: player.seq() };
  }

  /** Whether what a command did has come in. @param {Pick<Done, 'branch'|'last'>} done */
  const came = (done) => store.active() === done.branch && store.last(done.branch) >= done.last;

  /**
   * Carry out a command, after the ones before it: those that were sent together belong together,
   * on the branch that the first of them made.
   * @param {Record<string, any>} command
   * @returns {Promise<Done|null>} Null where it was refused.
   */
  async function act(command) {
    const first = waiting === 0;
    const before = latest;
    waiting += 1;
    longest = 'step' in command ? LONGEST.step : LONGEST.command;
    desk.error = null;
    desk.notice = null;
    taking.forget();
    const place = first ? here() : null;
    let refused = false;
    latest = (async () => {
      const done = await before;
      const at = first ? place : done && !store.playing().on && { branch: done.branch, seq: done.last };
      try {
        return await room.ask('do', at ? { command, at } : { command });
      } catch (error) {
        failed(error);
        refused = true;
        return first ? null : done;
      }
    })();
    const done = await latest;
    if (done) await arrival(done);
    waiting -= 1;
    changed();
    return refused ? null : done;
  }

  /** Carry out commands that are one action of a person's. @param {Array<Record<string, any>>} commands */
  async function gesture(commands) {
    const done = (await Promise.all(commands.map(act))).filter((each) => each !== null);
    const branch = done[0]?.branch;
    if (branch && done.every((each) => each.branch === branch)) taking.note(branch, done[0].first, done[done.length - 1].first);
    const told = done.length === commands.length ? gestureTold(commands) : null;
    if (told) note(told);
  }

  /** @param {Pick<Done, 'branch'|'last'>} done */
  function arrival(done) {
    if (came(done)) return Promise.resolve();
    return new Promise((/** @type {(value: void) => void} */ resolve) => {
      awaited.push({ done, resolve });
      setTimeout(resolve, ARRIVAL);
    });
  }

  function noticed() {
    awaited = awaited.filter(({ done, resolve }) => {
      if (came(done)) resolve();
      return !came(done);
    });
  }

  /** Without a connection this page moves alone; the room goes on, and the page says so once it is back. */
  function askToPause() {
    if (desk.connection === 'open') room.ask('pause').catch(failed);
  }

  function askToPlay() {
    room.ask('play', { rate: player.rate() }).catch(failed);
  }

  function play() {
    desk.notice = null;
    if (store.lesson()) walk.play(now());
    else if (store.playing().on) player.live(now());
    else if (player.seq() < player.journal().last()) player.moveTo(player.journal().last(), now(), { arrived: askToPlay });
    else askToPlay();
  }

  function pause() {
    const following = player.following();
    if (following && store.role() === 'presenter') {
      player.drain();
      askToPause();
    } else {
      walk.stop();
    }
  }

  /** @param {1|-1} direction */
  function stepOnce(direction) {
    settle();
    const target = neighbour(player.journal(), player.seq(), direction);
    if (target === null) {
      if (direction > 0 && !store.lesson()) void act({ step: 1 });
      return;
    }
    if (direction > 0) player.moveTo(target, now(), { longest: LONGEST.step, arrived: () => walk.locate() });
    else player.seekSeq(target);
    walk.locate();
  }

  /** @param {() => void} move */
  function jump(move) {
    settle();
    move();
    walk.locate();
  }

  /** Whether this page may let time pass in a cluster whose timers run out by themselves. */
  function runsByItself() {
    return !store.lesson() && store.session()?.timers === 'auto' && store.role() === 'presenter' && !store.playing().on;
  }

  /** From the head on: let time pass until it is so. @param {MarkKind} kind */
  function runOn(kind) {
    const head = player.journal().head();
    const up = Object.entries(head.nodes).filter(([, node]) => !node.crashed);
    const leaders = up.filter(([, node]) => node.state === 'leader').sort(([, a], [, b]) => b.term - a.term);
    /** @type {Record<string, any>} */
    const wanted = { within: LONGEST_RUN };
    if (kind === 'election') {
      if (leaders.length) {
        note(t('note.leads', { node: leaders[0][0] }));
        return;
      }
      wanted.leader = true;
    } else {
      const committed = Math.max(0, ...up.map(([, node]) => node.commitIndex));
      const logs = (leaders.length ? leaders.slice(0, 1) : up).map(([, node]) => lastIndex(node));
      if (Math.max(0, ...logs) <= committed) {
        note(t('note.nothing'));
        return;
      }
      wanted.committed = committed + 1;
    }
    jump(() => player.seekSeq(player.journal().last()));
    void act({ run_until: wanted });
  }

  /** @param {'election'|'commit'} kind */
  function toMark(kind) {
    player.finish();
    const mark = nextMark(player.journal().marks, player.seq(), [kind]);
    if (mark) jump(() => player.seek(mark.p));
    else if (runsByItself()) runOn(kind);
    else note(t(store.lesson() ? `note.${kind}.none` : store.session()?.timers === 'manual' ? `note.${kind}.manual` : `note.${kind}.yet`));
  }

  /** To the next moment of a kind that is looked for, or back to the one before. @param {1|-1} direction */
  function toMoment(direction) {
    player.finish();
    const find = direction > 0 ? nextMark : previousMark;
    const mark = find(player.journal().marks, player.seq(), kindsOf(desk.moments));
    if (mark) jump(() => player.seekSeq(mark.seq));
    else note(t(direction > 0 ? 'note.moment.none' : 'note.moment.first'));
  }

  /** @param {number} value */
  function setRate(value) {
    player.setRate(value, now());
    if (store.playing().on && player.following() && store.role() === 'presenter') askToPlay();
  }

  /**
   * Do something in the lesson; where another branch is on the screen, go back to the lesson's first.
   * @param {() => void} move
   */
  function inLesson(move) {
    if (store.lesson()) {
      move();
      return;
    }
    const own = store.branches().find((branch) => branch.lesson);
    if (own) room.switchTo(own.id).then(changed, failed);
  }

  /**
   * Take back what was done last, or bring it back; in a lesson, a step back or on.
   * @param {'undo'|'redo'} which
   */
  async function take(which) {
    desk.notice = null;
    if (store.lesson()) {
      if (which === 'undo') walk.back();
      else walk.next(now());
      return;
    }
    settle();
    try {
      const any = await taking[which]();
      note(t(any ? `note.${which}` : `note.${which}.none`));
    } catch (error) {
      failed(error);
    }
  }

  /** @type {Handlers} */
  const handlers = {
    command: ({ command }) => void act(command),
    gesture: ({ commands }) => void gesture(commands),
    play,
    pause,
    toggle() {
      const going = walk.playing() || (player.moving() && !(player.following() && !store.playing().on));
      if (going) pause();
      else play();
    },
    step() {
      if (player.moving() && !player.following()) player.finish();
      stepOnce(1);
    },
    stepBack: () => stepOnce(-1),
    toStart: () => (store.lesson() ? walk.go(0) : jump(() => player.seek(0))),
    toEnd() {
      if (store.lesson()) walk.go(/** @type {any} */ (store.lesson()).steps.length - 1);
      else if (store.playing().on) player.live(now());
      else jump(() => player.seekSeq(player.journal().last()));
    },
    nextElection: () => toMark('election'),
    nextCommit: () => toMark('commit'),
    rate: ({ value }) => setRate(value),
    slower: () => setRate(nextRate(player.rate(), -1)),
    faster: () => setRate(nextRate(player.rate(), 1)),
    seek: ({ p }) => jump(() => player.seek(p)),
    seekSeq: ({ seq }) => jump(() => player.seekSeq(seq)),
    moment: ({ direction }) => toMoment(direction),
    moments: ({ moments }) => void (desk.moments = moments),
    zoom: ({ factor, p }) => desk.stretches.zoom(factor, p),
    pan: ({ share }) => desk.stretches.pan(share),
    stretch: ({ stretch }) => desk.stretches.show(stretch),
    point: ({ message }) => void (desk.pointed = message),
    lessonStep: ({ index }) => inLesson(() => walk.go(index)),
    next() {
      desk.notice = null;
      inLesson(() => walk.next(now()));
    },
    back() {
      desk.notice = null;
      inLesson(walk.back);
    },
    select: ({ selection }) => void (desk.selection = selection),
    why({ question }) {
      desk.question = question;
      desk.selection = null;
    },
    ask({ about }) {
      const text = about ?? aboutSelection(desk.selection);
      const question = text ? questionOf(text, player.journal(), player.seq()) : player.seq() > 0 && /** @type {const} */ ({ kind: 'event', seq: player.seq() });
      if (question) handlers.why({ type: 'why', question });
      else note(t('why.ask'));
    },
    knower({ id }) {
      desk.knower = desk.knower === id ? null : id;
      desk.selection = null;
    },
    undo: () => void take('undo'),
    redo: () => void take('redo'),
    tool: ({ tool }) => void (desk.tool = tool),
    copyState() {
      copyState().then((done) => (done ? note(t('note.copied')) : failed(t('note.copy.failed'))));
    },
    branch({ id }) {
      taking.forget();
      room.switchTo(id).then(changed, failed);
    },
    rename: ({ id, name }) => void room.ask('rename', { branch: id, name }).catch(failed),
    theme,
    help,
    share,
    takeAway,
    ...comparison,
    tour,
    print,
    retry: room.again,
    escape() {
      if (desk.error) desk.error = null;
      else if (desk.notice) desk.notice = null;
      else if (desk.selection) desk.selection = null;
      else if (desk.knower) desk.knower = null;
      else desk.tool = 'select';
    },
    answer({ step, choice }) {
      desk.answers = { ...desk.answers, [step]: choice };
      walk.answered(step, now());
    },
    dismissError() {
      desk.error = null;
      desk.notice = null;
    },
  };
  return { handlers, noticed, longest: () => (waiting > 0 ? longest : undefined) };
}
