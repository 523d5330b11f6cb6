import type { Span } from '../../src/common/errors.ts';
import { type Expr, isBuiltIn } from '../../src/query/expr.ts';
import type { Query } from '../../src/query/query.ts';
import { BIT, type DataType, FLOAT64, INT32, INT64, UTF8 } from '../../src/types/data-type.ts';
import { NILADIC, RESERVED } from './keywords.ts';
import { base64Of, textLiteral, typedLiteral } from './literal.ts';
import { numberLiteral } from './literal-number.ts';
import { type IntervalUnit, intervalOf, intervalUnit } from './literal-time.ts';
import { parseCall } from './parse-call.ts';
import { parseInner } from './parse-inner.ts';
import { parseBraces, parseBrackets, parseMap } from './parse-nested.ts';
import { SPECIAL_CALLS } from './parse-special-call.ts';
import { parseStar } from './parse-star.ts';
import { isTypeWord } from './parse-type.ts';
import type { TokenStream } from './token-stream.ts';

/** An operand: a constant, a name, a call, or something in brackets. */
export function parsePrimary(s: TokenStream): Expr {
  const start = s.pos;
  const { kind, value, word } = s.token;
  switch (kind) {
    case 'number':
      s.pos++;
      return { kind: 'literal', value: numberLiteral(value, false), span: s.span(start) };
    case 'string':
      s.pos++;
      return { kind: 'literal', value: { type: UTF8, value }, span: s.span(start) };
    case 'blob':
      s.pos++;
      return { kind: 'literal', value: { type: { kind: 'binary' }, value: base64Of(value) }, span: s.span(start) };
    case 'bits':
      s.pos++;
      return { kind: 'literal', value: { type: BIT, value: value === '' ? '0' : value }, span: s.span(start) };
    case 'parameter':
      s.pos++;
      return { kind: 'parameter', name: value, span: s.span(start) };
    case 'quoted':
      return parseName(s);
    case 'name':
      return parseWord(s, word);
    case 'operator':
      return parseOperator(s, word);
    case 'end':
      return s.fail('an expression');
  }
}

function parseOperator(s: TokenStream, word: string): Expr {
  const start = s.pos;
  switch (word) {
    case '(':
      return parseParenthesized(s);
    case '[':
      return parseBrackets(s);
    case '{':
      return parseBraces(s);
    case '*':
      return parseStar(s);
    case '#': {
      s.pos++;
      const position = s.take('number') ?? s.fail("a column's position after '#'");
      const literal: Expr = { kind: 'literal', value: numberLiteral(position, false), span: s.span(start + 1) };
      return { kind: 'call', fn: '#', args: [literal], span: s.span(start) };
    }
    default:
      return s.fail('an expression');
  }
}

function parseWord(s: TokenStream, word: string): Expr {
  const start = s.pos;
  switch (word) {
    case 'null':
      s.pos++;
      return { kind: 'literal', value: { type: { kind: 'null' }, value: null }, span: s.span(start) };
    case 'true':
    case 'false':
      s.pos++;
      return { kind: 'literal', value: { type: { kind: 'boolean' }, value: word === 'true' }, span: s.span(start) };
    case 'case':
      return parseCase(s);
    case 'lambda':
      return parseLambda(s);
    case 'default':
      s.pos++;
      return { kind: 'call', fn: 'default', args: [], span: s.span(start) };
    case 'array':
      if (s.peek().word === '[' || s.peek().word === '(') return parseArray(s);
      break;
    case 'map':
      if (s.peek().word === '{') return parseMap(s);
      break;
    case 'interval': {
      const interval = parseInterval(s);
      if (interval !== undefined) return interval;
      break;
    }
  }
  if (RESERVED.has(word) && !(word in SPECIAL_CALLS && s.peek().word === '(')) return s.fail('an expression');
  if (NILADIC.has(word) && s.peek().word !== '(' && s.peek().word !== '.') {
    s.pos++;
    return { kind: 'call', fn: word, args: [], span: s.span(start) };
  }
  return parseTypedLiteral(s, word) ?? parseName(s);
}

/** A column's name, a qualified star, or a call. */
function parseName(s: TokenStream): Expr {
  const start = s.pos;
  const path: string[] = [];
  for (;;) {
    if (s.peek().word === '(') return parseCall(s, path, start);
    path.push(path.length === 0 ? s.label('an expression') : s.label("a name or '*' after '.'"));
    if (!s.accept('.')) return { kind: 'name', path, span: s.span(start) };
    if (s.is('*')) return parseStar(s, path, start);
  }
}

/** `DATE '1992-01-01'`, `DECIMAL(10,2) '1.5'`, `TIMESTAMP WITH TIME ZONE '…'`: a type before a string. */
function parseTypedLiteral(s: TokenStream, word: string): Expr | undefined {
  const start = s.pos;
  if (!isTypedLiteral(s, word)) return undefined;
  const type = s.type();
  const text = s.take('string') ?? s.fail('a string: the value of this type');
  const span = s.span(start);
  const scalar = isBuiltIn(type) ? typedLiteral(type, text) : undefined;
  if (scalar !== undefined) return { kind: 'literal', value: scalar, span };
  return { kind: 'cast', input: { kind: 'literal', value: textLiteral(text), span }, type, try: false, span };
}

function isTypedLiteral(s: TokenStream, word: string): boolean {
  if (s.peek().kind === 'string') return true;
  if (!isTypeWord(word)) return false;
  switch (s.peek().word) {
    case '(':
      return s.afterBracket(1)?.kind === 'string';
    case 'precision':
    case 'varying':
      return s.peek(2).kind === 'string';
    case 'with':
    case 'without':
      return s.peek(2).word === 'time' && s.peek(3).word === 'zone' && s.peek(4).kind === 'string';
    default:
      return false;
  }
}

/** `INTERVAL '1 day'`, `INTERVAL '1' DAY`, `INTERVAL 1 DAY`, `INTERVAL (x) DAY`; undefined: a name or call. */
function parseInterval(s: TokenStream): Expr | undefined {
  const start = s.pos;
  const next = s.peek();
  if (next.kind === 'string' || next.kind === 'number') {
    s.pos += 2;
    const unit = intervalUnit(s.token.word);
    if (unit === undefined || s.token.kind !== 'name') {
      if (next.kind === 'number') return s.fail("the interval's unit, such as DAY or MONTH");
      return intervalFromText(s, next.value, start);
    }
    s.pos++;
    if (s.is('to')) return intervalRange(s, next.value, start);
    if (s.is('(') && s.peek().kind === 'number' && s.peek(2).word === ')') s.pos += 3; // the precision of standard SQL
    const value = intervalOf(next.value, unit);
    if (value !== undefined)
      return { kind: 'literal', value: { type: { kind: 'interval' }, value }, span: s.span(start) };
    return s.error(`expected a number of ${s.peek(-1).value.toUpperCase()}, found '${next.value}'`, next);
  }
  if (next.word === '(') {
    const after = s.afterBracket(1);
    if (after?.kind !== 'name' || intervalUnit(after.word) === undefined) return undefined;
    s.pos++;
    const count = s.bracketed(() => s.expr());
    const unit = intervalUnit(s.token.word)!;
    s.pos++;
    return intervalCall(unit, count, s.span(start));
  }
  const isName = next.kind === 'quoted' || (next.kind === 'name' && !RESERVED.has(next.word));
  const unit = s.peek(2).kind === 'name' ? intervalUnit(s.peek(2).word) : undefined;
  if (!isName || unit === undefined) return undefined;
  s.pos++;
  const count: Expr = { kind: 'name', path: [s.name()], span: s.span(start + 1) };
  s.pos++;
  return intervalCall(unit, count, s.span(start));
}

/** `to_days(…)` of a count of any type; fractions of a unit count only from seconds on down, as in DuckDB. */
function intervalCall({ call, part }: IntervalUnit, count: Expr, span: Span): Expr {
  const cast = (input: Expr, type: DataType): Expr => ({ kind: 'cast', input, type, try: false, span });
  const number = cast(count, FLOAT64);
  const isFraction = call === 'to_seconds' || call === 'to_milliseconds';
  const whole = (): Expr =>
    cast({ kind: 'call', fn: 'trunc', args: [number], span }, part === 'micros' ? INT64 : INT32);
  return { kind: 'call', fn: call, args: [isFraction ? number : whole()], span };
}

function intervalFromText(s: TokenStream, text: string, start: number): Expr {
  const scalar = typedLiteral({ kind: 'interval' }, text);
  const span = s.span(start);
  if (scalar !== undefined) return { kind: 'literal', value: scalar, span };
  return {
    kind: 'cast',
    input: { kind: 'literal', value: textLiteral(text), span },
    type: { kind: 'interval' },
    try: false,
    span,
  };
}

/** `INTERVAL '1-2' YEAR TO MONTH`, `INTERVAL '1 02:03:04' DAY TO SECOND`. */
function intervalRange(s: TokenStream, text: string, start: number): Expr {
  const from = s.peek(-1).word;
  s.pos++;
  const to = s.label('a unit');
  const spelled = from === 'day' ? text.replace(/^\s*([+-]?\d+)\s+/, '$1 days ') : text;
  const fits = from === 'year' && to.toLowerCase() === 'month' ? /^\s*[+-]?\d+-\d+\s*$/.test(text) : /:/.test(text);
  if (!fits) return s.unsupported(`INTERVAL '${text}' ${from.toUpperCase()} TO ${to.toUpperCase()}`, start);
  return intervalFromText(s, spelled, start);
}

/** `(x)`, `(a, b)`, `(SELECT …)` */
function parseParenthesized(s: TokenStream): Expr {
  const start = s.pos++;
  if (s.is(')')) s.fail('an expression');
  const inner = parseInner(s);
  if ('expr' in inner && s.is(',')) return parseRow(s, inner.expr, start);
  s.close(start);
  return 'expr' in inner ? inner.expr : { kind: 'scalar-query', query: inner.query, span: s.span(start) };
}

function parseRow(s: TokenStream, first: Expr, start: number): Expr {
  const items = [first];
  while (s.accept(',')) {
    if (s.is(')')) break;
    items.push(s.expr());
  }
  s.close(start);
  return { kind: 'row', items, span: s.span(start) };
}

/** `ARRAY[1, 2]`, and `ARRAY(SELECT …)`: the query's rows as one list. */
function parseArray(s: TokenStream): Expr {
  const start = s.pos++;
  if (s.is('[')) return { ...parseBrackets(s), span: s.span(start) };
  const query = s.bracketed(() => s.query());
  const span = s.span(start);
  const element: Expr = { kind: 'name', path: ['element'], span };
  const empty: Expr = { kind: 'call', fn: 'list_value', args: [], span };
  const all: Expr = {
    kind: 'call',
    fn: 'coalesce',
    args: [{ kind: 'call', fn: 'list', args: [element], span }, empty],
    span,
  };
  const from: Query = { kind: 'alias', input: query, name: 'array_query', columns: ['element'], span };
  return { kind: 'scalar-query', query: { kind: 'select', from, items: [{ expr: all }], span }, span };
}

function parseCase(s: TokenStream): Expr {
  const start = s.pos++;
  const operand = s.is('when') ? undefined : s.expr();
  const branches = [];
  while (s.accept('when')) {
    const when = s.expr();
    s.expect('then');
    branches.push({ when, result: s.expr() });
  }
  if (branches.length === 0) s.fail('WHEN');
  const otherwise = s.accept('else') ? s.expr() : undefined;
  if (!s.accept('end')) s.fail(otherwise === undefined ? 'WHEN, ELSE or END' : 'END', 'CASE … is closed by END');
  return { kind: 'case', operand, branches, otherwise, span: s.span(start) };
}

/** `lambda x, y: body` */
function parseLambda(s: TokenStream): Expr {
  const start = s.pos++;
  const params = s.list(() => s.name('a parameter of the lambda'));
  s.expect(':');
  return { kind: 'lambda', params, body: s.expr(), span: s.span(start) };
}
