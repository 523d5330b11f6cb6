/** A JSON value with the digits of its numbers as they are written. */
export type JsonNode = null | boolean | string | JsonNumber | readonly JsonNode[] | JsonObject;

export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Members in order; the last one of a name counts. */
export class JsonObject {
  readonly members: ReadonlyMap<string, JsonNode>;

  constructor(members: ReadonlyMap<string, JsonNode>) {
    this.members = members;
  }
}

/** Deeper values are refused: reading is recursive. */
const DEEPEST = 500;

/** Reads JSON values one after another from a text. */
export class JsonParser {
  readonly #text: string;
  #at: number;
  #depth = 0;

  constructor(text: string, from = 0) {
    this.#text = text;
    this.#at = from;
  }

  /** Where the next character stands. */
  get at(): number {
    return this.#at;
  }

  /** Passes blanks; returns the character behind them, '' at the end. */
  peek(): string {
    while (BLANK.has(this.#text.charCodeAt(this.#at))) this.#at++;
    return this.#text[this.#at] ?? '';
  }

  /** Passes a character if it is the next one. */
  take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.#at++;
    return true;
  }

  /** The next value; undefined when there is none, or the text ends first. */
  value(): JsonNode | undefined {
    const c = this.peek();
    if (c === '"') return this.#string();
    if (c === '{' || c === '[') {
      if (this.#depth === DEEPEST) return undefined;
      this.#depth++;
      this.#at++;
      const value = c === '{' ? this.#object() : this.#array();
      this.#depth--;
      return value;
    }
    LITERAL.lastIndex = this.#at;
    const text = LITERAL.exec(this.#text)?.[0];
    if (text === undefined) return undefined;
    this.#at += text.length;
    if (text === 'null') return null;
    return text === 'true' || text === 'false' ? text === 'true' : new JsonNumber(text);
  }

  #object(): JsonObject | undefined {
    const members = new Map<string, JsonNode>();
    if (this.take('}')) return new JsonObject(members);
    do {
      if (this.peek() !== '"') return undefined;
      const name = this.#string();
      if (name === undefined || !this.take(':')) return undefined;
      const value = this.value();
      if (value === undefined) return undefined;
      members.set(name, value);
    } while (this.take(','));
    return this.take('}') ? new JsonObject(members) : undefined;
  }

  #array(): readonly JsonNode[] | undefined {
    const items: JsonNode[] = [];
    if (this.take(']')) return items;
    do {
      const value = this.value();
      if (value === undefined) return undefined;
      items.push(value);
    } while (this.take(','));
    return this.take(']') ? items : undefined;
  }

  #string(): string | undefined {
    const from = this.#at + 1;
    let at = from;
    let isPlain = true;
    for (; at < this.#text.length; at++) {
      const c = this.#text.charCodeAt(at);
      if (c === 34) break;
      if (c === 92) {
        isPlain = false;
        at++;
      }
    }
    if (at >= this.#text.length) return undefined;
    this.#at = at + 1;
    if (isPlain) return this.#text.slice(from, at);
    try {
      return JSON.parse(this.#text.slice(from - 1, at + 1).replace(CONTROL, escaped)) as string;
    } catch {
      return undefined;
    }
  }
}

const BLANK = new Set([32, 9, 10, 13]);
const LITERAL = /(?:null|true|false|-?(?:NaN|Infinity|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?))(?![\w.+-])/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: raw control characters in strings are let pass
const CONTROL = /[\x00-\x1f]/g;
const escaped = (c: string): string => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The value as JSON text, without blanks. */
export function nodeText(node: JsonNode): string {
  if (node instanceof JsonNumber) return node.text;
  if (node instanceof JsonObject) {
    return `{${[...node.members].map(([name, value]) => `${JSON.stringify(name)}:${nodeText(value)}`).join(',')}}`;
  }
  if (Array.isArray(node)) return `[${node.map(nodeText).join(',')}]`;
  return JSON.stringify(node);
}
