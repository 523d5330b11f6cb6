import { RayexecError } from '../../src/common/errors.ts';

/** One token of SQL text; offsets are UTF-16 code units, `end` exclusive. */
export type Token = {
  readonly kind: 'name' | 'quoted' | 'string' | 'blob' | 'bits' | 'number' | 'parameter' | 'operator' | 'end';
  /** What the grammar compares: a bare name in lower case, an operator's characters; empty for the others. */
  readonly word: string;
  /** The name as spelled, the string's content, the blob's hex digits, the bit string's digits, the number's digits, the parameter's name. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** For an opening bracket: the index of the token that closes it; -1 when nothing does. */
  match: number;
};

// Longest first, so that the first hit wins.
const OPERATORS_BY_LENGTH = [
  ['!~~*'],
  ['->>', '!~~', '~~*', '~~~', '!~*', '<->', '<=>'],
  [
    '::',
    ':=',
    '=>',
    '->',
    '<=',
    '>=',
    '<>',
    '!=',
    '==',
    '||',
    '//',
    '**',
    '<<',
    '>>',
    '&&',
    '@>',
    '<@',
    '~~',
    '~*',
    '!~',
    '^@',
    '|>',
    '@@',
  ],
] as const;
const SINGLE = '+-*/%^<>=~!@#&|?:;,.()[]{}';
const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * Splits SQL text into tokens; the last one has kind `end`. Takes time linear in the text's length.
 *
 * @throws RayexecError 'parse': an unterminated string, name or comment, or a character outside SQL.
 */
export function tokenize(text: string): Token[] {
  return new Lexer(text).run();
}

const isNameStart = (c: number): boolean =>
  (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || (c >= 0x80 && !isSpace(c) && !isCurlyQuote(c));
const isCurlyQuote = (c: number): boolean => c >= 0x2018 && c <= 0x201d;
const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isNamePart = (c: number): boolean => isNameStart(c) || isDigit(c) || c === 36;
const isSpace = (c: number): boolean =>
  c === 32 || (c >= 9 && c <= 13) || c === 0xa0 || c === 0xfeff || (c >= 0x2000 && c <= 0x200b) || c === 0x3000;

class Lexer {
  private readonly text: string;
  private readonly tokens: Token[] = [];
  private readonly open: number[] = [];
  private at = 0;
  private parameters = 0;

  constructor(text: string) {
    this.text = text;
  }

  run(): Token[] {
    for (;;) {
      this.skipBlanks();
      if (this.at >= this.text.length) break;
      this.next();
    }
    const end = this.text.length;
    this.tokens.push({ kind: 'end', word: '', value: '', start: end, end, match: -1 });
    return this.tokens;
  }

  private next(): void {
    const { text, at } = this;
    const c = text.charCodeAt(at);
    if (c === 39) this.push('string', this.string(at, false), at);
    else if (c === 34) this.push('quoted', this.quoted('"', 'quoted name'), at);
    else if (isDigit(c) || (c === 46 && isDigit(text.charCodeAt(at + 1)))) this.number();
    else if (isNameStart(c)) this.name();
    else if (c === 36) this.dollar();
    else if (c === 63) this.questionMark();
    else this.operator();
  }

  private push(kind: Token['kind'], value: string, start: number, word = ''): void {
    this.tokens.push({ kind, word, value, start, end: this.at, match: -1 });
  }

  private fail(summary: string, start: number, end: number, hint?: string): never {
    throw new RayexecError('parse', `syntax error: ${summary}`, { span: { start, end }, source: this.text, hint });
  }

  private skipBlanks(): void {
    const { text } = this;
    for (;;) {
      const c = text.charCodeAt(this.at);
      if (isSpace(c)) this.at++;
      else if (c === 45 && text.charCodeAt(this.at + 1) === 45) {
        const end = text.indexOf('\n', this.at);
        this.at = end < 0 ? text.length : end + 1;
      } else if (c === 47 && text.charCodeAt(this.at + 1) === 42) this.skipBlockComment();
      else return;
    }
  }

  private skipBlockComment(): void {
    const start = this.at;
    const mark = /\/\*|\*\//g;
    mark.lastIndex = start + 2;
    for (let depth = 1; depth > 0; ) {
      const found = mark.exec(this.text);
      if (found === null) this.fail('a comment /* … has no end', start, start + 2, 'close it with */');
      depth += found[0] === '/*' ? 1 : -1;
    }
    this.at = mark.lastIndex;
  }

  private name(): void {
    const { text } = this;
    const start = this.at;
    if (text.charCodeAt(start + 1) === 39 && 'bBeEnNxX'.includes(text[start]!)) {
      this.prefixedString(text[start]!.toLowerCase(), start);
      return;
    }
    let end = start + 1;
    while (end < text.length && isNamePart(text.charCodeAt(end))) end++;
    this.at = end;
    const value = text.slice(start, end);
    this.push('name', value, start, value.toLowerCase());
  }

  private prefixedString(prefix: string, start: number): void {
    this.at++;
    const value = this.string(start, prefix === 'e');
    if (prefix === 'x' && !/^([0-9a-f]{2})*$/i.test(value))
      this.fail("a blob literal X'…' takes pairs of hexadecimal digits", start, this.at);
    if (prefix === 'b' && !/^[01]*$/.test(value))
      this.fail("a bit string B'…' takes the digits 0 and 1", start, this.at);
    this.push(prefix === 'x' ? 'blob' : prefix === 'b' ? 'bits' : 'string', value, start);
  }

  /** A string from its opening quote on; parts that only a line break separates are one string, as in PostgreSQL. */
  private string(start: number, escapes: boolean): string {
    const value = escapes ? this.escaped(start) : this.quoted("'", 'string', start);
    const gap = /[ \t\f\v]*[\r\n]\s*'/y;
    gap.lastIndex = this.at;
    if (!gap.test(this.text)) return value;
    const parts = [value];
    do {
      this.at = gap.lastIndex - 1;
      parts.push(escapes ? this.escaped(start) : this.quoted("'", 'string', start));
      gap.lastIndex = this.at;
    } while (gap.test(this.text));
    return parts.join('');
  }

  /** Text between quotes in which a doubled quote stands for itself. */
  private quoted(quote: string, what: string, start = this.at): string {
    const { text } = this;
    let value = '';
    let from = this.at + 1;
    for (;;) {
      const end = text.indexOf(quote, from);
      if (end < 0) this.fail(`a ${what} that starts here has no end`, start, start + 1, `close it with ${quote}`);
      value += text.slice(from, end);
      if (text[end + 1] !== quote) {
        this.at = end + 1;
        break;
      }
      value += quote;
      from = end + 2;
    }
    if (quote === '"' && value === '') this.fail('a quoted name must not be empty', start, this.at);
    return value;
  }

  /** The content of E'…' with C-style escapes. */
  private escaped(start: number): string {
    const { text } = this;
    let value = '';
    for (let i = this.at + 1; i < text.length; i++) {
      const c = text[i]!;
      if (c === "'") {
        if (text[i + 1] !== "'") {
          this.at = i + 1;
          return value;
        }
        value += "'";
        i++;
      } else if (c === '\\') {
        const pattern = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/y;
        pattern.lastIndex = i;
        const found = pattern.exec(text);
        if (found === null) break;
        const [whole, octal, hex, short, long, other] = found;
        const digits = hex ?? short ?? long;
        const code =
          octal !== undefined ? Number.parseInt(octal, 8) : digits !== undefined ? Number.parseInt(digits, 16) : -1;
        if (code > 0x10ffff) this.fail(`${whole} is no Unicode character`, i, i + whole.length);
        value += code >= 0 ? String.fromCodePoint(code) : (CONTROL[other!] ?? other!);
        i += whole.length - 1;
      } else value += c;
    }
    return this.fail('a string that starts here has no end', start, start + 2, "close it with '");
  }

  private number(): void {
    const { text } = this;
    const start = this.at;
    const pattern =
      /0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|(?:\d(?:_?\d)*)?(?:\.(?:\d(?:_?\d)*)?)?(?:[eE][+-]?\d(?:_?\d)*)?/y;
    pattern.lastIndex = start;
    const found = pattern.exec(text)![0];
    this.at = start + found.length;
    if (isNamePart(text.charCodeAt(this.at))) {
      let end = this.at;
      while (isNamePart(text.charCodeAt(end))) end++;
      const whole = text.slice(start, end);
      this.fail(
        `'${whole}' is neither a number nor a name`,
        start,
        end,
        `a name that starts with a digit needs double quotes: "${whole}"`,
      );
    }
    this.push('number', found.replaceAll('_', ''), start);
  }

  /** `$1`, `$name`, or a string between `$tag$` and `$tag$`. */
  private dollar(): void {
    const { text } = this;
    const start = this.at;
    const tag = /\$(?:[A-Za-z_\x80-\uffff][A-Za-z0-9_\x80-\uffff]*)?\$/y;
    tag.lastIndex = start;
    const opening = tag.exec(text)?.[0];
    if (opening !== undefined) {
      const end = text.indexOf(opening, start + opening.length);
      if (end < 0)
        this.fail('a string that starts here has no end', start, start + opening.length, `close it with ${opening}`);
      this.at = end + opening.length;
      this.push('string', text.slice(start + opening.length, end), start);
      return;
    }
    let end = start + 1;
    while (isNamePart(text.charCodeAt(end))) end++;
    if (end === start + 1) this.fail('expected a parameter such as $1 or $name after $', start, end);
    this.at = end;
    const name = text.slice(start + 1, end);
    if (/^\d+$/.test(name)) this.parameters = Math.max(this.parameters, Number(name));
    this.push('parameter', name, start);
  }

  /** `?` counts by itself; `?2` is `$2`. */
  private questionMark(): void {
    const start = this.at++;
    while (isDigit(this.text.charCodeAt(this.at))) this.at++;
    const digits = this.text.slice(start + 1, this.at);
    this.parameters = digits === '' ? this.parameters + 1 : Math.max(this.parameters, Number(digits));
    this.push('parameter', digits === '' ? String(this.parameters) : digits, start);
  }

  private operator(): void {
    const { text } = this;
    const start = this.at;
    let found = '';
    for (const candidates of OPERATORS_BY_LENGTH) {
      found = candidates.find(op => text.startsWith(op, start)) ?? '';
      if (found !== '') break;
    }
    if (found === '') {
      found = String.fromCodePoint(text.codePointAt(start)!);
      if (!SINGLE.includes(found))
        this.fail(`unexpected character '${found}'`, start, start + found.length, CHARACTER_HINTS[found]);
    }
    this.at = start + found.length;
    this.bracket(found);
    if (found === ';') this.parameters = 0;
    this.push('operator', found, start, found);
  }

  private bracket(op: string): void {
    if (CLOSERS[op] !== undefined) this.open.push(this.tokens.length);
    else if (op === ')' || op === ']' || op === '}') {
      const last = this.open.at(-1);
      if (last === undefined || CLOSERS[this.tokens[last]!.word] !== op) return; // the parser reports it
      this.open.pop();
      this.tokens[last]!.match = this.tokens.length;
    }
  }
}

const CONTROL: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
const CHARACTER_HINTS: Readonly<Record<string, string>> = {
  '`': 'names are quoted with double quotes: "name"',
  '‘': "strings are written in straight quotes: 'text'",
  '’': "strings are written in straight quotes: 'text'",
  '“': 'names are quoted with straight quotes: "name"',
  '”': 'names are quoted with straight quotes: "name"',
};
