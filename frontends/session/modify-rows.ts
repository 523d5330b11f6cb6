import { valueReader } from '../../src/batch/read.ts';
import { fromRef } from '../../src/batch/vector-ref.ts';
import type { BoundStatement } from '../../src/bind/bound-statement.ts';
import { MERGE_ACTIONS } from '../../src/bind/statements/bind-merge.ts';
import type { Changes } from '../../src/bind/statements/column-changes.ts';
import { storedColumns, type TableEntry } from '../../src/catalog/entry.ts';
import { RayexecError } from '../../src/common/errors.ts';
import type { LinearMemory } from '../../src/memory/linear-memory.ts';
import { distinctRows, onlyPositions, type Place, withoutRows } from '../../src/storage/changed-rows.ts';
import { type Overwritten, overwriteRows } from '../../src/storage/overwrite-rows.ts';
import { isLiveAt } from '../../src/storage/segment.ts';
import { TableVersion } from '../../src/storage/table-version.ts';
import { INT8, UTF8 } from '../../src/types/data-type.ts';
import { checkNotNull, checkRows } from './check-rows.ts';
import { claimKeys } from './claim-rows.ts';
import { collectResult, countResult, storeRows } from './collect-result.ts';
import { withPending } from './pending.ts';
import { keepsKeys, rebuildKeys, replaceRows, tableOf } from './replace-rows.ts';
import { Result } from './result.ts';
import type { QueryOptions, Session } from './session.ts';
import { Versions } from './versions.ts';

type Modify = Extract<BoundStatement, { kind: 'modify' }>;

/** UPDATE, DELETE and MERGE: finds the rows and their new values, then makes the table's next version of them. */
export async function modifyRows(session: Session, bound: Modify, options: QueryOptions): Promise<Result> {
  const versions = new Versions();
  try {
    const found = versions.add(await storeRows(session, bound.query, options));
    const table = tableOf(session, bound.target);
    const actions = actionsOf(session, table, bound, found, versions);
    const written = versions.add(actions.updated.append(actions.inserted));
    if (bound.action !== 'delete') {
      checkNotNull(session, table, written, bound.columns);
      await checkRows(session, bound.checks.rows, written, options);
    }
    const { after, keysFollow } = changedVersion(session, table, bound, actions, versions);
    await checkRows(session, bound.checks.table, after, options);
    if (!keysFollow) rebuildKeys(session, table, after);
    replaceRows(session, table, after, keysFollow);
    const changed = versions.add(written.append(actions.deleted));
    if (bound.returning === undefined) return countResult(changed.rows);
    return new Result(await collectResult(session, withPending(bound.returning, changed), options));
  } catch (error) {
    session.keys.drop(bound.target.table);
    throw error;
  } finally {
    versions.release();
  }
}

/** Changes by what they do. Those with a row id are about a row of the table, each about another one. */
type Actions = { readonly updated: TableVersion; readonly deleted: TableVersion; readonly inserted: TableVersion };

function actionsOf(
  session: Session,
  table: TableEntry,
  { action, columns }: Modify,
  found: TableVersion,
  versions: Versions,
): Actions {
  const { memory } = session.host.readyMachine;
  const idColumn = columns.length;
  const distinct = (rows: TableVersion): TableVersion =>
    versions.add(distinctRows(memory, { rows, idColumn }, table.rows.positions));
  const none = versions.add(new TableVersion());
  if (action === 'update') return { updated: distinct(found), deleted: none, inserted: none };
  if (action === 'delete') return { updated: none, deleted: distinct(found), inserted: none };
  const byAction = placesByAction(memory, found, idColumn + 1);
  const failed = byAction.get(MERGE_ACTIONS.error)?.[0];
  if (failed !== undefined) throw mergeError(memory, found, failed, idColumn + 2);
  const rowsOf = (codes: readonly number[]): TableVersion => {
    const places = codes.flatMap(code => byAction.get(code) ?? []);
    return places.length === 0 ? none : versions.add(onlyPositions(memory, found, places));
  };
  // A row of the table that several rows of the source ask for is changed by the first.
  const changed = distinct(rowsOf([MERGE_ACTIONS.update, MERGE_ACTIONS.delete]));
  const changedBy = placesByAction(memory, changed, idColumn + 1);
  const partOf = (code: number): TableVersion =>
    versions.add(onlyPositions(memory, changed, changedBy.get(code) ?? []));
  return {
    updated: partOf(MERGE_ACTIONS.update),
    deleted: partOf(MERGE_ACTIONS.delete),
    inserted: rowsOf([MERGE_ACTIONS.insert]),
  };
}

/** The live rows of a version by the action that their column says. */
function placesByAction(memory: LinearMemory, rows: TableVersion, column: number): ReadonlyMap<number, Place[]> {
  const places = new Map<number, Place[]>();
  rows.parts.forEach(({ segment }, part) => {
    const action = valueReader(memory, fromRef(INT8, segment.columns[column]!));
    for (let position = 0; position < segment.rows; position++) {
      if (!isLiveAt(memory, segment, position)) continue;
      const code = Number(action(position));
      const list = places.get(code);
      if (list === undefined) places.set(code, [{ part, position }]);
      else list.push({ part, position });
    }
  });
  return places;
}

function mergeError(memory: LinearMemory, rows: TableVersion, { part, position }: Place, column: number): RayexecError {
  const message = valueReader(memory, fromRef(UTF8, rows.parts[part]!.segment.columns[column]!))(position);
  return new RayexecError('constraint', String(message));
}

/** The table's next version. @returns `keysFollow`: whether the indexes of its keys have been kept up */
function changedVersion(
  session: Session,
  table: TableEntry,
  bound: Modify,
  { updated, deleted, inserted }: Actions,
  versions: Versions,
): { readonly after: TableVersion; readonly keysFollow: boolean } {
  const { memory } = session.host.readyMachine;
  const idColumn = bound.columns.length;
  let after = table.rows;
  if (updated.rows > 0)
    after = versions.add(
      overwriteRows(session.host.readyMachine, after, { rows: updated, idColumn }, overwritten(table, bound)),
    );
  if (deleted.rows > 0) after = versions.add(withoutRows(memory, after, { rows: deleted, idColumn }));
  const keysFollow = updated.rows === 0 || keepsKeys(table, bound.set);
  if (inserted.rows > 0) {
    const rows = versions.add(inserted.firstColumns(storedColumns(table.columns).length));
    if (keysFollow) claimKeys(session, table, rows, [], after);
    after = versions.add(after.append(rows));
  }
  return { after, keysFollow };
}

/** The columns that changes write, and where their values stand. */
export function overwritten(table: TableEntry, { columns, set }: Pick<Changes, 'columns' | 'set'>): Overwritten[] {
  const stored = storedColumns(table.columns);
  return set.map(column => ({ column, from: columns.indexOf(column), type: stored[column]!.type }));
}
