import { RayexecError } from '../../common/errors.ts';

/** A number as the text has it: no digit is lost. */
export type JsonNumber = { readonly kind: 'number'; readonly text: string };
/** Keys in their order; one may be there twice. */
export type JsonObject = { readonly kind: 'object'; readonly entries: readonly (readonly [string, JsonNode])[] };
export type JsonNode = null | boolean | string | JsonNumber | JsonObject | readonly JsonNode[];

export const isArray = (node: JsonNode): node is readonly JsonNode[] => Array.isArray(node);
export const isObject = (node: JsonNode): node is JsonObject =>
  typeof node === 'object' && node !== null && 'kind' in node && node.kind === 'object';
export const isNumber = (node: JsonNode): node is JsonNumber =>
  typeof node === 'object' && node !== null && 'kind' in node && node.kind === 'number';

export const objectOf = (entries: JsonObject['entries']): JsonObject => ({ kind: 'object', entries });

/** The last value of a key; undefined when there is none. */
export function memberOf({ entries }: JsonObject, key: string): JsonNode | undefined {
  for (let i = entries.length - 1; i >= 0; i--) if (entries[i]![0] === key) return entries[i]![1];
  return undefined;
}

/** Deeper values are refused, so that no text exhausts the stack. */
export const MAX_JSON_DEPTH = 1000;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const SPECIAL = /-?(?:NaN|nan|Infinity|inf|Inf)/y;
const BLANKS = /[ \t\r\n]*/y;

/** Reads a text; a comma may stand before the end of an array or object, as in DuckDB. @throws RayexecError `conversion` for what is no JSON */
export function parseJson(text: string): JsonNode {
  const reader = new JsonReader(text);
  const node = reader.value(0);
  reader.end();
  return node;
}

/** Like `parseJson`; undefined for what is no JSON. */
export function tryParseJson(text: string): JsonNode | undefined {
  try {
    return parseJson(text);
  } catch (e) {
    if (e instanceof RayexecError) return undefined;
    throw e;
  }
}

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#skip(BLANKS);
  }

  value(depth: number): JsonNode {
    if (depth > MAX_JSON_DEPTH) throw this.#malformed(`nested deeper than ${MAX_JSON_DEPTH} levels`);
    const c = this.#text[this.#at];
    if (c === '{') return this.#object(depth);
    if (c === '[') return this.#array(depth);
    if (c === '"') return this.#string();
    for (const [word, node] of WORDS) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return node;
    }
    const number = this.#skip(NUMBER) || this.#skip(SPECIAL);
    if (number === '') throw this.#malformed(c === undefined ? 'it ends too early' : `unexpected ${c}`);
    return { kind: 'number', text: number };
  }

  end(): void {
    this.#skip(BLANKS);
    if (this.#at < this.#text.length) throw this.#malformed(`unexpected ${this.#text[this.#at]}`);
  }

  #object(depth: number): JsonNode {
    const entries: (readonly [string, JsonNode])[] = [];
    this.#at++;
    this.#skip(BLANKS);
    if (this.#accept('}')) return objectOf(entries);
    for (;;) {
      if (this.#text[this.#at] !== '"') throw this.#malformed('a key is missing');
      const key = this.#string();
      this.#skip(BLANKS);
      if (!this.#accept(':')) throw this.#malformed('a colon is missing');
      this.#skip(BLANKS);
      entries.push([key, this.value(depth + 1)]);
      this.#skip(BLANKS);
      if (this.#accept('}')) return objectOf(entries);
      if (!this.#accept(',')) throw this.#malformed('a comma is missing');
      this.#skip(BLANKS);
      if (this.#accept('}')) return objectOf(entries);
    }
  }

  #array(depth: number): JsonNode {
    const items: JsonNode[] = [];
    this.#at++;
    this.#skip(BLANKS);
    if (this.#accept(']')) return items;
    for (;;) {
      items.push(this.value(depth + 1));
      this.#skip(BLANKS);
      if (this.#accept(']')) return items;
      if (!this.#accept(',')) throw this.#malformed('a comma is missing');
      this.#skip(BLANKS);
      if (this.#accept(']')) return items;
    }
  }

  #string(): string {
    const from = this.#at;
    let plain = true;
    for (let i = from + 1; i < this.#text.length; i++) {
      const c = this.#text.charCodeAt(i);
      if (c === 0x5c) {
        plain = false;
        i++;
      } else if (c < 0x20) {
        this.#at = i;
        throw this.#malformed('a control character in a text');
      } else if (c === 0x22) {
        this.#at = i + 1;
        return plain ? this.#text.slice(from + 1, i) : this.#unescaped(from, i + 1);
      }
    }
    throw this.#malformed('a text does not end');
  }

  #unescaped(from: number, to: number): string {
    let text: string;
    try {
      text = JSON.parse(this.#text.slice(from, to)) as string;
    } catch {
      throw this.#malformed('a wrong escape');
    }
    if (/\p{Surrogate}/u.test(text)) throw this.#malformed('half of a surrogate pair');
    return text;
  }

  #accept(c: string): boolean {
    if (this.#text[this.#at] !== c) return false;
    this.#at++;
    return true;
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found = ''] = pattern.exec(this.#text) ?? [];
    this.#at += found.length;
    return found;
  }

  #malformed(what: string): RayexecError {
    const shown = this.#text.length > 60 ? `${this.#text.slice(0, 60)}…` : this.#text;
    return new RayexecError('conversion', `Malformed JSON at character ${this.#at + 1} of '${shown}': ${what}`);
  }
}

const WORDS: readonly (readonly [string, null | boolean])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
];

/** The shortest text of a value; numbers with a fraction or exponent as doubles, where a double can be so large. */
export function writeJson(node: JsonNode): string {
  if (node === null || typeof node === 'boolean') return String(node);
  if (typeof node === 'string') return JSON.stringify(node);
  if (isArray(node)) return `[${node.map(writeJson).join(',')}]`;
  if (isNumber(node)) return numberText(node.text);
  return `{${node.entries.map(([k, v]) => `${JSON.stringify(k)}:${writeJson(v)}`).join(',')}}`;
}

function numberText(text: string): string {
  if (text === '-0') return '0';
  if (!/[.eE]/.test(text) || /[a-df-z]/i.test(text)) return text;
  const value = Number(text);
  // No double is so large: the number stays as it is.
  if (!Number.isFinite(value)) return text;
  const shortest = Object.is(value, -0) ? '-0' : String(value).replace('e+', 'e');
  return /[.e]/.test(shortest) ? shortest : `${shortest}.0`;
}

/** Indented by four blanks a level. */
export function prettyJson(node: JsonNode, indent = ''): string {
  const inner = `${indent}    `;
  const lines = (parts: readonly string[], open: string, close: string): string =>
    parts.length === 0 ? open + close : `${open}\n${parts.map(p => inner + p).join(',\n')}\n${indent}${close}`;
  if (node !== null && isArray(node))
    return lines(
      node.map(n => prettyJson(n, inner)),
      '[',
      ']',
    );
  if (!isObject(node)) return writeJson(node);
  return lines(
    node.entries.map(([k, v]) => `${JSON.stringify(k)}: ${prettyJson(v, inner)}`),
    '{',
    '}',
  );
}
