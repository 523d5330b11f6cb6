import type { Expr } from '../../src/query/expr.ts';
import type { JoinCondition, JoinQuery, Query } from '../../src/query/query.ts';
import type { TokenStream } from './token-stream.ts';

type Type = JoinQuery['type'];
type Table = (s: TokenStream) => Query;

/** The joins that follow `left`. `table` reads one item of FROM. */
export function parseJoins(s: TokenStream, left: Query, start: number, table: Table): Query {
  let joined = left;
  for (;;) {
    const next = parseJoin(s, joined, start, table);
    if (next === undefined) return joined;
    joined = next;
  }
}

/** One join after `left`, or undefined when none follows. */
export function parseJoin(s: TokenStream, left: Query, start: number, table: Table): Query | undefined {
  const kind = parseJoinKind(s);
  if (kind === undefined) return undefined;
  const { type, natural, swap } = kind;
  let right = table(s);
  const needsCondition = !natural && type !== 'cross' && type !== 'positional';
  // `a JOIN b JOIN c ON x ON y`: the inner join's condition comes first.
  const rightStart = s.pos;
  while (needsCondition && !s.is('on') && !s.is('using')) {
    const inner: Query = right;
    const nested = s.nested(() => parseJoin(s, inner, rightStart, table));
    if (nested === undefined) return s.fail('ON or USING', 'a join without a condition is a CROSS JOIN');
    right = nested;
  }
  const on = natural ? ({ kind: 'natural' } as const) : needsCondition ? parseCondition(s) : undefined;
  const suffix = s.accept('suffix') ? (s.take('string') ?? s.fail('a string, the suffix')) : undefined;
  const sides = swap ? { left: right, right: left } : { left, right };
  return { kind: 'join', ...sides, type, on, suffix, span: s.span(start) };
}

type JoinKind = { readonly type: Type; readonly natural: boolean; readonly swap: boolean };

function parseJoinKind(s: TokenStream): JoinKind | undefined {
  const start = s.pos;
  const natural = s.accept('natural');
  const kind = parseType(s, natural);
  if (kind === undefined) {
    if (natural) s.fail('JOIN');
    return undefined;
  }
  if (!s.accept('join')) {
    if (s.pos === start) return undefined;
    s.fail('JOIN');
  }
  return { natural, ...kind };
}

/** The words before JOIN. */
function parseType(s: TokenStream, natural: boolean): { type: Type; swap: boolean } | undefined {
  const as = (type: Type, swap = false) => ({ type, swap });
  switch (s.token.word) {
    case 'join':
      return as('inner');
    case 'inner':
      s.pos++;
      return as('inner');
    case 'left':
    case 'right': {
      const isRight = s.token.word === 'right';
      s.pos++;
      // RIGHT SEMI keeps the right side's rows: a SEMI join of the sides exchanged.
      if (s.accept('semi')) return as('semi', isRight);
      if (s.accept('anti')) return as('anti', isRight);
      s.accept('outer');
      return as(isRight ? 'right' : 'left');
    }
    case 'full':
      s.pos++;
      s.accept('outer');
      return as('full');
    case 'semi':
    case 'anti': {
      const type = s.token.word;
      s.pos++;
      return as(type);
    }
    case 'cross':
    case 'positional': {
      const type = s.token.word;
      if (natural) return undefined;
      s.pos++;
      return as(type);
    }
    case 'asof': {
      s.pos++;
      const type = s.acceptOneOf('semi', 'anti', 'left', 'right', 'full');
      if (type === undefined) s.accept('inner');
      else if (type !== 'semi' && type !== 'anti') s.accept('outer');
      return as(type === undefined ? 'asof' : `asof-${type}`);
    }
    default:
      return undefined;
  }
}

/** ON predicate; USING (a, b); and for a DataFrame's joins USING (a = b) and ON lambda l, r: l.a < r.b. */
function parseCondition(s: TokenStream): JoinCondition {
  if (s.accept('using')) return parseUsing(s);
  s.expect('on');
  const start = s.pos;
  const predicate: Expr = s.expr();
  if (predicate.kind !== 'lambda') return { kind: 'on', predicate };
  const [left, right] = predicate.params;
  if (left === undefined || right === undefined || predicate.params.length > 2) {
    const { start: from, end } = s.span(start);
    return s.error('a join condition takes two parameters, for the left and right side', { start: from, end });
  }
  return { kind: 'predicate', left, right, predicate: predicate.body };
}

function parseUsing(s: TokenStream): JoinCondition {
  const names = s.bracketed(() =>
    s.list(() => {
      const left = s.name('a column');
      return [left, s.accept('=') ? s.name('a column of the right side') : undefined] as const;
    }),
  );
  const isPairs = names.some(([, right]) => right !== undefined);
  if (!isPairs) return { kind: 'using', columns: names.map(([left]) => left) };
  const nullsEqual = s.accept('nulls', 'equal') ? true : undefined;
  return { kind: 'pairs', pairs: names.map(([left, right]) => [left, right ?? left] as const), nullsEqual };
}
