/**
 * The narration: a lesson's step with Back and Next, its questions, and where the document and
 * the paper differ. Without a lesson it tells the last thing worth telling.
 *
 * @module views/lesson
 */

import { milliseconds } from '../lib/format.js';
import { attr, hide, html, text } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { createGoal, createSummary, createTries } from './parts/lessonends.js';
import { createOutcome } from './parts/outcome.js';
import { createAfterword, createFailures, createHeadlines, createQuestion } from './parts/telling.js';
import { richText } from './parts/richtext.js';

/** @typedef {import('../types.js').LessonInfo} LessonInfo */
/** @typedef {import('../types.js').LessonStep} LessonStep */
/** @typedef {import('../types.js').Model} Model */

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createLesson(root, dispatch) {
  const words = html('span', { class: 'count-words' });
  const figures = html('span', { class: 'count-figures', 'aria-hidden': 'true' });
  const count = html('p', { class: 'lesson-count' }, [words, figures]);
  const title = html('h2', { class: 'lesson-title' });
  const head = html('div', { class: 'lesson-head' });
  const say = html('div', { class: 'lesson-text' });
  const sources = html('p', { class: 'lesson-sources' });
  const extra = html('div', { class: 'lesson-extra' });
  const body = html('div', { class: 'lesson-body', tabindex: 0, role: 'group', 'aria-label': t('lesson.body') }, [head, title, say, sources, extra]);
  const back = html('button', { type: 'button', text: t('lesson.back'), onclick: () => dispatch({ type: 'back' }) });
  const next = html('button', { class: 'primary', type: 'button', text: t('lesson.next'), onclick: () => dispatch({ type: 'next' }) });
  const home = html('button', { class: 'primary', type: 'button', text: t('lesson.home'), hidden: true, onclick: () => goHome() });
  const whither = html('span');
  const onward = html('a', { class: 'button primary lesson-onward', hidden: true }, [whither]);
  const dots = html('progress', { class: 'lesson-progress', 'aria-label': t('lesson.progress') });
  const differ = html('button', { class: 'quiet', type: 'button', text: t('lesson.differs'), hidden: true, onclick: () => extra.querySelector('.differs')?.scrollIntoView({ block: 'start' }) });
  const predict = html('button', { class: 'predict-toggle', type: 'button', 'aria-pressed': 'false', title: t('guess.hint'), text: t('guess.toggle'), onclick: () => dispatch({ type: 'predict' }) });
  const pause = html('p', { class: 'lesson-pause', 'aria-live': 'polite' });
  const actions = html('div', { class: 'lesson-actions' }, [back, next, home, onward, differ, html('span', { class: 'header-space' }), pause, predict, count, dots]);
  root.append(body, actions);

  /** @param {string} said @param {string} [short] The same where room is short, if it has a short form. */
  function tellCount(said, short = '') {
    text(words, said);
    text(figures, short);
    attr(count, 'data-short', short !== '');
  }

  /** A page that plays without a server leads nowhere. */
  const recorded = 'recorded' in document.body.dataset;
  const desk = root.closest('.desk');

  /** How the page is laid out hangs on these. @param {string} name @param {string|boolean} value */
  function standing(name, value) {
    if (desk) attr(desk, name, value);
  }

  /** @param {string|undefined} kind */
  function tellKind(kind) {
    attr(root, 'data-kind', kind);
    standing('data-narration', kind ?? '');
  }
  tellKind(document.body.dataset.kind);

  /** @param {boolean} hidden Whether there is no way onward yet. */
  function wayOn(hidden) {
    hide(onward, hidden);
    attr(actions, 'data-onward', !hidden);
  }

  /** @type {Model|null} */
  let latest = null;
  /** @type {Model|null} */
  let drawn = null;
  let told = '';
  const headlines = createHeadlines();

  function goHome() {
    const own = drawn?.branches.find((each) => each.lesson);
    if (own) dispatch({ type: 'branch', id: own.id });
  }

  /** Made when it is first asked for. @type {Promise<ReturnType<typeof import('./parts/guessing.js').createGuessing>>|null} */
  let guessing = null;

  /** @param {Model} model */
  function drawGuess(model) {
    attr(predict, 'aria-pressed', model.guess ? 'true' : 'false');
    if (!model.guess && !guessing) return;
    guessing ??= import('./parts/guessing.js').then(({ createGuessing }) => {
      const made = createGuessing(dispatch);
      body.prepend(made.root);
      body.scrollTop = 0;
      return made;
    });
    guessing.then((made) => {
      const appears = made.root.hidden && model.guess;
      made.root.hidden = !latest?.guess;
      standing('data-guess', !made.root.hidden);
      if (latest) made.update(latest);
      if (appears) body.scrollTop = 0;
    });
  }

  /** @param {string} key @param {() => void} write */
  function tell(key, write) {
    if (told === key) return;
    told = key;
    write();
    if (scrolled) body.scrollTop = 0; // To set or ask it without need would cost a layout.
  }
  let scrolled = false;
  body.addEventListener('scroll', () => (scrolled = body.scrollTop > 0), { passive: true });

  /**
   * What Play waits for.
   * @param {Model} model
   */
  function drawPause(model) {
    const { waiting } = model;
    text(pause, waiting ? t(`lesson.pause.${waiting}`) : '');
    hide(pause, !waiting);
    attr(root, 'data-waiting', waiting || null);
  }

  /** @param {Model} model @param {LessonInfo} lesson */
  function drawEnd(model, lesson) {
    tell(`end ${lesson.id} ${JSON.stringify(model.answers)} ${model.role} ${model.seen.size}`, () => {
      tellCount(t('lesson.end'));
      head.replaceChildren();
      text(title, t('lesson.end.title', { lesson: lesson.title }));
      say.replaceChildren();
      sources.hidden = true;
      extra.replaceChildren(...createSummary(model, lesson, { tryOut: () => dispatch({ type: 'tryOut' }), go: (index) => dispatch({ type: 'lessonStep', index }), recorded }));
    });
    attr(root, 'data-waiting', null);
    hide(pause, true);
    hide(home, true);
    hide(differ, true);
    hide(back, false);
    back.disabled = false;
    const [lead] = lesson.leads ?? [];
    if (next.contains(document.activeElement)) body.focus({ preventScroll: true });
    hide(next, true);
    wayOn(recorded);
    text(whither, lead ? t('lesson.onward', { lesson: lead.title }) : t('home.sandbox.go'));
    attr(onward, 'href', lead ? `/lesson/${encodeURIComponent(lead.id)}` : '/sandbox');
    hide(actions, false);
    hide(dots, false);
    dots.max = lesson.steps.length;
    dots.value = lesson.steps.length;
  }

  /** @param {Model} model @param {LessonInfo} lesson @param {LessonStep} step */
  function drawStep(model, lesson, step) {
    hide(actions, false);
    hide(home, true);
    wayOn(true);
    hide(next, false);
    const answer = model.answers[step.index] ?? -1;
    const played = model.seq >= step.end;
    const apart = model.aside ? `${model.aside.from} ${model.aside.end}` : '';
    tell(`step ${lesson.id} ${step.index} ${answer} ${step.predict ? played : ''} ${apart} ${model.role}`, () => {
      const broken = lesson.steps.reduce((sum, each) => sum + each.failures.length, 0);
      head.replaceChildren(
        ...(broken ? [html('p', { class: 'lesson-failure', role: 'note', text: t('failure.count', { count: broken }) })] : []),
        ...(step.index === 0 ? [createGoal(lesson, model.role === 'presenter' && !recorded ? dispatch : null)] : []),
      );
      tellCount(t('lesson.step', { step: step.index + 1, of: lesson.steps.length }), `${step.index + 1} / ${lesson.steps.length}`);
      text(title, step.title);
      richText(say, step.html);
      text(sources, step.sources.join(' · '));
      sources.hidden = step.sources.length === 0;
      const answering = answer >= 0 && extra.contains(document.activeElement);
      extra.replaceChildren();
      const question = step.ask ?? step.predict;
      if (question) extra.append(createQuestion(question, t(step.predict ? 'lesson.predict' : 'lesson.question'), answer, (choice) => dispatch({ type: 'answer', step: step.index, choice })));
      if (step.predict && answer >= 0) extra.querySelector('.question')?.append(createOutcome(model, step.index, step.predict, dispatch));
      if (step.differs) extra.append(createAfterword(step.differs));
      // What the answer is worth must be in sight, before the choices are.
      if (answer >= 0) queueMicrotask(() => (extra.querySelector('.feedback') ?? extra.querySelector('.question'))?.scrollIntoView({ block: 'end' }));
      if (step.failures.length) extra.prepend(createFailures(step.failures));
      // The choice that was pressed is gone: on from what it was worth, which is read out there.
      if (answering) (/** @type {HTMLElement|null} */ (extra.querySelector('.feedback')) ?? next).focus({ preventScroll: true });
    });
    drawPause(model);
    const ends = step.index >= lesson.steps.length - 1 && played && !model.aside;
    hide(back, false);
    back.disabled = step.index <= 0;
    text(next, t(ends ? 'lesson.finish' : 'lesson.next'));
    hide(differ, !step.differs);
    hide(dots, false);
    dots.max = lesson.steps.length;
    dots.value = step.index + 1;
  }

  /** @param {Model} model */
  function drawFreely(model) {
    const own = model.branches.find((each) => each.lesson);
    hide(back, true);
    hide(next, true);
    wayOn(true);
    hide(dots, true);
    hide(pause, true);
    attr(root, 'data-waiting', null);
    hide(differ, true);
    hide(actions, false);
    hide(home, !own);
    const recent = headlines(model);
    const { seq: begun, step: from } = model.origin;
    const [event] = recent.filter((each) => each.seq > begun);
    const said = event && model.explain(event);
    tell(`free ${model.role} ${model.branch} ${from?.index ?? ''} ${event?.seq ?? 0} ${recent[0]?.seq ?? 0}`, () => {
      tellCount(from ? t('lesson.left', { step: from.index + 1 }) : '');
      head.replaceChildren();
      const watching = model.role === 'viewer';
      text(title, said?.text ?? from?.title ?? t(watching ? 'lesson.watched' : 'lesson.own'));
      if (!said && from) richText(say, from.html);
      else say.replaceChildren();
      if (!said) say.prepend(html('p', { class: 'lesson-facts', text: t(watching ? 'lesson.watch' : model.session.timers === 'manual' ? 'lesson.free.manual' : 'lesson.free') }));
      const cited = (said ?? from)?.sources ?? [];
      text(sources, cited.join(' · '));
      sources.hidden = cited.length === 0;
      const tries = from && model.session.lesson ? createTries(model.session.lesson) : null;
      extra.replaceChildren(...(tries ? [tries] : []));
      const before = recent.filter((each) => each !== event);
      if (before.length > 0) {
        extra.append(html('ol', { class: 'recent', 'aria-label': t('lesson.before') }, before.map((each) => html('li', {}, [
          html('button', { class: 'recent-event', type: 'button', onclick: () => dispatch({ type: 'seekSeq', seq: each.seq }) }, [
            html('span', { class: 'event-time', text: milliseconds(each.time) }),
            html('span', { text: model.explain(each)?.text ?? '' }),
          ]),
        ]))));
      }
    });
  }

  return {
    update(model) {
      latest = model;
      drawGuess(model);
      const same = drawn && drawn.seq === model.seq && drawn.step === model.step && drawn.waiting === model.waiting && drawn.lesson === model.lesson && drawn.answers === model.answers && drawn.branch === model.branch && drawn.ended === model.ended && drawn.aside === model.aside && drawn.explain === model.explain;
      if (same) return;
      drawn = model;
      attr(root, 'data-ended', Boolean(model.lesson && model.ended));
      if (model.session.nodes.length > 0) tellKind(model.session.kind);
      const step = model.lesson?.steps[Math.max(0, model.step)];
      standing('data-asks', Boolean(model.lesson && !model.ended && step && (step.ask ?? step.predict) && !(step.index in model.answers)));
      if (model.lesson && model.ended) drawEnd(model, model.lesson);
      else if (model.lesson && step) drawStep(model, model.lesson, step);
      else drawFreely(model);
    },
  };
}
