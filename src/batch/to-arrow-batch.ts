import type * as Arrow from 'apache-arrow';
import type { Pieces } from '../common/pieces.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { Field, Schema } from '../types/data-type.ts';
import { widthOf } from '../types/physical.ts';
import type { RawValue } from '../types/raw-value.ts';
import type { Batch, Rows } from './batch.ts';
import { readColumn } from './read.ts';
import { type ArrowLibrary, arrowData, arrowType } from './to-arrow.ts';
import type { Vector } from './vector.ts';

/** Rows copied out of the linear memory into an Arrow table, exact in all types, batch by batch. Names may repeat. */
export function* toArrowTable(
  arrow: ArrowLibrary,
  memory: LinearMemory,
  schema: Schema,
  batches: readonly Batch[],
): Pieces<Arrow.Table> {
  const records: Arrow.RecordBatch[] = [];
  for (const batch of batches) {
    records.push(toArrowBatch(arrow, memory, schema, batch));
    yield;
  }
  return new arrow.Table(toArrowSchema(arrow, schema), records);
}

/** Raw values by column as an Arrow table of one batch. Names may repeat. */
export function rawToArrowTable(
  arrow: ArrowLibrary,
  schema: Schema,
  rowCount: number,
  column: (index: number) => ArrayLike<RawValue>,
): Arrow.Table {
  const children = schema.map((field, i) => arrowData(arrow, field.type, Array.from(column(i))));
  return new arrow.Table(toArrowSchema(arrow, schema), [recordBatch(arrow, schema, rowCount, children)]);
}

export function toArrowSchema(arrow: ArrowLibrary, schema: Schema): Arrow.Schema {
  return new arrow.Schema(schema.map(f => new arrow.Field(f.name, arrowType(arrow, f.type), f.nullable)));
}

/** The rows of a batch as an Arrow record batch that owns its memory. Flat columns are copied buffer by buffer. */
export function toArrowBatch(
  arrow: ArrowLibrary,
  memory: LinearMemory,
  schema: Schema,
  batch: Batch,
): Arrow.RecordBatch {
  const children = schema.map((field, i) => columnData(arrow, memory, field, batch.columns[i]!, batch));
  return recordBatch(arrow, schema, batch.selected, children);
}

/** A record batch without rows: an Arrow table without any is not written at all. */
export function emptyArrowBatch(arrow: ArrowLibrary, schema: Schema): Arrow.RecordBatch {
  const children = schema.map(field => arrowData(arrow, field.type, []));
  return recordBatch(arrow, schema, 0, children);
}

function recordBatch(
  arrow: ArrowLibrary,
  schema: Schema,
  length: number,
  children: readonly Arrow.Data[],
): Arrow.RecordBatch {
  const arrowSchema = toArrowSchema(arrow, schema);
  const type = new arrow.Struct(arrowSchema.fields);
  return new arrow.RecordBatch(arrowSchema, arrow.makeData({ type, length, nullCount: 0, children: [...children] }));
}

function columnData(arrow: ArrowLibrary, memory: LinearMemory, field: Field, vector: Vector, rows: Rows): Arrow.Data {
  const validity = validityOf(memory, vector, rows);
  const values = columnValues(memory, vector, rows, validity.nullBitmap);
  if (values === undefined) return arrowData(arrow, field.type, readColumn(memory, vector, rows));
  const make = arrow.makeData as (props: object) => Arrow.Data;
  return make({
    type: arrowType(arrow, field.type),
    length: rows.selected,
    ...validity,
    ...values,
  });
}

type ColumnValues = { readonly data: ArrayBufferView; readonly valueOffsets?: Int32Array };

/** The values in Arrow's buffers; undefined for types that take more than copying. */
function columnValues(
  memory: LinearMemory,
  vector: Vector,
  rows: Rows,
  nullBitmap: Uint8Array | null,
): ColumnValues | undefined {
  const { type, physical } = vector;
  const stored = storedPositions(memory, vector, rows);
  const address = vector.dictionary?.data ?? vector.data;
  switch (type.kind) {
    case 'boolean':
      return { data: bits(memory.u8, address, stored) };
    case 'int':
    case 'float':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'decimal': {
      if (type.kind === 'decimal' && physical === 'i64') return { data: widened(memory.i32, address >>> 2, stored) };
      const bytes = copied(memory, address, widthOf(physical), stored);
      return type.kind === 'int' && type.bits === 128 && mayBeTooWide(bytes, type.signed)
        ? undefined
        : { data: typed(bytes, physical) };
    }
    case 'utf8':
    case 'json':
    case 'bit':
    case 'binary':
      return concatenated(memory, address, stored, nullBitmap);
    default:
      return undefined;
  }
}

/** Where the rows' values are stored: their positions, or their codes. */
function storedPositions({ u16, u32 }: LinearMemory, vector: Vector, { selection, selected }: Rows): Uint32Array {
  const positions = new Uint32Array(selected);
  if (vector.form === 'constant') return positions;
  const from = selection >>> 1;
  for (let j = 0; j < selected; j++) positions[j] = selection === 0 ? j : u16[from + j]!;
  if (vector.form === 'dictionary') {
    const codes = vector.data >>> 2;
    for (let j = 0; j < selected; j++) positions[j] = u32[codes + positions[j]!]!;
  }
  return positions;
}

function validityOf(
  memory: LinearMemory,
  vector: Vector,
  rows: Rows,
): { nullCount: number; nullBitmap: Uint8Array | null } {
  const none = { nullCount: 0, nullBitmap: null };
  if (vector.validity === 0 && (vector.dictionary?.validity ?? 0) === 0) return none;
  const nullBitmap = new Uint8Array(((rows.selected + 63) >> 6) << 3);
  const from = rows.selection >>> 1;
  let nullCount = 0;
  for (let j = 0; j < rows.selected; j++) {
    if (vector.isNull(memory, rows.selection === 0 ? j : memory.u16[from + j]!)) nullCount++;
    else nullBitmap[j >> 3]! |= 1 << (j & 7);
  }
  return nullCount === 0 ? none : { nullCount, nullBitmap };
}

/** Values of `width` bytes, moved in words: 64-bit views would make a BigInt of each. */
function copied(memory: LinearMemory, address: number, width: number, stored: Uint32Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(stored.length * width);
  if (width < 4) {
    const { u8 } = memory;
    for (let j = 0; j < stored.length; j++) {
      for (let k = 0; k < width; k++) out[j * width + k] = u8[address + stored[j]! * width + k]!;
    }
    return out;
  }
  const words = width >> 2;
  const to = new Int32Array(out.buffer);
  const { i32 } = memory;
  const from = address >>> 2;
  for (let j = 0; j < stored.length; j++) {
    for (let k = 0; k < words; k++) to[j * words + k] = i32[from + stored[j]! * words + k]!;
  }
  return out;
}

/** The highest of four words of the greatest number of 38 digits, which Arrow's decimals have at most. */
const HIGHEST_WORD = 0x4b3b4ca8;

/** Whether one of some 128-bit integers must be looked at before it is written as a decimal. */
function mayBeTooWide(bytes: Uint8Array<ArrayBuffer>, isSigned: boolean): boolean {
  const words = new Int32Array(bytes.buffer);
  const lowest = isSigned ? -HIGHEST_WORD : 0;
  for (let i = 3; i < words.length; i += 4) if (words[i]! >= HIGHEST_WORD || words[i]! < lowest) return true;
  return false;
}

const VIEWS = {
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;

/** Bytes as the array that Arrow wants for a type; 128-bit values are words. */
function typed(bytes: Uint8Array<ArrayBuffer>, physical: Vector['physical']): ArrayBufferView {
  const View = physical in VIEWS ? VIEWS[physical as keyof typeof VIEWS] : Uint32Array;
  return new View(bytes.buffer);
}

/** 64-bit decimals as Arrow's of 128 bits. */
function widened(i32: Int32Array, from: number, stored: Uint32Array): Uint32Array {
  const out = new Int32Array(stored.length * 4);
  for (let j = 0; j < stored.length; j++) {
    const at = from + stored[j]! * 2;
    const high = i32[at + 1]!;
    out[j * 4] = i32[at]!;
    out[j * 4 + 1] = high;
    out[j * 4 + 2] = high >> 31;
    out[j * 4 + 3] = high >> 31;
  }
  return new Uint32Array(out.buffer);
}

function bits(u8: Uint8Array, address: number, stored: Uint32Array): Uint8Array {
  const out = new Uint8Array(((stored.length + 63) >> 6) << 3);
  for (let j = 0; j < stored.length; j++) out[j >> 3]! |= (u8[address + stored[j]!]! & 1) << (j & 7);
  return out;
}

/** Byte arrays side by side. References of NULLs may be anything and are not looked at. */
function concatenated(
  { u8, u32 }: LinearMemory,
  address: number,
  stored: Uint32Array,
  nullBitmap: Uint8Array | null,
): ColumnValues {
  const refs = address >>> 2;
  const valueOffsets = new Int32Array(stored.length + 1);
  for (let j = 0; j < stored.length; j++) {
    const isNull = nullBitmap !== null && ((nullBitmap[j >> 3]! >> (j & 7)) & 1) === 0;
    valueOffsets[j + 1] = valueOffsets[j]! + (isNull ? 0 : u32[refs + stored[j]! * 2 + 1]!);
  }
  const data = new Uint8Array(valueOffsets[stored.length]!);
  for (let j = 0; j < stored.length; j++) {
    const to = valueOffsets[j]!;
    const length = valueOffsets[j + 1]! - to;
    if (length === 0) continue;
    const from = u32[refs + stored[j]! * 2]!;
    if (length > 64) data.set(u8.subarray(from, from + length), to);
    else for (let k = 0; k < length; k++) data[to + k] = u8[from + k]!;
  }
  return { data, valueOffsets };
}
