import type { Expr } from '../../src/query/expr.ts';
import type { NamedExpr, Query } from '../../src/query/query.ts';
import { parseAlias, parseTable } from './parse-from.ts';
import { parseJoin } from './parse-join.ts';
import { parsePivotClause, parseUnpivotClause } from './parse-pivot.ts';
import { parseTableSample } from './parse-sample.ts';
import { parseItem, parseSelectList } from './parse-select.ts';
import { parseSetOptions } from './parse-set-options.ts';
import { parseLimit, parseSortKeys } from './parse-sort.ts';
import type { TokenStream } from './token-stream.ts';

/** The steps `|> WHERE … |> SELECT …` that follow `input`. */
export function parsePipes(s: TokenStream, input: Query, start: number): Query {
  let query = input;
  while (s.accept('|>')) query = parseStep(s, query, start);
  return query;
}

function parseStep(s: TokenStream, input: Query, start: number): Query {
  const step = s.token.word;
  switch (step) {
    case 'select': {
      const list = parseSelectList(s);
      return { kind: 'select', from: input, ...list, span: s.span(start) };
    }
    case 'where': {
      s.pos++;
      return { kind: 'filter', input, predicate: s.expr(), span: s.span(start) };
    }
    case 'extend':
      return parseExtend(s, input, start);
    case 'set': {
      s.pos++;
      const replace = s.list(() => assignment(s));
      return {
        kind: 'select',
        from: input,
        items: [{ expr: { kind: 'star', replace, span: s.span(start) } }],
        span: s.span(start),
      };
    }
    case 'drop': {
      s.pos++;
      return { kind: 'drop', input, columns: s.list(() => s.name('a column')), span: s.span(start) };
    }
    case 'rename': {
      s.pos++;
      const columns = s.list(() => {
        const from = s.name('a column');
        s.accept('as');
        return { from, to: s.label('a new name') };
      });
      return { kind: 'rename', input, columns, span: s.span(start) };
    }
    case 'aggregate':
      return parseAggregate(s, input, start);
    case 'order': {
      s.expect('order', 'by');
      return { kind: 'sort', input, keys: parseSortKeys(s), span: s.span(start) };
    }
    case 'limit':
    case 'offset':
    case 'fetch': {
      const limit = parseLimit(s);
      return { kind: 'limit', input, ...limit, span: s.span(start) };
    }
    case 'distinct': {
      s.pos++;
      const on = s.accept('on') ? s.bracketedList(() => s.expr()) : undefined;
      return { kind: 'distinct', input, on, span: s.span(start) };
    }
    case 'union':
    case 'intersect':
    case 'except':
      return parseSetStep(s, step, input, start);
    case 'tablesample':
      return parseTableSample(s, input, start);
    case 'pivot':
      return parsePivotClause(s, input, start);
    case 'unpivot':
      return parseUnpivotClause(s, input, start);
    case 'unnest': {
      s.pos++;
      const column = s.name('a column');
      const prefix = s.accept('prefix') ? (s.take('string') ?? s.fail('a string, the prefix')) : undefined;
      return { kind: 'unnest', input, column, prefix, span: s.span(start) };
    }
    case 'describe':
    case 'summarize':
      s.pos++;
      return { kind: step, input, span: s.span(start) };
    case 'as':
      return parseAlias(s, input, start)!;
    default:
      return (
        parseJoin(s, input, start, parseTable) ??
        s.fail('a step, such as WHERE, SELECT, EXTEND, AGGREGATE, JOIN, ORDER BY or LIMIT')
      );
  }
}

function assignment(s: TokenStream): { name: string; value: Expr } {
  const name = s.name('a column');
  s.expect('=');
  return { name, value: s.expr() };
}

/** `EXTEND e AS n` adds columns; `EXTEND OR REPLACE` replaces those whose names exist. */
function parseExtend(s: TokenStream, input: Query, start: number): Query {
  s.pos++;
  if (s.accept('or', 'replace'))
    return { kind: 'extend', input, columns: s.list(() => parseNamed(s)), span: s.span(start) };
  const items = s.list(() => parseItem(s));
  return { kind: 'select', from: input, items: [{ expr: { kind: 'star' } }, ...items], span: s.span(start) };
}

/** `AGGREGATE sum(x) AS s GROUP BY k, f(a) AS b` */
function parseAggregate(s: TokenStream, input: Query, start: number): Query {
  s.pos++;
  const aggregates = s.is('group') ? [] : s.list(() => parseNamed(s));
  const keys = s.accept('group', 'by') ? s.list(() => parseNamed(s)) : [];
  return { kind: 'aggregate', input, keys, aggregates, span: s.span(start) };
}

/** `expr AS name`; a column needs no name of its own, other expressions are named by their text. */
function parseNamed(s: TokenStream): NamedExpr {
  const { expr, alias } = parseItem(s);
  return { name: alias ?? impliedName(s, expr), expr };
}

function impliedName(s: TokenStream, expr: Expr): string {
  if (expr.kind === 'name') return expr.path.at(-1)!;
  const { start, end } = expr.span!;
  if (expr.kind === 'star' || expr.kind === 'columns') return s.error('a star cannot stand here', expr.span!);
  return s.text.slice(start, end);
}

/** `UNION ALL (q), (r)` */
function parseSetStep(s: TokenStream, op: 'union' | 'intersect' | 'except', input: Query, start: number): Query {
  s.pos++;
  const { all, byName } = parseSetOptions(s);
  let left = input;
  do {
    const right = s.bracketed(() => s.query());
    left = { kind: 'set-op', op, all, byName, left, right, span: s.span(start) };
  } while (s.accept(','));
  return left;
}
