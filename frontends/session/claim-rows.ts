import type { TableEntry } from '../../src/catalog/entry.ts';
import type { TableVersion } from '../../src/storage/table-version.ts';
import type { Conflict } from './claim-keys.ts';
import type { Session } from './session.ts';

/**
 * Enters rows that come behind a table's into the indexes of its keys.
 * @param tolerated keys about which conflicts are no errors
 * @param before the table's version without what the statement deletes
 */
export function claimKeys(
  session: Session,
  table: TableEntry,
  rows: TableVersion,
  tolerated: readonly number[],
  before: TableVersion = table.rows,
): readonly Conflict[] {
  if (table.constraints.keys.length === 0) return [];
  const machine = session.host.readyMachine;
  const isLive = (id: number): boolean => before.hasRow(machine.memory, id);
  return session.keys
    .of(machine, table)
    .claim(rows, { start: before.positions, isLive, tolerated: key => tolerated.includes(key) });
}
