/** A text of a program, with the place in the program of each of its characters, and of its end. */
export type SourceText = { readonly text: string; readonly places: readonly number[] };

/** A part of a JavaScript or TypeScript program, as much as is needed to find texts in it. */
export type SourceToken =
  | { readonly kind: 'word' | 'mark'; readonly text: string }
  | { readonly kind: 'string'; readonly value: SourceText }
  | {
      readonly kind: 'template';
      /** What stands around the holes. */
      readonly parts: readonly SourceText[];
      readonly holes: readonly (readonly SourceToken[])[];
    };

/** The tokens of a program; comments and what has no meaning here are left out. Never fails: a text that no quote ends, ends with its line. */
export function sourceTokens(source: string): readonly SourceToken[] {
  return new SourceReader(source).tokens();
}

/** Words behind which a slash begins a regular expression. */
const BEFORE_REGEXP = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'do',
  'else',
  'void',
  'delete',
  'throw',
  'new',
  'await',
]);
const WORD = /[\p{ID_Start}\p{ID_Continue}$_#@]+/uy;
const NUMBER = /\d[\w.]*/y;
const REGEXP = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y;

class SourceReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** Until the end, or a brace that none opened. */
  tokens(): SourceToken[] {
    const found: SourceToken[] = [];
    for (let depth = 0; this.#at < this.#source.length; ) {
      const c = this.#source[this.#at]!;
      if (c === '{') depth++;
      if (c === '}' && depth-- === 0) return found;
      const token = this.#token(c, found.at(-1));
      if (token !== undefined) found.push(token);
    }
    return found;
  }

  #token(c: string, before: SourceToken | undefined): SourceToken | undefined {
    const source = this.#source;
    if (source.startsWith('//', this.#at)) return this.#skipPast('\n');
    if (source.startsWith('/*', this.#at)) return this.#skipPast('*/');
    if (c === "'" || c === '"') return { kind: 'string', value: this.#quoted(c) };
    if (c === '`') return this.#template();
    if (c === '/' && beginsOperand(before) && this.#match(REGEXP) !== undefined)
      return { kind: 'string', value: EMPTY };
    const word = this.#match(WORD) ?? this.#match(NUMBER);
    if (word !== undefined) return { kind: 'word', text: word };
    this.#at++;
    return /\s/.test(c) ? undefined : { kind: 'mark', text: c };
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #skipPast(end: string): undefined {
    const found = this.#source.indexOf(end, this.#at);
    this.#at = found < 0 ? this.#source.length : found + end.length;
  }

  #quoted(quote: string): SourceText {
    this.#at++;
    const value = this.#text(c => c === quote || c === '\n');
    this.#at++;
    return value;
  }

  #template(): SourceToken {
    const parts: SourceText[] = [];
    const holes: (readonly SourceToken[])[] = [];
    this.#at++;
    for (;;) {
      parts.push(this.#text((c, at) => c === '`' || (c === '$' && this.#source[at + 1] === '{')));
      if (this.#source[this.#at] !== '$') break;
      this.#at += 2;
      holes.push(this.tokens());
      this.#at++;
    }
    this.#at++;
    return { kind: 'template', parts, holes };
  }

  /** What the characters say until an end, escapes read. */
  #text(isEnd: (c: string, at: number) => boolean): SourceText {
    let text = '';
    const places: number[] = [];
    while (this.#at < this.#source.length && !isEnd(this.#source[this.#at]!, this.#at)) {
      const start = this.#at;
      const said = this.#source[start] === '\\' ? this.#escape() : this.#source[this.#at++]!;
      text += said;
      for (let i = 0; i < said.length; i++) places.push(start);
    }
    places.push(this.#at);
    return { text, places };
  }

  #escape(): string {
    const [all, code, short] = this.#escaped();
    this.#at += all.length;
    if (code !== undefined)
      return Number.parseInt(code, 16) <= 0x10ffff ? String.fromCodePoint(Number.parseInt(code, 16)) : '';
    return SHORT[short ?? ''] ?? short ?? '';
  }

  /** [the escape, its code in hexadecimal digits, else its character]. */
  #escaped(): readonly [string, string | undefined, string | undefined] {
    ESCAPE.lastIndex = this.#at;
    const [all = '\\', a, b, c, short] = ESCAPE.exec(this.#source) ?? [];
    return [all, a ?? b ?? c, short];
  }
}

const ESCAPE = /\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2})|(\r\n|[\s\S]))/iy;
const SHORT: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  0: '\0',
  '\n': '',
  '\r\n': '',
};
const EMPTY: SourceText = { text: '', places: [0] };

/** Whether what follows is an operand: a slash there begins a regular expression. */
function beginsOperand(before: SourceToken | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === 'word') return BEFORE_REGEXP.has(before.text);
  return before.kind === 'mark' && !')]}'.includes(before.text);
}
