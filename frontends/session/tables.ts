import type { Batch } from '../../src/batch/batch.ts';
import { toRef } from '../../src/batch/vector-ref.ts';
import type { NewTable, TableDefinition } from '../../src/bind/bound-statement.ts';
import { storedSchema, type TableEntry } from '../../src/catalog/entry.ts';
import type { Owner } from '../../src/memory/linear-memory.ts';
import { type BoundSource, ROW_ID } from '../../src/plan/logical-plan.ts';
import type { StorageContext } from '../../src/storage/column-range.ts';
import { SegmentGroup, segmentOf } from '../../src/storage/segment.ts';
import { TableVersion } from '../../src/storage/table-version.ts';
import { INT64, type Schema } from '../../src/types/data-type.ts';

let nextId = 1;

/** A new table without rows, as an entry for the catalog. */
export function newTable({ place, columns, constraints, temporary }: NewTable): TableEntry {
  return complete({ kind: 'table', ...place, id: nextId++, columns, constraints, temporary, rows: new TableVersion() });
}

/** The table with these rows. A catalog that has the entry is a user of the version. */
export const withRows = (table: TableEntry, rows: TableVersion): TableEntry => complete({ ...table, rows });

/** The table under another definition. */
export const withDefinition = (table: TableEntry, definition: TableDefinition): TableEntry =>
  complete({ ...table, ...definition });

function complete(table: Omit<TableEntry, 'statistics' | 'source'>): TableEntry {
  const source = scanOfRows(table.name, storedSchema(table.columns), table.rows);
  return { ...table, statistics: source.statistics, source: () => source };
}

/** A scan of a table's version, or of rows without a table. */
export const scanOfRows = (label: string, schema: Schema, rows: TableVersion): BoundSource => ({
  fn: 'table_scan',
  label,
  schema,
  statistics: rows.statistics(),
  splits: rows.splits(),
  state: null,
  hidden: [{ name: ROW_ID, otherName: '_rowid', type: INT64, nullable: false }],
});

/** Rows that `owner` owns, as segments of a table. */
export function segmentsOf(ctx: StorageContext, owner: Owner, batches: readonly Batch[]): SegmentGroup {
  const segments = batches.map(b =>
    segmentOf(
      ctx,
      b.columns.map(c => c.type),
      b.columns.map(toRef),
      b.selected,
    ),
  );
  return new SegmentGroup(ctx.memory, owner, segments);
}
