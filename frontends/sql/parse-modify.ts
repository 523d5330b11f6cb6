import type { Expr } from '../../src/query/expr.ts';
import type { Query } from '../../src/query/query.ts';
import type { Merge, Statement } from '../../src/query/statement.ts';
import { parseFromList, parseTable } from './parse-from.ts';
import { parseAssignments, parseObjectName, parseReturning } from './parse-insert.ts';
import type { TokenStream } from './token-stream.ts';

/** `[AS] alias` of the table that a statement changes. */
function parseTarget(s: TokenStream): { table: ReturnType<typeof parseObjectName>; alias: string | undefined } {
  const table = parseObjectName(s, 'the name of a table');
  const alias = s.accept('as') || (s.isBareAlias() && !s.is('set')) ? s.name('an alias') : undefined;
  return { table, alias };
}

/** `UPDATE t SET a = 1 FROM u WHERE …` */
export function parseUpdate(s: TokenStream): Extract<Statement, { kind: 'update' }> {
  s.pos++;
  const target = parseTarget(s);
  s.expect('set');
  const set = parseAssignments(s);
  const from = s.accept('from') ? parseFromList(s) : undefined;
  const where = s.accept('where') ? s.expr() : undefined;
  return { kind: 'update', ...target, set, from, where, returning: parseReturning(s) };
}

/** `DELETE FROM t USING u WHERE …` */
export function parseDelete(s: TokenStream): Extract<Statement, { kind: 'delete' }> {
  s.pos++;
  s.expect('from');
  const target = parseTarget(s);
  const using = s.accept('using') ? parseFromList(s) : undefined;
  const where = s.accept('where') ? s.expr() : undefined;
  return { kind: 'delete', ...target, using, where, returning: parseReturning(s) };
}

/** `TRUNCATE [TABLE] t` */
export function parseTruncate(s: TokenStream): Statement {
  s.pos++;
  s.accept('table');
  return { kind: 'truncate', table: parseObjectName(s, 'the name of a table') };
}

type Clause = Merge['clauses'][number];

/** `MERGE INTO t USING s ON … WHEN MATCHED THEN UPDATE SET … WHEN NOT MATCHED THEN INSERT …` */
export function parseMerge(s: TokenStream): Extract<Statement, { kind: 'merge' }> {
  s.pos++;
  s.accept('into');
  const target = parseTarget(s);
  s.expect('using');
  const using: Query = parseTable(s);
  const on = s.accept('using') ? s.nameList() : parseOn(s);
  const clauses: Clause[] = [];
  while (s.accept('when')) clauses.push(parseClause(s));
  if (clauses.length === 0) s.fail('WHEN MATCHED or WHEN NOT MATCHED');
  return { kind: 'merge', ...target, using, on, clauses, returning: parseReturning(s) };
}

function parseOn(s: TokenStream): Expr {
  s.expect('on');
  return s.expr();
}

function parseClause(s: TokenStream): Clause {
  let when: Clause['when'] = 'matched';
  if (s.accept('not')) when = 'not-matched';
  s.expect('matched');
  if (when === 'not-matched' && s.accept('by')) {
    if (s.accept('source')) when = 'not-matched-by-source';
    else s.expect('target');
  }
  const condition = s.accept('and') ? s.expr() : undefined;
  s.expect('then');
  return { when, condition, action: parseAction(s, when) };
}

function parseAction(s: TokenStream, when: Clause['when']): Clause['action'] {
  if (s.accept('do', 'nothing')) return { kind: 'nothing' };
  if (s.accept('error')) return { kind: 'error', message: endsClause(s) ? undefined : s.expr() };
  const inserts = when === 'not-matched';
  if (!inserts && s.accept('delete')) return { kind: 'delete' };
  if (!inserts && s.accept('update')) return { kind: 'update', set: parseMergeSet(s) };
  if (inserts && s.accept('insert')) return parseMergeInsert(s);
  return s.fail(inserts ? 'INSERT, DO NOTHING or ERROR' : 'UPDATE, DELETE, DO NOTHING or ERROR');
}

const endsClause = (s: TokenStream): boolean =>
  s.is('when') || s.is('returning') || s.is(';') || s.token.kind === 'end';

/** `UPDATE`, `UPDATE SET *`, `UPDATE BY NAME`, `UPDATE SET a = 1` */
function parseMergeSet(s: TokenStream): Extract<Clause['action'], { kind: 'update' }>['set'] {
  const by = parseBy(s);
  if (!s.accept('set') || s.accept('*')) return by ?? 'by-position';
  if (by !== undefined) s.fail("'*'");
  return parseAssignments(s);
}

/** `INSERT`, `INSERT *`, `INSERT BY NAME`, `INSERT DEFAULT VALUES`, `INSERT (a, b) VALUES (1, 2)` */
function parseMergeInsert(s: TokenStream): Clause['action'] {
  if (s.accept('default', 'values')) return { kind: 'insert', values: 'default-values' };
  const by = parseBy(s);
  if (by !== undefined || s.accept('*') || endsClause(s)) {
    if (by !== undefined) s.accept('*');
    return { kind: 'insert', values: by ?? 'by-position' };
  }
  const columns = s.is('(') ? s.nameList() : undefined;
  s.expect('values');
  return { kind: 'insert', columns, values: s.bracketedList(() => s.expr()) };
}

function parseBy(s: TokenStream): 'by-name' | 'by-position' | undefined {
  if (s.accept('by', 'name')) return 'by-name';
  return s.accept('by', 'position') ? 'by-position' : undefined;
}
