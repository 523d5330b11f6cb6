import { buildVector } from '../batch/builder.ts';
import { valueReader } from '../batch/read.ts';
import { fromRef, toRef, type VectorRef } from '../batch/vector-ref.ts';
import { Arena } from '../memory/arena.ts';
import type { DataType } from '../types/data-type.ts';
import { physicalType, widthOf } from '../types/physical.ts';
import type { RawValue } from '../types/raw-value.ts';
import { type ChangedRows, forEachChange } from './changed-rows.ts';
import { columnRange, type StorageContext } from './column-range.ts';
import { type Segment, SegmentGroup } from './segment.ts';
import { type Part, TableVersion } from './table-version.ts';

/** A column of the table that gets new values: those of column `from` of the changes. */
export type Overwritten = { readonly column: number; readonly from: number; readonly type: DataType };

/** Values for positions of one segment: entry i goes to `to[i]` and stands in `part[i]` of the changes, at `at[i]`. */
type Writes = { readonly to: number[]; readonly part: number[]; readonly at: number[] };

/**
 * The version with new values in some columns of the rows that the changes name; the rows keep their places. Only the
 * columns and segments that change are copied.
 */
export function overwriteRows(
  ctx: StorageContext,
  version: TableVersion,
  changes: ChangedRows,
  columns: readonly Overwritten[],
): TableVersion {
  const { memory } = ctx;
  const writes = new Map<number, Writes>();
  forEachChange(memory, changes, (id, from, position) => {
    const part = version.partOf(id);
    let list = writes.get(part);
    if (list === undefined) {
      list = { to: [], part: [], at: [] };
      writes.set(part, list);
    }
    list.to.push(id - version.starts[part]!);
    list.part.push(from);
    list.at.push(position);
  });
  const owner = memory.newOwner();
  const arena = new Arena(memory, owner);
  const group = new SegmentGroup(memory, owner, []);
  // Texts are not copied: they stay where the changes have them.
  const texts = columns.some(c => physicalType(c.type) === 'ref') ? changes.rows.parts.flatMap(p => p.groups) : [];
  try {
    return new TableVersion(
      version.parts.map((part, i): Part => {
        const list = writes.get(i);
        if (list === undefined) return part;
        const segment = overwritten(ctx, arena, part.segment, changes, columns, list);
        return { segment, groups: [...new Set([...part.groups, ...texts, group])] };
      }),
    );
  } finally {
    group.release();
  }
}

function overwritten(
  ctx: StorageContext,
  arena: Arena,
  segment: Segment,
  changes: ChangedRows,
  columns: readonly Overwritten[],
  writes: Writes,
): Segment {
  const refs = [...segment.columns];
  const ranges = { ...segment.ranges };
  for (const { column, from, type } of columns) {
    const sources = changes.rows.parts.map(p => p.segment.columns[from]!);
    const ref = overwriteColumn(arena, type, refs[column]!, segment.rows, sources, writes);
    refs[column] = ref;
    const range = columnRange(ctx, type, ref, segment.rows);
    if (range === undefined) delete ranges[column];
    else ranges[column] = range;
  }
  return { ...segment, columns: refs, ranges };
}

function overwriteColumn(
  arena: Arena,
  type: DataType,
  old: VectorRef,
  rows: number,
  sources: readonly VectorRef[],
  writes: Writes,
): VectorRef {
  const physical = physicalType(type);
  const isPlain = physical !== 'struct' && physical !== 'list' && old.form === 'flat';
  if (!isPlain || sources.some(s => s.form === 'dictionary')) return rebuilt(arena, type, old, rows, sources, writes);
  const { memory } = arena;
  const width = widthOf(physical);
  const data = arena.alloc(rows * width);
  memory.u8.copyWithin(data, old.data, old.data + rows * width);
  const { u8 } = memory;
  for (let i = 0; i < writes.to.length; i++) {
    const source = sources[writes.part[i]!]!;
    const at = source.data + (source.form === 'constant' ? 0 : writes.at[i]! * width);
    const to = data + writes.to[i]! * width;
    for (let b = 0; b < width; b++) u8[to + b] = u8[at + b]!;
  }
  return { form: 'flat', length: rows, data, validity: overwriteValidity(arena, old, rows, sources, writes) };
}

function overwriteValidity(
  arena: Arena,
  old: VectorRef,
  rows: number,
  sources: readonly VectorRef[],
  writes: Writes,
): number {
  if (old.validity === 0 && sources.every(s => s.validity === 0)) return 0;
  // Kernels read bitmaps by words of 16 bytes.
  const bytes = ((rows + 127) >> 7) << 4;
  const bitmap = arena.alloc(bytes);
  const { u8 } = arena.memory;
  if (old.validity === 0) u8.fill(0xff, bitmap, bitmap + bytes);
  else u8.copyWithin(bitmap, old.validity, old.validity + bytes);
  for (let i = 0; i < writes.to.length; i++) {
    const source = sources[writes.part[i]!]!;
    const at = source.form === 'constant' ? 0 : writes.at[i]!;
    const isValid = source.validity === 0 || ((u8[source.validity + (at >> 3)]! >> (at & 7)) & 1) === 1;
    const to = writes.to[i]!;
    if (isValid) u8[bitmap + (to >> 3)]! |= 1 << (to & 7);
    else u8[bitmap + (to >> 3)]! &= ~(1 << (to & 7));
  }
  return bitmap;
}

/** Nested values can't be put in place: the column is built anew, value by value. */
function rebuilt(
  arena: Arena,
  type: DataType,
  old: VectorRef,
  rows: number,
  sources: readonly VectorRef[],
  writes: Writes,
): VectorRef {
  const { memory } = arena;
  const readOld = valueReader(memory, fromRef(type, old));
  const values: RawValue[] = Array.from({ length: rows }, (_, i) => readOld(i));
  const readers = sources.map(s => valueReader(memory, fromRef(type, s)));
  writes.to.forEach((to, i) => {
    values[to] = readers[writes.part[i]!]!(writes.at[i]!);
  });
  return toRef(buildVector({ memory, arena }, type, values));
}
