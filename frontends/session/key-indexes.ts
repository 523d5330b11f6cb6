import type { TableEntry } from '../../src/catalog/entry.ts';
import type { Machine } from '../../src/execute/runtime.ts';
import type { TableVersion } from '../../src/storage/table-version.ts';
import { TableKeys } from './claim-keys.ts';

/**
 * The key indexes of tables, by table. An index is of one version, and goes along with statements that only add rows; it
 * is built again when a statement finds its table at another version.
 */
export class KeyIndexes {
  readonly #byTable = new Map<number, TableKeys>();

  /** The indexes of a table's version. @throws RayexecError `constraint` when two rows have the same key */
  of(machine: Machine, table: TableEntry, version: TableVersion = table.rows): TableKeys {
    const known = this.#byTable.get(table.id);
    if (known !== undefined && known.version === version) return known;
    this.drop(table.id);
    const built = new TableKeys(machine, table, version);
    this.#byTable.set(table.id, built);
    return built;
  }

  /** Rows are the table's next version: the index goes on with it, if it had the version before. */
  follow(table: number, before: TableVersion, after: TableVersion): void {
    const known = this.#byTable.get(table);
    if (known?.version === before) known.version = after;
  }

  /** Forgets a table's indexes. */
  drop(table: number): void {
    this.#byTable.get(table)?.release();
    this.#byTable.delete(table);
  }
}
