import type { Expr } from '../../src/query/expr.ts';
import type { Query } from '../../src/query/query.ts';
import { RESERVED } from './keywords.ts';
import { numberLiteral } from './literal-number.ts';
import { parseInner } from './parse-inner.ts';
import { parsePrimary } from './parse-primary.ts';
import { INFIX, LEVEL, QUANTIFIABLE } from './precedence.ts';
import type { TokenStream } from './token-stream.ts';

/** From how many operands on a chain of AND or OR becomes a balanced tree, so that its depth stays small. */
const LONG_CHAIN = 32;

/** An expression whose operators bind at least as tightly as `level`: precedence climbing. */
export function parseExpression(s: TokenStream, level: number = LEVEL.lambda): Expr {
  const start = s.pos;
  let left = parsePrefix(s);
  for (;;) {
    const next = parseInfix(s, left, start, level);
    if (next === undefined) return left;
    left = next;
  }
}

const call = (s: TokenStream, start: number, fn: string, ...args: Expr[]): Expr => ({
  kind: 'call',
  fn,
  args,
  span: s.span(start),
});

function parsePrefix(s: TokenStream): Expr {
  const start = s.pos;
  switch (s.token.word) {
    case 'not':
      s.pos++;
      return call(s, start, 'not', s.expr(LEVEL.not));
    case '-':
      return parseMinus(s);
    case '+':
      s.pos++;
      return s.expr(LEVEL.unary);
    case '~':
    case '@': {
      const fn = s.token.word;
      s.pos++;
      return call(s, start, fn, s.expr(LEVEL.unary));
    }
    default:
      return parsePostfix(s, parsePrimary(s), start);
  }
}

/** `-1` is a constant; `-x` and `-1::T` are calls, since `::` binds tighter than the sign. */
function parseMinus(s: TokenStream): Expr {
  const start = s.pos++;
  const after = s.peek().word;
  if (s.token.kind === 'number' && after !== '::' && after !== '[' && after !== '.' && after !== '!') {
    const value = numberLiteral(s.take('number')!, true);
    return { kind: 'literal', value, span: s.span(start) };
  }
  return call(s, start, 'negate', s.expr(LEVEL.unary));
}

/** What follows an operand without a space in between: casts, subscripts, fields, chained calls. */
function parsePostfix(s: TokenStream, operand: Expr, start: number): Expr {
  let input = operand;
  for (;;) {
    if (s.accept('::')) {
      const type = s.type();
      input = { kind: 'cast', input, type, try: false, span: s.span(start) };
    } else if (s.is('[')) input = parseSubscript(s, input, start);
    else if (s.is('.')) input = parseMember(s, input, start);
    else if (s.accept('!')) input = call(s, start, 'factorial', input);
    else return input;
  }
}

/** `x[1]`, `x[1:2]`, `x[:2]`, `x[1:]`, `x[:-:2]`; an absent bound is the first or last element. */
function parseSubscript(s: TokenStream, input: Expr, start: number): Expr {
  const open = s.pos++;
  if (s.is(']')) s.fail('an index');
  const bound = (absent: string): Expr => {
    const here = s.pos;
    const missing = s.is(':') || s.is(']') || (s.is('-', ':') && absent === '1');
    if (!missing) return s.expr();
    s.accept('-');
    return { kind: 'literal', value: numberLiteral('1', absent === '1'), span: s.span(here) };
  };
  const fromStart = s.is(':');
  const first = bound('');
  if (!s.accept(':')) {
    s.close(open, ']');
    return call(s, start, 'array_extract', input, first);
  }
  const toEnd = s.is(':') || s.is(']') || s.is('-', ':');
  const last = bound('1');
  const step = s.accept(':') ? s.expr() : undefined;
  s.close(open, ']');
  if (step === undefined) return call(s, start, 'array_slice', input, first, last);
  // Backwards, the first element of what is not said is the last.
  const isBackwards =
    step.kind === 'literal' ? Number(step.value.value) < 0 : step.kind === 'call' && step.fn === 'negate';
  const end = (at: Expr, isLast: boolean): Expr =>
    ({ ...at, kind: 'literal', value: numberLiteral('1', isLast) }) as Expr;
  const from = isBackwards && fromStart ? end(first, true) : first;
  const to = isBackwards && toEnd ? end(last, false) : last;
  return call(s, start, 'array_slice', input, from, to, step);
}

/** `x.field`, `x.f(y)` = `f(x, y)`, `(x).*` */
function parseMember(s: TokenStream, input: Expr, start: number): Expr {
  s.pos++;
  if (s.accept('*')) return call(s, start, 'unnest', input);
  if (s.peek().word === '(') {
    const chained = parsePrimary(s);
    if (chained.kind !== 'call') return s.error('this cannot be called on a value', chained.span!);
    return { ...chained, args: [input, ...chained.args], span: s.span(start) };
  }
  const name = s.label("a field or function after '.'");
  return { kind: 'field', input, name, span: s.span(start) };
}

function parseInfix(s: TokenStream, left: Expr, start: number, level: number): Expr | undefined {
  const { word } = s.token;
  switch (word) {
    case '':
      return undefined;
    case 'or':
    case 'and':
      return LEVEL[word] < level ? undefined : parseChain(s, word, left, start);
    case 'is':
    case 'isnull':
    case 'notnull':
      return LEVEL.is < level ? undefined : parseIs(s, left, start);
    case 'not':
      return parseNegated(s, left, start, level);
    case 'between':
    case 'in':
    case 'similar':
      return LEVEL.like < level ? undefined : parsePredicate(s, left, start, false);
    case 'at':
      if (LEVEL.zone < level || !s.accept('at', 'time')) return undefined;
      s.expect('zone');
      return call(s, start, 'timezone', s.expr(LEVEL.zone + 1), left);
    case 'collate': {
      if (LEVEL.collate < level) return undefined;
      s.pos++;
      const collation = s.path('a collation').join('.');
      return { kind: 'collate', input: left, collation, span: s.span(start) };
    }
    case 'xor': // not reserved, so it may also be an alias
      if (LEVEL.operator < level || !startsOperand(s)) return undefined;
      s.pos++;
      return parseRight(s, left, start, 'xor', LEVEL.operator);
    case 'operator':
      if (s.peek().word !== '(' || LEVEL.operator < level) return undefined;
      return parseQualifiedOperator(s, left, start);
    default: {
      const infix = INFIX.get(word);
      if (infix === undefined || infix.level < level) return undefined;
      s.pos++;
      return parseRight(s, left, start, infix.fn, infix.level);
    }
  }
}

/** Whether the next token can start an operand: what follows an alias can't. */
function startsOperand(s: TokenStream): boolean {
  const { kind, word } = s.peek();
  if (kind === 'operator') return word === '(' || word === '-' || word === '+' || word === '[';
  return kind !== 'end' && !(kind === 'name' && RESERVED.has(word) && !OPERAND_WORDS.has(word));
}

const OPERAND_WORDS: ReadonlySet<string> = new Set(['case', 'cast', 'null', 'true', 'false', 'not', 'exists', 'array']);

/** `a and b and c`: left-deep as written; long chains balanced, which is the same by associativity. */
function parseChain(s: TokenStream, fn: 'and' | 'or', first: Expr, start: number): Expr {
  const operands = [first];
  while (s.accept(fn)) operands.push(s.expr(LEVEL[fn] + 1));
  const span = s.span(start);
  const join = (a: Expr, b: Expr): Expr => ({
    kind: 'call',
    fn,
    args: [a, b],
    span: { start: a.span?.start ?? span.start, end: b.span?.end ?? span.end },
  });
  if (operands.length < LONG_CHAIN) return operands.reduce(join);
  const balance = (from: number, to: number): Expr => {
    if (to - from === 1) return operands[from]!;
    const middle = (from + to) >> 1;
    return join(balance(from, middle), balance(middle, to));
  };
  return balance(0, operands.length);
}

function parseIs(s: TokenStream, left: Expr, start: number): Expr {
  if (s.accept('isnull')) return call(s, start, 'is null', left);
  if (s.accept('notnull')) return call(s, start, 'is not null', left);
  s.expect('is');
  const is = s.accept('not') ? 'is not' : 'is';
  const test = s.acceptOneOf('null', 'true', 'false', 'unknown');
  if (test !== undefined) return call(s, start, `${is} ${test}`, left);
  if (!s.accept('distinct', 'from'))
    s.fail(
      'NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM',
      `for equality with a value write ${is === 'is' ? '=' : '<>'}`,
    );
  return call(s, start, `${is} distinct from`, left, s.expr(LEVEL.is + 1));
}

/** `x NOT LIKE y`, `x NOT IN …`, `x NOT NULL`. */
function parseNegated(s: TokenStream, left: Expr, start: number, level: number): Expr | undefined {
  const { word } = s.peek();
  if (word === 'null') {
    if (LEVEL.is < level) return undefined;
    s.pos += 2;
    return call(s, start, 'is not null', left);
  }
  if (LEVEL.like < level) return undefined;
  if (word === 'between' || word === 'in' || word === 'similar') {
    s.pos++;
    return parsePredicate(s, left, start, true);
  }
  if (word !== 'like' && word !== 'ilike' && word !== 'glob') return undefined;
  s.pos += 2;
  if (word === 'glob') return call(s, start, 'not', call(s, start, 'glob', left, s.expr(LEVEL.like + 1)));
  return parseRight(s, left, start, `not ${word}`, LEVEL.like);
}

function parsePredicate(s: TokenStream, input: Expr, start: number, negated: boolean): Expr {
  switch (s.acceptOneOf('between', 'in', 'similar')) {
    case 'between': {
      const symmetric = s.accept('symmetric') || undefined;
      if (symmetric === undefined) s.accept('asymmetric');
      const low = s.expr(LEVEL.like + 1);
      if (!s.accept('and')) s.fail('AND and the upper bound of BETWEEN');
      return { kind: 'between', input, low, high: s.expr(LEVEL.like + 1), negated, symmetric, span: s.span(start) };
    }
    case 'in':
      return parseIn(s, input, start, negated);
    default:
      s.expect('to');
      return parseRight(s, input, start, negated ? 'not similar to' : 'similar to', LEVEL.like);
  }
}

/** `x IN (1, 2)`, `x IN (SELECT …)`, and `x IN list`, which is `list_contains(list, x)`. */
function parseIn(s: TokenStream, input: Expr, start: number, negated: boolean): Expr {
  if (!s.is('(')) {
    const found = call(s, start, 'list_contains', s.expr(LEVEL.like + 1), input);
    return negated ? call(s, start, 'not', found) : found;
  }
  const open = s.pos++;
  if (s.is(')')) s.fail('a value or a query', 'IN needs at least one value');
  const inner = parseInner(s);
  if ('query' in inner && s.accept(')'))
    return { kind: 'in-query', input, query: inner.query, negated, span: s.span(start) };
  const items: Expr[] = [
    'expr' in inner ? inner.expr : { kind: 'scalar-query', query: inner.query, span: inner.query.span },
  ];
  while (s.accept(',')) {
    if (s.endsList()) break;
    items.push(s.expr());
  }
  s.close(open);
  return { kind: 'in-list', input, items, negated, span: s.span(start) };
}

/** The right side of an operator: an operand, or ANY / ALL of a query or list. */
function parseRight(s: TokenStream, left: Expr, start: number, fn: string, level: number): Expr {
  if (QUANTIFIABLE.has(fn) && (s.is('any', '(') || s.is('all', '(') || s.is('some', '(')))
    return parseQuantified(s, left, start, fn);
  const right = s.expr(level + 1);
  if (level === LEVEL.like && s.accept('escape')) {
    if (fn.includes('similar')) s.unsupported('SIMILAR TO … ESCAPE');
    return call(s, start, `${fn.replace(' ', '_')}_escape`, left, right, s.expr(LEVEL.like + 1));
  }
  return call(s, start, fn, left, right);
}

function parseQuantified(s: TokenStream, input: Expr, start: number, op: string): Expr {
  const quantifier = s.acceptOneOf('any', 'some', 'all') === 'all' ? 'all' : 'any';
  const open = s.pos++;
  const inner = parseInner(s);
  s.close(open);
  const span = s.span(start);
  // The elements of a list are the rows of a query.
  const query: Query =
    'query' in inner
      ? inner.query
      : { kind: 'select', items: [{ expr: { kind: 'call', fn: 'unnest', args: [inner.expr], span } }], span };
  return { kind: 'quantified', input, op, quantifier, query, span };
}

/** `a OPERATOR(pg_catalog.+) b`: the operator's name in the long form, at the level of other operators. */
function parseQualifiedOperator(s: TokenStream, left: Expr, start: number): Expr {
  s.pos++;
  const infix = s.bracketed(() => {
    while (s.peek().word === '.') s.pos += 2;
    const found = INFIX.get(s.token.word);
    if (found === undefined) return s.fail('an operator');
    s.pos++;
    return found;
  });
  return parseRight(s, left, start, infix.fn, LEVEL.operator);
}
