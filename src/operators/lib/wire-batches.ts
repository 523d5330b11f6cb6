import type * as Arrow from 'apache-arrow';
import { allRows, type Batch } from '../../batch/batch.ts';
import type { ArrowLibrary } from '../../batch/to-arrow.ts';
import { Vector } from '../../batch/vector.ts';
import { invariant } from '../../common/errors.ts';
import { bitmapBytes, flatten, gather, type VectorContext } from '../../kernels/vectors.ts';
import type { DataType } from '../../types/data-type.ts';
import { childTypes, type PhysicalType, physicalType, widthOf } from '../../types/physical.ts';
import { narrowIntegers, widenIntegers } from './narrow-integers.ts';

/**
 * Batches as an Arrow IPC stream whose columns have Arrow types of the same layout as their values (a DECIMAL(9, 2) is an
 * Int64, a BOOLEAN a Uint8, 16 bytes are a FixedSizeBinary), and integers of fewer bytes where their values allow: whoever
 * reads them knows the SQL types from the plan.
 * @param batches without selections
 */
export function encodeBatches(
  arrow: ArrowLibrary,
  ctx: VectorContext,
  types: readonly DataType[],
  batches: readonly Batch[],
): Uint8Array {
  const columns = types.map((_, i) =>
    narrowIntegers(
      ctx,
      batches.map(b => ({ vector: b.columns[i]!, count: b.count })),
    ),
  );
  const fields = types.map((t, i) => new arrow.Field(String(i), wireType(arrow, columns[i]![0]?.type ?? t), true));
  const schema = new arrow.Schema(fields);
  const writer = new (collectingWriter(arrow))();
  writer.reset(undefined, schema);
  const type = new arrow.Struct(fields);
  for (const [b, { count, selection }] of batches.entries()) {
    invariant(selection === 0, 'only whole batches are sent');
    const children = columns.map(c => encodeVector(arrow, ctx, c[b]!, count));
    writer.write(new arrow.RecordBatch(schema, arrow.makeData({ type, length: count, nullCount: 0, children })));
  }
  writer.finish();
  return joined(writer.parts);
}

/** A writer that keeps what it is to write as it is: parts of the linear memory, until they are joined. */
function collectingWriter(arrow: ArrowLibrary) {
  return class extends arrow.RecordBatchStreamWriter {
    readonly parts: Uint8Array[] = [];

    protected override _write(chunk: ArrayBufferView): this {
      this.parts.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      return this;
    }
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The batches of such a stream, one at a time; each is in `ctx.arena`. */
export function* decodeBatches(
  arrow: ArrowLibrary,
  ctx: VectorContext,
  types: readonly DataType[],
  bytes: Uint8Array,
): Generator<Omit<Batch, 'split'>, void, undefined> {
  for (const { numRows, data, schema } of arrow.RecordBatchReader.from(bytes)) {
    // The library makes an empty batch of a stream that has none.
    if (numRows === 0) continue;
    const columns = types.map((type, i) => {
      const narrow = narrowType(arrow, schema.fields[i]!.type, type);
      const vector = decodeVector(ctx, narrow ?? type, data.children[i]!, numRows);
      return narrow === undefined ? vector : widenIntegers(ctx, vector, type, numRows);
    });
    yield { ...allRows(numRows), columns };
  }
}

/** What a column's integers were made into; undefined where they are as the type has them. */
function narrowType(arrow: ArrowLibrary, sent: Arrow.DataType, type: DataType): DataType | undefined {
  if (!arrow.DataType.isInt(sent) || sent.bitWidth >= 8 * widthOf(physicalType(type))) return undefined;
  return { kind: 'int', bits: sent.bitWidth, signed: sent.isSigned };
}

type ArrayConstructor = {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, from: number, length: number): ArrayBufferView;
};

function wireType(arrow: ArrowLibrary, type: DataType): Arrow.DataType {
  const physical = physicalType(type);
  switch (physical) {
    case 'list':
      return new arrow.List(new arrow.Field('item', wireType(arrow, childTypes(type)[0]!), true));
    case 'struct':
      return new arrow.Struct(childTypes(type).map((t, i) => new arrow.Field(String(i), wireType(arrow, t), true)));
    default:
      return flatType(arrow, physical);
  }
}

function flatType(arrow: ArrowLibrary, physical: Exclude<PhysicalType, 'list' | 'struct'>): Arrow.DataType {
  switch (physical) {
    case 'i8':
      return new arrow.Int8();
    case 'i16':
      return new arrow.Int16();
    case 'i32':
      return new arrow.Int32();
    case 'i64':
      return new arrow.Int64();
    case 'bool':
    case 'u8':
      return new arrow.Uint8();
    case 'u16':
      return new arrow.Uint16();
    case 'u32':
      return new arrow.Uint32();
    case 'u64':
      return new arrow.Uint64();
    case 'f32':
      return new arrow.Float32();
    case 'f64':
      return new arrow.Float64();
    case 'ref':
      return new arrow.Binary();
    case 'i128':
    case 'u128':
    case 'interval':
      return new arrow.FixedSizeBinary(16);
  }
}

/** The values of `count` positions, where they are if they are as Arrow has them. */
function encodeVector(arrow: ArrowLibrary, ctx: VectorContext, vector: Vector, count: number): Arrow.Data {
  const flat = flatten(ctx, vector, allRows(count));
  const { memory } = ctx;
  const type = wireType(arrow, vector.type);
  const nullBitmap = flat.validity === 0 ? null : memory.u8.slice(flat.validity, flat.validity + ((count + 7) >> 3));
  const nullCount = nullBitmap === null ? 0 : -1;
  const make = arrow.makeData as (props: object) => Arrow.Data;
  const base = { type, length: count, nullCount, nullBitmap };
  switch (flat.physical) {
    case 'struct':
      return make({ ...base, children: flat.children.map(c => encodeVector(arrow, ctx, c, count)) });
    case 'list': {
      const { valueOffsets, child } = listElements(ctx, flat, count);
      return make({ ...base, valueOffsets, child: encodeVector(arrow, ctx, child, valueOffsets[count]!) });
    }
    case 'ref':
      return make({ ...base, ...textBytes(ctx, flat, count) });
    default: {
      const { ArrayType } = type as unknown as { ArrayType: ArrayConstructor };
      const length = (count * widthOf(flat.physical)) / ArrayType.BYTES_PER_ELEMENT;
      return make({ ...base, data: new ArrayType(memory.u8.buffer, flat.data, length) });
    }
  }
}

/** The elements of the lists one list after another: as Arrow has them. */
function listElements(
  ctx: VectorContext,
  { data, validity, children }: Vector,
  count: number,
): { readonly valueOffsets: Int32Array; readonly child: Vector } {
  const { u32, u8 } = ctx.memory;
  const valueOffsets = new Int32Array(count + 1);
  let isInOrder = true;
  for (let i = 0; i < count; i++) {
    const isValid = validity === 0 || ((u8[validity + (i >> 3)]! >> (i & 7)) & 1) === 1;
    const length = isValid ? u32[(data >>> 2) + 2 * i + 1]! : 0;
    isInOrder &&= length === 0 || u32[(data >>> 2) + 2 * i] === valueOffsets[i];
    valueOffsets[i + 1] = valueOffsets[i]! + length;
  }
  if (isInOrder) return { valueOffsets, child: children[0]! };
  const total = valueOffsets[count]!;
  const indexes = ctx.arena.alloc(total * 4);
  for (let i = 0; i < count; i++) {
    const from = ctx.memory.u32[(data >>> 2) + 2 * i]! - valueOffsets[i]!;
    for (let at = valueOffsets[i]!; at < valueOffsets[i + 1]!; at++) ctx.memory.u32[(indexes >>> 2) + at] = from + at;
  }
  return { valueOffsets, child: gather(ctx, children[0]!, indexes, total) };
}

function textBytes(
  { memory }: VectorContext,
  { data: refs, validity }: Vector,
  count: number,
): { readonly valueOffsets: Int32Array; readonly data: Uint8Array } {
  const { u32, u8 } = memory;
  const valueOffsets = new Int32Array(count + 1);
  const lengthOf = (i: number): number =>
    validity === 0 || ((u8[validity + (i >> 3)]! >> (i & 7)) & 1) === 1 ? u32[(refs >>> 2) + 2 * i + 1]! : 0;
  for (let i = 0; i < count; i++) valueOffsets[i + 1] = valueOffsets[i]! + lengthOf(i);
  const data = new Uint8Array(valueOffsets[count]!);
  for (let i = 0; i < count; ) {
    // Texts that lie one after another are copied as one.
    const start = u32[(refs >>> 2) + 2 * i]!;
    const first = i;
    let end = start + lengthOf(i++);
    while (i < count && (lengthOf(i) === 0 || u32[(refs >>> 2) + 2 * i] === end)) end += lengthOf(i++);
    if (end > start) data.set(u8.subarray(start, end), valueOffsets[first]!);
  }
  return { valueOffsets, data };
}

/** Copies Arrow's buffers into the arena. */
function decodeVector(ctx: VectorContext, type: DataType, data: Arrow.Data, count: number): Vector {
  const { memory, arena } = ctx;
  let validity = 0;
  if (data.nullBitmap !== undefined && data.nullBitmap.length > 0) {
    validity = arena.allocZeroed(bitmapBytes(count));
    memory.u8.set(data.nullBitmap.subarray(0, (count + 7) >> 3), validity);
  }
  const physical = physicalType(type);
  if (physical === 'struct') {
    const children = childTypes(type).map((t, i) => decodeVector(ctx, t, data.children[i]!, count));
    return Vector.flat(type, count, 0, validity, children);
  }
  const values = arena.alloc(count * widthOf(physical));
  if (physical === 'list') {
    const [child] = data.children;
    pairsOf(ctx, values, data.valueOffsets, count, 0);
    return Vector.flat(type, count, values, validity, [decodeVector(ctx, childTypes(type)[0]!, child!, child!.length)]);
  }
  if (physical === 'ref') {
    const end = data.valueOffsets[count] ?? 0;
    const text = arena.alloc(end);
    memory.u8.set((data.values as Uint8Array).subarray(0, end), text);
    pairsOf(ctx, values, data.valueOffsets, count, text);
    return Vector.flat(type, count, values, validity);
  }
  const { buffer, byteOffset } = data.values as ArrayBufferView;
  memory.u8.set(new Uint8Array(buffer, byteOffset, count * widthOf(physical)), values);
  return Vector.flat(type, count, values, validity);
}

/** Offsets as pairs of start (from `base`) and length. */
function pairsOf({ memory }: VectorContext, out: number, offsets: Int32Array, count: number, base: number): void {
  const { u32 } = memory;
  for (let i = 0; i < count; i++) {
    u32[(out >>> 2) + 2 * i] = base + offsets[i]!;
    u32[(out >>> 2) + 2 * i + 1] = offsets[i + 1]! - offsets[i]!;
  }
}
