import type { Expr } from '../../src/query/expr.ts';
import type { PivotQuery, Query, UnpivotQuery } from '../../src/query/query.ts';
import { parseInner } from './parse-inner.ts';
import { LEVEL } from './precedence.ts';
import type { TokenStream } from './token-stream.ts';

type On = PivotQuery['on'][number];
type Group = UnpivotQuery['on'][number];
type Table = (s: TokenStream) => Query;

/** `PIVOT t ON year IN (1995, 1996) USING sum(x) AS s GROUP BY k`, from PIVOT on. */
export function parsePivotStatement(s: TokenStream, table: Table): Query {
  const start = s.pos;
  s.acceptOneOf('pivot', 'pivot_wider');
  const input = table(s);
  const on = s.accept('on') ? s.list(() => parseOn(s)) : [];
  const using = s.accept('using') ? s.list(() => parseAliased(s)) : [];
  const groupBy = s.accept('group', 'by') ? s.list(() => s.expr()) : undefined;
  return { kind: 'pivot', input, on, using, groupBy, span: s.span(start) };
}

/** `a`, `(a, b)`, with IN and the values that become columns. */
function parseOn(s: TokenStream): On {
  const exprs = parseExprs(s);
  return s.accept('in') ? { exprs, in: parseInValues(s) } : { exprs };
}

function parseExprs(s: TokenStream): readonly Expr[] {
  const expr = s.expr(LEVEL.operator); // stops before IN
  return expr.kind === 'row' && s.peek(-1).word === ')' && !isRowCall(s, expr) ? expr.items : [expr];
}

/** `row(a, b)` is one expression; `(a, b)` are several. */
const isRowCall = (s: TokenStream, expr: Expr): boolean => s.text[expr.span!.start] !== '(';

function parseInValues(s: TokenStream): On['in'] {
  if (!s.is('(')) {
    const start = s.pos;
    return { kind: 'named', name: s.name("'(' and values, or the name of an enum"), span: s.span(start) };
  }
  return s.bracketed(() => {
    const inner = parseInner(s);
    if ('query' in inner && s.is(')')) return inner.query;
    const first: Expr =
      'query' in inner ? { kind: 'scalar-query', query: inner.query, span: inner.query.span } : inner.expr;
    const items = [{ expr: first, alias: parseItemAlias(s) }];
    while (s.accept(',') && !s.is(')')) items.push(parseAliased(s));
    return items;
  });
}

function parseAliased(s: TokenStream): { expr: Expr; alias: string | undefined } {
  const expr = s.expr();
  return { expr, alias: parseItemAlias(s) };
}

function parseItemAlias(s: TokenStream): string | undefined {
  return s.accept('as')
    ? (s.take('string') ?? s.label('an alias'))
    : s.isBareAlias() && !s.is('for')
      ? s.name()
      : undefined;
}

/** `t PIVOT (sum(x) AS s FOR year IN (1995, 1996) GROUP BY k)`, from PIVOT on. */
export function parsePivotClause(s: TokenStream, input: Query, start: number): Query {
  s.pos++;
  return s.bracketed(() => {
    const using = s.list(() => parseAliased(s));
    s.expect('for');
    const on: On[] = [];
    do {
      const exprs = parseExprs(s);
      s.expect('in');
      on.push({ exprs, in: parseInValues(s) });
    } while (!s.is(')') && !s.is('group'));
    const groupBy = s.accept('group', 'by') ? s.list(() => s.expr()) : undefined;
    return { kind: 'pivot', input, on, using, groupBy, span: s.span(start) };
  });
}

/** `UNPIVOT [INCLUDE NULLS] t ON a, (b, c) AS d INTO NAME n VALUE v, w`, from UNPIVOT on. */
export function parseUnpivotStatement(s: TokenStream, table: Table): Query {
  const start = s.pos;
  s.acceptOneOf('unpivot', 'pivot_longer');
  const early = parseNullsOption(s);
  const input = table(s);
  const includeNulls = parseNullsOption(s) ?? early ?? false;
  s.expect('on');
  const on = s.list(() => parseGroup(s));
  let name = 'name';
  let values = ['value'];
  if (s.accept('into')) {
    s.expect('name');
    name = s.name();
    if (!s.accept('value')) s.expect('values');
    values = s.list(() => s.name());
  }
  return { kind: 'unpivot', input, on, name, values, includeNulls, span: s.span(start) };
}

function parseNullsOption(s: TokenStream): boolean | undefined {
  if (s.accept('include', 'nulls')) return true;
  return s.accept('exclude', 'nulls') ? false : undefined;
}

function parseGroup(s: TokenStream): Group {
  const expr = s.expr();
  const exprs = expr.kind === 'row' && !isRowCall(s, expr) ? expr.items : [expr];
  const alias = s.accept('as') ? (s.take('string') ?? s.label('an alias')) : undefined;
  return { exprs, alias };
}

/** `t UNPIVOT [INCLUDE NULLS] (v FOR n IN (a, b AS x))`, from UNPIVOT on. */
export function parseUnpivotClause(s: TokenStream, input: Query, start: number): Query {
  s.pos++;
  const includeNulls = parseNullsOption(s) ?? false;
  return s.bracketed(() => {
    const values = s.is('(') ? s.nameList() : [s.name('the name of the column of values')];
    s.expect('for');
    const name = s.name('the name of the column of names');
    s.expect('in');
    const on = s.is('(') ? s.bracketedList(() => parseGroup(s)) : [parseGroup(s)];
    return { kind: 'unpivot', input, on, name, values, includeNulls, span: s.span(start) };
  });
}
