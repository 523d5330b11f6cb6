import { buildVector } from '../batch/builder.ts';
import { valueReader } from '../batch/read.ts';
import { fromRef, toRef, type VectorRef } from '../batch/vector-ref.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { bitmapBytes } from '../kernels/vectors.ts';
import { Arena } from '../memory/arena.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { DataType } from '../types/data-type.ts';
import { physicalType, widthOf } from '../types/physical.ts';
import { liveRows, type Segment, SegmentGroup, segmentOf } from './segment.ts';
import { TableVersion } from './table-version.ts';

/** Parts are not joined to more rows than a full segment has. */
const MOST_ROWS = 122_880;

/**
 * The version with its last parts joined to one as long as the part before them has no more rows than they have
 * together: a row is copied a few times at most, and many small INSERTs leave a few parts. Row ids stay.
 * @param types of the stored columns
 * @returns a version of its own, or undefined when there is nothing to join
 */
export function joinSmallParts(
  machine: { readonly memory: LinearMemory; readonly kernels: Kernels },
  types: readonly DataType[],
  version: TableVersion,
): TableVersion | undefined {
  const { parts } = version;
  let first = parts.length - 1;
  let rows = parts[first]?.segment.rows ?? 0;
  while (first > 0 && parts[first - 1]!.segment.rows <= rows && parts[first - 1]!.segment.rows + rows <= MOST_ROWS) {
    first--;
    rows += parts[first]!.segment.rows;
  }
  if (first >= parts.length - 1) return undefined;
  const owner = machine.memory.newOwner();
  const arena = new Arena(machine.memory, owner);
  const segments = parts.slice(first).map(p => p.segment);
  const joined = joinSegments({ ...machine, arena }, types, segments, rows);
  const group = new SegmentGroup(machine.memory, owner, []);
  const result = new TableVersion([...parts.slice(0, first), { segment: joined, groups: [group] }]);
  group.release();
  return result;
}

type JoinContext = { readonly memory: LinearMemory; readonly kernels: Kernels; readonly arena: Arena };

function joinSegments(
  ctx: JoinContext,
  types: readonly DataType[],
  segments: readonly Segment[],
  rows: number,
): Segment {
  const lengths = segments.map(s => s.rows);
  const columns = types.map((type, c) =>
    joinColumn(
      ctx,
      type,
      segments.map(s => s.columns[c]!),
      lengths,
      rows,
    ),
  );
  const segment = segmentOf(ctx, types, columns, rows);
  if (segments.every(s => s.live === undefined)) return segment;
  const bitmaps = segments.map(s => s.live?.bitmap ?? 0);
  const bitmap = joinBits(ctx, bitmaps, lengths, rows);
  return { ...segment, live: { bitmap, count: segments.reduce((sum, s) => sum + liveRows(s), 0) } };
}

function joinColumn(
  ctx: JoinContext,
  type: DataType,
  refs: readonly VectorRef[],
  lengths: readonly number[],
  rows: number,
): VectorRef {
  const { memory, kernels, arena } = ctx;
  const physical = physicalType(type);
  if (physical === 'struct' || physical === 'list' || refs.some(r => r.form !== 'flat')) {
    const values = refs.flatMap((ref, i) => {
      const read = valueReader(memory, fromRef(type, ref));
      return Array.from({ length: lengths[i]! }, (_, at) => read(at));
    });
    return toRef(buildVector(ctx, type, values));
  }
  const width = widthOf(physical);
  const data = arena.alloc(rows * width);
  let to = data;
  refs.forEach((ref, i) => {
    const bytes = lengths[i]! * width;
    memory.u8.copyWithin(to, ref.data, ref.data + bytes);
    to += bytes;
  });
  const hasNulls = refs.some(r => r.validity !== 0);
  const bitmaps = refs.map(r => r.validity);
  const validity = hasNulls ? joinBits(ctx, bitmaps, lengths, rows) : 0;
  if (physical === 'ref') {
    const heap = arena.alloc(kernels.stored_text_bytes(data, validity, rows) >>> 0);
    kernels.stored_text(data, validity, rows, heap);
  }
  return { form: 'flat', length: rows, data, validity };
}

/** Bitmaps one behind the other; 0 stands for one with all bits set. */
function joinBits(
  { kernels, arena }: JoinContext,
  bitmaps: readonly number[],
  lengths: readonly number[],
  rows: number,
): number {
  const out = arena.allocZeroed(bitmapBytes(rows));
  let to = 0;
  bitmaps.forEach((bitmap, i) => {
    if (bitmap === 0) kernels.bits_fill(out, to, lengths[i]!, 1);
    else kernels.bits_copy(bitmap, 0, lengths[i]!, out, to);
    to += lengths[i]!;
  });
  return out;
}
