import type { Expr } from '../../src/query/expr.ts';
import type { Query } from '../../src/query/query.ts';
import { parseArgument, parseArgumentName, refuseTwice } from './parse-call.ts';
import { parseJoins } from './parse-join.ts';
import { parsePivotClause, parseUnpivotClause } from './parse-pivot.ts';
import { parseTableSample } from './parse-sample.ts';
import { startsQuery, type TokenStream } from './token-stream.ts';

/** What follows FROM: tables and joins; commas are cross joins. */
export function parseFromList(s: TokenStream): Query {
  const start = s.pos;
  let left = parseJoined(s);
  while (s.accept(',')) {
    if (s.endsList()) break;
    const right = parseJoined(s);
    left = { kind: 'join', left, right, type: 'cross', span: s.span(start) };
  }
  return left;
}

/** A table with the joins that follow it. */
function parseJoined(s: TokenStream): Query {
  const start = s.pos;
  return parseJoins(s, parseTable(s), start, parseTable);
}

/** One item of FROM: its name, query or function, then alias, sample and pivots. */
export function parseTable(s: TokenStream): Query {
  const start = s.pos;
  const prefix = s.peek().word === ':' && s.isName() ? s.name() : undefined;
  if (prefix !== undefined) s.pos++;
  let query = parseSource(s);
  if (prefix !== undefined) query = { kind: 'alias', input: query, name: prefix, span: s.span(start) };
  let hasAlias = prefix !== undefined;
  for (;;) {
    const next = parseTableSuffix(s, query, start, hasAlias);
    if (next === undefined) return query;
    hasAlias ||= next.kind === 'alias';
    if (next.kind === 'pivot' || next.kind === 'unpivot') hasAlias = false;
    query = next;
  }
}

function parseTableSuffix(s: TokenStream, query: Query, start: number, hasAlias: boolean): Query | undefined {
  switch (s.token.word) {
    case 'tablesample':
      return parseTableSample(s, query, start);
    case 'pivot':
      return parsePivotClause(s, query, start);
    case 'unpivot':
      return parseUnpivotClause(s, query, start);
    default:
      return hasAlias ? undefined : parseAlias(s, query, start);
  }
}

/** `AS t(a, b)`, `t`, or nothing. */
export function parseAlias(s: TokenStream, input: Query, start: number): Query | undefined {
  const named = s.accept('as');
  if (!named && !s.isBareAlias()) return undefined;
  if (!named && s.isOneOf(NO_ALIAS) && startsSuffix(s)) return undefined;
  const name = named && s.token.kind === 'string' ? s.take('string')! : named ? s.name('an alias') : s.name();
  const columns = s.is('(') ? s.nameList() : undefined;
  return { kind: 'alias', input, name, columns, span: s.span(start) };
}

/** Words that could be an alias but here start something else when the right word follows. */
const NO_ALIAS: ReadonlySet<string> = new Set(['set', 'sample', 'suffix', 'nulls', 'prefix', 'with']);

function startsSuffix(s: TokenStream): boolean {
  const next = s.peek();
  switch (s.token.word) {
    case 'suffix':
    case 'prefix':
      return next.kind === 'string';
    case 'nulls':
      return next.word === 'equal';
    case 'set':
      return next.kind === 'name' || next.kind === 'quoted' || next.word === '(';
    default:
      return next.kind === 'number' || next.word === '(';
  }
}

/** A table, function, query or values in FROM, without alias. */
export function parseSource(s: TokenStream): Query {
  const start = s.pos;
  const { kind, word, value } = s.token;
  switch (kind) {
    case 'string':
      s.pos++;
      return { kind: 'table', path: [value], span: s.span(start) };
    case 'operator':
      if (word === '(') return parseParenthesizedTable(s);
      if (word === '[') return parseFileList(s);
      if (word === '@') return parseRelation(s);
      break;
    case 'name':
      if (word === 'lateral') {
        s.pos++;
        const input = s.is('(') ? parseParenthesizedTable(s) : parseNamedTable(s);
        return { kind: 'lateral', input, span: s.span(start) };
      }
      if (word === 'values' && s.peek().word === '(') return parseValues(s);
      break;
    default:
      break;
  }
  return parseNamedTable(s);
}

/** A table by its name, or a table function. */
export function parseNamedTable(s: TokenStream): Query {
  const start = s.pos;
  const path = [s.peek().word === '(' ? s.label('a table') : s.name('a table')];
  while (s.accept('.')) path.push(s.label("a name after '.'"));
  if (!s.is('(')) return { kind: 'table', path, span: s.span(start) };
  const name = s.peek(-1).kind === 'name' ? path.join('.').toLowerCase() : path.join('.');
  const { args, named } = parseTableArguments(s, name);
  const ordinality = s.accept('with', 'ordinality') ? true : undefined;
  return { kind: 'table-function', name, args, named, ordinality, span: s.span(start) };
}

/** `(a, name := b, name = c)` of a table function or CALL. */
export function parseTableArguments(
  s: TokenStream,
  fn: string,
): { args: Expr[]; named: Record<string, Expr> | undefined } {
  const args: Expr[] = [];
  const named: [string, Expr][] = [];
  const open = s.pos;
  s.expect('(');
  while (!s.is(')')) {
    const where = s.token;
    const name = parseArgumentName(s, true);
    if (name !== undefined) {
      refuseTwice(s, name, named, where);
      named.push([name, parseArgument(s, fn)]);
    } else if (named.length > 0) s.fail('a named argument', 'arguments without a name come first');
    else args.push(parseArgument(s, fn));
    if (!s.accept(',')) break;
  }
  s.close(open);
  return { args, named: named.length === 0 ? undefined : Object.fromEntries(named) };
}

/** `(t JOIN u ON …)`, `(SELECT …)`: a query and a table look alike until their first token. */
function parseParenthesizedTable(s: TokenStream): Query {
  const start = s.pos++;
  let query: Query;
  if (startsQuery(s)) query = s.query();
  else {
    const inner = s.pos;
    query = s.from();
    if (s.isQueryAt(inner) && s.isBracketed(inner)) query = s.continueQuery(query);
  }
  s.close(start);
  return query;
}

/** `VALUES (1, 'a'), (2, 'b')` */
export function parseValues(s: TokenStream): Query {
  const start = s.pos++;
  const rows = s.list(() => s.bracketedList(() => s.expr()));
  const width = rows[0]!.length;
  const odd = rows.findIndex(row => row.length !== width);
  if (odd >= 0) {
    const { start: from, end } = s.span(start);
    s.error(
      `row ${odd + 1} of VALUES has ${counted(rows[odd]!.length)}, the first has ${counted(width)}`,
      rows[odd]![0]!.span ?? { start: from, end },
      'all rows need as many values; NULL stands for one that is missing',
    );
  }
  return { kind: 'values', rows, span: s.span(start) };
}

const counted = (n: number): string => (n === 1 ? '1 value' : `${n} values`);

const READERS: Readonly<Record<string, string>> = {
  parquet: 'read_parquet',
  csv: 'read_csv',
  tsv: 'read_csv',
  json: 'read_json',
  ndjson: 'read_json',
  jsonl: 'read_json',
  arrow: 'read_arrow',
};

/** `FROM ['a.parquet', 'b.parquet']` = `read_parquet(['a.parquet', 'b.parquet'])` */
function parseFileList(s: TokenStream): Query {
  const start = s.pos;
  const files = s.bracketed(
    () => s.list(() => ({ where: s.token, path: s.take('string') ?? s.fail('the path of a file, a string') })),
    '[',
    ']',
  );
  const span = s.span(start);
  const readers = files.map(({ path, where }) => {
    const extension = /\.(\w+)(?:\.(?:gz|zst))?$/.exec(path)?.[1]?.toLowerCase() ?? '';
    return (
      READERS[extension] ?? s.error(`no reader is known for '${path}'`, where, "name it: read_csv(['a.txt', 'b.txt'])")
    );
  });
  const odd = readers.findIndex(reader => reader !== readers[0]);
  if (odd >= 0) s.error('all files of a list must have one format', files[odd]!.where);
  const paths = files.map(
    ({ path, where }): Expr => ({
      kind: 'literal',
      value: { type: { kind: 'utf8' }, value: path },
      span: { start: where.start, end: where.end },
    }),
  );
  return {
    kind: 'table-function',
    name: readers[0]!,
    args: [{ kind: 'call', fn: 'list_value', args: paths, span }],
    span,
  };
}

/** `@3`: the session's relation without a name, as printed for a DataFrame over data in memory. */
function parseRelation(s: TokenStream): Query {
  const start = s.pos++;
  const digits = s.take('number') ?? s.fail("a relation's number after '@'");
  if (!/^\d{1,9}$/.test(digits)) s.error(`'${digits}' is no relation's number`, s.peek(-1));
  return { kind: 'relation', id: Number(digits), span: s.span(start) };
}
