import { allRows, type Batch, batchOf, type Rows } from '../batch/batch.ts';
import { asConstant, buildConstant } from '../batch/builder.ts';
import { Vector } from '../batch/vector.ts';
import type { Arena } from '../memory/arena.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import { widthOf } from '../types/physical.ts';
import { scalarToRaw } from '../types/raw-value.ts';
import type { Scalar } from '../types/scalar.ts';
import type { Kernels } from './kernels.ts';

/** What reshaping vectors needs; results belong to `arena`. */
export type VectorContext = { readonly memory: LinearMemory; readonly kernels: Kernels; readonly arena: Arena };

/** The index that means "no row": it gathers as NULL. */
export const NO_ROW = 0xffffffff;

/** Bytes of a bitmap for `count` positions: whole 16-byte words, as the bitmap kernels work. */
export const bitmapBytes = (count: number): number => ((count + 127) >> 7) << 4;

/** A constant for `length` positions. */
export function constantVector(ctx: VectorContext, scalar: Scalar, length: number): Vector {
  return buildConstant(ctx, scalar.type, scalarToRaw(scalar), length);
}

/**
 * The same values as a flat vector, aligned with the positions; only the rows' positions are defined.
 * A flat vector is handed back as it is. Children of a struct keep their forms.
 */
export function flatten(ctx: VectorContext, vector: Vector, rows: Rows): Vector {
  if (vector.form === 'flat') return vector;
  if (vector.form === 'constant') return flattenConstant(ctx, vector, rows.count);
  const dictionary = vector.dictionary!;
  const { kernels, arena } = ctx;
  const validity = validityOf(ctx, vector, rows);
  if (vector.physical === 'struct') {
    const children = dictionary.children.map(c => recode(ctx, c, vector.data, rows));
    return Vector.flat(vector.type, rows.count, 0, validity, children);
  }
  const width = widthOf(vector.physical);
  const out = arena.alloc(rows.count * width);
  decodeKernel(kernels, width)(dictionary.data, vector.data, rows.selection, rows.selected, out);
  return Vector.flat(vector.type, rows.count, out, validity, dictionary.children);
}

function flattenConstant(ctx: VectorContext, vector: Vector, count: number): Vector {
  const { kernels, arena, memory } = ctx;
  let validity = 0;
  if (vector.isNullConstant(memory)) validity = arena.allocZeroed(bitmapBytes(count));
  if (vector.physical === 'struct') {
    return Vector.flat(
      vector.type,
      count,
      0,
      validity,
      vector.children.map(c => asConstant(c, count)),
    );
  }
  const width = widthOf(vector.physical);
  const out = arena.alloc(count * width);
  fillKernel(kernels, width)(vector.data, count, out);
  return Vector.flat(vector.type, count, out, validity, vector.children);
}

/** The values of a dictionary's child at each row's code. */
function recode(ctx: VectorContext, child: Vector, codes: number, rows: Rows): Vector {
  if (child.form === 'constant') return child.slice(0, rows.count);
  if (child.form === 'flat') return Vector.coded(child, rows.count, codes);
  const { kernels, arena } = ctx;
  const inner = arena.alloc(rows.count * 4);
  kernels.decode_32(child.data, codes, rows.selection, rows.selected, inner);
  const validity = child.validity === 0 ? 0 : arena.alloc(bitmapBytes(rows.count));
  if (validity !== 0) kernels.decode_bits(0, child.validity, codes, rows.selection, rows.selected, validity);
  return Vector.coded(child.dictionary!, rows.count, inner, validity);
}

/** The address of a bitmap of the rows that are not NULL, for any form; 0 when none is. Positions that are no rows are undefined. */
export function validityOf(ctx: VectorContext, vector: Vector, rows: Rows): number {
  const { kernels, arena } = ctx;
  if (vector.form === 'flat') return vector.validity;
  if (vector.form === 'constant') {
    return vector.isNullConstant(ctx.memory) ? arena.allocZeroed(bitmapBytes(rows.count)) : 0;
  }
  const dictionary = vector.dictionary!;
  if (dictionary.validity === 0) return vector.validity;
  const out = arena.alloc(bitmapBytes(rows.count));
  const nulls = kernels.decode_bits(
    vector.validity,
    dictionary.validity,
    vector.data,
    rows.selection,
    rows.selected,
    out,
  );
  return nulls === 0 ? 0 : out;
}

/** The bitmap of the rows where no vector is NULL; 0 when that is all of them. */
export function combineValidity(ctx: VectorContext, vectors: readonly Vector[], rows: Rows): number {
  let combined = 0;
  for (const vector of vectors) {
    const validity = validityOf(ctx, vector, rows);
    if (validity === 0 || validity === combined) continue;
    if (combined === 0) {
      combined = validity;
      continue;
    }
    const out = ctx.arena.alloc(bitmapBytes(rows.count));
    ctx.kernels.bitmap_and(combined, validity, (rows.count + 7) >> 3, out);
    combined = out;
  }
  return combined;
}

/** The rows whose bit in `validity` is 1 (all rows when it is 0). */
export function selectValid(ctx: VectorContext, validity: number, rows: Rows): Rows {
  if (validity === 0) return rows;
  const out = ctx.arena.alloc((rows.selected + 1) * 2);
  const selected = ctx.kernels.select_valid(validity, rows.selection, rows.selected, out);
  return { count: rows.count, selection: out, selected };
}

/**
 * A compact copy: position j holds the value at `indexes[j]` (u32; `NO_ROW` gives NULL). Dictionary vectors keep their
 * dictionary; text and list elements are shared with the source, not copied.
 */
export function gather(ctx: VectorContext, vector: Vector, indexes: number, count: number): Vector {
  const hasMissing = ctx.kernels.count_none(indexes, count) > 0;
  return gatherVector(ctx, vector, indexes, count, hasMissing);
}

/** Like `gather`, for one vector after another: those that have the same codes go on having the same. */
export function gatherer(ctx: VectorContext, indexes: number, count: number): (vector: Vector) => Vector {
  const hasMissing = ctx.kernels.count_none(indexes, count) > 0;
  const coded: (readonly [from: Vector, to: Vector])[] = [];
  return vector => {
    const known = coded.find(([from]) => haveSameCodes(from, vector))?.[1];
    if (known !== undefined) return Vector.coded(vector.dictionary!, count, known.data, known.validity);
    const gathered = gatherVector(ctx, vector, indexes, count, hasMissing);
    if (vector.form === 'dictionary') coded.push([vector, gathered]);
    return gathered;
  };
}

/** Whether two vectors have the same codes, of different dictionaries perhaps. */
export const haveSameCodes = (a: Vector, b: Vector): boolean =>
  a.form === 'dictionary' && b.form === 'dictionary' && a.data === b.data && a.validity === b.validity;

function gatherVector(ctx: VectorContext, vector: Vector, indexes: number, count: number, hasMissing: boolean): Vector {
  const { kernels, arena } = ctx;
  if (vector.form === 'constant') return gatherConstant(ctx, vector, indexes, count, hasMissing);
  let validity = 0;
  if (vector.validity !== 0 || hasMissing) {
    const bits = arena.alloc(bitmapBytes(count));
    if (kernels.gather_bits(vector.validity, indexes, count, bits) > 0) validity = bits;
  }
  if (vector.physical === 'struct' && vector.form === 'flat') {
    const children = vector.children.map(c => gatherVector(ctx, c, indexes, count, hasMissing));
    return Vector.flat(vector.type, count, 0, validity, children);
  }
  const width = vector.form === 'dictionary' ? 4 : widthOf(vector.physical);
  const out = arena.alloc(count * width);
  gatherKernel(kernels, width)(vector.data, indexes, count, out);
  if (vector.form === 'dictionary') return Vector.coded(vector.dictionary!, count, out, validity);
  return Vector.flat(vector.type, count, out, validity, vector.children);
}

/** A constant stays one unless rows are missing; then it is a dictionary of one value, with NULLs among the codes. */
function gatherConstant(
  ctx: VectorContext,
  vector: Vector,
  indexes: number,
  count: number,
  hasMissing: boolean,
): Vector {
  if (!hasMissing || vector.isNullConstant(ctx.memory)) return vector.slice(0, count);
  const validity = ctx.arena.alloc(bitmapBytes(count));
  ctx.kernels.gather_bits(0, indexes, count, validity);
  const dictionary = Vector.flat(vector.type, 1, vector.data, 0, vector.children);
  return Vector.coded(dictionary, count, ctx.arena.allocZeroed(count * 4), validity);
}

/** The rows as u32 indexes of positions, in order. */
export function indexesOf(ctx: VectorContext, rows: Rows): number {
  const out = ctx.arena.alloc(rows.selected * 4);
  ctx.kernels.indexes_of(rows.selection, rows.selected, out);
  return out;
}

/** The batch without the positions that are not rows. */
export function compact(ctx: VectorContext, batch: Batch): Batch {
  if (batch.selection === 0) return batch;
  const columns = batch.columns.map(gatherer(ctx, indexesOf(ctx, batch), batch.selected));
  return batchOf(allRows(batch.selected), columns, batch.split);
}

/** Copies the rows' values of some width to `out`, one behind the other. */
export function compactValues(
  { kernels, memory }: VectorContext,
  data: number,
  width: number,
  { selection, selected }: Rows,
  out: number,
): void {
  if (selection === 0) memory.u8.copyWithin(out, data, data + selected * width);
  else if (width === 1) kernels.compact_8(data, selection, selected, out);
  else if (width === 2) kernels.compact_16(data, selection, selected, out);
  else if (width === 4) kernels.compact_32(data, selection, selected, out);
  else if (width === 8) kernels.compact_64(data, selection, selected, out);
  else kernels.compact_128(data, selection, selected, out);
}

/** The rows' bits, one behind the other; 0 when all are ones. */
export function compactBits(ctx: VectorContext, bitmap: number, rows: Rows): number {
  if (bitmap === 0 || rows.selection === 0) return bitmap;
  const bits = ctx.arena.alloc(bitmapBytes(rows.selected));
  return ctx.kernels.gather_bits(bitmap, indexesOf(ctx, rows), rows.selected, bits) > 0 ? bits : 0;
}

type GatherKernel = (from: number, indexes: number, n: number, out: number) => void;

function gatherKernel(kernels: Kernels, width: number): GatherKernel {
  switch (width) {
    case 1:
      return kernels.gather_8;
    case 2:
      return kernels.gather_16;
    case 4:
      return kernels.gather_32;
    case 8:
      return kernels.gather_64;
    default:
      return kernels.gather_128;
  }
}

function decodeKernel(kernels: Kernels, width: number): Kernels['decode_8'] {
  switch (width) {
    case 1:
      return kernels.decode_8;
    case 2:
      return kernels.decode_16;
    case 4:
      return kernels.decode_32;
    case 8:
      return kernels.decode_64;
    default:
      return kernels.decode_128;
  }
}

function fillKernel(kernels: Kernels, width: number): Kernels['fill_8'] {
  switch (width) {
    case 1:
      return kernels.fill_8;
    case 2:
      return kernels.fill_16;
    case 4:
      return kernels.fill_32;
    case 8:
      return kernels.fill_64;
    default:
      return kernels.fill_128;
  }
}
