/**
 * What comes of a prediction, in one sentence: what the field became, and the event that made it so.
 *
 * @module views/parts/outcome
 */

import { html } from '../../lib/svg.js';
import { t } from '../../lib/words.js';

/** @typedef {import('../../types.js').Aside} Aside */
/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('../../types.js').Predict} Predict */
/** @typedef {import('../../types.js').WireEvent} WireEvent */

/**
 * @param {WireEvent} event
 * @param {string} field node.field, node.field.part, or leader.
 * @returns {boolean} Whether the event changed it.
 */
function touches(event, field) {
  if (field === 'leader') return event.kind === 'role_changed' && [event.data.from, event.data.to].includes('leader');
  const [node, name] = field.split('.');
  return event.changes.some(([path]) => path[0] === 'nodes' && path[1] === node && (path.length === 2 || path[2] === name));
}

/**
 * @param {Pick<Model, 'event'>} model
 * @param {WireEvent} event
 * @param {number} from
 * @returns {WireEvent|null} The event itself or the nearest of its causes after `from` that has a sentence.
 */
function toldOf(model, event, from) {
  for (let at = /** @type {WireEvent|undefined} */ (event); at && at.seq > from; at = at.cause === null ? undefined : model.event(at.cause)) {
    if (at.say) return at;
  }
  return null;
}

/**
 * @param {Pick<Model, 'event'>} model
 * @param {Aside} aside
 * @param {string} field
 * @returns {{changed: boolean, event: WireEvent|null}} Whether the field changed, and the event that tells why, or why not.
 */
export function reasonOf(model, { from, end }, field) {
  const node = field.split('.')[0];
  let about = null;
  for (let seq = end; seq > from; seq -= 1) {
    const event = model.event(seq);
    if (!event) continue;
    if (touches(event, field)) return { changed: true, event: toldOf(model, event, from) };
    if (!about && event.say && event.node === node && event.kind !== 'message_sent') about = event;
  }
  return { changed: false, event: about };
}

/**
 * @param {Model} model
 * @param {Predict} predict
 * @returns {string} For example "node2.votedFor becomes 1: node2 votes for node1 …".
 */
export function tellOutcome(model, predict) {
  if (!model.aside || !predict.field) return '';
  const { changed, event } = reasonOf(model, model.aside, predict.field);
  const { field, answer: value } = predict;
  const what = field === 'leader' ? t('outcome.leader', { value }) : t(changed ? 'outcome.becomes' : 'outcome.stays', { field, value });
  const why = event ? model.explain(event)?.text : '';
  return why ? t('outcome.because', { what, why }) : t('outcome.alone', { what });
}

/**
 * @param {Model} model
 * @param {number} step Of which a prediction was asked, and given.
 * @param {Predict} predict
 * @param {import('../../types.js').Dispatch} dispatch
 * @returns {HTMLElement} Shows what happens; while it is on the stage, tells it and leads back.
 */
export function createOutcome(model, step, predict, dispatch) {
  const shown = model.aside?.step === step;
  const show = html('button', { type: 'button', text: t(shown ? 'outcome.again' : 'outcome.show'), onclick: () => dispatch({ type: 'outcome', step }) });
  if (!shown) return html('div', { class: 'outcome' }, [show]);
  const back = html('button', { class: 'primary', type: 'button', text: t('outcome.back'), onclick: () => dispatch({ type: 'rejoin' }) });
  return html('div', { class: 'outcome', 'data-shown': true }, [
    html('p', { role: 'status' }, [html('strong', { text: t('lesson.heading', { heading: t('outcome.title') }) }), tellOutcome(model, predict)]),
    back,
    show,
  ]);
}
