// The words that tests of the page speak: English, as the page would have fetched them.

import { readFileSync } from 'node:fs';

import { speak } from '../../static/js/lib/words.js';

speak('en', JSON.parse(readFileSync(new URL('../../static/words/en.json', import.meta.url), 'utf8')));
