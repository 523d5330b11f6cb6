import type { Batch } from '../../src/batch/batch.ts';
import { toRef } from '../../src/batch/vector-ref.ts';
import type { NewTable } from '../../src/bind/bound-statement.ts';
import type { TableEntry } from '../../src/catalog/entry.ts';
import { invariant, RayexecError } from '../../src/common/errors.ts';
import type { LinearMemory, Owner } from '../../src/memory/linear-memory.ts';
import type { BoundSource } from '../../src/plan/logical-plan.ts';
import { SegmentGroup, segmentOf, TableVersion } from '../../src/storage/table.ts';
import type { Reclaimer } from './reclaimer.ts';

/** The tables at a moment; kept until one of the two is called. */
export type TablesSnapshot = {
  /** Makes the tables what they were. */
  readonly restore: () => void;
  readonly forget: () => void;
};

/** The rows of the database's tables: the current version of each, by the table's id. */
export class Tables {
  readonly #versions = new Map<number, TableVersion>();
  readonly #reclaimer: Reclaimer;
  #nextId = 1;

  constructor(reclaimer: Reclaimer) {
    this.#reclaimer = reclaimer;
  }

  /** A new table without rows, as an entry for the catalog. */
  create({ place, columns, checks }: NewTable): TableEntry {
    const id = this.#nextId++;
    this.#versions.set(id, new TableVersion());
    return this.#entry({ kind: 'table', ...place, id, version: 0, columns, checks, statistics: {}, source: neverRead });
  }

  /** The table with more rows, which pass to it. */
  append(table: TableEntry, group: SegmentGroup): TableEntry {
    this.#versions.set(table.id, this.#version(table.id).append(group));
    return this.#entry({ ...table, version: table.version + 1 });
  }

  /** The table with these rows in the place of all others. */
  replace(table: TableEntry, group: SegmentGroup): TableEntry {
    const before = this.#version(table.id);
    this.#versions.set(table.id, new TableVersion([group]));
    this.#reclaimer.retire(() => before.release());
    return this.#entry({ ...table, version: table.version + 1 });
  }

  /** The table under another definition, with other rows where they are given. */
  alter(table: TableEntry, group: SegmentGroup | undefined): TableEntry {
    return group === undefined ? this.#entry({ ...table, version: table.version + 1 }) : this.replace(table, group);
  }

  drop(table: TableEntry): void {
    const before = this.#version(table.id);
    this.#versions.delete(table.id);
    this.#reclaimer.retire(() => before.release());
  }

  /** Keeps the tables as they are now, to be able to go back to them. */
  snapshot(): TablesSnapshot {
    const kept = new Map(this.#versions);
    for (const version of kept.values()) version.retain();
    const release = (versions: Iterable<TableVersion>): void => {
      const all = [...versions];
      this.#reclaimer.retire(() => {
        for (const version of all) version.release();
      });
    };
    return {
      restore: () => {
        release(this.#versions.values());
        this.#versions.clear();
        for (const [id, version] of kept) this.#versions.set(id, version);
      },
      forget: () => release(kept.values()),
    };
  }

  #entry(entry: TableEntry): TableEntry {
    const version = this.#version(entry.id);
    const statistics = version.statistics();
    const source = (): BoundSource => ({
      fn: 'table_scan',
      label: entry.name,
      schema: entry.columns.map(({ name, type, nullable }) => ({ name, type, nullable })),
      statistics,
      splits: version.splits(),
      state: null,
    });
    return { ...entry, statistics, source };
  }

  #version(id: number): TableVersion {
    const version = this.#versions.get(id);
    invariant(version !== undefined, `table ${id} has no rows`);
    return version;
  }
}

function neverRead(): never {
  throw new RayexecError('internal', 'an entry gets its source when it is complete');
}

/** Rows that `owner` owns, as segments of a table. */
export function segmentsOf(memory: LinearMemory, owner: Owner, batches: readonly Batch[]): SegmentGroup {
  const segments = batches.map(b =>
    segmentOf(
      memory,
      b.columns.map(c => c.type),
      b.columns.map(toRef),
      b.selected,
    ),
  );
  return new SegmentGroup(memory, owner, segments);
}
