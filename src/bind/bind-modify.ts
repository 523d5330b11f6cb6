import type { TableEntry } from '../catalog/entry.ts';
import type { BoundQuery } from '../plan/logical-plan.ts';
import type { Expr } from '../query/expr.ts';
import type { Query, SelectItem } from '../query/query.ts';
import type { Statement } from '../query/statement.ts';
import { BOOLEAN, INT32 } from '../types/data-type.ts';
import { targetOf } from './bind-insert.ts';
import { candidates } from './bind-name.ts';
import { refuseUnnest } from './bind-unnest.ts';
import { type Binder, bindError, notYet } from './binder.ts';
import type { BoundStatement } from './bound-statement.ts';
import { exactRows } from './exact-rows.ts';
import { sameName } from './scope.ts';

type Update = Extract<Statement, { kind: 'update' }>;
type Delete = Extract<Statement, { kind: 'delete' }>;

const TRUE: Expr = { kind: 'literal', value: { type: BOOLEAN, value: true } };
const call = (fn: string, ...args: readonly Expr[]): Expr => ({ kind: 'call', fn, args });

/** UPDATE: the table's rows with new values where the condition holds. */
export function bindUpdate(b: Binder, statement: Update): BoundStatement {
  const table = modified(b, statement);
  const joined = statement.from === undefined ? undefined : updateSource(statement, statement.from);
  const where = joined?.matched ?? statement.where ?? TRUE;
  for (const { name } of statement.set) {
    if (table.columns.some(c => sameName(c.name, name))) continue;
    throw bindError(
      `Referenced update column ${name} not found in table!`,
      statement.table.span,
      candidates(
        name,
        table.columns.map(c => c.name),
      ),
    );
  }
  const items = table.columns.map((column): SelectItem => {
    const old: Expr = { kind: 'name', path: [statement.alias ?? table.name, column.name] };
    const set = statement.set.filter(s => sameName(s.name, column.name));
    for (const { expr } of set) refuseUnnest(expr, 'UPDATE … SET');
    if (set.length > 1) throw bindError(`Multiple assignments to column "${column.name}"`, statement.table.span);
    if (set[0] === undefined) return { expr: old, alias: column.name };
    const isDefault = set[0].expr.kind === 'call' && set[0].expr.fn === 'default';
    const value: Expr = isDefault
      ? (column.default ?? { kind: 'literal', value: { type: { kind: 'null' }, value: null } })
      : (joined?.value(set[0].name) ?? set[0].expr);
    const result: Expr = { kind: 'cast', input: value, type: column.type, try: false, span: value.span };
    return { expr: { kind: 'case', branches: [{ when: where, result }], otherwise: old }, alias: column.name };
  });
  const target = from(table, statement);
  const rows: Query = { kind: 'select', from: joined === undefined ? target : joined.join(target), items };
  return rewritten(b, table, rows, counting(table, statement, joined?.exists ?? statement.where));
}

/**
 * What UPDATE … FROM joins: beside each row of the table the values from the first row of the source that fulfils the
 * condition (which is the first, with several, is left open).
 */
function updateSource(statement: Update, source: Query) {
  const name = 'update source';
  const path = (column: string): Expr => ({ kind: 'name', path: [name, column] });
  const values = statement.set.map((s, i) => ({ expr: s.expr, alias: `value ${i}` }));
  const condition = statement.where === undefined ? {} : { where: statement.where };
  const one: Expr = { kind: 'literal', value: { type: INT32, value: 1 } };
  const first: Query = {
    kind: 'select',
    from: source,
    items: [{ expr: TRUE, alias: 'matched' }, ...values],
    ...condition,
    limit: { count: one },
  };
  return {
    matched: path('matched'),
    value: (column: string): Expr => path(`value ${statement.set.findIndex(s => s.name === column)}`),
    exists: { kind: 'exists', query: { kind: 'select', from: source, items: [{ expr: one }], ...condition } } as Expr,
    join: (target: Query): Query => ({
      kind: 'join',
      type: 'left',
      left: target,
      right: { kind: 'lateral', input: { kind: 'alias', input: first, name } },
      on: { kind: 'on', predicate: TRUE },
    }),
  };
}

/** DELETE: the table's rows where the condition does not hold. */
export function bindDelete(b: Binder, statement: Delete): BoundStatement {
  const table = modified(b, statement);
  const { using } = statement;
  // USING joins: a row goes when any row of the other table fulfils the condition.
  const condition: Expr = statement.where ?? TRUE;
  const where: Expr =
    using === undefined
      ? condition
      : { kind: 'exists', query: { kind: 'select', from: using, items: [{ expr: TRUE }], where: condition } };
  const kept: Query = {
    kind: 'select',
    from: from(table, statement),
    items: [{ expr: { kind: 'star' } }],
    where: call('is not true', where),
  };
  return rewritten(b, table, kept, counting(table, statement, where));
}

/** TRUNCATE: no rows. */
export function bindTruncate(b: Binder, statement: Extract<Statement, { kind: 'truncate' }>): BoundStatement {
  const table = b.catalog.table(statement.table);
  const none: Query = {
    kind: 'select',
    from: from(table, {}),
    items: [{ expr: { kind: 'star' } }],
    limit: { count: { kind: 'literal', value: { type: { kind: 'int', bits: 32, signed: true }, value: 0 } } },
  };
  return rewritten(b, table, none, counting(table, {}, undefined));
}

function modified(b: Binder, statement: Update | Delete): TableEntry {
  if (statement.returning !== undefined) throw notYet('RETURNING is', statement.table.span);
  return b.catalog.table(statement.table);
}

function from(table: TableEntry, { alias }: { readonly alias?: string | undefined }): Query {
  const input: Query = { kind: 'table', path: [table.schema, table.name] };
  return alias === undefined ? input : { kind: 'alias', input, name: alias };
}

const counting = (
  table: TableEntry,
  statement: { readonly alias?: string | undefined },
  where: Expr | undefined,
): Query => ({
  kind: 'select',
  from: from(table, statement),
  items: [{ expr: { kind: 'call', fn: 'count', args: [] }, alias: 'Count' }],
  ...(where === undefined ? {} : { where }),
});

function rewritten(b: Binder, table: TableEntry, rows: Query, count: Query): BoundStatement {
  const none = { outer: undefined, ctes: undefined };
  const query = exactRows(b, b.query(b, rows, none), table.columns);
  const counted = b.query(b, count, none);
  const countQuery: BoundQuery = exactRows(
    b,
    counted,
    counted.scope.columns.map(c => ({ name: c.name, type: c.column.type })),
  );
  return { kind: 'rewrite', target: targetOf(table), query, count: countQuery };
}
