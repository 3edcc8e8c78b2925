/**
 * The dialog by which a moment, a span of time or the whole run leaves the page: as a picture, a film
 * or a file. It shows what it will give before it gives it.
 *
 * @module takeaway/dialog
 */

import { attr, html, text } from '../lib/svg.js';
import { keepDraft } from '../lib/draft.js';
import { speed } from '../lib/format.js';
import { language, t } from '../lib/words.js';
import { USUAL, follow } from '../store/stretch.js';
import { icon } from '../views/parts/icons.js';
import { horizon } from '../views/parts/horizon.js';
import { createPress, described } from './figure.js';
import { FRAMES_PER_SECOND, LAST, MOST_FRAMES, frameCount, frameTime, gif, webm, webmKind } from './film.js';
import { createOpener, download, fileName, sessionFile } from './file.js';
import { around, momentAt, pOfTime, stepSpan, upTo } from './moment.js';
import { fontStyle, png } from './raster.js';
import { FILM_RATES, filmRate } from './speed.js';

/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('../store/journal.js').Journal} Journal */
/** @typedef {import('./moment.js').Span} Span */

/**
 * @typedef {object} Source What the dialog takes from.
 * @property {() => Model} model
 * @property {() => Journal} journal
 * @property {() => Span|null} window What the space-time diagram on the screen shows.
 * @property {(name: 'save'|'record', request: Record<string, any>) => Promise<any>} ask
 * @property {() => void} print
 */

/** @typedef {{id: string, name: string}} Option */

/** What a film of "from here" lasts, in seconds of the viewer's time. */
const SECONDS = 2;

/** Pixels a px: of a picture, and of a film. */
const SCALES = Object.freeze({ png: ['1', '2', '3'], film: ['0.75', '1', '1.5'] });

/** What is chosen when the dialog is opened again. */
const chosen = { what: 'both', as: 'svg', theme: 'screen', legend: true, png: '2', film: '1', span: 'screen', take: 'step', speed: 'follow' };

/** @typedef {keyof typeof chosen} Choice */

/**
 * @param {Source} source
 * @returns {{show: () => void}}
 */
export function createTakeAway(source) {
  const films = ['gif', ...(webmKind() ? ['webm'] : [])];
  /** @type {Model} */
  let model = source.model();
  /** @type {AbortController|null} */
  let making = null;
  let shown = '';
  let asked = 0;

  const preview = html('img', { class: 'takeaway-preview', alt: '' });
  const noPreview = html('p', { class: 'takeaway-words' });
  const complaint = html('p', { class: 'complaint', role: 'alert' });
  const bar = html('progress', { max: 1, value: 0, 'aria-label': t('takeaway.progress') });
  const share = html('span', { class: 'takeaway-share' });
  const stop = html('button', { type: 'button', text: t('takeaway.cancel'), onclick: () => making?.abort() });
  const busy = html('div', { class: 'takeaway-busy', hidden: true }, [bar, share, stop]);
  const done = html('p', { class: 'takeaway-done', role: 'status' });
  const editing = html('a', { class: 'button quiet', href: '/edit', target: '_blank', rel: 'noopener', hidden: true, text: t('takeaway.lesson.edit') });
  const give = html('button', { type: 'button', class: 'primary', onclick: () => void save() });
  const print = html('button', { type: 'button', class: 'quiet', text: t('takeaway.print'), onclick: () => {
    dialog.close();
    source.print();
  } });
  const close = html('button', { type: 'button', class: 'icon quiet', 'aria-label': t('takeaway.close'), onclick: () => dialog.close() }, [icon('close')]);

  /** @param {Choice} name @param {string} title @param {Option[]} options */
  function choices(name, title, options) {
    return html('fieldset', { class: 'choices', 'data-choice': name }, [
      html('legend', { text: title }),
      html('div', { class: 'choice-row' }, options.map((each) => {
        const input = html('input', { type: 'radio', name: `takeaway-${name}`, value: each.id, onchange: () => choose(name, each.id) });
        return html('label', {}, [input, html('span', { text: each.name })]);
      })),
    ]);
  }
  const option = (/** @type {string} */ id, /** @type {string} */ name) => ({ id, name });
  const what = choices('what', t('takeaway.what'), [
    option('stage', t('takeaway.what.stage')), option('diagram', t('takeaway.what.diagram')), option('both', t('takeaway.what.both')),
  ]);
  const as = choices('as', t('takeaway.as'), [
    option('svg', 'SVG'), option('png', 'PNG'), ...films.map((each) => option(each, each === 'gif' ? 'GIF' : 'WebM')), option('session', t('takeaway.as.session')), option('lesson', t('takeaway.as.lesson')),
  ]);
  const pngScale = choices('png', t('takeaway.scale'), SCALES.png.map((each) => option(each, `${each}×`)));
  const filmScale = choices('film', t('takeaway.scale'), SCALES.film.map((each) => option(each, `${each}×`)));
  const theme = choices('theme', t('takeaway.theme'), [
    option('screen', t('takeaway.theme.screen')), option('light', t('takeaway.theme.light')), option('dark', t('takeaway.theme.dark')),
  ]);
  const span = choices('span', t('takeaway.span'), [
    option('screen', t('takeaway.span.screen')), option('step', t('takeaway.span.step')), option('whole', t('takeaway.span.whole')), option('between', t('takeaway.span.between')),
  ]);
  const take = choices('take', t('takeaway.take'), [
    option('step', t('takeaway.span.step')), option('here', t('takeaway.take.here', { count: SECONDS })), option('between', t('takeaway.span.between')),
  ]);
  const asPage = html('option', { value: 'page' });
  const rate = html('select', { 'aria-describedby': 'takeaway-length', onchange: () => choose('speed', rate.value) }, [
    html('option', { value: 'follow', text: t('takeaway.speed.follow') }), asPage, ...FILM_RATES.map((each) => html('option', { value: String(each), text: speed(each) })),
  ]);
  const lasts = html('p', { class: 'takeaway-length', id: 'takeaway-length', 'aria-live': 'polite' });
  const pace = html('div', { class: 'takeaway-pace' }, [html('label', {}, [html('span', { text: t('takeaway.speed') }), rate]), lasts]);
  const bound = (/** @type {string} */ name) => html('input', { type: 'number', min: 0, step: 'any', required: true, 'aria-label': name, oninput: () => void refresh() });
  const from = bound(t('takeaway.from'));
  const to = bound(t('takeaway.to'));
  const between = html('div', { class: 'takeaway-between' }, [
    html('span', { text: t('takeaway.from') }), from, html('span', { text: t('takeaway.to') }), to, html('span', { text: 'ms' }),
  ]);
  const withLegend = html('input', { type: 'checkbox', onchange: () => {
    chosen.legend = withLegend.checked;
    void refresh();
  } });
  const legend = html('label', { class: 'tick' }, [withLegend, html('span', { text: t('takeaway.legend') })]);
  const opener = createOpener();
  const form = html('form', { class: 'takeaway-form', method: 'dialog', onsubmit: (/** @type {Event} */ event) => event.preventDefault() }, [
    as, what, span, take, between, pace, pngScale, filmScale, theme, legend,
    html('div', { class: 'takeaway-foot' }, [give, busy, done, editing, complaint]),
  ]);
  const dialog = html('dialog', { class: 'takeaway', 'aria-labelledby': 'takeaway-title' }, [
    html('header', { class: 'takeaway-head' }, [html('h2', { id: 'takeaway-title', text: t('takeaway.title') }), print, close]),
    html('div', { class: 'takeaway-body' }, [
      html('div', { class: 'takeaway-sheet' }, [preview, noPreview]),
      form,
    ]),
    html('section', { class: 'takeaway-in', 'aria-labelledby': 'takeaway-in-title' }, [html('h3', { id: 'takeaway-in-title', text: t('takeaway.open.title') }), opener]),
  ]);
  dialog.addEventListener('close', () => making?.abort());
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);

  const filmed = () => chosen.as === 'gif' || chosen.as === 'webm';
  const drawn = () => chosen.as !== 'session' && chosen.as !== 'lesson';

  /** @param {Choice} name @param {string} id */
  function choose(name, id) {
    Object.assign(chosen, { [name]: id });
    void refresh();
  }

  /** Mark what is chosen, and hide what has no meaning for it. */
  function arrange() {
    const step = stepSpan(model, source.journal());
    for (const input of form.querySelectorAll('input[type=radio]')) {
      const radio = /** @type {HTMLInputElement} */ (input);
      const name = /** @type {Choice} */ (radio.name.replace('takeaway-', ''));
      radio.disabled = radio.value === 'step' && !step;
      if (radio.disabled && chosen[name] === 'step') Object.assign(chosen, { [name]: name === 'take' ? 'here' : 'screen' });
    }
    for (const input of form.querySelectorAll('input[type=radio]')) {
      const radio = /** @type {HTMLInputElement} */ (input);
      radio.checked = chosen[/** @type {Choice} */ (radio.name.replace('takeaway-', ''))] === radio.value;
    }
    withLegend.checked = chosen.legend;
    what.hidden = theme.hidden = legend.hidden = !drawn();
    span.hidden = !drawn() || filmed() || chosen.what === 'stage';
    take.hidden = !filmed();
    between.hidden = !((!span.hidden && chosen.span === 'between') || (!take.hidden && chosen.take === 'between'));
    pngScale.hidden = chosen.as !== 'png';
    filmScale.hidden = pace.hidden = !filmed();
    rate.value = chosen.speed;
    text(asPage, t('takeaway.speed.page', { rate: speed(model.rate) }));
    text(give, t('takeaway.save', { kind: !drawn() ? t(`takeaway.as.${/** @type {'session'|'lesson'} */ (chosen.as)}`) : chosen.as === 'webm' ? 'WebM' : chosen.as.toUpperCase() }));
  }

  /** @returns {Span|null} From–to, as typed in ms of virtual time; null where that makes no sense. */
  function typed() {
    const [low, high] = [from.valueAsNumber, to.valueAsNumber];
    if (!(low >= 0) || !(high > low)) return null;
    const journal = source.journal();
    const [p0, p1] = [pOfTime(journal, low * 1000), pOfTime(journal, high * 1000)];
    return p1 > p0 ? { p0, p1 } : null;
  }

  /** @param {Span|null} span What is filmed; null where that is so many seconds. */
  const rateOf = (span) => filmRate(chosen.speed, chosen.take === 'here' ? null : span, model.rate);

  /** @returns {{span: Span, seen: number}|string} Of the diagram or of the film; or what is wrong. */
  function stretch() {
    const journal = source.journal();
    const [, end] = model.span;
    const whole = { p0: 0, p1: Math.max(1, end) };
    const seen = (/** @type {Span} */ each) => journal.seqAt(each.p1);
    const kind = filmed() ? chosen.take : chosen.span;
    if (kind === 'step') {
      const step = stepSpan(model, journal);
      if (step) return { span: step, seen: seen(step) };
    }
    if (kind === 'between') {
      const between = typed();
      return between ? { span: between, seen: seen(between) } : t('takeaway.wrong.between', { most: Math.floor(journal.now() / 1000) });
    }
    if (kind === 'here') {
      const p1 = Math.min(end, model.p + SECONDS * 1e6 * rateOf(null));
      return p1 > model.p ? { span: { p0: model.p, p1 }, seen: journal.seqAt(p1) } : t('takeaway.wrong.end');
    }
    if (kind === 'whole') return { span: whole, seen: model.last };
    const window = source.window() ?? follow(null, model.span, model.p, USUAL, 0);
    return { span: upTo(model, source.journal(), window, horizon(model)), seen: horizon(model) };
  }

  /** @param {{span: Span, seen: number}} of */
  function press(of) {
    const picked = /** @type {'light'|'dark'} */ (chosen.theme === 'screen' ? model.theme : chosen.theme);
    const diagram = filmed() ? around(of.span) : of.span;
    return createPress(source.journal(), { what: /** @type {any} */ (chosen.what), theme: picked, legend: chosen.legend, span: diagram, seen: of.seen });
  }

  /** A frame of a film; one of a step bears its name from the first frame on. @param {number} p @param {number} [seq] */
  function frame(p, seq) {
    const at = momentAt(model, source.journal(), p, seq);
    return chosen.take === 'step' ? { ...at, step: model.step } : at;
  }

  /** @param {{span: Span, seen: number}} of @returns {string} What is wrong with a film of it; empty where nothing is. */
  function tooLong({ span }) {
    const frames = frameCount({ span, rate: rateOf(span) });
    return filmed() && frames > MOST_FRAMES
      ? t('takeaway.wrong.long', { seconds: Math.ceil(frames / FRAMES_PER_SECOND), rate: speed(rateOf(span)), most: MOST_FRAMES / FRAMES_PER_SECOND })
      : '';
  }

  /** @param {Span} span @returns {string} What is to be known of a film before it is made. */
  function length(span) {
    const rate = rateOf(span);
    const seconds = Number(((frameCount({ span, rate }) - 1) / FRAMES_PER_SECOND).toFixed(1));
    return t('takeaway.length', { seconds, rate: speed(rate), last: LAST / 1000 });
  }

  /** @param {string} words */
  function complain(words) {
    text(complaint, words);
    give.disabled = words !== '' || making !== null;
  }

  async function refresh() {
    arrange();
    text(done, '');
    editing.hidden = true;
    asked += 1;
    const mine = asked;
    preview.hidden = !drawn();
    noPreview.hidden = drawn();
    if (!drawn()) {
      complain('');
      text(noPreview, chosen.as === 'lesson' ? t('takeaway.lesson.words') : t('takeaway.session.words', { count: model.branches.length, events: model.last }));
      return;
    }
    const of = stretch();
    const wrong = typeof of === 'string' ? of : tooLong(of);
    complain(wrong);
    text(lasts, wrong !== '' || typeof of === 'string' ? '' : length(of.span));
    if (typeof of === 'string') return;
    const made = press(of);
    // A film is told by what comes of it: its last frame, on which it stops.
    const at = filmed() ? frame(of.span.p1, of.seen) : standing();
    const figure = made.draw(at);
    made.close();
    attr(preview, 'alt', described(at, { what: /** @type {any} */ (chosen.what), theme: 'light', legend: false, ...of }));
    attr(preview, 'width', figure.width);
    attr(preview, 'height', figure.height);
    const address = URL.createObjectURL(new Blob([figure.svg.replace('<title', `${await fontStyle()}<title`)], { type: 'image/svg+xml' }));
    if (mine !== asked) {
      URL.revokeObjectURL(address);
      return;
    }
    preview.src = address;
    if (shown) URL.revokeObjectURL(shown);
    shown = address;
  }

  /** The moment at which the cursor stands, as the page shows it. */
  const standing = () => ({ ...momentAt(model, source.journal(), model.p, model.seq), flights: model.flights, step: model.step });

  /** @param {boolean} on */
  function working(on) {
    busy.hidden = !on;
    give.hidden = on;
    form.toggleAttribute('data-busy', on);
    for (const each of [rate, ...form.querySelectorAll('fieldset')]) each.disabled = on;
    if (on) {
      bar.value = 0;
      text(share, '');
      text(done, '');
      stop.focus();
    } else {
      if (dialog.open) give.focus();
    }
  }

  async function save() {
    if (making) return;
    making = new AbortController();
    const { signal } = making;
    working(true);
    try {
      const blob = await made(signal);
      signal.throwIfAborted();
      const ending = { session: 'json', lesson: 'yaml' }[chosen.as] ?? chosen.as;
      const name = fileName(model.session.title, !drawn() ? '' : `event-${model.seq}`, ending);
      download(blob, name);
      text(done, t('takeaway.saved', { name, size: blob.size < 1e6 ? `${Math.ceil(blob.size / 1000)} kB` : `${(blob.size / 1e6).toFixed(1)} MB` }));
      text(complaint, '');
    } catch (error) {
      if (!signal.aborted) text(complaint, t('takeaway.failed', { why: error instanceof Error ? error.message : String(error) }));
    } finally {
      making = null;
      working(false);
    }
  }

  /** @param {AbortSignal} signal @returns {Promise<Blob>} */
  async function made(signal) {
    if (chosen.as === 'session') {
      const { session } = await source.ask('save', { moment: { branch: model.branch, seq: model.seq } });
      return sessionFile(session);
    }
    if (chosen.as === 'lesson') {
      const { lesson } = await source.ask('record', { branch: model.branch, title: model.session.title, lang: language() });
      if (keepDraft(lesson)) editing.hidden = false;
      return new Blob([lesson], { type: 'application/yaml' });
    }
    const of = stretch();
    if (typeof of === 'string') throw new Error(of);
    const printing = press(of);
    try {
      if (chosen.as === 'svg') return new Blob([printing.draw(standing()).svg], { type: 'image/svg+xml' });
      if (chosen.as === 'png') return await png(printing.draw(standing()), Number(chosen.png));
      return await filming(of, printing, signal);
    } finally {
      printing.close();
    }
  }

  /** @param {{span: Span, seen: number}} of @param {ReturnType<typeof createPress>} printing @param {AbortSignal} signal */
  async function filming(of, printing, signal) {
    const taken = { span: of.span, rate: rateOf(of.span) };
    const frames = frameCount(taken);
    const at = (/** @type {number} */ index) => frame(frameTime(taken, index), index === frames - 1 ? of.seen : undefined);
    /** @type {Set<string>} */
    const signs = new Set();
    for (let index = 0; index < frames; index += 1) for (const each of printing.signs(at(index))) signs.add(each);
    return (chosen.as === 'gif' ? gif : webm)({
      frames,
      figure: (index) => printing.draw(at(index), signs),
      scale: Number(chosen.film),
      progress(part) {
        bar.value = part;
        text(share, `${Math.round(part * 100)} %`);
      },
      signal,
    });
  }

  return {
    show() {
      if (dialog.open) return;
      model = source.model();
      const now = Math.floor(model.time / 1000);
      if (from.value === '') {
        from.value = String(Math.max(0, now - 100));
        to.value = String(Math.max(now, 1));
      }
      void refresh();
      dialog.showModal();
      /** @type {HTMLElement|null} */ (as.querySelector('input:checked'))?.focus();
    },
  };
}
