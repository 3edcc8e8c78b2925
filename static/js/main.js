/**
 * Joins everything: the link, the store, the cursor, the views and the keys. Nothing else knows all.
 *
 * @module main
 */

import { createHandlers } from './actions.js';
import { createDispatch } from './lib/dispatch.js';
import { createFrameLoop } from './lib/frame_loop.js';
import { fetchWhenIdle } from './lib/idle.js';
import { fetchWords, language, speak, t } from './lib/words.js';
import { createMemory } from './link/memory.js';
import { createRecording, isRecording } from './link/recording.js';
import { createRoom } from './link/room.js';
import { createLink } from './link/socket.js';
import { wallNow } from './store/clock.js';
import { createCursors } from './store/cursors.js';
import { createDesk, createModel } from './store/model.js';
import { createPlayer } from './store/player.js';
import { createStore } from './store/store.js';
import { fetchTexts } from './store/texts.js';
import { createWalk } from './store/walk.js';
import { createAnnounce } from './ui/announce.js';
import { listenToQuestions } from './ui/asking.js';
import { copy } from './ui/clipboard.js';
import { createHelp, listenToKeys } from './ui/keys.js';
import { createPhrases, fetchCatalogue } from './ui/phrases.js';
import { createTheme } from './ui/theme.js';
import { createViews } from './views/index.js';
import { documentLines, lineText } from './views/notation.js';

/** @typedef {import('./types.js').Model} Model */
/** @typedef {import('./types.js').Opened} Opened */
/** @typedef {import('./types.js').Playing} Playing */

/** How fast a lesson and a sandbox go until a person chooses: virtual seconds a real second. */
const RATE = Object.freeze({ lesson: 1 / 50, sandbox: 1 / 20 });

/** What to say when the server stops playing by itself. */
const STOPPED = Object.freeze({ quiet: 'stopped.quiet', violation: 'stopped.violation' });

const tongue = document.documentElement.lang;
const page = document.body.dataset;
const [words, lessonTexts] = await Promise.all([fetchWords(`/static/words/${tongue}.json`), fetchTexts(page.texts)]);
speak(tongue, words);

/** A run that the address carries. */
const packed = page.kind === 'run' ? await import('./run.js').then(({ openPacked }) => openPacked(location.hash)) : null;
const texts = packed ? await fetchTexts(packed.texts) : lessonTexts;
const memory = createMemory([page.kind, page.lesson, page.step, page.room, page.config, page.branch, page.event, location.hash.slice(-24)].join(':'));
const before = memory.place();

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

/** @returns {Model} */
const model = () => createModel(store, player, walk, desk, explain);

/** @param {number} now Wall time of the frame, ms. */
function draw(now) {
  const walked = walk.tick(now);
  const moved = player.tick(now);
  if (dirty || moved || walked) {
    dirty = false;
    const next = model();
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

function changed() {
  dirty = true;
  loop.request();
}

/** @param {Playing} playing */
function serverPlays(playing) {
  if (playing.on && !playedBefore && !store.lesson() && player.atHead()) {
    if (store.role() === 'viewer') player.setRate(playing.rate, wallNow());
    player.live(wallNow());
  } else if (playing.on && player.following() && store.role() === 'viewer') {
    player.setRate(playing.rate, wallNow());
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
  const same = before?.room === answer.room ? before : null;
  if (same) desk.answers = same.answers;
  if (same && same.branch === answer.branch && !answer.playing.on) {
    player.seekSeq(same.seq);
    walk.locate(same.step);
  } else {
    if (lesson) walk.go(Math.min(Math.max(1, Number(page.step || 1)), lesson.steps.length) - 1);
    toMoment(answer);
  }
  if (page.kind === 'room' && answer.session.kind === 'sandbox') player.setRate(RATE.sandbox, wallNow());
  if (answer.playing.on) player.setRate(answer.playing.rate, wallNow());
  serverPlays(answer.playing);
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
    player.seekSeq(event);
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
  return page.kind === 'sandbox' ? { sandbox: config() ?? {} } : null;
}

const wantedRoom = page.room || before?.room || null;
const room = createRoom(
  link,
  store,
  { room: wantedRoom, token: wantedRoom && memory.token(wantedRoom), fresh: fresh() },
  {
    opened(answer, again) {
      if (answer.token) memory.keepToken(answer.room, answer.token);
      desk.room = answer.room;
      if (again) serverPlays(answer.playing);
      else firstOpened(answer);
      changed();
    },
    connection(connection, message) {
      desk.connection = connection;
      if (connection === 'reconnecting') {
        player.drain();
        playedBefore = false;
      }
      if (connection === 'gone') memory.forget();
      desk.error = connection === 'gone' ? null : message;
      changed();
    },
    grew(oldLast) {
      if (!store.lesson() && player.journal() === store.journal()) player.grew(oldLast, wallNow(), longest());
      if (store.playing().on !== playedBefore) serverPlays(store.playing());
      noticed();
      changed();
    },
    switched() {
      cursors.take(store.journal());
      if (store.playing().on && !store.lesson() && player.atHead()) player.live(wallNow());
      noticed();
      changed();
    },
    playing: serverPlays,
    notice(message) {
      desk.notice = message;
      changed();
    },
  },
);

/** @returns {Promise<boolean>} */
function copyState() {
  const now = model();
  const step = now.lesson?.steps[now.step];
  const lines = step && step.end === now.seq ? step.lines : documentLines(now.view, now.nodes).map(lineText);
  return copy(lines.join('\n'));
}

/** @returns {{p0: number, p1: number}|null} What the space-time diagram shows. */
function diagramWindow() {
  const [p0, p1] = (document.getElementById('spacetime')?.dataset.window ?? '').split(' ').map(Number);
  return p1 > p0 ? { p0, p1 } : null;
}

const source = {
  model,
  journal: () => player.journal(),
  window: diagramWindow,
  ask: (/** @type {'save'} */ name, /** @type {Record<string, any>} */ request) => room.ask(name, request),
};
const takeAwayPart = fetchWhenIdle(() => import('./takeaway/dialog.js'));
const sharePart = fetchWhenIdle(() => import('./takeaway/share.js'));
/** Both are made when first asked for. @type {{show: () => void}|undefined} */
let takingAway;
/** @type {{show: (near: Element|null) => void}|undefined} */
let sharing;

function takeAway() {
  if (!desk.room) return;
  takeAwayPart().then(({ createTakeAway }) => (takingAway ??= createTakeAway(source)).show()).catch(notLoaded);
}

function share() {
  if (!desk.room) return;
  sharePart()
    .then(({ createShare }) => (sharing ??= createShare({ ...source, takeAway })).show(document.getElementById('share-button')))
    .catch(notLoaded);
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
const help = createHelp();
const { handlers, noticed, longest } = createHandlers({
  store, player, walk, desk, room, now: wallNow, changed, theme: theme.flip, help: help.show, share, takeAway, copyState,
});
const dispatch = createDispatch(handlers, changed);
const region = document.getElementById('announce');
const parts = [...createViews(dispatch), ...(region ? [createAnnounce(region)] : [])];

listenToKeys(dispatch);
listenToQuestions(dispatch);
addEventListener('pagehide', () => {
  if (!desk.room || desk.connection === 'gone') return;
  memory.keep({
    room: desk.room, branch: store.active(), seq: player.seq(), step: walk.step(), rate: player.rate(), answers: desk.answers,
  });
});
fetchCatalogue(`/api/phrases/${language()}.json`).then((catalogue) => {
  explain = createPhrases(catalogue);
  changed();
});
if (packed?.problem) {
  desk.connection = 'error';
  desk.error = packed.problem;
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
    get last() {
      return player.journal().last();
    },
    get end() {
      return player.journal().end();
    },
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
