import type { SortKey } from '../../src/query/expr.ts';
import type { CommonTable, LimitClause, Query, SetQuery, WithClause } from '../../src/query/query.ts';
import { parseFromList, parseSource, parseTable, parseValues } from './parse-from.ts';
import { parsePipes } from './parse-pipe.ts';
import { parsePivotStatement, parseUnpivotStatement } from './parse-pivot.ts';
import { parseFromFirst, parseSelect } from './parse-select.ts';
import { parseSetOptions } from './parse-set-options.ts';
import { parseDescribe, parseShow } from './parse-show.ts';
import { parseLimit, parseSortKeys } from './parse-sort.ts';
import { startsQuery, type TokenStream } from './token-stream.ts';

/** A whole query: WITH, set operations, ORDER BY, LIMIT, pipe steps. */
export function parseQuery(s: TokenStream): Query {
  const start = s.pos;
  return s.is('with') ? parseQueryWith(s, parseWith(s), start) : parseBody(s);
}

/** `WITH [RECURSIVE] a AS (…), b AS (…)` */
export function parseWith(s: TokenStream): WithClause {
  s.expect('with');
  const recursive = s.accept('recursive');
  return { recursive, ctes: s.list(() => parseCommonTable(s)) };
}

/** The query that follows a WITH clause, which began at `start`. */
export function parseQueryWith(s: TokenStream, clause: WithClause, start: number): Query {
  return { kind: 'with', ...clause, input: parseBody(s), span: s.span(start) };
}

/** What may follow `query`, which stood in parentheses. */
export function continueQuery(s: TokenStream, query: Query): Query {
  const start = s.pos - 1;
  return parseEnd(s, parseSetOps(s, query, 0, start), start, false);
}

/** `name(a, b) AS [NOT] MATERIALIZED (query)` */
function parseCommonTable(s: TokenStream): CommonTable {
  const start = s.pos;
  const name = s.name('the name of a common table');
  if (s.is('(') && startsQuery(s, 1)) s.fail('AS');
  const columns = s.is('(') ? s.nameList() : undefined;
  if (s.is('using', 'key')) s.unsupported('WITH … USING KEY');
  s.expect('as');
  const negated = s.accept('not');
  const materialized = s.accept('materialized') ? !negated : negated ? s.fail('MATERIALIZED') : undefined;
  if (!s.is('(')) s.fail("'(' and a query");
  const query = s.bracketed(() => s.query());
  return { name, columns, query, materialized, span: s.span(start) };
}

function parseBody(s: TokenStream): Query {
  const start = s.pos;
  if (s.accept('from')) {
    const from = parseFromList(s);
    // `FROM t |> …` works on t itself, not on `SELECT * FROM t`.
    if (s.is('|>')) return parsePipes(s, from, start);
    const select = parseFromFirst(s, from, start);
    const query = parseSetOps(s, select, 0, start);
    return parseEnd(s, query, start, query === select);
  }
  const isBare = s.is('select');
  const first = parseOperand(s);
  const query = parseSetOps(s, first, 0, start);
  return parseEnd(s, query, start, isBare && query === first);
}

/** ORDER BY and LIMIT, which belong to a bare SELECT itself, then pipe steps. */
function parseEnd(s: TokenStream, body: Query, start: number, isBare: boolean): Query {
  let query = body;
  let orderBy: SortKey[] | undefined;
  let limit: LimitClause | undefined;
  limit = parseLimit(s); // `LIMIT 1 ORDER BY a` is no SQL: caught by what follows
  if (limit === undefined && s.accept('order', 'by')) {
    orderBy = parseSortKeys(s);
    limit = parseLimit(s);
  }
  if (limit !== undefined && s.is('order')) s.fail('the end of the query', 'ORDER BY stands before LIMIT');
  const span = s.span(start);
  if (isBare && query.kind === 'select') query = { ...query, orderBy, limit, span };
  else {
    if (orderBy !== undefined) query = { kind: 'sort', input: query, keys: orderBy, span };
    if (limit !== undefined) query = { kind: 'limit', input: query, ...limit, span };
  }
  if ((orderBy ?? limit) !== undefined && s.isOneOf(SET_OPERATORS))
    s.fail('the end of the query', 'put the query with ORDER BY or LIMIT in parentheses');
  return s.is('|>') ? parsePipes(s, query, start) : query;
}

const SET_OPERATORS: ReadonlySet<string> = new Set(['union', 'intersect', 'except']);
const SET_LEVEL = { union: 1, except: 1, intersect: 2 } as const;

/** The set operations that follow `left`; INTERSECT binds tighter than UNION and EXCEPT. */
function parseSetOps(s: TokenStream, left: Query, level: number, start: number): Query {
  let query = left;
  while (s.isOneOf(SET_OPERATORS)) {
    const op = s.token.word as SetQuery['op'];
    if (SET_LEVEL[op] <= level) break;
    s.pos++;
    const { all, byName } = parseSetOptions(s);
    const rightStart = s.pos;
    const right = parseSetOps(s, parseOperand(s), SET_LEVEL[op], rightStart);
    query = { kind: 'set-op', op, all, byName, left: query, right, span: s.span(start) };
  }
  return query;
}

/** A query without set operations, ORDER BY or LIMIT of its own. */
function parseOperand(s: TokenStream): Query {
  const start = s.pos;
  switch (s.token.word) {
    case 'select':
      return parseSelect(s);
    case 'from':
      s.pos++;
      return parseFromFirst(s, parseFromList(s), start);
    case 'values':
      return parseValues(s);
    case '(': {
      s.pos++;
      const query = s.query();
      s.close(start);
      return query;
    }
    case 'table':
      s.pos++;
      return parseSource(s);
    case 'pivot':
    case 'pivot_wider':
      return parsePivotStatement(s, parseTable);
    case 'unpivot':
    case 'pivot_longer':
      return parseUnpivotStatement(s, parseTable);
    case 'describe':
    case 'desc':
    case 'summarize':
      return parseDescribe(s);
    case 'show':
      return parseShow(s);
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return s.unsupported(`${s.token.word.toUpperCase()} inside a query`);
    default:
      return s.fail('a query, such as SELECT or FROM');
  }
}
