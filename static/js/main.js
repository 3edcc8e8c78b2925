/**
 * Joins everything: the link, the store, the cursor, the views and the keys. Nothing else knows all.
 *
 * @module main
 */

import { createHandlers } from './actions.js';
import { createCarry } from './carry.js';
import { withCourse } from './course.js';
import { goToEvent, goToStep, recallVisit } from './entry.js';
import { createDispatch } from './lib/dispatch.js';
import { createFrameLoop } from './lib/frame_loop.js';
import { fetchWhenIdle } from './lib/idle.js';
import { createProgress } from './lib/progress.js';
import { keptDraft } from './lib/draft.js';
import { fetchWords, language, speak, t } from './lib/words.js';
import { createMemory } from './link/memory.js';
import { createRecording, isRecording } from './link/recording.js';
import { createRoom } from './link/room.js';
import { createLink } from './link/socket.js';
import { createPageTime, dateNow, wallNow } from './store/clock.js';
import { createCursors } from './store/cursors.js';
import { createDesk, createModel } from './store/model.js';
import { createPlayer } from './store/player.js';
import { createStore } from './store/store.js';
import { fetchTexts } from './store/texts.js';
import { createVeil } from './store/veil.js';
import { createWalk } from './store/walk.js';
import { createAnnounce } from './ui/announce.js';
import { listenToQuestions } from './ui/asking.js';
import { copy } from './ui/clipboard.js';
import { createHelp, listenToKeys } from './ui/keys.js';
import { createPhrases, fetchCatalogue } from './ui/phrases.js';
import { createTheme } from './ui/theme.js';
import { firstTime } from './ui/visits.js';
import { createViews } from './views/index.js';
import { documentLines, lineText } from './views/notation.js';

/** @typedef {import('./types.js').Model} Model */
/** @typedef {import('./types.js').Opened} Opened */
/** @typedef {import('./types.js').Playing} Playing */

/** How fast a lesson and a sandbox go until a person chooses: virtual seconds a real second. */
const RATE = Object.freeze({ lesson: 1 / 50, sandbox: 1 / 20 });

/** Away for longer, a page does not catch up in motion, ms. */
const LONG_AWAY = 1000;

/** What to say when the server stops playing by itself. */
const STOPPED = Object.freeze({ quiet: 'stopped.quiet', violation: 'stopped.violation' });

const tongue = document.documentElement.lang;
const page = document.body.dataset;
const [words, lessonTexts] = await Promise.all([fetchWords(`/static/words/${tongue}.json`), fetchTexts(page.texts)]);
speak(tongue, words);

/** A run that the address carries. */
const packed = page.kind === 'run' ? await import('./run.js').then(({ openPacked }) => openPacked(location.hash)) : null;
const texts = packed ? await fetchTexts(packed.texts) : lessonTexts;
const remembered = () => createMemory([page.kind, page.lesson, page.step, page.room, page.config, page.branch, page.event, location.hash.slice(-24)].join(':'));
let memory = remembered();
let before = memory.place();

const store = createStore(texts);
const desk = createDesk();
const still = matchMedia('(prefers-reduced-motion: reduce)');
const player = createPlayer(store.journal(), before?.rate ?? (page.kind === 'sandbox' ? RATE.sandbox : RATE.lesson), () => still.matches);
const walk = createWalk(player, store.lesson, (step) => String(step) in desk.answers);
const cursors = createCursors(player, walk);
const link = isRecording() ? createRecording() : createLink();

/** @type {Model|null} */
let shown = null;
let dirty = true;
let explain = createPhrases({});
let playedBefore = false;
/** The last event that was held when the connection was lost. */
let held = 0;

/** @returns {Model} */
const model = () => createModel(store, player, walk, desk, explain);

/** Nothing plays on while the page is in the background. */
const pageTime = createPageTime();
const pageNow = () => pageTime.at(wallNow());

const veil = createVeil();

/** @param {number} wall Wall time of the frame, ms. */
function draw(wall) {
  const now = pageTime.at(wall);
  const walked = walk.tick(now);
  const moved = player.tick(now);
  if (dirty || moved || walked) {
    dirty = false;
    const next = veil(model());
    for (const view of parts) {
      try {
        view.update(next, shown);
      } catch (error) {
        desk.error = t('error.draw', { error: error instanceof Error ? error.message : String(error) });
        console.error(error);
      }
    }
    shown = next;
  }
  return player.moving() || player.fading() || walk.playing();
}

const loop = createFrameLoop(draw);

/** What was missed is not played in haste: who follows a room is where it is by now, at once. */
function lookedAtAgain() {
  const missed = pageTime.goOn(wallNow());
  if (missed > LONG_AWAY && player.following()) {
    player.seekSeq(player.journal().last());
    if (store.playing().on) player.live(pageNow());
  }
  loop.goOn();
}
document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    pageTime.hold(wallNow());
    loop.hold();
  } else {
    lookedAtAgain();
  }
});

function changed() {
  dirty = true;
  loop.request();
}

/** @param {Playing} playing */
function serverPlays(playing) {
  if (playing.on && !playedBefore && !store.lesson() && player.atHead()) {
    if (store.role() === 'viewer') player.setRate(playing.rate, pageNow());
    player.live(pageNow());
  } else if (playing.on && player.following() && store.role() === 'viewer') {
    player.setRate(playing.rate, pageNow());
  } else if (!playing.on) {
    player.drain();
    const why = /** @type {keyof typeof STOPPED} */ (playing.why);
    if (why && STOPPED[why]) desk.notice = t(STOPPED[why]);
  }
  playedBefore = playing.on;
  changed();
}

/** @param {Opened} answer */
function firstOpened(answer) {
  cursors.take(store.journal());
  const lesson = store.lesson();
  before = carry.arrived(answer);
  memory = remembered();
  // A lesson's own run is the same in every room.
  const same = before?.room === answer.room || (lesson && page.kind === 'lesson') ? before : null;
  if (lesson && page.kind === 'lesson') recallVisit(lesson, walk, desk, page.step);
  if (same) desk.answers = same.answers;
  if (same && same.branch === answer.branch && !answer.playing.on) {
    if (answer.session.replayed?.differs.length) desk.notice = t('run.differs');
    player.seekSeq(same.seq);
    walk.locate(same.step);
  } else {
    if (lesson) goToStep(lesson, walk, desk, page.step);
    toMoment(answer);
  }
  if (page.kind === 'room' && answer.session.kind === 'sandbox') player.setRate(RATE.sandbox, pageNow());
  if (answer.playing.on) player.setRate(answer.playing.rate, pageNow());
  serverPlays(answer.playing);
  // Who comes to watch what goes on is not held up.
  const beside = new URLSearchParams(location.search).get('compare');
  if (beside) withCompare(({ open }) => void open(beside));
  else if (!answer.playing.on && firstTime('tour')) tour();
}

/**
 * Stand at the moment that the address names, if it names one.
 * @param {Opened} answer
 */
function toMoment(answer) {
  if (answer.session.replayed?.differs.length) desk.notice = t('run.differs');
  const event = packed?.session?.moment?.event ?? (page.event ? Number(page.event) : null);
  if (event === null) return;
  const stand = () => {
    goToEvent(player, desk, event, store.lesson() !== null);
    walk.locate(page.step ? Number(page.step) - 1 : undefined);
    playedBefore = store.playing().on; // A moment was asked for, not what goes on now.
    changed();
  };
  if (!page.branch || page.branch === answer.branch) {
    stand();
    return;
  }
  const going = answer.role === 'presenter' ? room.switchTo(page.branch) : room.visit(page.branch);
  going.then(stand, () => {
    desk.notice = t('moment.gone');
    changed();
  });
}

/** @returns {Record<string, any>|null} */
function config() {
  return page.config ? JSON.parse(page.config) : {};
}

/** @returns {import('./link/room.js').Wanted['fresh']} */
function fresh() {
  if (page.kind === 'lesson' && page.lesson) return { lesson: page.lesson };
  if (packed?.session) return { session: packed.session };
  if (page.kind === 'draft') return { draft: keptDraft() };
  return page.kind === 'sandbox' ? { sandbox: config() ?? {} } : null;
}

const carry = createCarry({ store, player, walk, desk, changed }, before, { room: () => room, memory: () => memory });
const wantedRoom = page.room || before?.room || null;
const room = createRoom(
  link,
  store,
  { room: wantedRoom, token: wantedRoom && memory.token(wantedRoom), fresh: fresh(), kept: carry.kept },
  {
    opened(answer, again) {
      if (answer.token) memory.keepToken(answer.room, answer.token);
      desk.room = answer.room;
      // Who was at the end of what was held is at the end again, however much came meanwhile.
      if (again && answer.playing.on && !store.lesson() && player.seq() >= held) player.seekSeq(player.journal().last());
      if (again) serverPlays(answer.playing);
      else firstOpened(answer);
      changed();
    },
    connection(connection, message) {
      desk.connection = connection;
      if (connection === 'reconnecting') {
        player.drain();
        playedBefore = false;
        held = player.journal().last();
        carry.keep();
      }
      desk.reason = message;
      if (connection === 'gone') carry.gone(message);
      desk.error = connection === 'error' ? message : null;
      changed();
    },
    grew(oldLast) {
      if (!store.lesson() && player.journal() === store.journal()) player.grew(oldLast, pageNow(), longest());
      if (store.playing().on !== playedBefore) serverPlays(store.playing());
      noticed();
      carry.soon();
      changed();
    },
    switched() {
      cursors.take(store.journal());
      if (store.playing().on && !store.lesson() && player.atHead()) player.live(pageNow());
      noticed();
      carry.soon();
      changed();
    },
    playing: serverPlays,
    notice(message) {
      desk.notice = message;
      changed();
    },
  },
);

/** @returns {string[]} The state at the cursor in the document's notation. */
function stateLines() {
  const now = model();
  const step = now.lesson?.steps[now.step];
  return step && step.end === now.seq ? step.lines : documentLines(now.view, now.nodes).map(lineText);
}

/** @returns {Promise<boolean>} */
const copyState = () => copy(stateLines().join('\n'));

/** @returns {{p0: number, p1: number}|null} What the space-time diagram shows. */
function diagramWindow() {
  const [p0, p1] = (document.getElementById('spacetime')?.dataset.window ?? '').split(' ').map(Number);
  return p1 > p0 ? { p0, p1 } : null;
}

const source = {
  model,
  journal: () => player.journal(),
  window: diagramWindow,
  ask: carry.ask,
};
const takeAwayPart = fetchWhenIdle(() => import('./takeaway/dialog.js'));
const sharePart = fetchWhenIdle(() => import('./takeaway/share.js'));
const comparePart = fetchWhenIdle(() => import('./compare/compare.js'));
const tourPart = fetchWhenIdle(() => Promise.all([import('./ui/tour.js'), import('./geometry/beside.js')]));
const printPart = fetchWhenIdle(() => import('./takeaway/print.js'));
/** These are made when first asked for. @type {{show: () => void}|undefined} */
let takingAway;
/** @type {{show: (near: Element|null) => void}|undefined} */
let sharing;
/** @type {import('./compare/compare.js').Compare|undefined} */
let comparing;
/** @type {{show: (kind: string) => void}|undefined} */
let touring;
/** @type {{print: () => void}|undefined} */
let printing;

function takeAway() {
  if (!desk.room) return;
  takeAwayPart().then(({ createTakeAway }) => (takingAway ??= createTakeAway({ ...source, print })).show()).catch(notLoaded);
}

function share() {
  if (!desk.room) return;
  sharePart()
    .then(({ createShare }) => (sharing ??= createShare({ ...source, takeAway })).show(document.getElementById('share-button')))
    .catch(notLoaded);
}

function tour() {
  tourPart()
    .then(([{ createTour }, { beside }]) => (touring ??= createTour({ place: beside })).show(store.lesson() ? 'lesson' : 'sandbox'))
    .catch(notLoaded);
}

function print() {
  if (!desk.room) return;
  printPart().then(({ createPrint }) => (printing ??= createPrint({ ...source, lines: stateLines })).print()).catch(notLoaded);
}

/** @param {(compare: import('./compare/compare.js').Compare) => void} act */
function withCompare(act) {
  if (!desk.room || ('recorded' in document.body.dataset && store.branches().length < 2)) return;
  comparePart().then(({ createCompare }) => act((comparing ??= createCompare({ ...source, dispatch, desk, changed })))).catch(notLoaded);
}

/** @param {unknown} error */
function notLoaded(error) {
  desk.error = error instanceof Error ? error.message : String(error);
  changed();
}

const theme = createTheme((value) => {
  desk.theme = value;
  changed();
});
const help = createHelp(tour);
const base = { store, player, walk, desk, room, now: pageNow, changed };
const { handlers, noticed, longest, part } = withCourse(base, createHandlers({
  ...base, theme: theme.flip, help: help.show, share, takeAway, tour, print, copyState,
  comparison: {
    compare: () => withCompare(({ choose }) => choose(document.getElementById('compare-button'))),
    leaveCompare: () => comparing?.leave(), otherSide: () => comparing?.tellOther(), swapSides: () => comparing?.swap(),
  },
}));
const dispatch = createDispatch({ ...handlers, ...carry.handlers }, changed);
const region = document.getElementById('announce');
const parts = [...createViews(dispatch), { update: (/** @type {Model} */ now) => comparing?.update(now) }, part, createProgress(dateNow), ...(region ? [createAnnounce(region)] : [])];

listenToKeys(dispatch);
listenToQuestions(dispatch);
addEventListener('pagehide', () => {
  if (!desk.room || (desk.connection === 'gone' && !desk.kept)) return;
  walk.rejoin();
  memory.keep({
    room: desk.room, branch: store.active(), seq: player.seq(), step: walk.step(), rate: player.rate(), answers: desk.answers,
  });
});
fetchCatalogue(`/api/phrases/${language()}.json`).then((catalogue) => {
  explain = createPhrases(catalogue);
  changed();
});
const problem = packed?.problem ?? (page.kind === 'draft' && !keptDraft() ? t('draft.none') : null);
if (problem) {
  desk.connection = 'error';
  desk.error = problem;
} else {
  room.start();
}
if (page.kind === 'run') addEventListener('hashchange', () => location.reload());
changed();

/** A small face for measurements and for the curious: `raftviz.seek(p)` seeks and draws at once. */
Object.assign(window, {
  raftviz: {
    store,
    model,
    dispatch,
    get last() { return player.journal().last(); },
    get end() { return player.journal().end(); },
    seek(/** @type {number} */ p) {
      dispatch({ type: 'seek', p });
      draw(wallNow());
    },
    seekSeq(/** @type {number} */ seq) {
      dispatch({ type: 'seekSeq', seq });
      draw(wallNow());
    },
  },
});
