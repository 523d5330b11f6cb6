import type * as Arrow from 'apache-arrow';
import { RayexecError } from '../common/errors.ts';
import type { DataType, Schema, TimestampUnit } from '../types/data-type.ts';
import { childTypes, physicalType, widthOf } from '../types/physical.ts';
import type { RawValue } from '../types/raw-value.ts';
import { type BuildContext, buildVector } from './builder.ts';
import { valueReader } from './read.ts';
import type { ArrowLibrary } from './to-arrow.ts';
import { Vector } from './vector.ts';

/** The columns of an Arrow schema as SQL types. @throws RayexecError `unsupported` for types that SQL has not */
export function fromArrowSchema(arrow: ArrowLibrary, schema: Arrow.Schema): Schema {
  return schema.fields.map(f => ({ name: f.name, type: fromArrowType(arrow, f.type), nullable: f.nullable }));
}

/** The SQL type of an Arrow type; a dictionary has its values' type. @throws RayexecError `unsupported` */
function fromArrowType(arrow: ArrowLibrary, type: Arrow.DataType): DataType {
  const { DataType: T } = arrow;
  if (T.isNull(type)) return { kind: 'null' };
  if (T.isBool(type)) return { kind: 'boolean' };
  if (T.isInt(type)) return { kind: 'int', bits: type.bitWidth, signed: type.isSigned };
  if (T.isFloat(type)) return { kind: 'float', bits: type.precision === arrow.Precision.DOUBLE ? 64 : 32 };
  if (T.isDecimal(type) && type.bitWidth === 128) {
    return { kind: 'decimal', precision: type.precision, scale: type.scale };
  }
  if (T.isUtf8(type) || T.isLargeUtf8(type)) return { kind: 'utf8' };
  if (T.isBinary(type) || T.isLargeBinary(type) || T.isFixedSizeBinary(type)) return { kind: 'binary' };
  if (T.isDate(type)) return { kind: 'date' };
  if (T.isTime(type)) return { kind: 'time' };
  if (T.isTimestamp(type)) {
    const zone = type.timezone != null && type.timezone !== '';
    return { kind: 'timestamp', unit: zone ? 'us' : UNITS[type.unit]!, zone };
  }
  if (T.isInterval(type) || T.isDuration(type)) return { kind: 'interval' };
  if (T.isList(type)) return { kind: 'list', element: fromArrowType(arrow, type.valueType) };
  if (T.isFixedSizeList(type)) {
    return { kind: 'array', element: fromArrowType(arrow, type.valueType), length: type.listSize };
  }
  if (T.isStruct(type)) return { kind: 'struct', fields: fieldsOf(arrow, type.children) };
  if (T.isMap(type)) {
    return { kind: 'map', key: fromArrowType(arrow, type.keyType), value: fromArrowType(arrow, type.valueType) };
  }
  if (T.isUnion(type)) return { kind: 'union', members: fieldsOf(arrow, type.children) };
  if (T.isDictionary(type)) return fromArrowType(arrow, type.dictionary);
  throw new RayexecError('unsupported', `Arrow's type ${String(type)} has no SQL type`);
}

/** By Arrow's number of the unit. */
const UNITS: readonly TimestampUnit[] = ['s', 'ms', 'us', 'ns'];
const NANOS: readonly bigint[] = [1_000_000_000n, 1_000_000n, 1000n, 1n];

function fieldsOf(arrow: ArrowLibrary, fields: readonly Arrow.Field[]): { name: string; type: DataType }[] {
  return fields.map(f => ({ name: f.name, type: fromArrowType(arrow, f.type) }));
}

/** Copies Arrow's buffers into vectors. Dictionaries are copied once, and belong to the arena that is given first. */
export class ArrowReader {
  readonly #arrow: ArrowLibrary;
  readonly #shared: BuildContext;
  readonly #dictionaries = new Map<unknown, Vector>();

  constructor(arrow: ArrowLibrary, shared: BuildContext) {
    this.#arrow = arrow;
    this.#shared = shared;
  }

  /**
   * The rows `from` … `from + count` as a vector in `ctx`'s arena.
   * @throws RayexecError `format` when offsets or codes lead nowhere
   */
  read(ctx: BuildContext, data: Arrow.Data, from: number, count: number): Vector {
    const { DataType: T } = this.#arrow;
    const type = fromArrowType(this.#arrow, data.type);
    const validity = readValidity(ctx, data, from, count);
    if (T.isDictionary(data.type)) return this.#readCodes(ctx, data, from, count, validity);
    const flat = (address: number, children: readonly Vector[] = []): Vector =>
      Vector.flat(type, count, address, validity, children);
    switch (physicalType(type)) {
      case 'ref':
        return flat(T.isFixedSizeBinary(data.type) ? fixedRefs(ctx, data, from, count) : refs(ctx, data, from, count));
      case 'list': {
        const { first, length, address } = T.isFixedSizeList(data.type)
          ? fixedLists(ctx, data.type.listSize, from, count)
          : lists(ctx, data, from, count);
        const [child] = data.children;
        check(child !== undefined && first + length <= child.length, 'a list ends behind its elements');
        return flat(address, [this.read(ctx, child!, first, length)]);
      }
      case 'struct': {
        if (T.isUnion(data.type)) return this.#readUnion(ctx, data, type, from, count);
        check(
          data.children.every(c => c.length >= from + count),
          'a struct has too few values of a field',
        );
        return flat(
          0,
          data.children.map(c => this.read(ctx, c, from, count)),
        );
      }
      default:
        return flat(readFixed(this.#arrow, ctx, type, data, from, count));
    }
  }

  #readCodes(ctx: BuildContext, data: Arrow.Data, from: number, count: number, validity: number): Vector {
    const values = data.dictionary;
    check(values !== undefined, 'a dictionary is missing');
    let dictionary = this.#dictionaries.get(values);
    if (dictionary === undefined) {
      dictionary = this.#readDictionary(values!);
      this.#dictionaries.set(values, dictionary);
    }
    const out = ctx.arena.alloc(count * 4);
    const codes = data.values as ArrayLike<number | bigint>;
    check(codes.length >= from + count, 'a column has too few codes');
    const { u8, u32 } = ctx.memory;
    for (let i = 0; i < count; i++) {
      const isNull = validity !== 0 && ((u8[validity + (i >> 3)]! >> (i & 7)) & 1) === 0;
      const code = isNull ? 0 : Number(codes[from + i]!);
      if (!isNull && !(code >= 0 && code < dictionary.length)) check(false, 'a code is not in its dictionary');
      u32[(out >>> 2) + i] = code;
    }
    if (dictionary.length === 0) return nulls(ctx, dictionary.type, count);
    return Vector.coded(dictionary, count, out, validity);
  }

  /** One flat vector of all of a dictionary's parts. */
  #readDictionary(values: Arrow.Vector): Vector {
    const parts = values.data.map(d => this.read(this.#shared, d, 0, d.length));
    const [first] = parts;
    if (parts.length === 1 && first!.form === 'flat') return first!;
    const type = fromArrowType(this.#arrow, values.type);
    const raw = parts.flatMap(p => {
      const read = valueReader(this.#shared.memory, p);
      return Array.from({ length: p.length }, (_, i) => read(i));
    });
    return buildVector(this.#shared, type, raw);
  }

  #readUnion(ctx: BuildContext, data: Arrow.Data, type: DataType, from: number, count: number): Vector {
    const { typeIds, valueOffsets } = data;
    const { typeIdToChildIndex } = data.type as Arrow.Union;
    const types = childTypes(type).slice(1);
    const readers = data.children.map(c => {
      return valueReader(ctx.memory, this.read(ctx, c, 0, c.length));
    });
    const values = Array.from({ length: count }, (_, i): RawValue => {
      const member = typeIdToChildIndex[typeIds[from + i]!];
      check(member !== undefined && member < types.length, 'a union has a value of no member');
      const at = valueOffsets === undefined ? from + i : valueOffsets[from + i]!;
      check(at >= 0 && at < data.children[member!]!.length, 'a union has too few values of a member');
      const value = readers[member!]!(at);
      return value === null ? null : [member!, value];
    });
    return buildVector(ctx, type, values);
  }
}

function check(isGood: boolean, problem: string): void {
  if (!isGood) throw new RayexecError('format', `damaged Arrow data: ${problem}`);
}

function nulls(ctx: BuildContext, type: DataType, count: number): Vector {
  return buildVector(ctx, type, Array<RawValue>(count).fill(null));
}

/** The bitmap of the rows; 0 when none is NULL. */
function readValidity({ memory, arena }: BuildContext, data: Arrow.Data, from: number, count: number): number {
  const bits = data.nullBitmap;
  const isAllNull = data.typeId === 1;
  if (!isAllNull && (data.nullCount === 0 || bits === undefined || bits.length === 0)) return 0;
  const out = arena.allocZeroed(((count + 127) >> 7) << 4);
  if (isAllNull) return out;
  const first = data.offset + from;
  check(bits!.length * 8 >= first + count, 'a bitmap is too short');
  const { u8 } = memory;
  const shift = first & 7;
  for (let b = 0; b < (count + 7) >> 3; b++) {
    const at = (first >> 3) + b;
    u8[out + b] = shift === 0 ? bits![at]! : (bits![at]! >> shift) | ((bits![at + 1] ?? 0) << (8 - shift));
  }
  return out;
}

/** Values of fixed width. */
function readFixed(
  arrow: ArrowLibrary,
  ctx: BuildContext,
  type: DataType,
  data: Arrow.Data,
  from: number,
  count: number,
): number {
  const { memory, arena } = ctx;
  const width = widthOf(physicalType(type));
  const out = arena.allocZeroed(count * width);
  if (type.kind === 'null') return out;
  const { DataType: T } = arrow;
  const values = data.values as ArrayBufferView & ArrayLike<number | bigint>;
  if (type.kind === 'boolean') {
    const bits = values as unknown as Uint8Array;
    const first = data.offset + from;
    check(bits.length * 8 >= first + count, 'a column has too few values');
    for (let i = 0; i < count; i++) memory.u8[out + i] = (bits[(first + i) >> 3]! >> ((first + i) & 7)) & 1;
    return out;
  }
  if (isSameLayout(arrow, type, data.type)) {
    // A narrow decimal lies in 128 bits.
    const stored = type.kind === 'decimal' ? 16 : width;
    check(values.byteLength >= (from + count) * stored, 'a column has too few values');
    const bytes = new Uint8Array(values.buffer, values.byteOffset + from * stored, count * stored);
    if (stored === width) memory.u8.set(bytes, out);
    else for (let i = 0; i < count; i++) for (let b = 0; b < 8; b++) memory.u8[out + 8 * i + b] = bytes[16 * i + b]!;
    return out;
  }
  const at = (i: number): bigint | number => {
    check(i < values.length, 'a column has too few values');
    return values[i]!;
  };
  for (let i = 0; i < count; i++) {
    const row = from + i;
    if (T.isDate(data.type)) memory.i32[(out >> 2) + i] = Math.floor(Number(at(row)) / 86_400_000);
    else if (T.isFloat(data.type)) memory.f32[(out >> 2) + i] = halfToNumber(Number(at(row)));
    else if (T.isInterval(data.type)) writeInterval(ctx, arrow, data, row, out + 16 * i);
    else if (T.isDuration(data.type)) memory.i64[(out >> 3) + 2 * i + 1] = toMicros(BigInt(at(row)), data.type.unit);
    else if (T.isTime(data.type) || T.isTimestamp(data.type)) {
      memory.i64[(out >> 3) + i] = toMicros(BigInt(at(row)), data.type.unit);
    }
  }
  return out;
}

/** Whether the values lie in Arrow's buffer as in a vector (decimals: with 8 more bytes at most). */
function isSameLayout(arrow: ArrowLibrary, type: DataType, stored: Arrow.DataType): boolean {
  const { DataType: T } = arrow;
  if (T.isDate(stored)) return stored.unit === arrow.DateUnit.DAY;
  if (T.isTime(stored)) return stored.unit === arrow.TimeUnit.MICROSECOND;
  if (T.isTimestamp(stored)) return type.kind === 'timestamp' && type.unit === UNITS[stored.unit];
  if (T.isFloat(stored)) return stored.precision !== arrow.Precision.HALF;
  return T.isInt(stored) || T.isDecimal(stored);
}

function toMicros(value: bigint, unit: number): bigint {
  const nanos = NANOS[unit]!;
  return nanos >= 1000n ? value * (nanos / 1000n) : value / 1000n;
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

function writeInterval(
  { memory }: BuildContext,
  arrow: ArrowLibrary,
  data: Arrow.Data,
  row: number,
  out: number,
): void {
  const { unit } = data.type as Arrow.Interval;
  const words = data.values as Int32Array;
  const stride = unit === arrow.IntervalUnit.YEAR_MONTH ? 1 : unit === arrow.IntervalUnit.DAY_TIME ? 2 : 4;
  check(words.length >= (row + 1) * stride, 'a column has too few values');
  const word = (k: number): number => words[row * stride + k]!;
  const [at, micros] = [out >> 2, (out >> 3) + 1];
  if (stride === 1) memory.i32[at] = word(0);
  else if (stride === 2) {
    memory.i32[at + 1] = word(0);
    memory.i64[micros] = BigInt(word(1)) * 1000n;
  } else {
    memory.i32[at] = word(0);
    memory.i32[at + 1] = word(1);
    memory.i64[micros] = ((BigInt(word(3)) << 32n) | BigInt(word(2) >>> 0)) / 1000n;
  }
}

/** References to texts or blobs, whose bytes are copied. */
function refs({ memory, arena }: BuildContext, data: Arrow.Data, from: number, count: number): number {
  const out = arena.alloc(count * 8);
  const offsets = data.valueOffsets as unknown as ArrayLike<number | bigint>;
  const bytes = data.values as Uint8Array;
  if (count === 0) return out;
  check(offsets !== undefined && offsets.length > from + count, 'a column has too few offsets');
  const first = Number(offsets[from]!);
  const end = Number(offsets[from + count]!);
  check(first >= 0 && end >= first && end <= (bytes?.length ?? 0), 'offsets lead behind the text');
  const address = arena.alloc(end - first);
  memory.u8.set(bytes.subarray(first, end), address);
  const { u32 } = memory;
  let start = first;
  for (let i = 0; i < count; i++) {
    const next = Number(offsets[from + i + 1]!);
    if (next < start || next > end) check(false, 'offsets lead backwards');
    u32[(out >>> 2) + 2 * i] = address + (start - first);
    u32[(out >>> 2) + 2 * i + 1] = next - start;
    start = next;
  }
  return out;
}

function fixedRefs({ memory, arena }: BuildContext, data: Arrow.Data, from: number, count: number): number {
  const { byteWidth } = data.type as Arrow.FixedSizeBinary;
  const bytes = data.values as Uint8Array;
  check(bytes.length >= (from + count) * byteWidth, 'a column has too few values');
  const out = arena.alloc(count * 8);
  const address = arena.alloc(count * byteWidth);
  memory.u8.set(bytes.subarray(from * byteWidth, (from + count) * byteWidth), address);
  const { u32 } = memory;
  for (let i = 0; i < count; i++) {
    u32[(out >>> 2) + 2 * i] = address + i * byteWidth;
    u32[(out >>> 2) + 2 * i + 1] = byteWidth;
  }
  return out;
}

type Lists = { readonly first: number; readonly length: number; readonly address: number };

function lists({ memory, arena }: BuildContext, data: Arrow.Data, from: number, count: number): Lists {
  const address = arena.alloc(count * 8);
  const offsets = data.valueOffsets as Int32Array | undefined;
  if (count === 0) return { first: 0, length: 0, address };
  check(offsets !== undefined && offsets.length > from + count, 'a column has too few offsets');
  const first = offsets![from]!;
  const { u32 } = memory;
  for (let i = 0; i < count; i++) {
    const start = offsets![from + i]!;
    const length = offsets![from + i + 1]! - start;
    if (start < first || length < 0) check(false, 'offsets lead backwards');
    u32[(address >>> 2) + 2 * i] = start - first;
    u32[(address >>> 2) + 2 * i + 1] = length;
  }
  check(first >= 0, 'offsets lead backwards');
  return { first, length: offsets![from + count]! - first, address };
}

function fixedLists({ memory, arena }: BuildContext, size: number, from: number, count: number): Lists {
  const address = arena.alloc(count * 8);
  const { u32 } = memory;
  for (let i = 0; i < count; i++) {
    u32[(address >>> 2) + 2 * i] = i * size;
    u32[(address >>> 2) + 2 * i + 1] = size;
  }
  return { first: from * size, length: count * size, address };
}
