import { positionOf, RayexecError, type Span } from '../../src/common/errors.ts';
import type { Expr, TypeRef } from '../../src/query/expr.ts';
import type { Query } from '../../src/query/query.ts';
import { describeToken, hintFor } from './hints.ts';
import { FUNCTION_WORDS, RESERVED } from './keywords.ts';
import { type Token, tokenize } from './tokens.ts';

/** What the parts of the grammar need of each other; handed in, so that their files form no cycle. */
export type Grammar = {
  /** An expression whose operators bind at least as tightly as `level` (see precedence.ts; absent: any). */
  readonly expr: (s: TokenStream, level?: number) => Expr;
  readonly query: (s: TokenStream) => Query;
  /** What may follow a query in parentheses: set operations, ORDER BY, LIMIT, pipe steps. */
  readonly continueQuery: (s: TokenStream, query: Query) => Query;
  /** What may stand after FROM. */
  readonly from: (s: TokenStream) => Query;
  readonly type: (s: TokenStream) => TypeRef;
};

/**
 * How deep constructs may nest. A level takes up to 2 KB of the call stack; a thread has about 1 MB by default, of
 * which callers need their share.
 */
const MAX_NESTING = 250;

/** A cursor over the tokens of one SQL text, with the checks, accepts and errors that all of the grammar shares. */
export class TokenStream {
  readonly text: string;
  private readonly tokens: readonly Token[];
  readonly grammar: Grammar;
  private nesting = 0;
  /** Index of the current token. */
  pos = 0;

  /** @throws RayexecError 'parse': the text does not split into tokens. */
  constructor(text: string, grammar: Grammar) {
    this.text = text;
    this.tokens = tokenize(text);
    this.grammar = grammar;
  }

  get token(): Token {
    return this.tokens[this.pos]!;
  }

  /** The token `n` places ahead; past the end it is the `end` token. */
  peek(n = 1): Token {
    return this.tokens[Math.min(Math.max(0, this.pos + n), this.tokens.length - 1)]!;
  }

  /** The token after the bracket that closes the current one (or the token `n` ahead); undefined if nothing closes it. */
  afterBracket(n = 0): Token | undefined {
    const { match } = this.peek(n);
    return match < 0 ? undefined : this.tokens[match + 1];
  }

  /** Whether the tokens since `start` are exactly one bracketed group. */
  isBracketed(start: number): boolean {
    const first = this.tokens[start]!;
    return first.word === '(' && first.match === this.pos - 1;
  }

  /** Whether the tokens from here on are these words or operators. */
  is(...words: readonly string[]): boolean {
    return words.every((word, i) => this.peek(i).word === word);
  }

  isOneOf(words: ReadonlySet<string>): boolean {
    return words.has(this.token.word);
  }

  /** Steps over these words if they come next. */
  accept(...words: readonly string[]): boolean {
    if (!this.is(...words)) return false;
    this.pos += words.length;
    return true;
  }

  /** Steps over the first of these words that comes next. */
  acceptOneOf<W extends string>(...words: readonly W[]): W | undefined {
    const found = words.find(word => this.token.word === word);
    if (found !== undefined) this.pos++;
    return found;
  }

  /** Steps over these words, or fails at the first that differs. */
  expect(...words: readonly string[]): void {
    for (const word of words) {
      if (!this.accept(word)) this.fail(/^[a-z]/.test(word) ? word.toUpperCase() : `'${word}'`);
    }
  }

  /** Steps over a token of this kind and returns its value, or undefined. */
  take(kind: Token['kind']): string | undefined {
    if (this.token.kind !== kind) return undefined;
    return this.tokens[this.pos++]!.value;
  }

  /** Whether a name may start here: anything bare that is not reserved, or a quoted name. */
  isName(): boolean {
    const { kind, word } = this.token;
    return kind === 'quoted' || (kind === 'name' && !RESERVED.has(word));
  }

  /** Whether a name may start here that follows without AS: `FROM t x`. */
  isBareAlias(): boolean {
    const { kind, word } = this.token;
    return kind === 'quoted' || (kind === 'name' && !RESERVED.has(word) && !FUNCTION_WORDS.has(word));
  }

  /** A name. */
  name(what = 'a name'): string {
    if (!this.isName()) this.fail(what);
    return this.tokens[this.pos++]!.value;
  }

  /** A name in a place where any word may stand: after a dot or AS. */
  label(what = 'a name'): string {
    const { kind, value } = this.token;
    if (kind !== 'quoted' && kind !== 'name') this.fail(what);
    this.pos++;
    return value;
  }

  /** `a.b.c` */
  path(what = 'a name'): string[] {
    const path = [this.name(what)];
    while (this.accept('.')) path.push(this.label("a name after '.'"));
    return path;
  }

  /** `(a, b)`, at least one name. */
  nameList(what = 'a column name'): string[] {
    return this.bracketedList(() => this.name(what));
  }

  /** Items between brackets. */
  bracketed<T>(content: () => T, open = '(', close = ')'): T {
    const start = this.pos;
    this.expect(open);
    const result = content();
    this.close(start, close);
    return result;
  }

  /** The bracket that closes the one at token `start`. */
  close(start: number, close = ')'): void {
    if (this.accept(close)) return;
    const opening = this.tokens[start]!;
    const { line, column } = positionOf(this.text, opening.start);
    const hint = opening.match < 0 ? `'${opening.word}' at line ${line}, column ${column} is never closed` : undefined;
    this.fail(`'${close}' or ','`, hint);
  }

  /** One or more items between brackets; a comma before the closing one is allowed. */
  bracketedList<T>(item: () => T, open = '(', close = ')'): T[] {
    const start = this.pos;
    this.expect(open);
    const items = [item()];
    while (this.accept(',') && !this.is(close)) items.push(item());
    this.close(start, close);
    return items;
  }

  /** One or more items between commas; a comma before a closing bracket or clause word ends the list too. */
  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.accept(',')) {
      if (this.endsList()) break;
      items.push(item());
    }
    return items;
  }

  /** Whether nothing that could be a list's item follows. */
  endsList(): boolean {
    const { kind, word } = this.token;
    return kind === 'end' || LIST_ENDS.has(word);
  }

  expr(level?: number): Expr {
    return this.nested(() => this.grammar.expr(this, level));
  }

  query(): Query {
    return this.nested(() => this.grammar.query(this));
  }

  from(): Query {
    return this.nested(() => this.grammar.from(this));
  }

  /** `query`, which is the parenthesized text just read, with what follows it. */
  continueQuery(query: Query): Query {
    return this.nested(() => this.grammar.continueQuery(this, query));
  }

  /** Whether a query starts at token `index`, in any number of parentheses. */
  isQueryAt(index: number): boolean {
    let at = index;
    while (this.tokens[at]!.word === '(') at++;
    return startsQuery(this, at - this.pos);
  }

  type(): TypeRef {
    return this.nested(() => this.grammar.type(this));
  }

  /** Reads something that may hold more of its kind. @throws RayexecError 'parse' when that nests too deep. */
  nested<T>(parse: () => T): T {
    if (++this.nesting > MAX_NESTING) {
      this.error(
        `this nests more than ${MAX_NESTING} levels deep`,
        this.token,
        'split the query, for example with WITH',
      );
    }
    const result = parse();
    this.nesting--;
    return result;
  }

  /** The text from token `start` up to the last token read. */
  span(start: number): Span {
    const first = this.tokens[start]!.start;
    return { start: first, end: Math.max(first, this.tokens[this.pos - 1]?.end ?? 0) };
  }

  /** Syntax error at the current token, which is not what was `expected`. */
  fail(expected: string, hint?: string): never {
    const { token } = this;
    return this.error(`expected ${expected}, found ${describeToken(token)}`, token, hint ?? hintFor(this, expected));
  }

  /** @throws RayexecError 'parse' with the text and this place. */
  error(summary: string, where: Span, hint?: string): never {
    const { start, end } = where;
    throw new RayexecError('parse', `syntax error: ${summary}`, { span: { start, end }, source: this.text, hint });
  }

  /** @throws RayexecError 'unsupported': valid SQL that has no meaning here. */
  unsupported(what: string, start: number = this.pos, hint?: string): never {
    const { start: from, end } = this.tokens[start]!;
    const span = { start: from, end: Math.max(end, this.tokens[this.pos - 1]?.end ?? 0) };
    throw new RayexecError('unsupported', `${what} is not supported`, { span, source: this.text, hint });
  }
}

const LIST_ENDS: ReadonlySet<string> = new Set([
  ...[')', ']', '}', ';', '|>', 'from', 'where', 'group', 'having', 'order', 'limit', 'offset', 'fetch', 'window'],
  ...['qualify', 'union', 'intersect', 'except', 'using', 'as'],
]);

const QUERY_WORDS: ReadonlySet<string> = new Set([
  ...['select', 'with', 'from', 'table', 'pivot', 'unpivot', 'describe', 'desc', 'summarize', 'show'],
]);

/** Whether the token `n` places ahead starts a query. */
export function startsQuery(s: TokenStream, n = 0): boolean {
  const { word } = s.peek(n);
  return QUERY_WORDS.has(word) || (word === 'values' && s.peek(n + 1).word === '(');
}
