import type { BoundStatement } from '../../src/bind/bound-statement.ts';
import type { Changes } from '../../src/bind/column-changes.ts';
import { storedColumns, type TableEntry } from '../../src/catalog/entry.ts';
import { type ChangedRows, distinctChanges, withoutRows } from '../../src/storage/changed-rows.ts';
import { type Overwritten, overwriteRows } from '../../src/storage/overwrite-rows.ts';
import type { TableVersion } from '../../src/storage/table-version.ts';
import { checkNotNull, checkRows } from './check-rows.ts';
import { collectResult, countResult, storeRows } from './collect-result.ts';
import { withPending } from './pending.ts';
import { keepsKeys, rebuildKeys, replaceRows, tableOf } from './replace-rows.ts';
import { Result } from './result.ts';
import type { QueryOptions, Session } from './session.ts';
import { Versions } from './versions.ts';

type Modify = Extract<BoundStatement, { kind: 'modify' }>;

/** UPDATE and DELETE: finds the rows and their new values, then makes the table's next version of them. */
export async function modifyRows(session: Session, bound: Modify, options: QueryOptions): Promise<Result> {
  const { memory } = session.host.readyMachine;
  const versions = new Versions();
  try {
    const found = await storeRows(session, bound.query, options);
    const table = tableOf(session, bound.target);
    const changes = distinctChanges(memory, { rows: found, idColumn: bound.columns.length }, table.rows.positions);
    versions.add(changes.rows);
    const after = versions.add(await changedVersion(session, table, bound, changes, options));
    await checkRows(session, bound.checks.table, after, options);
    const keysFollow = bound.action === 'delete' || keepsKeys(table, bound.set);
    if (!keysFollow) rebuildKeys(session, table, after);
    replaceRows(session, table, after, keysFollow);
    if (bound.returning === undefined) return countResult(changes.rows.rows);
    return new Result(await collectResult(session, withPending(bound.returning, changes.rows), options));
  } catch (error) {
    session.keys.drop(bound.target.table);
    throw error;
  } finally {
    versions.release();
  }
}

async function changedVersion(
  session: Session,
  table: TableEntry,
  bound: Modify,
  changes: ChangedRows,
  options: QueryOptions,
): Promise<TableVersion> {
  const { memory } = session.host.readyMachine;
  if (bound.action === 'delete') return withoutRows(memory, table.rows, changes);
  checkNotNull(session, table, changes.rows, bound.columns);
  await checkRows(session, bound.checks.rows, changes.rows, options);
  return overwriteRows(memory, table.rows, changes, overwritten(table, bound));
}

/** The columns that changes write, and where their values stand. */
export function overwritten(table: TableEntry, { columns, set }: Pick<Changes, 'columns' | 'set'>): Overwritten[] {
  const stored = storedColumns(table.columns);
  return set.map(column => ({ column, from: columns.indexOf(column), type: stored[column]!.type }));
}
