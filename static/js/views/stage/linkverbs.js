/**
 * What can be done to a link, to a message in flight and to a client; what does not fit just now says why.
 *
 * @module views/stage/linkverbs
 */

import { t } from '../../lib/words.js';
import { leaderOf } from '../parts/roles.js';

/** @typedef {import('../../types.js').Model} Model */
/** @typedef {import('./verbs.js').Verb} Verb */

/**
 * @param {Model} model
 * @param {string} a
 * @param {string} b
 * @returns {Verb[]}
 */
export function linkVerbs(model, a, b) {
  const group = /** @type {const} */ ('cuts');
  const there = model.view.links[`${a}>${b}`];
  const back = model.view.links[`${b}>${a}`];
  const ways = [{ from: a, to: b }, { from: b, to: a }];
  const all = Boolean(there?.cut && back?.cut);
  const none = !there?.cut && !back?.cut;
  /** @type {Verb[]} */
  const cuts = [
    { group, label: t('verb.cut'), commands: [{ cut: [a, b] }], danger: true, why: all ? t('not.uncut') : null },
    { group, label: t('verb.heal'), commands: [{ heal: [a, b] }], why: none ? t('not.cut') : null },
    ...ways.map((way) =>
      model.view.links[`${way.from}>${way.to}`]?.cut
        ? { group, label: t('verb.heal.way', way), commands: [{ heal: way }] }
        : { group, label: t('verb.cut.way', way), commands: [{ cut: way }] },
    ),
  ];
  const why = none ? null : t('not.open');
  /** @param {Record<string, any>} settings */
  const both = (settings) => ways.map((way) => ({ link: { ...way, ...settings } }));
  const usual = model.session.timing.latency.map((us) => us / 1000);
  return [
    ...cuts,
    there?.latency || back?.latency ? { group: 'quality', label: t('verb.usual'), commands: both({ latency: usual }), why } : { group: 'quality', label: t('verb.slow'), commands: both({ latency: [120, 200] }), why },
    there?.loss || back?.loss ? { group: 'quality', label: t('verb.lossless'), commands: both({ loss: 0 }), why } : { group: 'quality', label: t('verb.lossy'), commands: both({ loss: 0.5 }), why },
    there?.duplicate || back?.duplicate ? { group: 'quality', label: t('verb.single'), commands: both({ duplicate: 0 }), why } : { group: 'quality', label: t('verb.double'), commands: both({ duplicate: 0.5 }), why },
    { group: 'quality', label: t('verb.quality'), form: 'link' },
  ];
}

/**
 * @param {number} id Of the message.
 * @returns {Verb[]}
 */
export function messageVerbs(id) {
  const group = /** @type {const} */ ('flight');
  return [
    { group, label: t('verb.deliver'), commands: [{ deliver: { id } }] },
    { group, label: t('verb.delay'), commands: [{ delay: { messages: { id }, by: 50 } }] },
    { group, label: t('verb.delay.by'), form: 'delay' },
    { group, label: t('verb.duplicate'), commands: [{ duplicate: { id } }] },
    { group, label: t('verb.drop'), commands: [{ drop: { id } }], danger: true },
  ];
}

/**
 * @param {Model} model
 * @param {string} id
 * @returns {Verb[]}
 */
export function clientVerbs(model, id) {
  const group = /** @type {const} */ ('client');
  const asked = model.view.clients[id];
  const why = asked ? null : t('not.asked');
  // Where nobody leads it asks whom it asked before.
  const again = asked && leaderOf(model) === null ? { client: id, to: asked.to } : { client: id };
  return [
    { group, label: t('verb.write'), form: 'write' },
    { group, label: t('verb.read'), form: 'read' },
    { group, label: t('verb.delete'), form: 'delete' },
    { group, label: t('verb.retry'), commands: [{ retry: again }], why },
    { group, label: t('verb.retry.to'), form: 'retry', why },
    { group, label: t('verb.self'), form: 'self' },
  ];
}
