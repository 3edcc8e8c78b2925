/**
 * The small forms within the menus of the stage: how a link carries, how long a message is delayed, which
 * side a node goes to, whom a client asks again.
 *
 * @module views/parts/menuforms
 */

import { command as dropCommand, others, regroup } from '../../geometry/drops.js';
import { sides } from '../../geometry/sides.js';
import { html } from '../../lib/svg.js';
import { t } from '../../lib/words.js';
import { choice, field } from './forms.js';

/** @typedef {import('../../types.js').Dispatch} Dispatch */
/** @typedef {import('../../types.js').Model} Model */
/** @typedef {Array<Record<string, any>>} Commands */

/** The longest that a message can be delayed and a link can take, ms: the same as the server takes. */
const LONGEST = 3_600_000;

/**
 * @param {HTMLElement[]} fields
 * @param {string} label Of the button.
 * @param {() => Commands|string} read The commands, or what is wrong.
 * @param {Dispatch} dispatch
 * @param {() => void} done
 * @returns {HTMLFormElement}
 */
function smallForm(fields, label, read, dispatch, done) {
  const complaint = html('p', { class: 'complaint', role: 'alert' });
  const form = html('form', { class: 'request-form', novalidate: true }, [...fields, html('button', { class: 'primary', type: 'submit', text: label }), complaint]);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const found = read();
    complaint.textContent = typeof found === 'string' ? found : '';
    if (typeof found === 'string') return;
    dispatch({ type: 'gesture', commands: found });
    done();
  });
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') event.stopPropagation();
  });
  return form;
}

/** @param {number} value @param {number} most */
const number = (value, most) => html('input', { type: 'number', min: 0, max: most, value });

/**
 * @param {HTMLInputElement} input
 * @returns {number|null} What was written, within its bounds; null where it is not.
 */
function read(input) {
  const value = input.value.trim() === '' ? NaN : Number(input.value);
  return value >= Number(input.min) && value <= Number(input.max) ? value : null;
}

/**
 * How a link carries, one way or both.
 * @param {Model} model
 * @param {string} a
 * @param {string} b
 * @param {Dispatch} dispatch
 * @param {() => void} done
 * @returns {HTMLFormElement}
 */
export function linkForm(model, a, b, dispatch, done) {
  const link = model.view.links[`${a}>${b}`];
  const latency = (link?.latency ?? model.session.timing.latency).map((us) => us / 1000);
  const [low, high] = latency.map((ms) => number(ms, LONGEST));
  const [loss, twice] = [link?.loss, link?.duplicate].map((share) => number(Math.round((share ?? 0) * 100), 100));
  const way = choice([['both', t('act.way.both')], ['there', `${a} → ${b}`], ['back', `${b} → ${a}`]]);
  return smallForm([field(t('act.way'), way), field(t('form.least'), low), field(t('form.most'), high), field(t('form.loss'), loss), field(t('form.twice'), twice)], t('form.link.do'), () => {
    const [least, most, lost, doubled] = [low, high, loss, twice].map(read);
    if (least === null || most === null || least > most) return t('form.latency.wrong', { most: LONGEST });
    if (lost === null || doubled === null) return t('form.share.wrong');
    const ways = [{ from: a, to: b }, { from: b, to: a }].filter((_, i) => way.value === 'both' || way.value === ['there', 'back'][i]);
    return ways.map((each) => ({ link: { ...each, latency: [least, most], loss: lost / 100, duplicate: doubled / 100 } }));
  }, dispatch, done);
}

/**
 * @param {number} id Of the message.
 * @param {Dispatch} dispatch
 * @param {() => void} done
 * @returns {HTMLFormElement}
 */
export function delayForm(id, dispatch, done) {
  const by = number(50, LONGEST);
  return smallForm([field(t('form.delay'), by)], t('form.delay.do'), () => {
    const ms = read(by);
    return ms === null ? t('form.delay.wrong', { most: LONGEST }) : [{ delay: { messages: { id }, by: ms } }];
  }, dispatch, done);
}

/**
 * Which side of the network a node goes to: the same as to carry it there.
 * @param {Model} model
 * @param {string} id
 * @param {Dispatch} dispatch
 * @param {() => void} done
 * @returns {HTMLFormElement}
 */
export function sideForm(model, id, dispatch, done) {
  const found = sides(model.nodes, model.view.links);
  const groups = found.length > 0 ? found.map(({ ids }) => ids) : [model.nodes];
  const rest = others(id, groups);
  const goal = choice([
    ['own', t('side.own')],
    ...(groups.length > 1 ? [['all', t('side.all')], ...rest.map((ids, i) => [String(i), t('side.with', { nodes: ids.join(t('comma.list')) })])] : []).map((each) => /** @type {[string, string]} */ (each)),
  ]);
  return smallForm([field(t('side.goal'), goal)], t('side.do'), () => {
    const { value } = goal;
    const target = value === 'own' || value === 'all' ? { kind: /** @type {'own'|'all'} */ (value) } : { kind: /** @type {const} */ ('join'), ids: rest[Number(value)] };
    const command = dropCommand(regroup(id, groups, target), model.view.links);
    return command ? [command] : t('side.same');
  }, dispatch, done);
}

/**
 * @param {string[]} nodes
 * @param {string} client
 * @param {Dispatch} dispatch
 * @param {() => void} done
 * @returns {HTMLFormElement}
 */
export function retryForm(nodes, client, dispatch, done) {
  const to = choice(nodes.map((id) => [id, id]));
  return smallForm([field(t('form.to'), to)], t('verb.retry'), () => [{ retry: { client, to: to.value } }], dispatch, done);
}

/**
 * @param {string} client
 * @param {Dispatch} dispatch
 * @param {() => void} done
 * @returns {HTMLFormElement}
 */
export function selfForm(client, dispatch, done) {
  const patience = number(300, 60_000);
  const hint = html('p', { class: 'act-hint', text: t('act.client.about') });
  return smallForm([hint, field(t('act.client.patience'), patience)], t('act.client.do'), () => {
    const ms = read(patience);
    return ms === null ? t('act.client.patience.wrong') : [{ client: { client, patience: ms } }];
  }, dispatch, done);
}
