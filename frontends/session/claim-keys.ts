import { allRows } from '../../src/batch/batch.ts';
import { valueReader } from '../../src/batch/read.ts';
import { fromRef } from '../../src/batch/vector-ref.ts';
import { type Key, storedColumns, type TableEntry } from '../../src/catalog/entry.ts';
import { RayexecError } from '../../src/common/errors.ts';
import type { Machine } from '../../src/execute/runtime.ts';
import type { Owner } from '../../src/memory/linear-memory.ts';
import { UniqueIndex } from '../../src/operators/lib/groups/unique-index.ts';
import type { Segment } from '../../src/storage/segment.ts';
import type { TableVersion } from '../../src/storage/table-version.ts';
import type { DataType } from '../../src/types/data-type.ts';
import { formatRaw } from '../dataframe/index.ts';

/** A key, and the stored columns that it is made of. */
type IndexedKey = { readonly key: Key; readonly columns: readonly number[]; readonly types: readonly DataType[] };

/** A row that could not take its key. */
export type Conflict = {
  readonly part: number;
  readonly position: number;
  /** The row that has the key: one of the table, or (undefined) one of the same statement. */
  readonly holder: number | undefined;
};

/** Rows whose keys are looked up at a time. */
const WINDOW = 8192;

/** The indexes of a table's keys, for one version of it. */
export class TableKeys {
  readonly #machine: Machine;
  readonly #owner: Owner;
  readonly #keys: readonly (IndexedKey & { readonly index: UniqueIndex })[];
  /** The version whose rows the indexes have; undefined after a failure. */
  version: TableVersion | undefined;

  /** @throws RayexecError `constraint` when two rows have the same key */
  constructor(machine: Machine, table: TableEntry, version: TableVersion) {
    const { memory } = machine;
    const stored = storedColumns(table.columns);
    this.#machine = machine;
    this.#owner = memory.newOwner();
    this.#keys = table.constraints.keys.map(key => {
      const columns = key.columns.map(name => stored.findIndex(c => c.name.toLowerCase() === name.toLowerCase()));
      const types = columns.map(c => stored[c]!.type);
      return { key, columns, types, index: new UniqueIndex(machine, this.#owner, types) };
    });
    try {
      this.claim(version, { start: 0, isLive: () => true, tolerated: () => false });
    } catch (error) {
      this.release();
      throw error;
    }
    this.version = version;
  }

  release(): void {
    this.version = undefined;
    this.#machine.memory.freeOwner(this.#owner);
  }

  /**
   * Gives rows the keys that they have, one row after the other, as far as no other row has them.
   * @throws RayexecError `constraint` for a conflict about a key that is not tolerated
   */
  claim(
    rows: TableVersion,
    options: {
      /** The id that the first of the rows will have. */
      readonly start: number;
      /** Whether a row of the table is still there. */
      readonly isLive: (id: number) => boolean;
      readonly tolerated: (key: number) => boolean;
    },
  ): readonly Conflict[] {
    const conflicts: Conflict[] = [];
    rows.parts.forEach(({ segment }, part) => {
      for (let from = 0; from < segment.rows; from += WINDOW) {
        const count = Math.min(WINDOW, segment.rows - from);
        const window = { segment, from, count, firstId: options.start + rows.starts[part]! };
        this.#claimWindow(window, options, (position, holder) => conflicts.push({ part, position, holder }));
      }
    });
    return conflicts;
  }

  /** @param firstId the id of the segment's first row */
  #claimWindow(
    window: {
      readonly segment: Segment;
      readonly from: number;
      readonly count: number;
      readonly firstId: number;
    },
    { start, isLive, tolerated }: Parameters<TableKeys['claim']>[1],
    refuse: (position: number, holder: number | undefined) => void,
  ): void {
    const { segment, from, count, firstId } = window;
    const { memory } = this.#machine;
    const live = segment.live?.bitmap;
    const found = this.#keys.map(({ columns, types, index }) => {
      const vectors = columns.map((c, i) => fromRef(types[i]!, segment.columns[c]!).slice(from, count));
      return { entries: index.find(vectors, allRows(count)), columns: vectors };
    });
    const { u8, u16, u32 } = memory;
    // Entry addresses by position; 0 where a key is not complete.
    const entries = found.map(({ entries: { rows, addresses } }) => {
      const at = new Float64Array(count);
      for (let j = 0; j < rows.selected; j++) {
        const position = rows.selection === 0 ? j : u16[(rows.selection >>> 1) + j]!;
        at[position] = u32[(addresses >>> 2) + position]!;
      }
      return at;
    });
    for (let i = 0; i < count; i++) {
      const position = from + i;
      if (live !== undefined && ((u8[live + (position >> 3)]! >> (position & 7)) & 1) === 0) continue;
      let isFree = true;
      for (let k = 0; k < entries.length && isFree; k++) {
        const entry = entries[k]![i]!;
        const holder = entry === 0 ? undefined : this.#keys[k]!.index.rowOf(entry);
        if (holder === undefined || (holder < start && !isLive(holder))) continue;
        isFree = false;
        if (!tolerated(k)) throw duplicateKey(memory, this.#keys[k]!, segment, position);
        refuse(position, holder < start ? holder : undefined);
      }
      if (!isFree) continue;
      for (let k = 0; k < entries.length; k++) {
        const entry = entries[k]![i]!;
        if (entry !== 0) this.#keys[k]!.index.setRow(entry, firstId + position);
      }
    }
  }
}

function duplicateKey(
  memory: Machine['memory'],
  { key, columns, types }: IndexedKey,
  segment: Segment,
  position: number,
): RayexecError {
  const values = key.columns.map((name, i) => {
    const value = valueReader(memory, fromRef(types[i]!, segment.columns[columns[i]!]!))(position);
    return `${name}: ${formatRaw(types[i]!, value)}`;
  });
  const kind = key.primary ? 'primary key' : 'unique';
  return new RayexecError('constraint', `Duplicate key "${values.join(', ')}" violates ${kind} constraint.`, {
    hint: 'ON CONFLICT DO NOTHING leaves such rows out, ON CONFLICT DO UPDATE SET … changes the row that is there',
  });
}
