import { storedColumns, type TableEntry } from '../../src/catalog/entry.ts';
import { RayexecError } from '../../src/common/errors.ts';
import type { TableTarget } from '../../src/plan/logical-plan.ts';
import { joinSmallParts } from '../../src/storage/join-small-parts.ts';
import type { TableVersion } from '../../src/storage/table-version.ts';
import type { Session } from './session.ts';
import { withRows } from './tables.ts';

/** The table of a target as it is now. @throws RayexecError `catalog` when it is gone */
export function tableOf(session: Session, { table, name }: TableTarget): TableEntry {
  const entry = session.catalog.entries().find(e => e.kind === 'table' && e.id === table);
  if (entry?.kind !== 'table') throw new RayexecError('catalog', `table '${name}' was dropped meanwhile`);
  return entry;
}

/** Makes rows the table's next version. @param keysFollow the key indexes of the version before have these rows' keys */
export function replaceRows(session: Session, table: TableEntry, rows: TableVersion, keysFollow: boolean): void {
  const types = storedColumns(table.columns).map(c => c.type);
  const joined = joinSmallParts(session.host.readyMachine, types, rows);
  const after = joined ?? rows;
  if (keysFollow) session.keys.follow(table.id, table.rows, after);
  else session.keys.follow(table.id, rows, after);
  session.putTable(withRows(table, after));
  joined?.release();
}

/** Whether new values in these stored columns leave the keys of a table's rows as they are. */
export function keepsKeys(table: TableEntry, set: readonly number[]): boolean {
  const stored = storedColumns(table.columns);
  const changed = set.map(c => stored[c]!.name.toLowerCase());
  return table.constraints.keys.every(k => k.columns.every(c => !changed.includes(c.toLowerCase())));
}

/** Indexes the keys of a table's next version. @throws RayexecError `constraint` when two rows have the same key */
export function rebuildKeys(session: Session, table: TableEntry, rows: TableVersion): void {
  session.keys.of(session.host.readyMachine, table, rows);
}
