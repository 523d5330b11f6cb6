import type * as Arrow from 'apache-arrow';
import { ArrowReader, fromArrowSchema } from '../../src/batch/from-arrow.ts';
import { toRef } from '../../src/batch/vector-ref.ts';
import { Arena } from '../../src/memory/arena.ts';
import type { StorageContext } from '../../src/storage/column-range.ts';
import { SegmentGroup, segmentOf } from '../../src/storage/segment.ts';
import { TableVersion } from '../../src/storage/table-version.ts';
import type { Schema } from '../../src/types/data-type.ts';
import type { ArrowTableLike } from '../dataframe/index.ts';
import { SEGMENT_ROWS } from './ingest.ts';

/** Copies an Arrow table, or the bytes of one in IPC form, into linear memory. */
export async function ingestArrow(
  storage: StorageContext,
  data: ArrowTableLike | Uint8Array,
): Promise<{ readonly schema: Schema; readonly version: TableVersion }> {
  const arrow = await import('apache-arrow');
  const table = data instanceof Uint8Array ? arrow.tableFromIPC(data) : (data as unknown as Arrow.Table);
  const schema = fromArrowSchema(arrow, table.schema);
  const types = schema.map(f => f.type);
  const { memory } = storage;
  const owner = memory.newOwner();
  try {
    const ctx = { memory, arena: new Arena(memory, owner) };
    const reader = new ArrowReader(arrow, ctx);
    const segments = table.batches.flatMap(batch =>
      Array.from({ length: Math.ceil(batch.numRows / SEGMENT_ROWS) }, (_, i) => {
        const from = i * SEGMENT_ROWS;
        const rows = Math.min(SEGMENT_ROWS, batch.numRows - from);
        const columns = batch.data.children.map(c => toRef(reader.read(ctx, c, from, rows)));
        return segmentOf(storage, types, columns, rows);
      }),
    );
    return { schema, version: TableVersion.of(new SegmentGroup(memory, owner, segments)) };
  } catch (error) {
    memory.freeOwner(owner);
    throw error;
  }
}
