import type { BoundStatement } from '../../src/bind/bound-statement.ts';
import { storedColumns, type TableEntry } from '../../src/catalog/entry.ts';
import { attachIds } from '../../src/storage/attach-ids.ts';
import { distinctRows, withoutPositions } from '../../src/storage/changed-rows.ts';
import { overwriteRows } from '../../src/storage/overwrite-rows.ts';
import type { TableVersion } from '../../src/storage/table-version.ts';
import { checkNotNull, checkRows } from './check-rows.ts';
import type { Conflict } from './claim-keys.ts';
import { claimKeys } from './claim-rows.ts';
import { collectResult, countResult, storeRows } from './collect-result.ts';
import { overwritten } from './modify-rows.ts';
import { withPending } from './pending.ts';
import { keepsKeys, rebuildKeys, replaceRows, tableOf } from './replace-rows.ts';
import { Result } from './result.ts';
import { belowRoot } from './root-input.ts';
import type { QueryOptions, Session } from './session.ts';
import { Versions } from './versions.ts';

type Insert = Extract<BoundStatement, { kind: 'insert' }>;

/** INSERT: the rows that take their keys are appended; the others are an error, left out, or update what has the key. */
export async function insertRows(session: Session, bound: Insert, options: QueryOptions): Promise<Result> {
  const versions = new Versions();
  try {
    const rows = versions.add(await storeRows(session, belowRoot(bound.query), options));
    const table = tableOf(session, bound.target);
    checkNotNull(session, table, rows);
    await checkRows(session, bound.checks.rows, rows, options);
    const conflicts = claimKeys(session, table, rows, bound.conflict?.keys ?? []);
    const written = await writeRows(session, table, rows, conflicts, bound, options, versions);
    await checkRows(session, bound.checks.table, written.after, options);
    replaceRows(session, table, written.after, written.keysFollow);
    if (bound.returning === undefined) return countResult(written.rows.rows);
    return new Result(await collectResult(session, withPending(bound.returning, written.rows), options));
  } catch (error) {
    // Keys of rows that did not come after all are in the index.
    session.keys.drop(bound.target.table);
    throw error;
  } finally {
    versions.release();
  }
}

/** The table's next version, and the rows that the statement wrote: new ones and, with DO UPDATE, changed ones. */
async function writeRows(
  session: Session,
  table: TableEntry,
  rows: TableVersion,
  conflicts: readonly Conflict[],
  bound: Insert,
  options: QueryOptions,
  versions: Versions,
): Promise<{ readonly after: TableVersion; readonly rows: TableVersion; readonly keysFollow: boolean }> {
  const { memory } = session.host.readyMachine;
  if (conflicts.length === 0) return { after: versions.add(table.rows.append(rows)), rows, keysFollow: true };
  const inserted = versions.add(withoutPositions(memory, rows, conflicts));
  const after = versions.add(table.rows.append(inserted));
  const update = bound.conflict?.update;
  // Of several rows with the key of one that is there the first counts; of several with a new key too.
  const first = new Map<number, Conflict>();
  for (const c of conflicts) if (c.holder !== undefined && !first.has(c.holder)) first.set(c.holder, c);
  if (update === undefined || first.size === 0) return { after, rows: inserted, keysFollow: true };
  const pending = versions.add(
    attachIds(
      memory,
      rows,
      [...first.values()].map(c => ({ ...c, id: c.holder! })),
    ),
  );
  const found = versions.add(await storeRows(session, withPending(update.query, pending), options));
  const idColumn = update.columns.length;
  const changes = { rows: versions.add(distinctRows(memory, { rows: found, idColumn }, after.positions)), idColumn };
  const stored = storedColumns(table.columns);
  checkNotNull(session, table, changes.rows, update.columns);
  await checkRows(session, update.checks.rows, changes.rows, options);
  const changed = versions.add(overwriteRows(session.host.readyMachine, after, changes, overwritten(table, update)));
  await checkRows(session, update.checks.table, changed, options);
  const keysFollow = keepsKeys(table, update.set);
  if (!keysFollow) rebuildKeys(session, table, changed);
  const both = versions.add(inserted.append(versions.add(changes.rows.firstColumns(stored.length))));
  return { after: changed, rows: both, keysFollow };
}
