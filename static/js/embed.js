/**
 * A lesson inside another page: the stage, what the step says, and a small transport. It fetches the
 * lesson's run once and needs no room, no socket and nothing that a browser would keep.
 *
 * @module embed
 */

import { goToEvent, goToStep } from './entry.js';
import { createFrameLoop } from './lib/frame_loop.js';
import { attr, html, style, text } from './lib/svg.js';
import { fetchWords, speak, t } from './lib/words.js';
import { wallNow } from './store/clock.js';
import { createDesk, createModel } from './store/model.js';
import { createPlayer } from './store/player.js';
import { createStore } from './store/store.js';
import { fetchTexts } from './store/texts.js';
import { createWalk } from './store/walk.js';
import { createStill } from './takeaway/studio.js';
import { icon } from './views/parts/icons.js';
import { calm } from './views/parts/visible.js';
import { describe } from './views/stage/nodes.js';

/** @typedef {import('./types.js').Opened} Opened */

/** How fast it goes: virtual seconds a real second. */
const RATE = 1 / 50;

/** A stage is not laid out smaller than this, px, but drawn smaller: so labels keep clear of one another. */
const LEAST = Object.freeze({ width: 530, height: 320 });

const page = document.body.dataset;
const tongue = document.documentElement.lang;
const [catalogue, texts] = await Promise.all([fetchWords(`/static/words/${tongue}.json`), fetchTexts(page.texts)]);
speak(tongue, catalogue);

const system = matchMedia('(prefers-color-scheme: dark)');
function dress() {
  const wish = page.themeWish;
  document.documentElement.dataset.theme = wish === 'light' || wish === 'dark' ? wish : system.matches ? 'dark' : 'light';
}
system.addEventListener('change', dress);
dress();

/** @param {string} id */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const count = html('span', { class: 'embed-count' });
const title = html('h2');
/** What the address asks for and is not there; gone at the first move. */
const note = html('p', { class: 'embed-note', role: 'status', hidden: true });
const words = html('div', { class: 'embed-text', role: 'group', 'aria-label': t('lesson.body'), tabindex: 0 });
part('words').append(html('p', { class: 'embed-step' }, [count]), note, title, words);

const back = html('button', { type: 'button', class: 'icon', 'aria-label': t('embed.back'), onclick: () => act(() => walk.back()) }, [icon('back')]);
const play = html('button', { type: 'button', class: 'icon', onclick: () => act(() => (walk.playing() ? walk.stop() : walk.play(wallNow()))) }, [icon('play')]);
const next = html('button', { type: 'button', class: 'primary', onclick: () => act(() => walk.next(wallNow())) }, [html('span', { text: t('embed.next') })]);
const bar = html('progress', { max: 1, value: 0, 'aria-hidden': 'true' });
part('transport').append(back, play, next, bar);

let store = createStore(texts);
const still = createStill(part('stage'));
let player = createPlayer(store.journal(), RATE, calm);
/** Questions are not asked here: there is no place for an answer. */
let walk = createWalk(player, store.lesson, () => true);
const desk = createDesk();
let size = { width: 0, height: 0 };
let drawnStep = -2;
let drawnPlaying = '';

/** @param {() => void} move */
function act(move) {
  desk.notice = null;
  move();
  loop.request();
}

/** A step's text as text: its first paragraph is what there is room for. @param {string} markup */
function paragraphs(markup) {
  const parsed = new DOMParser().parseFromString(markup, 'text/html');
  return [...parsed.body.children].map((each) => each.textContent?.trim() ?? '').filter(Boolean);
}

/** @param {import('./types.js').Model} model */
function tell(model) {
  note.hidden = !desk.notice;
  text(note, desk.notice ?? '');
  const step = model.lesson?.steps[model.step];
  const playing = walk.playing() ? 'pause' : 'play';
  if (playing !== drawnPlaying) {
    drawnPlaying = playing;
    play.replaceChildren(icon(playing));
    attr(play, 'aria-label', t(`embed.${/** @type {'play'|'pause'} */ (playing)}`));
  }
  if (!step || !model.lesson || model.step === drawnStep) return;
  drawnStep = model.step;
  text(count, t('embed.step', { number: step.index + 1, of: model.lesson.steps.length }));
  text(title, step.title);
  words.replaceChildren(...paragraphs(step.html).map((each) => html('p', { text: each })));
  words.scrollTop = 0;
  bar.value = (step.index + 1) / model.lesson.steps.length;
  back.disabled = step.index === 0;
  next.disabled = step.index === model.lesson.steps.length - 1;
  if (!page.draft) attr(part('open'), 'href', `/lesson/${encodeURIComponent(model.lesson.id)}?step=${step.index + 1}`);
  text(part('announce'), step.title);
}

/** @param {number} now */
function draw(now) {
  walk.tick(now);
  player.tick(now);
  const model = createModel(store, player, walk, desk, () => null);
  if (size.width > 0) still.draw({ ...model, playing: false }, size);
  if (!player.moving()) attr(part('picture'), 'aria-label', `${t('embed.stage')}. ${model.nodes.map((id) => (model.view.nodes[id] ? describe(id, model) : '')).join('. ')}`);
  tell(model);
  return player.moving() || player.fading() || walk.playing();
}

const loop = createFrameLoop(draw);

/** @param {Pick<Opened, 'session'|'events'>} told */
function take({ session, events }) {
  store = createStore(texts);
  store.opened({
    ok: true, room: '', role: 'viewer', session, events, branch: 'main', playing: { on: false, rate: RATE },
    branches: [{ id: 'main', name: '', parent: null, at: null, last: events.length, now: 0, lesson: true }],
  });
  player = createPlayer(store.journal(), RATE, calm);
  walk = createWalk(player, store.lesson, () => true);
  drawnStep = -2;
  loop.request();
}

/** Stand where the address says. */
function stand() {
  const lesson = store.lesson();
  if (lesson) goToStep(lesson, walk, desk, page.step);
  if (page.event) {
    goToEvent(player, desk, Number(page.event), true);
    walk.locate(page.step ? Number(page.step) - 1 : undefined);
  }
  if (page.plays) walk.play(wallNow());
}

/** Begin to fill the place that there is. */
function unfold() {
  style(part('stage'), '--k', 1);
  new ResizeObserver(([{ contentRect: { width, height } }]) => {
    if (width < 40 || height < 40) return;
    const smaller = Math.max(1, LEAST.width / width, LEAST.height / height);
    size = { width: Math.round(width * smaller), height: Math.round(height * smaller) };
    style(part('stage'), 'width', `${size.width}px`);
    style(part('stage'), 'height', `${size.height}px`);
    style(part('stage'), 'transform', `scale(${1 / smaller})`);
    loop.request();
  }).observe(part('picture'));
  loop.request();
  document.body.dataset.ready = '';
}

/** A lesson that is being written comes from the page around this one, anew at each change, with its step. */
function listen() {
  addEventListener('message', ({ origin, source, data }) => {
    if (origin !== location.origin || source !== window.parent) return;
    if (data.theme === 'light' || data.theme === 'dark') {
      page.themeWish = data.theme;
      dress();
    }
    const at = Math.max(0, Number.isInteger(data.step) ? data.step : walk.step());
    const first = !document.body.dataset.ready;
    if (data.run) take(data.run);
    if (!store.lesson()) return;
    if (data.run && first) unfold();
    if (data.run || data.step !== walk.step()) act(() => walk.go(Math.min(at, (store.lesson()?.steps.length ?? 1) - 1)));
  });
  window.parent.postMessage({ raftviz: 'ready' }, location.origin);
}

if (page.draft) {
  listen();
} else {
  fetch(`/api/lessons/${encodeURIComponent(page.lesson ?? '')}/run.json`)
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
    .then((told) => {
      take(told);
      stand();
      unfold();
    })
    .catch((error) => {
      console.error(error);
      part('words').replaceChildren(html('p', { class: 'embed-problem', role: 'alert', text: t('embed.offline') }));
    });
}
