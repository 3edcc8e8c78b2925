/**
 * Saved runs as files: given to a person, and taken from one.
 *
 * @module takeaway/file
 */

import { html } from '../lib/svg.js';
import { t } from '../lib/words.js';
import { LONGEST_SESSION, pack, runLink } from './links.js';

/** Longer files are not even read, bytes: blanks make a file longer than what is in it. */
const LONGEST_FILE = 8 * LONGEST_SESSION;

/** How the lines of a lesson begin, and those of no session. */
const LESSON = /^(?:id|title|steps):/m;

/**
 * Hand a file over to the person.
 * @param {Blob} blob
 * @param {string} name
 */
export function download(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = html('a', { href: address, download: name, class: 'visually-hidden' });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/**
 * @param {string} title
 * @param {string} more For example "event-41".
 * @param {string} ending
 * @returns {string} A name that every system takes.
 */
export function fileName(title, more, ending) {
  const plain = title.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '').slice(0, 60);
  return `${['raftviz', plain, more].filter(Boolean).join('-')}.${ending}`;
}

/**
 * @param {Record<string, any>} session
 * @returns {Blob} The session as a file.
 */
export const sessionFile = (session) => new Blob([`${JSON.stringify(session, null, 1)}\n`], { type: 'application/json' });

/**
 * Hand a session over to the person.
 * @param {Record<string, any>} session
 * @param {string} title
 */
export function downloadSession(session, title) {
  download(sessionFile(session), fileName(title, '', 'json'));
}

/**
 * @param {Blob} file
 * @returns {Promise<any>} The session in it. Rejects with words for a person; what is wrong inside, the server says.
 */
export async function readSession(file) {
  const large = (/** @type {number} */ bytes) => new Error(t('takeaway.file.large', { size: Math.ceil(bytes / 1000), most: LONGEST_SESSION / 1000 }));
  if (file.size > LONGEST_FILE) throw large(file.size);
  const text = await file.text();
  if (text.trim() === '') throw new Error(t('takeaway.file.empty'));
  let session;
  try {
    session = JSON.parse(text);
  } catch {
    throw new Error(t(LESSON.test(text) ? 'takeaway.file.lesson' : 'takeaway.file.json'));
  }
  if (session?.format !== 'raftviz-session') throw new Error(t('takeaway.file.format'));
  const { size } = new Blob([JSON.stringify(session)]);
  if (size > LONGEST_SESSION) throw large(size);
  return session;
}

/**
 * Open a saved run: the page that shows it gets it in its address.
 * @param {Blob} file
 * @returns {Promise<void>} Rejects with words for a person.
 */
export async function openFile(file) {
  const session = await readSession(file);
  location.assign(runLink(location.origin, await pack(session)));
}

/**
 * A place where a saved run can be dropped or chosen.
 * @param {HTMLElement} [surface] Where it can be dropped; the place itself, else.
 * @returns {HTMLElement}
 */
export function createOpener(surface) {
  const input = html('input', { type: 'file', accept: '.json,application/json', class: 'visually-hidden', id: 'session-file' });
  const complaint = html('p', { class: 'complaint', role: 'alert' });
  const root = html('div', { class: 'opener' }, [
    input,
    html('label', { for: 'session-file', class: 'button' }, [t('takeaway.open.choose')]),
    html('span', { class: 'opener-hint', text: t('takeaway.open.drop') }),
    complaint,
  ]);
  const over = surface ?? root;
  const take = async (/** @type {File|undefined} */ file) => {
    if (!file) return;
    complaint.textContent = '';
    try {
      await openFile(file);
    } catch (error) {
      complaint.textContent = error instanceof Error ? error.message : String(error);
    }
    input.value = '';
  };
  input.addEventListener('change', () => void take(input.files?.[0]));
  const held = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files') ?? false;
  for (const name of /** @type {const} */ (['dragenter', 'dragover'])) {
    over.addEventListener(name, (event) => {
      if (!held(event)) return;
      event.preventDefault();
      root.toggleAttribute('data-over', true);
    });
  }
  over.addEventListener('dragleave', (event) => {
    if (!(event.relatedTarget instanceof Node && over.contains(event.relatedTarget))) root.removeAttribute('data-over');
  });
  over.addEventListener('drop', (event) => {
    if (!held(event)) return;
    event.preventDefault();
    root.removeAttribute('data-over');
    void take(event.dataTransfer?.files[0]);
  });
  return root;
}
