/**
 * The home page and the pages of errors: the theme, as it was chosen last; the lessons; and, once the
 * page has nothing better to do, what a sandbox can be asked for and a place for saved sessions.
 *
 * @module home
 */

import { createCards } from './catalogue/cards.js';
import { createFinder } from './catalogue/finder.js';
import { createPictures } from './catalogue/pictures.js';
import { whenIdle } from './lib/idle.js';
import { fetchWords, speak } from './lib/words.js';
import { createTheme } from './ui/theme.js';

const theme = createTheme(() => {});
document.getElementById('theme')?.addEventListener('click', theme.flip);

const tongue = document.documentElement.lang;
speak(tongue, await fetchWords(`/static/words/${tongue}.json`));

const [finder, found, walked, nothing, said, resume] = ['finder-form', 'found', 'walked', 'nothing', 'said', 'resume'].map((id) => document.getElementById(id));
if (finder instanceof HTMLFormElement && found && walked && nothing && said) {
  const cards = [...document.querySelectorAll('.card')].map((each) => /** @type {HTMLElement} */ (each));
  createFinder(cards, { form: finder, found, nothing });
  createCards(cards, {
    walked,
    resume: resume instanceof HTMLAnchorElement ? resume : null,
    say: (line) => {
      said.textContent = line;
    },
  });
  createPictures(cards);
}

const [actions] = document.querySelectorAll('.page-error .page-actions');
if (actions) void import('./keptpage.js').then(({ offerKept, roomIn }) => offerKept(roomIn(location.pathname) ?? '', actions));

const opener = document.getElementById('opener');
const form = document.querySelector('.sandbox-form');
whenIdle(() => {
  if (opener) void import('./takeaway/file.js').then(({ createOpener }) => opener.append(createOpener(document.body)));
  if (form instanceof HTMLFormElement) void import('./sandboxform.js').then(({ fillSandboxForm }) => fillSandboxForm(form));
});
