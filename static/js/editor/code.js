/**
 * The editor itself: CodeMirror with YAML, the page's colours, completion by the lessons' schema, and
 * marks where something is wrong. It lives in a shadow root, so that its styles pass a strict policy.
 *
 * @module editor/code
 */

import {
  autocompletion, bracketMatching, closeBrackets, closeBracketsKeymap, completionKeymap, defaultKeymap, drawSelection, EditorState, EditorView,
  foldGutter, foldKeymap, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, HighlightStyle, history, historyKeymap,
  indentOnInput, indentUnit, keymap, lineNumbers, lintGutter, lintKeymap, setDiagnostics, syntaxHighlighting, tags, yaml,
} from '../../vendor/codemirror.esm.min.js';
import { t } from '../lib/words.js';
import { nodesOf, placeAt, proposals } from './complete.js';

/** @typedef {{line: number|null, message: string, severity: 'error'|'warning'}} Problem `line` from 1; null where it is of no line. */

const INK = Object.freeze({ key: 'var(--accent)', text: 'var(--leader-ink)', number: 'var(--candidate-ink)', comment: 'var(--ink-3)' });

const highlight = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: INK.key },
  { tag: [tags.string, tags.special(tags.string)], color: INK.text },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: INK.number },
  { tag: [tags.comment, tags.meta], color: INK.comment },
]);

const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--card)', fontSize: '0.875rem' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '.cm-gutters': { color: 'var(--ink-3)', backgroundColor: 'var(--card)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--sunken) 60%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'color-mix(in srgb, var(--accent) 28%, transparent)' },
  '.cm-tooltip': { color: 'var(--ink)', backgroundColor: 'var(--card)', border: '1px solid var(--line-strong)', borderRadius: 'var(--radius-small)', boxShadow: 'var(--shadow-raised)', maxWidth: '30rem' },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '16rem' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { color: 'var(--on-accent)', backgroundColor: 'var(--accent)' },
  '.cm-completionDetail': { fontFamily: 'var(--sans)', fontStyle: 'normal', opacity: '0.85' },
  '.cm-diagnostic': { fontFamily: 'var(--sans)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--danger)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--candidate)' },
});

/**
 * @param {HTMLElement} host
 * @param {{schema: () => Record<string, any>|null, changed: (text: string) => void, moved: (line: number) => void}} face
 * @returns {{text: () => string, set: (text: string) => void, mark: (problems: Problem[]) => void, go: (line: number) => void, focus: () => void}}
 */
export function createCode(host, { schema, changed, moved }) {
  /** @param {import('@codemirror/autocomplete').CompletionContext} context */
  function complete(context) {
    const root = schema();
    const text = context.state.doc.toString();
    const place = root && placeAt(text, context.pos);
    if (!root || !place || (!context.explicit && place.prefix === '' && !place.isKey)) return null;
    if (!context.explicit && place.isKey && place.prefix === '') return null;
    const options = proposals(root, place, nodesOf(text)).map(({ label, detail, isKey, needed }) => ({
      label, detail, type: isKey ? 'property' : 'constant', boost: needed ? 1 : 0, apply: isKey ? `${label}: ` : label,
    }));
    return { from: context.pos - place.prefix.length, options, validFor: /^[\w-]*$/ };
  }

  const root = host.attachShadow({ mode: 'open' });
  let line = 1;
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      extensions: [
        lineNumbers(), foldGutter(), lintGutter(), highlightSpecialChars(), history(), drawSelection(), indentOnInput(), bracketMatching(),
        closeBrackets(), highlightActiveLine(), highlightActiveLineGutter(), indentUnit.of('  '), yaml(), syntaxHighlighting(highlight), look,
        autocompletion({ override: [complete], icons: false }), EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': t('edit.text'), tabindex: '0' }),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap, ...lintKeymap]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed(update.state.doc.toString());
          const now = update.state.doc.lineAt(update.state.selection.main.head).number;
          if (now !== line) {
            line = now;
            moved(now);
          }
        }),
      ],
    }),
  });

  /** @param {number} number @returns {{from: number, to: number}} Where a line of the text is. */
  function placeOf(number) {
    const { from, to, text } = view.state.doc.line(Math.min(Math.max(1, number), view.state.doc.lines));
    return { from: Math.min(to, from + text.length - text.trimStart().length), to };
  }

  return {
    text: () => view.state.doc.toString(),
    set: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 }, scrollIntoView: true }),
    mark(problems) {
      const marks = problems.flatMap(({ line: number, message, severity }) => (number === null ? [] : [{ ...placeOf(number), message, severity }]));
      view.dispatch(setDiagnostics(view.state, marks));
    },
    go(number) {
      view.dispatch({ selection: { anchor: placeOf(number).from }, effects: EditorView.scrollIntoView(placeOf(number).from, { y: 'center' }) });
      view.focus();
    },
    focus: () => view.focus(),
  };
}
