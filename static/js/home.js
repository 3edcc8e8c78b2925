/**
 * The home page and the pages of errors: the theme, as it was chosen last.
 *
 * @module home
 */

import { createTheme } from './ui/theme.js';

const theme = createTheme(() => {});
document.getElementById('theme')?.addEventListener('click', theme.flip);
