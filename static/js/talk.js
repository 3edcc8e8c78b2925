/**
 * A lesson as a talk: slides on the whole screen, driven by a clicker, and what only whoever presents
 * sees of it, in a window of its own: notes, what comes next, and the time. Loaded when it is first asked for.
 *
 * @module talk
 */

import { attr, html, text } from './lib/svg.js';
import { minutesAndSeconds, timeLeft } from './lib/talktime.js';
import { language, t } from './lib/words.js';
import { richText } from './views/parts/richtext.js';

/** @typedef {import('./types.js').Model} Model */
/** @typedef {import('./types.js').Action} Action */

/** @typedef {{html: string, seconds: number|null}} Note What is told of one step. */

/**
 * @typedef {object} Context
 * @property {import('./types.js').Dispatch} dispatch
 * @property {(request: {language: string}) => Promise<{steps: Note[]}>} ask For the notes.
 * @property {() => number} now Wall time, ms.
 * @property {(error: unknown) => void} failed
 */

/** @typedef {{slides: () => void, notes: () => void, update: (model: Model) => void}} Talk */

/** What a clicker, or a hand, presses. @type {Record<string, Action>} */
const KEYS = { PageDown: { type: 'next' }, PageUp: { type: 'back' } };

/** How the notes' window opens where it may. */
const WINDOW = 'popup,width=560,height=680';

/** How often the time is written, ms. */
const SECOND = 1000;

/**
 * @param {Context} context
 * @returns {Talk}
 */
export function createTalk({ dispatch, ask, now, failed }) {
  const root = document.documentElement;
  const blank = html('div', { class: 'talk-blank', role: 'img', 'aria-label': t('talk.blank'), hidden: true });
  document.body.append(blank);
  /** @type {Model|null} */
  let model = null;
  /** @type {Note[]} */
  let notes = [];
  /** @type {number|null} */
  let begun = null;
  let since = now();
  let step = -1;
  /** Where the notes are shown: a window of their own, or a panel of this page where no window may open. @type {{sheet: ReturnType<typeof createSheet>, close: () => void}|null} */
  let open = null;

  const presenting = () => root.hasAttribute('data-slides');
  /** Whether the projector's type was chosen before. */
  let projected = false;

  function begin() {
    begun ??= now();
    since = now();
  }

  function leave() {
    if (!presenting()) return;
    root.removeAttribute('data-slides');
    root.toggleAttribute('data-projector', projected);
    blank.hidden = true;
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
  }

  function slides() {
    if (presenting()) {
      leave();
      return;
    }
    begin();
    projected = root.hasAttribute('data-projector');
    root.setAttribute('data-projector', '');
    root.setAttribute('data-slides', '');
    root.requestFullscreen?.().catch(() => {}); // Where it may not fill the screen it fills the window.
  }

  /** @param {KeyboardEvent} event @param {boolean} here Whether it was pressed in the slides' own window. */
  function pressed(event, here) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const act = KEYS[event.key];
    if (act) {
      blank.hidden = true;
      dispatch(act);
    } else if (event.key === '.') {
      blank.hidden = !blank.hidden;
    } else if (event.key === 'Escape' && (here || presenting())) {
      leave();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  document.addEventListener('keydown', (event) => {
    const typing = event.target instanceof Element && event.target.matches('input:not([type=range]), textarea, select');
    if (presenting() && !typing && !document.querySelector('dialog[open]')) pressed(event, true);
  }, { capture: true });
  document.addEventListener('fullscreenchange', () => {
    if (!document.fullscreenElement && presenting()) leave();
  });

  function write() {
    if (!open || !model?.lesson) return;
    open.sheet.update(model, notes, now() - (begun ?? now()), now() - since);
  }

  /** @returns {NonNullable<typeof open>} */
  function place() {
    const sheet = createSheet(() => {
      begun = now();
      since = now();
      write();
    });
    const other = window.open('', 'raftviz-notes', WINDOW);
    const timer = setInterval(() => (other?.closed ? close() : write()), SECOND);
    if (!other) {
      const panel = html('aside', { class: 'card talk-panel', 'aria-label': t('talk.notes') }, [sheet.root]);
      document.body.append(panel);
      return { sheet, close: () => (clearInterval(timer), panel.remove()) };
    }
    const page = other.document;
    page.documentElement.lang = root.lang;
    attr(page.documentElement, 'data-theme', root.getAttribute('data-theme'));
    page.title = t('talk.notes');
    page.head.replaceChildren(...[...document.querySelectorAll('link[rel=stylesheet]')].map((each) => {
      const link = page.createElement('link');
      link.rel = 'stylesheet';
      link.href = /** @type {HTMLLinkElement} */ (each).href;
      return link;
    }));
    page.body.className = 'talk-window';
    page.body.replaceChildren(sheet.root);
    page.addEventListener('keydown', (event) => pressed(event, false));
    return { sheet, close: () => (clearInterval(timer), other.close()) };
  }

  function close() {
    open?.close();
    open = null;
  }

  function showNotes() {
    if (open) {
      close();
      return;
    }
    begin();
    open = place();
    write();
    ask({ language: language() }).then((answer) => {
      notes = answer.steps;
      write();
    }).catch(failed);
  }
  addEventListener('pagehide', close);

  return {
    slides,
    notes: showNotes,
    update(next) {
      model = next;
      if (next.step !== step) {
        step = next.step;
        since = now();
      }
      write();
    },
  };
}

/**
 * @param {() => void} again What begins the time anew.
 * @returns {{root: HTMLElement, update: (model: Model, notes: Note[], elapsed: number, inStep: number) => void}}
 */
function createSheet(again) {
  const count = html('p', { class: 'lesson-facts' });
  const title = html('h1', { class: 'lesson-title' });
  const told = html('div', { class: 'lesson-text' });
  const next = html('p', { class: 'talk-next' });
  const elapsed = html('dd');
  const left = html('dd');
  const here = html('dd');
  const root = html('div', { class: 'talk-sheet' }, [
    html('dl', { class: 'talk-times' }, [
      html('div', {}, [html('dt', { text: t('talk.elapsed') }), elapsed]),
      html('div', {}, [html('dt', { text: t('talk.left') }), left]),
      html('div', {}, [html('dt', { text: t('talk.step') }), here]),
    ]),
    count, title, told, next,
    html('button', { type: 'button', text: t('talk.again'), onclick: again }),
    html('p', { class: 'lesson-facts', text: t('talk.keys') }),
  ]);
  let written = '';
  return {
    root,
    update({ lesson, step }, notes, ms, inStep) {
      const steps = lesson?.steps ?? [];
      const at = Math.max(0, step);
      const note = notes[at];
      const planned = notes.map(({ seconds }) => seconds);
      text(elapsed, minutesAndSeconds(ms));
      text(left, notes.length > 0 ? minutesAndSeconds(timeLeft(planned, at, inStep)) : '–');
      text(here, note?.seconds ? t('talk.of', { time: minutesAndSeconds(inStep), of: minutesAndSeconds(note.seconds * 1000) }) : minutesAndSeconds(inStep));
      attr(here, 'data-late', Boolean(note?.seconds && inStep > note.seconds * 1000));
      const key = `${at} ${note?.html}`;
      if (key === written) return;
      written = key;
      text(count, t('lesson.step', { step: at + 1, of: steps.length }));
      text(title, steps[at]?.title ?? '');
      richText(told, note?.html || '');
      if (note && !note.html) told.append(html('p', { class: 'lesson-facts', text: t('talk.none') }));
      text(next, steps[at + 1] ? t('talk.next', { title: steps[at + 1].title }) : t('talk.last'));
    },
  };
}
