import type { Expr } from '../../src/query/expr.ts';
import { TYPED_LITERAL } from './literal.ts';
import { typedLiteralFromJson } from './literal-json.ts';
import { numberLiteral } from './literal-number.ts';
import { LEVEL } from './precedence.ts';
import type { TokenStream } from './token-stream.ts';

/** Reads the special syntax, from the name on; undefined when it turns out to be an ordinary call. */
type Special = (s: TokenStream, start: number) => Expr | undefined;

const call = (s: TokenStream, start: number, fn: string, args: readonly Expr[]): Expr => ({
  kind: 'call',
  fn,
  args,
  span: s.span(start),
});

/** The calls with a syntax of their own, by name. */
export const SPECIAL_CALLS: Readonly<Record<string, Special>> = Object.assign(Object.create(null), {
  cast: (s, start) => parseCast(s, start, false),
  try_cast: (s, start) => parseCast(s, start, true),
  exists(s, start) {
    s.pos++;
    const query = s.bracketed(() => s.query());
    return { kind: 'exists', query, span: s.span(start) };
  },
  row(s, start) {
    s.pos++;
    const open = s.pos++;
    const items = s.is(')') ? [] : s.list(() => s.expr());
    s.close(open);
    return { kind: 'row', items, span: s.span(start) };
  },
  columns(s, start) {
    s.pos++;
    const pattern = s.bracketed(() => parseColumnsPattern(s));
    return { kind: 'columns', pattern, span: s.span(start) };
  },
  extract(s, start) {
    if (s.peek(3).word === ',' || s.peek(2).word === ')') return undefined;
    s.pos++;
    const open = s.pos++;
    const span = { start: s.token.start, end: s.token.end };
    const field = (s.take('string') ?? s.label('a part of a date or time, such as YEAR')).toLowerCase();
    s.expect('from');
    const input = s.expr();
    s.close(open);
    const part: Expr = { kind: 'literal', value: { type: { kind: 'utf8' }, value: field }, span };
    return call(s, start, 'date_part', [part, input]);
  },
  position(s, start) {
    s.pos++;
    const open = s.pos++;
    // the needle stops before IN
    const needle = s.expr(LEVEL.operator);
    if (!s.accept('in')) return restOfCall(s, start, 'position', open, [needle]);
    const haystack = s.expr();
    s.close(open);
    return call(s, start, 'strpos', [haystack, needle]);
  },
  substring(s, start) {
    s.pos++;
    const open = s.pos++;
    const text = s.expr();
    if (s.is('similar')) s.unsupported('SUBSTRING … SIMILAR', start);
    const from = s.accept('from') ? s.expr() : undefined;
    const length = s.accept('for') ? s.expr() : undefined;
    const lateFrom = from === undefined && length !== undefined && s.accept('from') ? s.expr() : undefined;
    if (from === undefined && length === undefined) return restOfCall(s, start, 'substring', open, [text]);
    s.close(open);
    const one: Expr = { kind: 'literal', value: numberLiteral('1', false) };
    const args = [text, from ?? lateFrom ?? one];
    return call(s, start, 'substring', length === undefined ? args : [...args, length]);
  },
  overlay(s, start) {
    s.pos++;
    const open = s.pos++;
    const args = [s.expr()];
    if (!s.accept('placing')) return restOfCall(s, start, 'overlay', open, args);
    args.push(s.expr());
    s.expect('from');
    args.push(s.expr());
    if (s.accept('for')) args.push(s.expr());
    s.close(open);
    return call(s, start, 'overlay', args);
  },
  trim(s, start) {
    s.pos++;
    const open = s.pos++;
    const side = s.acceptOneOf('both', 'leading', 'trailing');
    const fn = side === 'leading' ? 'ltrim' : side === 'trailing' ? 'rtrim' : 'trim';
    if (s.accept('from')) return restOfCall(s, start, fn, open, [s.expr()]);
    const first = s.expr();
    if (!s.accept('from')) return restOfCall(s, start, fn, open, [first]);
    const text = s.expr();
    if (s.accept(',')) s.fail("')'");
    s.close(open);
    return call(s, start, fn, [text, first]);
  },
  // GlareDB's functions of any number of arguments
  and: (s, start) => parseChainCall(s, start, 'and'),
  or: (s, start) => parseChainCall(s, start, 'or'),
  struct(s, start) {
    s.pos++;
    const fields = s.bracketed(() => (s.is(')') ? [] : s.list(() => parseField(s))));
    if (fields.every(({ name }) => name === undefined))
      return call(
        s,
        start,
        'struct',
        fields.map(field => field.value),
      );
    return {
      kind: 'struct',
      fields: fields.map(({ name, value }, i) => ({ name: name ?? `c${i}`, value })),
      span: s.span(start),
    };
  },
  grouping_id: (s, start) => renamed(s, start, 'grouping'),
  [TYPED_LITERAL](s, start) {
    const [open, type, comma, value, close] = [1, 2, 3, 4, 5].map(n => s.peek(n));
    if (
      open!.word !== '(' ||
      type!.kind !== 'string' ||
      comma!.word !== ',' ||
      value!.kind !== 'string' ||
      close!.word !== ')'
    )
      return undefined;
    s.pos += 6;
    const scalar = typedLiteralFromJson(s, type!, value!);
    return { kind: 'literal', value: scalar, span: s.span(start) };
  },
} satisfies Record<string, Special>);

/** `f(a, b …)` from after the first argument on. */
function restOfCall(s: TokenStream, start: number, fn: string, open: number, args: Expr[]): Expr {
  while (s.accept(',')) args.push(s.expr());
  s.close(open);
  return call(s, start, fn, args);
}

function renamed(s: TokenStream, start: number, fn: string): Expr {
  s.pos++;
  const args = s.bracketedList(() => s.expr());
  return call(s, start, fn, args);
}

/** `and(a, b, c)` = `a AND b AND c` */
function parseChainCall(s: TokenStream, start: number, fn: string): Expr {
  s.pos++;
  const operands = s.bracketedList(() => s.expr());
  return operands.reduce((a, b) => call(s, start, fn, [a, b]));
}

/** `value`, `value AS name` in STRUCT(…) */
function parseField(s: TokenStream): { name: string | undefined; value: Expr } {
  const value = s.expr();
  return { value, name: s.accept('as') ? (s.take('string') ?? s.label('a field name')) : undefined };
}

function parseCast(s: TokenStream, start: number, isTry: boolean): Expr {
  s.pos++;
  const open = s.pos++;
  const input = s.expr();
  if (!s.accept('as')) s.fail('AS and a type');
  const type = s.type();
  s.close(open);
  return { kind: 'cast', input, type, try: isTry, span: s.span(start) };
}

/** `'regex'`, `* EXCLUDE …`, `c -> …`, or a list of names. */
function parseColumnsPattern(s: TokenStream): Expr {
  const start = s.pos;
  if (s.peek().word !== '->' || !s.isName()) return s.expr();
  const params = [s.name()];
  s.expect('->');
  return { kind: 'lambda', params, body: s.expr(), span: s.span(start) };
}
