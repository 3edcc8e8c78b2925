/**
 * The page for writing a lesson: the YAML, what is wrong with it and where, and the lesson as it plays,
 * tried on the server a moment after each change. The text stays in the browser.
 *
 * @module edit
 */

import { createCode } from './editor/code.js';
import { createTrial } from './editor/trial.js';
import { keepDraft, keptDraft, LONGEST_DRAFT } from './lib/draft.js';
import { html, text } from './lib/svg.js';
import { fetchWords, language, speak, t } from './lib/words.js';
import { download } from './takeaway/file.js';
import { createTheme } from './ui/theme.js';

const tongue = document.documentElement.lang;
speak(tongue, await fetchWords(`/static/words/${tongue}.json`));

/** @param {string} id */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const frame = /** @type {HTMLIFrameElement} */ (part('preview'));
const theme = createTheme((value) => frame.contentWindow?.postMessage({ theme: value }, location.origin));
part('theme').addEventListener('click', theme.flip);

/** @type {Record<string, any>|null} */
let schema = null;
fetch('/api/lesson-schema.json').then((answer) => answer.json()).then((value) => {
  schema = value;
}, () => {});

/** The lines on which the steps of the lesson that plays begin. @type {number[]} */
let lines = [];
let framed = false;
/** @type {any} */
let playing = null;

function show() {
  if (framed && playing) frame.contentWindow?.postMessage({ run: { session: playing.session, events: playing.events } }, location.origin);
}

addEventListener('message', ({ origin, source, data }) => {
  if (origin !== location.origin || source !== frame.contentWindow || data?.raftviz !== 'ready') return;
  framed = true;
  frame.contentWindow?.postMessage({ theme: theme.theme() }, location.origin);
  show();
});

const trial = createTrial({
  told(outcome) {
    const { problems } = outcome;
    code.mark(problems);
    text(part('state'), outcome.state === 'good' ? t('edit.good', { count: outcome.run.session.lesson.steps.length }) : t(`edit.${outcome.state}`));
    part('state').dataset.state = outcome.state;
    part('preview-note').hidden = outcome.state === 'good' || outcome.state === 'failing' || !playing;
    part('problems').replaceChildren(...problems.map(({ line, message, severity }) => html('li', { 'data-severity': severity }, [
      line === null ? html('p', { text: message }) : html('button', { type: 'button', class: 'quiet', onclick: () => code.go(line) }, [
        html('span', { class: 'problem-line', text: t('edit.line', { line }) }), html('span', { text: message }),
      ]),
    ])));
    if (outcome.run) {
      playing = outcome.run;
      lines = playing.lines;
      show();
    }
    for (const id of ['present', 'download']) /** @type {HTMLButtonElement} */ (part(id)).disabled = outcome.state === 'empty' || (id === 'present' && !outcome.run);
  },
});

const code = createCode(part('code'), {
  schema: () => schema,
  changed(value) {
    if (!keepDraft(value)) text(part('kept'), t('edit.forgets'));
    trial.take(value);
  },
  moved(line) {
    const step = lines.filter((first) => first <= line).length - 1;
    if (framed && step >= 0) frame.contentWindow?.postMessage({ step }, location.origin);
  },
});

/** @param {string} value @param {string} said */
function replace(value, said) {
  code.set(value);
  text(part('kept'), said);
}

/** @param {string} address @param {string} said */
async function load(address, said) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(t('edit.unloaded'));
  replace(await answer.text(), said);
}

const complain = (/** @type {unknown} */ error) => text(part('kept'), error instanceof Error ? error.message : String(error));

part('new').addEventListener('click', () => void load(`/api/lesson-template.yaml?lang=${language()}`, t('edit.replaced')).catch(complain));
const examples = /** @type {HTMLSelectElement} */ (part('examples'));
examples.addEventListener('change', () => {
  if (examples.value) load(`/api/lessons/${encodeURIComponent(examples.value)}.yaml`, t('edit.replaced')).catch(complain);
  examples.value = '';
});

const file = /** @type {HTMLInputElement} */ (part('file'));
part('open').addEventListener('click', () => file.click());
file.addEventListener('change', () => void take(file.files?.[0]));
addEventListener('dragover', (event) => {
  if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
});
addEventListener('drop', (event) => {
  if (!event.dataTransfer?.files.length) return;
  event.preventDefault();
  void take(event.dataTransfer.files[0]);
});

/** @param {File|undefined} chosen */
async function take(chosen) {
  file.value = '';
  if (!chosen) return;
  if (chosen.size > LONGEST_DRAFT) {
    complain(t('edit.large', { size: Math.ceil(chosen.size / 1000), most: LONGEST_DRAFT / 1000 }));
    return;
  }
  try {
    replace(new TextDecoder('utf-8', { fatal: true }).decode(await chosen.arrayBuffer()), t('edit.replaced'));
  } catch {
    complain(t('edit.nontext'));
  }
}

part('download').addEventListener('click', () => {
  const id = /^id:\s*["']?([a-z0-9-]+)/m.exec(code.text())?.[1] ?? 'lesson';
  download(new Blob([code.text()], { type: 'application/yaml' }), `${id}.yaml`);
});
part('present').addEventListener('click', () => void open('/draft', '_blank', 'noopener'));

const wanted = new URLSearchParams(location.search).get('lesson');
if (wanted) load(`/api/lessons/${encodeURIComponent(wanted)}.yaml`, t('edit.begun', { lesson: wanted })).catch(complain);
else if (keptDraft()) code.set(keptDraft());
else load('/api/lesson-template.yaml', '').catch(complain);
document.body.dataset.ready = '';
