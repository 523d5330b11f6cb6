import { storedColumns } from '../../catalog/entry.ts';
import type { Query } from '../../query/query.ts';
import type { Statement } from '../../query/statement.ts';
import type { Binder } from '../binder.ts';
import type { BoundStatement } from '../bound-statement.ts';
import { targetOf } from './bind-insert.ts';
import { bindReturning } from './bind-returning.ts';
import { assignments, changesQuery, targetRows } from './column-changes.ts';
import { checksOfDelete, checksOfWrite } from './row-checks.ts';

type Update = Extract<Statement, { kind: 'update' }>;
type Delete = Extract<Statement, { kind: 'delete' }>;
type Truncate = Extract<Statement, { kind: 'truncate' }>;

/** UPDATE: new values for the rows where the condition holds (with one of the rows of FROM, if there are several). */
export function bindUpdate(b: Binder, statement: Update): BoundStatement {
  const table = b.catalog.table(statement.table);
  const values = assignments(table, statement.set, statement.table.span);
  const changed = [...values.keys()];
  const checks = checksOfWrite(
    b,
    table,
    changed.map(c => c.name),
  );
  const needsAll = statement.returning !== undefined || checks.rows.length > 0;
  const wanted = needsAll ? storedColumns(table.columns) : changed;
  const from = joined(targetRows(b, table, statement.alias), statement.from);
  const changes = changesQuery(b, table, { ...statement, from }, values, wanted);
  return {
    kind: 'modify',
    action: 'update',
    target: targetOf(table),
    ...changes,
    checks,
    returning: bindReturning(b, table, statement),
  };
}

/** DELETE: the rows where the condition holds, with any of the rows of USING. */
export function bindDelete(b: Binder, statement: Delete): BoundStatement {
  const table = b.catalog.table(statement.table);
  const wanted = statement.returning === undefined ? [] : storedColumns(table.columns);
  const from = joined(targetRows(b, table, statement.alias), statement.using);
  const changes = changesQuery(b, table, { ...statement, from }, new Map(), wanted);
  return {
    kind: 'modify',
    action: 'delete',
    target: targetOf(table),
    ...changes,
    checks: checksOfDelete(b, table),
    returning: bindReturning(b, table, statement),
  };
}

/** TRUNCATE: all rows. */
export function bindTruncate(b: Binder, { table, span }: Truncate): BoundStatement {
  return bindDelete(b, { kind: 'delete', table, span });
}

const joined = (target: Query, other: Query | undefined): Query =>
  other === undefined ? target : { kind: 'join', type: 'cross', left: target, right: other };
