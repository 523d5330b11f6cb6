import { buildVector } from '../../src/batch/builder.ts';
import { Vector } from '../../src/batch/vector.ts';
import { toRef, type VectorRef } from '../../src/batch/vector-ref.ts';
import { Arena } from '../../src/memory/arena.ts';
import type { StorageContext } from '../../src/storage/column-range.ts';
import { type Segment, SegmentGroup, segmentOf } from '../../src/storage/segment.ts';
import type { Field, Schema } from '../../src/types/data-type.ts';
import { jsToRaw } from '../../src/types/js-to-raw.ts';
import { typedArrayType } from './infer-type.ts';

/** Rows of a segment: the unit in which threads share the work. */
export const SEGMENT_ROWS = 122_880;

/** Values of one column in JavaScript: a typed array, or anything that has positions. */
export type JsColumn = ArrayLike<unknown>;

/** Copies JavaScript columns into linear memory as segments. */
export function ingest(ctx: StorageContext, schema: Schema, columns: readonly JsColumn[], rows: number): SegmentGroup {
  const { memory } = ctx;
  const owner = memory.newOwner();
  const arena = new Arena(memory, owner);
  try {
    const segments: Segment[] = [];
    const types = schema.map(f => f.type);
    for (let from = 0; from < rows; from += SEGMENT_ROWS) {
      const to = Math.min(rows, from + SEGMENT_ROWS);
      const refs = schema.map((f, c) => ingestColumn(arena, f, columns[c]!, from, to));
      segments.push(segmentOf(ctx, types, refs, to - from));
    }
    return new SegmentGroup(memory, owner, segments);
  } catch (error) {
    memory.freeOwner(owner);
    throw error;
  }
}

function ingestColumn(arena: Arena, { name, type }: Field, column: JsColumn, from: number, to: number): VectorRef {
  const { memory } = arena;
  if (typedArrayType(column) !== undefined) {
    const part = (column as Uint8Array).subarray(from, to);
    const bytes = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    const data = arena.alloc(bytes.length);
    memory.u8.set(bytes, data);
    return toRef(Vector.flat(type, to - from, data));
  }
  const raw = Array.from({ length: to - from }, (_, i) => jsToRaw(name, type, column[from + i]));
  return toRef(buildVector({ memory, arena }, type, raw));
}
