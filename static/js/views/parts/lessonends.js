/**
 * How a lesson begins and ends: what it is for and how long it takes; what was learnt, how the
 * questions went, what to try by oneself, and where to go on.
 *
 * @module views/parts/lessonends
 */

import { scoreOf, unseen } from '../../lib/progress.js';
import { html } from '../../lib/svg.js';
import { t } from '../../lib/words.js';
import { richText } from './richtext.js';

/** @typedef {import('../../types.js').LessonInfo} LessonInfo */
/** @typedef {import('../../types.js').Model} Model */

/** @typedef {'beginner'|'intermediate'|'advanced'} Level */

/**
 * @param {LessonInfo} lesson
 * @param {((action: {type: 'slides'}|{type: 'notes'}) => void)|null} present Begins a talk; null for who only watches.
 * @returns {HTMLElement} What one can do after it, for whom it is, and how long it takes.
 */
export function createGoal(lesson, present) {
  const facts = [
    t(`level.${/** @type {Level} */ (lesson.level)}`),
    ...(lesson.minutes ? [t('lesson.minutes', { count: lesson.minutes })] : []),
    t('lesson.steps', { count: lesson.steps.length }),
  ];
  return html('div', { class: 'lesson-goal' }, [
    lesson.goal ? html('p', {}, [html('strong', { text: t('lesson.heading', { heading: t('lesson.goal') }) }), lesson.goal]) : null,
    html('div', { class: 'lesson-facts lesson-talk' }, [
      html('span', { text: facts.join(' · ') }),
      ...(present ? [
        html('button', { class: 'quiet', type: 'button', text: t('talk.slides'), title: t('talk.slides.hint'), onclick: () => present({ type: 'slides' }) }),
        html('button', { class: 'quiet', type: 'button', text: t('talk.notes'), title: t('talk.notes.hint'), onclick: () => present({ type: 'notes' }) }),
      ] : []),
    ]),
  ]);
}

/**
 * @param {string} heading
 * @param {Array<Element|string|null>} children
 * @returns {HTMLElement}
 */
function section(heading, children) {
  return html('section', { class: 'end-part', 'aria-label': heading }, [html('h2', { text: heading }), ...children]);
}

/** @param {string} markup */
function rich(markup) {
  const made = html('div', { class: 'lesson-text' });
  richText(made, markup);
  return made;
}

/**
 * @param {LessonInfo} lesson
 * @returns {HTMLElement|null} What its author would have a person try.
 */
export function createTries(lesson) {
  return lesson.try ? section(t('lesson.tries'), [rich(lesson.try)]) : null;
}

/**
 * @param {LessonInfo} lesson
 * @param {Model['answers']} answers
 * @returns {HTMLElement|null} How the questions went.
 */
function createScore(lesson, answers) {
  const { right, asked, questions } = scoreOf(lesson, answers);
  if (questions === 0) return null;
  const open = questions - asked;
  return section(t('lesson.score'), [
    html('p', { class: 'lesson-score' }, [
      html('meter', { min: 0, max: questions, value: right, 'aria-hidden': 'true' }),
      html('span', { text: t('lesson.score.right', { right, of: questions }) }),
    ]),
    open > 0 ? html('p', { class: 'lesson-facts', text: t('lesson.score.open', { count: open }) }) : null,
  ]);
}

/**
 * @param {LessonInfo} lesson
 * @param {Model['seen']} seen
 * @param {(index: number) => void} go
 * @returns {HTMLElement|null} Which steps were never shown, as long as the lesson does not count as done.
 */
function createUnseen(lesson, seen, go) {
  const missed = unseen(lesson, seen);
  if (missed.length === 0) return null;
  return section(t('lesson.unseen'), [
    html('p', { text: t('lesson.unseen.about', { count: missed.length }) }),
    html('ul', { class: 'lesson-leads' }, missed.map((index) => html('li', {}, [
      html('button', { class: 'quiet', type: 'button', text: t('lesson.unseen.step', { step: index + 1, title: lesson.steps[index].title }), onclick: () => go(index) }),
    ]))),
  ]);
}

/**
 * @param {Model} model
 * @param {LessonInfo} lesson
 * @param {{tryOut: () => void, go: (index: number) => void, recorded: boolean}} page What leaves the lesson for the sandbox, or leads
 *   to one of its steps; and whether the page leads nowhere.
 * @returns {HTMLElement[]} The parts of the lesson's end.
 */
export function createSummary(model, lesson, { tryOut, go: toStep, recorded }) {
  const tries = createTries(lesson);
  if (model.role === 'presenter' && !recorded) {
    const go = html('button', { type: 'button', text: t('lesson.tryout'), onclick: tryOut });
    const about = html('p', { class: 'lesson-facts', text: t('lesson.tryout.about') });
    if (tries) tries.append(about, go);
  }
  const leads = lesson.leads ?? [];
  const ways = leads.map(({ id, title }) => html('li', {}, [html('a', { href: `/lesson/${encodeURIComponent(id)}`, text: title })]));
  return [
    lesson.recap ? section(t('lesson.recap'), [rich(lesson.recap)]) : null,
    createScore(lesson, model.answers),
    createUnseen(lesson, model.seen, toStep),
    tries,
    ways.length > 0 && !recorded ? section(t('lesson.leads'), [html('ul', { class: 'lesson-leads' }, ways)]) : null,
  ].filter((part) => part !== null);
}
