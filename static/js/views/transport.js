/**
 * The transport: to the start, a step back, play, a step on, the next election or commit, and how
 * fast virtual time runs.
 *
 * @module views/transport
 */

import { RATES, snapRate, speed } from '../lib/format.js';
import { attr, html, text } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { icon } from './parts/icons.js';
import { createMoments } from './parts/moments.js';
import { inForce } from './parts/rules.js';

/** @typedef {import('../types.js').Action} Action */
/** @typedef {import('../types.js').Model} Model */

/** How finely the speed is chosen: a step of its decimal logarithm. */
const FINE = 0.05;

/**
 * @param {HTMLElement} root
 * @param {import('../types.js').Dispatch} dispatch
 * @returns {import('../types.js').ViewPart}
 */
export function createTransport(root, dispatch) {
  /** @param {string} name @param {string} drawing @param {string|null} label @param {Action} action @param {string} [extra] */
  const button = (name, drawing, label, action, extra = '') =>
    html('button', { class: `soft ${label ? '' : 'icon'} ${extra}`, type: 'button', 'aria-label': name, title: name, onclick: () => dispatch(action) }, [
      icon(drawing),
      label ? html('span', { text: label }) : null,
    ]);
  const start = button(t('keys.toStart'), 'start', null, { type: 'toStart' });
  const back = button(t('transport.back'), 'back', t('transport.step'), { type: 'stepBack' }, 'step-button');
  const playing = html('span', { text: t('transport.play') });
  const paths = { play: icon('play'), pause: icon('pause') };
  const play = html('button', { class: 'primary play', type: 'button', 'aria-label': t('transport.play.name'), onclick: () => dispatch({ type: latest?.playing ? 'pause' : 'play' }) }, [paths.play, paths.pause, playing]);
  const step = html('button', { class: 'soft step-button', type: 'button', 'aria-label': t('transport.forward'), title: t('transport.forward'), onclick: () => dispatch({ type: 'step' }) }, [html('span', { text: t('transport.step') }), icon('step')]);
  const end = button(t('keys.toEnd'), 'end', null, { type: 'toEnd' });
  const election = html('button', { class: 'soft wide-only', type: 'button', text: t('transport.election'), onclick: () => dispatch({ type: 'nextElection' }) });
  const commit = html('button', { class: 'soft wide-only', type: 'button', text: t('transport.commit'), onclick: () => dispatch({ type: 'nextCommit' }) });
  const slider = html('input', { type: 'range', min: Math.log10(RATES[0]), max: Math.log10(RATES[RATES.length - 1]), step: FINE, 'aria-label': t('transport.speed.name'), class: 'speed-slider' });
  slider.addEventListener('input', () => dispatch({ type: 'rate', value: snapRate(10 ** Number(slider.value)) }));
  const rate = html('output', { class: 'speed-value' });
  const rules = html('span', { class: 'rules' });
  const moments = createMoments(dispatch);
  const compare = html('button', { class: 'soft compare-button', type: 'button', id: 'compare-button', 'aria-haspopup': 'dialog', 'aria-label': t('transport.compare'), title: t('transport.compare.hint'), onclick: () => dispatch({ type: 'compare' }) }, [icon('compare'), html('span', { text: t('transport.compare') })]);
  // The branches have their place between these, and are a view of their own.
  root.prepend(
    html('div', { class: 'transport-buttons', role: 'group', 'aria-label': t('transport.title') }, [start, back, play, step, end, commit, election]),
    moments.element,
    html('label', { class: 'speed' }, [html('span', { class: 'speed-name', text: t('transport.speed') }), slider, rate]),
  );
  root.append(rules, compare);

  /** @type {Model|null} */
  let latest = null;

  return {
    update(model) {
      const was = latest;
      latest = model;
      if (was?.playing !== model.playing) {
        attr(play, 'aria-label', t(model.playing ? 'transport.pause.name' : 'transport.play.name'));
        attr(play, 'title', t(model.playing ? 'transport.pause.hint' : 'transport.play.hint'));
        text(playing, t(model.playing ? 'transport.pause' : 'transport.play'));
        attr(paths.play, 'hidden', model.playing);
        attr(paths.pause, 'hidden', !model.playing);
      }
      if (was?.rate !== model.rate) {
        slider.value = String(Math.log10(model.rate));
        attr(slider, 'aria-valuetext', t('transport.rate', { rate: speed(model.rate) }));
        text(rate, speed(model.rate));
      }
      if (was?.moments !== model.moments) moments.update(model.moments);
      if (was?.compare !== model.compare) attr(compare, 'aria-pressed', model.compare ? 'true' : 'false');
      const atStart = model.p <= model.span[0];
      start.disabled = atStart;
      back.disabled = atStart;
      if (was?.session !== model.session || was?.view.options !== model.view.options) {
        const on = inForce(model.view.options);
        text(rules, model.session.kind === 'lesson' || on.length ? (on.length ? on.join(t('comma.list')) : t('transport.rules')) : '');
        attr(rules, 'title', [t('transport.options'), ...on].join('\n'));
      }
    },
  };
}
