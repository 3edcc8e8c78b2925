// Copy what the page needs from the pinned npm packages into static/vendor, with licences, so that neither
// running nor testing raftviz needs Node or a network. `make vendor` runs it; the results are committed.

import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { build } from "esbuild";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const PACKAGES = join(ROOT, "node_modules");
const PAGE = join(ROOT, "static", "vendor");
const TESTS = join(ROOT, "tests", "vendor");

/**
 * @typedef {{ from: string, to: string, edit?: (text: string) => string }} Copy
 * @typedef {{ name: string, what: string, into: string, licence: string, licenceFile?: string, files: Copy[] }} Package
 */

/** @param {string} text without the comment that points at a source map we do not ship */
const withoutSourceMap = (text) => text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");

/** @type {Package[]} */
const WANTED = [
  {
    name: "socket.io-client",
    what: "the socket, as one ES module",
    into: PAGE,
    licence: "socket.io-client.LICENSE.txt",
    files: [{ from: "dist/socket.io.esm.min.js", to: "socket.io.esm.min.js", edit: withoutSourceMap }],
  },
  {
    name: "@fontsource-variable/inter",
    what: "the text face, Latin, all weights",
    into: PAGE,
    licence: "fonts/inter.OFL.txt",
    files: [{ from: "files/inter-latin-wght-normal.woff2", to: "fonts/inter-latin-wght-normal.woff2" }],
  },
  {
    name: "@fontsource-variable/jetbrains-mono",
    what: "the face of state lines and logs, Latin, all weights",
    into: PAGE,
    licence: "fonts/jetbrains-mono.OFL.txt",
    files: [{ from: "files/jetbrains-mono-latin-wght-normal.woff2", to: "fonts/jetbrains-mono-latin-wght-normal.woff2" }],
  },
  {
    name: "gifenc",
    what: "writes animated pictures, loaded when a film is made",
    into: PAGE,
    licence: "gifenc.LICENSE.txt",
    licenceFile: "LICENSE.md",
    files: [{ from: "dist/gifenc.esm.js", to: "gifenc.esm.js", edit: withoutSourceMap }],
  },
  {
    name: "axe-core",
    what: "the accessibility rules that browser tests hold the page to",
    into: TESTS,
    licence: "axe-core.LICENSE.txt",
    files: [{ from: "axe.min.js", to: "axe.min.js" }],
  },
];

const LATIN =
  "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC," +
  "U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD";

/**
 * @param {string} family @param {string} weights @param {string} file
 * @returns {string} one @font-face rule
 */
const face = (family, weights, file) => `@font-face {
  font-family: "${family}";
  font-style: normal;
  font-display: swap;
  font-weight: ${weights};
  src: url("fonts/${file}") format("woff2");
  unicode-range: ${LATIN};
}
`;

const FONTS_CSS = [
  "/* Written by scripts/vendor.mjs. */\n",
  face("Inter Variable", "100 900", "inter-latin-wght-normal.woff2"),
  face("JetBrains Mono Variable", "100 800", "jetbrains-mono-latin-wght-normal.woff2"),
].join("\n");

// TypeScript reads this beside the module, so that `tsc --checkJs` knows the real types.
const SOCKET_TYPES = 'export * from "socket.io-client";\n';

// This package comes without types: what the page uses of it.
const GIF_TYPES = `export type Palette = number[][];
export interface Options {
  palette?: Palette;
  delay?: number;
  repeat?: number;
}
export interface Encoder {
  writeFrame(index: Uint8Array, width: number, height: number, options?: Options): void;
  finish(): void;
  bytes(): Uint8Array<ArrayBuffer>;
}
export function GIFEncoder(): Encoder;
export function quantize(rgba: Uint8Array | Uint8ClampedArray, most: number): Palette;
export function applyPalette(rgba: Uint8Array | Uint8ClampedArray, palette: Palette): Uint8Array;
`;

/** What the first page uses of its index of words. */
const SEARCH_TYPES = `export interface Found {
  terms: string[];
}
export default class MiniSearch<T> {
  constructor(options: { fields: string[]; tokenize?: (text: string) => string[] });
  addAll(documents: readonly T[]): void;
  search(query: string, options?: { fuzzy?: number }): Found[];
}
`;

/** @returns {Promise<string>} the README's row */
async function bundleSearch() {
  const target = join(PAGE, "minisearch.esm.min.js");
  const home = join(PACKAGES, "minisearch");
  await build({ entryPoints: [join(home, "dist/es/index.js")], bundle: true, format: "esm", legalComments: "none", minify: true, outfile: target, target: "es2022" });
  const { version, license } = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
  await copyFile(join(home, "LICENSE.txt"), join(PAGE, "minisearch.LICENSE.txt"));
  await writeFile(join(PAGE, "minisearch.esm.min.d.ts"), SEARCH_TYPES);
  return `| \`minisearch.esm.min.js\` | minisearch ${version} | finds words in spite of typing errors, loaded when the first page is searched | ${license} | \`${(await digest(target)).slice(0, 16)}\` |`;
}

/** What the page for writing lessons uses of its editor, by package: dozens of modules become one. */
const EDITOR = {
  "@codemirror/state": ["Compartment", "EditorState"],
  "@codemirror/view": [
    "EditorView", "drawSelection", "highlightActiveLine", "highlightActiveLineGutter", "highlightSpecialChars", "keymap", "lineNumbers",
  ],
  "@codemirror/commands": ["defaultKeymap", "history", "historyKeymap", "indentWithTab"],
  "@codemirror/language": [
    "HighlightStyle", "bracketMatching", "foldGutter", "foldKeymap", "indentOnInput", "indentUnit", "syntaxHighlighting",
  ],
  "@codemirror/autocomplete": ["autocompletion", "closeBrackets", "closeBracketsKeymap", "completionKeymap", "startCompletion"],
  "@codemirror/lint": ["lintGutter", "lintKeymap", "setDiagnostics"],
  "@codemirror/lang-yaml": ["yaml"],
  "@lezer/highlight": ["tags"],
};
const EDITOR_EXPORTS = Object.entries(EDITOR).map(([from, names]) => `export { ${names.join(", ")} } from "${from}";\n`).join("");

/** @returns {Promise<string>} the README's row */
async function bundleEditor() {
  const target = join(PAGE, "codemirror.esm.min.js");
  const { metafile } = await build({
    stdin: { contents: EDITOR_EXPORTS, resolveDir: ROOT, sourcefile: "editor.js" },
    bundle: true,
    format: "esm",
    legalComments: "none",
    metafile: true,
    minify: true,
    outfile: target,
    target: "es2022",
  });
  const names = new Set(Object.keys(metafile.inputs).flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []));
  const parts = await Promise.all([...names].sort().map(async (name) => {
    const { version, license } = JSON.parse(await readFile(join(PACKAGES, name, "package.json"), "utf8"));
    return { name, version, license, text: await readFile(join(PACKAGES, name, "LICENSE"), "utf8") };
  }));
  await writeFile(
    join(PAGE, "codemirror.LICENSE.txt"),
    parts.map(({ name, version, text }) => `${name} ${version}\n\n${text.trim()}\n`).join("\n----\n\n"),
  );
  await writeFile(join(PAGE, "codemirror.esm.min.d.ts"), EDITOR_EXPORTS);
  const licences = [...new Set(parts.map(({ license }) => license))].join(", ");
  const editor = parts.find(({ name }) => name === "@codemirror/view");
  return `| \`codemirror.esm.min.js\` | @codemirror/view ${editor?.version} and ${parts.length - 1} of its kin | the editor of lessons, bundled | ${licences} | \`${(await digest(target)).slice(0, 16)}\` |`;
}

/** @param {string} path @returns {Promise<string>} SHA-256 in hexadecimal */
const digest = async (path) => createHash("sha256").update(await readFile(path)).digest("hex");

/** @param {Package} wanted @returns {Promise<string[]>} README rows, one a file */
async function copyPackage(wanted) {
  const home = join(PACKAGES, wanted.name);
  const { version, license } = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
  const rows = [];
  for (const { from, to, edit } of wanted.files) {
    const target = join(wanted.into, to);
    await mkdir(dirname(target), { recursive: true });
    if (edit) await writeFile(target, edit(await readFile(join(home, from), "utf8")));
    else await copyFile(join(home, from), target);
    rows.push(`| \`${to}\` | ${wanted.name} ${version} | ${wanted.what} | ${license} | \`${(await digest(target)).slice(0, 16)}\` |`);
  }
  await copyFile(join(home, wanted.licenceFile ?? "LICENSE"), join(wanted.into, wanted.licence));
  return rows;
}

/** @param {string} folder @param {string} text @param {string[]} rows */
const writeReadme = (folder, text, rows) =>
  writeFile(
    join(folder, "README.md"),
    `${text}\n\n| file | from | what | licence | SHA-256 begins |\n|---|---|---|---|---|\n${rows.join("\n")}\n`,
  );

for (const folder of [PAGE, TESTS]) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}
/** @type {Map<string, string[]>} */
const rows = new Map([[PAGE, []], [TESTS, []]]);
for (const wanted of WANTED) rows.get(wanted.into)?.push(...(await copyPackage(wanted)));
rows.get(PAGE)?.push(await bundleEditor(), await bundleSearch());
await writeFile(join(PAGE, "fonts.css"), FONTS_CSS);
await writeFile(join(PAGE, "socket.io.esm.min.d.ts"), SOCKET_TYPES);
await writeFile(join(PAGE, "gifenc.esm.d.ts"), GIF_TYPES);
await writeReadme(
  PAGE,
  "# static/vendor\n\nOther people's work that the page loads from its own server, written by `make vendor` from the versions pinned in\n" +
    "package.json. Do not edit by hand. `fonts.css` declares the two families `Inter Variable` and `JetBrains Mono Variable`.",
  rows.get(PAGE) ?? [],
);
await writeReadme(
  TESTS,
  "# tests/vendor\n\nOther people's work that only the browser tests load, written by `make vendor`. Do not edit by hand.",
  rows.get(TESTS) ?? [],
);
