import type { NamedExpr, Query } from '../../src/query/query.ts';
import type { Insert, ObjectName, OnConflict, Returning, Statement } from '../../src/query/statement.ts';
import { parseItem } from './parse-select.ts';
import { startsQuery, type TokenStream } from './token-stream.ts';

/** `[catalog.][schema.]name` with its place. */
export function parseObjectName(s: TokenStream, what: string): ObjectName {
  const start = s.pos;
  const path = [s.name(what)];
  while (s.accept('.')) path.push(s.label("a name after '.'"));
  if (path.length > 3) s.error('a name has at most three parts: catalog, schema, name', s.span(start));
  return { path, span: s.span(start) };
}

/** `INSERT [OR REPLACE | OR IGNORE] INTO t (a, b) [BY NAME] query ON CONFLICT … RETURNING …` */
export function parseInsert(s: TokenStream): Extract<Statement, { kind: 'insert' }> {
  let onConflict: OnConflict | undefined;
  if (s.accept('insert', 'or', 'replace') || s.accept('replace')) onConflict = { action: 'replace' };
  else if (s.accept('insert', 'or', 'ignore')) onConflict = { action: 'nothing' };
  else s.expect('insert');
  s.expect('into');
  const table = parseObjectName(s, 'the name of a table');
  const alias = s.accept('as') ? s.name('an alias') : undefined;
  const columns = s.is('(') && !startsQuery(s, 1) ? s.nameList() : undefined;
  const byName = s.accept('by', 'name');
  if (!byName) s.accept('by', 'position');
  const source: Insert['source'] = s.accept('default', 'values') ? 'default-values' : parseSource(s);
  const conflict = s.accept('on', 'conflict') ? parseOnConflict(s) : onConflict;
  return { kind: 'insert', table, alias, columns, byName, source, onConflict: conflict, returning: parseReturning(s) };
}

function parseSource(s: TokenStream): Query {
  if (!s.is('(') && !startsQuery(s)) s.fail('VALUES or a query');
  return s.query();
}

/** `(a) DO NOTHING`, `(a) DO UPDATE SET b = excluded.b WHERE …` */
function parseOnConflict(s: TokenStream): OnConflict {
  if (s.is('on', 'constraint')) s.unsupported('ON CONFLICT ON CONSTRAINT');
  const columns = s.is('(') ? s.nameList() : undefined;
  if (s.is('where')) s.unsupported('ON CONFLICT (…) WHERE');
  s.expect('do');
  if (s.accept('nothing')) return { columns, action: 'nothing' };
  s.expect('update', 'set');
  const set = parseAssignments(s);
  return { columns, action: { set, where: s.accept('where') ? s.expr() : undefined } };
}

/** `a = 1, (b, c) = (2, 3)` */
export function parseAssignments(s: TokenStream): NamedExpr[] {
  return s
    .list(() => {
      if (s.is('(')) return parseRowAssignment(s);
      const start = s.pos;
      const path = s.path('a column');
      if (path.length > 2) s.unsupported('setting a field of a column', start);
      s.expect('=');
      return [{ name: path.at(-1)!, expr: s.expr() }];
    })
    .flat();
}

function parseRowAssignment(s: TokenStream): NamedExpr[] {
  const names = s.nameList();
  s.expect('=');
  const start = s.pos;
  const value = s.expr();
  const values = value.kind === 'row' ? value.items : [value];
  if (values.length !== names.length) {
    if (value.kind === 'scalar-query') s.unsupported('setting several columns from a query', start);
    s.error(`${names.length} columns are set to ${values.length} values`, value.span!);
  }
  return names.map((name, i) => ({ name, expr: values[i]! }));
}

/** `RETURNING *`, `RETURNING a + 1 AS b`; undefined when absent. */
export function parseReturning(s: TokenStream): readonly Returning[] | undefined {
  return s.accept('returning') ? s.list(() => parseItem(s)) : undefined;
}
