/**
 * What may stand at a place of a lesson: the place is found by indentation and braces, as YAML has it,
 * and what may stand there by the JSON Schema of lessons.
 *
 * @module editor/complete
 */

/** @typedef {Record<string, any>} Schema */

/**
 * @typedef {object} Place
 * @property {Array<string|number>} path Keys, and 0 for an item of a list.
 * @property {boolean} isKey Whether a key is being written, and not a value.
 * @property {string} prefix What has been written of it.
 * @property {string[]} taken Keys that its mapping has already.
 */

/** @typedef {{label: string, detail: string, isKey: boolean, needed: boolean}} Proposal */

const KEY = /^([A-Za-z_][\w-]*):(?:\s|$)/;

/**
 * @param {string} line
 * @returns {{indent: number, items: number[], key: string|null, rest: string, at: number}} `items`: where its dashes are; `at`: where what follows them begins.
 */
function readLine(line) {
  let at = line.length - line.trimStart().length;
  const indent = at;
  const items = [];
  while (/^-(\s|$)/.test(line.slice(at))) {
    items.push(at);
    at += 1 + (line.slice(at + 1).match(/^\s*/)?.[0].length ?? 0);
  }
  const text = line.slice(at);
  const key = KEY.exec(text)?.[1] ?? null;
  return { indent, items, key, rest: key ? text.slice(key.length + 1).trimStart() : text, at };
}

/**
 * The path of block collections around a column, from the lines above.
 * @param {string[]} lines
 * @param {number} column
 * @returns {{path: Array<string|number>, taken: string[]}}
 */
function around(lines, column) {
  /** @type {Array<string|number>} */
  const path = [];
  const taken = [];
  let limit = column;
  let siblings = true;
  for (const line of [...lines].reverse()) {
    if (!line.trim() || line.trimStart().startsWith('#')) continue;
    const { items, key, at } = readLine(line);
    if (key && at === limit && siblings) taken.push(key);
    if (key && at < limit) {
      path.unshift(key);
      limit = at;
      siblings = false;
    }
    for (const dash of [...items].reverse()) {
      if (dash >= limit) continue;
      path.unshift(0);
      limit = dash;
      siblings = false;
    }
    if (limit === 0 && !siblings) break;
  }
  return { path, taken };
}

/**
 * Braces and brackets that are open at the end of a text, outermost first.
 * @param {string} text
 * @returns {{path: Array<string|number>, open: boolean, tail: string, taken: string[], brace: boolean}}
 */
function flow(text) {
  /** @type {Array<{brace: boolean, key: string|null, from: number, taken: string[]}>} */
  const stack = [];
  let quote = '';
  for (let i = 0; i < text.length; i += 1) {
    const letter = text[i];
    const inner = stack.at(-1);
    if (quote) {
      if (letter === quote) quote = '';
    } else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === '{' || letter === '[') stack.push({ brace: letter === '{', key: null, from: i + 1, taken: [] });
    else if ((letter === '}' || letter === ']') && inner) stack.pop();
    else if (letter === ',' && inner) {
      inner.key = null;
      inner.from = i + 1;
    } else if (letter === ':' && inner && /[\s{[]|^$/.test(text[i + 1] ?? '') && inner.key === null) {
      inner.key = text.slice(inner.from, i).trim();
      inner.taken.push(inner.key);
      inner.from = i + 1;
    }
  }
  /** @type {Array<string|number>} */
  const path = [];
  for (const { brace, key } of stack) {
    if (!brace && key === null) path.push(0);
    else if (key !== null) path.push(...(brace ? [key] : [0, key]));
  }
  const last = stack.at(-1);
  return { path, open: stack.length > 0, tail: last ? text.slice(last.from).trimStart() : '', taken: last?.taken ?? [], brace: Boolean(last && last.key === null) };
}

/**
 * @param {string} text
 * @param {number} position
 * @returns {Place|null} Null in a comment, or in the middle of a block of text.
 */
export function placeAt(text, position) {
  const lines = text.slice(0, position).split('\n');
  const line = /** @type {string} */ (lines.pop());
  if (/(^|\s)#/.test(line)) return null;
  const { items, key, rest, at, indent } = readLine(line);
  const outer = around(lines, items[0] ?? at);
  const above = [...lines].reverse().find((each) => each.trim());
  if (above && /[|>][+-]?\s*$/.test(above) && indent > readLine(above).at) return null;
  const path = [...outer.path, ...items.map(() => 0)];
  if (key !== null) path.push(key);
  const inside = flow(key === null ? line.slice(at) : rest);
  if (inside.open) {
    return { path: [...path, ...inside.path], isKey: inside.brace, prefix: inside.tail, taken: inside.taken };
  }
  if (key !== null) return { path, isKey: false, prefix: rest, taken: [] };
  return { path, isKey: true, prefix: line.slice(at), taken: items.length > 0 ? [] : outer.taken };
}

/**
 * @param {Schema} root
 * @param {Schema} schema
 * @returns {Schema[]} What it allows, without references and choices.
 */
function alternatives(root, schema) {
  if (schema.$ref) {
    const target = String(schema.$ref).split('/').slice(1).reduce((at, name) => at?.[name], /** @type {any} */ (root));
    return target ? alternatives(root, target) : [];
  }
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  return choices ? [schema, ...choices.flatMap((/** @type {Schema} */ each) => alternatives(root, each))] : [schema];
}

/**
 * @param {Schema} root
 * @param {Array<string|number>} path
 * @returns {Schema[]} All schemas that a value at this path may follow.
 */
export function schemasAt(root, path) {
  let here = alternatives(root, root);
  for (const step of path) {
    here = here.flatMap((schema) => {
      if (typeof step === 'number') return schema.items ? [schema.items] : [];
      if (schema.properties && Object.hasOwn(schema.properties, step)) return [schema.properties[step]];
      const patterns = Object.entries(schema.patternProperties ?? {}).filter(([pattern]) => new RegExp(pattern, 'u').test(String(step)));
      if (patterns.length > 0) return patterns.map(([, value]) => value);
      return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
    }).flatMap((schema) => alternatives(root, schema));
  }
  return here;
}

/**
 * @param {Schema} root
 * @param {Place} place
 * @param {string[]} nodes The names of the cluster's nodes.
 * @returns {Proposal[]} What may stand there, what is needed first.
 */
export function proposals(root, place, nodes = []) {
  /** @type {Map<string, Proposal>} */
  const found = new Map();
  const add = (/** @type {Proposal} */ each) => {
    if (!found.has(each.label)) found.set(each.label, each);
  };
  for (const schema of schemasAt(root, place.path)) {
    if (place.isKey) {
      for (const [label, value] of Object.entries(/** @type {Record<string, Schema>} */ (schema.properties ?? {}))) {
        const alone = Object.keys(schema.properties).length === 1;
        add({ label, detail: (alone && schema.description) || value.description || value.title || '', isKey: true, needed: !alone && (schema.required ?? []).includes(label) });
      }
      if (schema.patternProperties || typeof schema.additionalProperties === 'object') {
        for (const label of nodes) add({ label, detail: '', isKey: true, needed: false });
      }
    } else {
      const values = schema.enum ?? ('const' in schema ? [schema.const] : schema.type === 'boolean' ? [true, false] : []);
      for (const value of values) add({ label: String(value), detail: schema.description ?? '', isKey: false, needed: false });
      if (schema.type === 'string') for (const label of nodes) add({ label, detail: '', isKey: false, needed: false });
    }
  }
  return [...found.values()].filter(({ label, isKey }) => !isKey || !place.taken.includes(label)).sort((a, b) => Number(b.needed) - Number(a.needed));
}

/**
 * @param {string} text A lesson.
 * @returns {string[]} The names of its nodes: those that it gives, or as many as it says.
 */
export function nodesOf(text) {
  const given = /^\s*(?:cluster:\s*\{\s*)?nodes:\s*(\d|\[[^\]]*\])/m.exec(text)?.[1] ?? '3';
  if (given.startsWith('[')) return given.slice(1, -1).split(',').map((name) => name.trim().replace(/^["']|["']$/g, '')).filter(Boolean);
  return Array.from({ length: Number(given) }, (_, i) => `node${i + 1}`);
}
