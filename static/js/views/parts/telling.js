/**
 * Parts of the narration: questions with feedback, the document beside the paper, and which
 * events are worth a headline.
 *
 * @module views/parts/telling
 */

import { firstFrom } from '../../geometry/spacetime.js';
import { html } from '../../lib/svg.js';
import { t } from '../../lib/words.js';
import { richText } from './richtext.js';

/** @typedef {import('../../types.js').Ask} Ask */
/** @typedef {import('../../types.js').Predict} Predict */
/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../types.js').WireEvent} WireEvent */
/** @typedef {Pick<Model, 'branch'|'first'|'seq'|'marks'|'event'>} HeadlineSource What headlines are found in. */

const HEADLINES = new Set(['role_changed', 'crashed', 'restarted', 'paused', 'resumed', 'log_truncated', 'client_reply', 'invariant_violated', 'option_changed', 'transfer_changed', 'lease_changed', 'snapshot_installed', 'learner_changed', 'node_added', 'clock_changed', 'client_gave_up', 'checked']);

/** Commands that only let time pass: what happens then tells itself. */
const SILENT = new Set(['start', 'step', 'advance', 'run_until']);

/** How many events back every one is looked at; further back only the marks of the time line are. */
const MEMORY = 600;

/** How many things are told. */
const RECENT = 5;

/** How many are held: some are left out where a newer one tells the same. */
const HELD = 2 * RECENT;

/** How many events back from its end a marked moment is looked through. */
const MOMENT = 60;

/** How far before a new term the new role of the same candidate is told. */
const NEAR = 4;

/**
 * @param {WireEvent} event
 * @param {Model['event']} [at] Finds its cause.
 * @returns {boolean} Whether it is worth telling a hall.
 */
export function isHeadline(event, at = () => undefined) {
  const { kind, data } = event;
  if (!event.say) return false;
  if (kind === 'snapshot_taken') return data.why !== 'given';
  if (kind === 'configuration_changed') return data.why === 'truncated' || (data.why === 'appended' && !follows(event, at));
  if (kind === 'index_changed') return data.what === 'commitIndex' && data.why === 'majority';
  if (kind === 'term_changed') return data.why === 'election';
  if (kind === 'command') return Object.keys(data.command ?? {}).some((name) => !SILENT.has(name));
  return HEADLINES.has(kind);
}

/** @param {WireEvent} event @param {Model['event']} at @returns {boolean} Whether its node only takes over what its leader sends. */
function follows({ cause }, at) {
  const sent = cause === null ? undefined : at(cause);
  return sent?.kind === 'message_delivered' && sent.data.type === 'AppendEntries' && !sent.data.reply;
}

/**
 * @param {Pick<Model, 'event'>} model
 * @param {WireEvent} event
 * @returns {WireEvent} The event that tells best what happened: for a new candidate's term, why it is one.
 */
function bestTold({ event: at }, event) {
  if (event.kind !== 'term_changed') return event;
  for (let seq = event.seq - 1; seq >= event.seq - NEAR; seq -= 1) {
    const each = at(seq);
    if (each?.kind === 'role_changed' && each.say && each.node === event.node && each.cause === event.cause) return each;
  }
  return event;
}

/**
 * @param {Pick<Model, 'event'>} model
 * @param {number} end A mark's event: the last one of its moment.
 * @returns {WireEvent|null} What that moment was marked for.
 */
function markedBy(model, end) {
  for (let seq = end; seq > end - MOMENT; seq -= 1) {
    const each = model.event(seq);
    if (each && isHeadline(each, model.event)) return bestTold(model, each);
  }
  return null;
}

/**
 * @param {HeadlineSource} model
 * @param {number} after Nothing at or before this event is looked for.
 * @returns {WireEvent[]} The newest first.
 */
function lookBack(model, after) {
  /** @type {Map<number, WireEvent>} */
  const found = new Map();
  const oldest = Math.max(model.first, after + 1, model.seq - MEMORY + 1);
  for (let seq = model.seq; seq >= oldest && found.size < HELD; seq -= 1) {
    const each = model.event(seq);
    if (!each || !isHeadline(each, model.event)) continue;
    const best = bestTold(model, each);
    if (best.seq > after) found.set(best.seq, best);
  }
  for (let i = firstFrom(model.marks, model.seq + 1, (mark) => mark.seq) - 1; i >= 0 && found.size < HELD; i -= 1) {
    const { seq } = model.marks[i];
    if (seq <= after) break;
    const marked = markedBy(model, seq);
    if (marked && marked.seq > after) found.set(marked.seq, marked);
  }
  return [...found.values()].sort((one, other) => other.seq - one.seq);
}

/**
 * The last things worth telling at the cursor. As it moves on, only what is new is looked at.
 * @returns {(model: HeadlineSource) => WireEvent[]} The newest first.
 */
export function createHeadlines() {
  let branch = '';
  let first = 0;
  let seq = 0;
  /** @type {WireEvent[]} */
  let held = [];
  return (model) => {
    const goesOn = branch === model.branch && first === model.first && model.seq >= seq;
    if (goesOn && model.seq > seq) held = [...lookBack(model, seq), ...held].slice(0, HELD);
    else if (!goesOn) held = lookBack(model, 0);
    ({ branch, first, seq } = model);
    const done = new Set(held.map(({ cause }) => cause));
    return held.filter((each) => each.kind !== 'command' || !done.has(each.seq)).slice(0, RECENT);
  };
}

/**
 * @param {Ask|Predict} question
 * @param {string} heading
 * @param {number} given The place of the choice made, from 0; -1 for none yet.
 * @param {(choice: number) => void} answer
 * @returns {HTMLElement}
 */
export function createQuestion(question, heading, given, answer) {
  const open = given < 0;
  const right = question.choices[given] === question.answer;
  const choices = question.choices.map((choice, place) => {
    const mark = open ? '' : choice === question.answer ? 'right' : place === given ? 'wrong' : 'other';
    return html('button', { class: 'choice', type: 'button', 'data-mark': mark || null, disabled: !open, text: choice, onclick: () => answer(place) });
  });
  const verdict = right ? t('lesson.right') : t('lesson.wrong', { answer: question.answer });
  const feedback = open ? '' : [verdict, question.why].filter(Boolean).join(' ');
  return html('section', { class: 'question' }, [
    html('p', {}, [html('strong', { text: t('lesson.heading', { heading }) }), question.question]),
    html('div', { class: 'choices', role: 'group', 'aria-label': question.question }, choices),
    html('p', { class: 'feedback', role: 'status', tabindex: -1, 'data-right': open ? null : String(right), text: feedback }),
  ]);
}

/**
 * @param {import('../../types.js').Failure[]} failures
 * @returns {HTMLElement} What of a step is not as its author expected, and where that is written.
 */
export function createFailures(failures) {
  return html('section', { class: 'lesson-failure', 'aria-label': t('failure.title') }, [
    html('p', {}, [html('strong', { text: t('failure.title') })]),
    html('ul', {}, failures.map(({ file, line, node, field, expected, got }) => html('li', {}, [
      html('code', { text: `${file}:${line}` }),
      ' ',
      t('failure.what', { field: node ? `${node} ${field}` : field, expected, got }),
    ]))),
  ]);
}

/** @param {string} markup */
function rich(markup) {
  const made = html('dd');
  richText(made, markup);
  return made;
}

/**
 * @param {{document: string, paper: string}} differs
 * @returns {HTMLElement} What the document says, beside what the paper says.
 */
export function createAfterword(differs) {
  return html('dl', { class: 'differs' }, [
    html('div', {}, [html('dt', { text: t('lesson.document') }), rich(differs.document)]),
    html('div', {}, [html('dt', { text: t('lesson.paper') }), rich(differs.paper)]),
  ]);
}
