import type * as Arrow from 'apache-arrow';
import { assertNever, RayexecError } from '../common/errors.ts';
import type { DataType, TimestampUnit } from '../types/data-type.ts';
import { formatRaw } from '../types/format-raw.ts';
import type { RawValue } from '../types/raw-value.ts';
import { typeName } from '../types/type-name.ts';

/** The library, loaded by whoever needs it: importing it costs 100 ms, which most programs should not pay. */
export type ArrowLibrary = typeof Arrow;

/** The Arrow type of a SQL type. HUGEINT is Decimal(38, 0), the widest integer Arrow has; UUID, ENUM, BIT and TIMETZ are text. */
export function arrowType(arrow: ArrowLibrary, type: DataType): Arrow.DataType {
  switch (type.kind) {
    case 'null':
      return new arrow.Null();
    case 'boolean':
      return new arrow.Bool();
    case 'int':
      return type.bits === 128 ? new arrow.Decimal(0, 38, 128) : intType(arrow, type.bits, type.signed);
    case 'float':
      return type.bits === 32 ? new arrow.Float32() : new arrow.Float64();
    case 'decimal':
      return new arrow.Decimal(type.scale, type.precision, 128);
    case 'utf8':
    case 'json':
    case 'enum':
    case 'uuid':
    case 'bit':
    case 'timetz':
      return new arrow.Utf8();
    case 'binary':
      return new arrow.Binary();
    case 'date':
      return new arrow.DateDay();
    case 'time':
      return new arrow.TimeMicrosecond();
    case 'timestamp':
      return new arrow.Timestamp(timeUnit(arrow, type.unit), type.zone ? 'UTC' : null);
    case 'interval':
      return new arrow.IntervalMonthDayNano();
    case 'list':
      return new arrow.List(new arrow.Field('item', arrowType(arrow, type.element), true));
    case 'array':
      return new arrow.FixedSizeList(type.length, new arrow.Field('item', arrowType(arrow, type.element), true));
    case 'struct':
      return new arrow.Struct(type.fields.map(f => new arrow.Field(f.name, arrowType(arrow, f.type), true)));
    case 'map': {
      const key = new arrow.Field<Arrow.DataType>('key', arrowType(arrow, type.key), false);
      const value = new arrow.Field<Arrow.DataType>('value', arrowType(arrow, type.value), true);
      const entries = new arrow.Struct<{ key: Arrow.DataType; value: Arrow.DataType }>([key, value]);
      return new arrow.Map_(new arrow.Field('entries', entries, false));
    }
    case 'union':
      // A struct with one field a member says the same and is read by everyone.
      return new arrow.Struct(type.members.map(m => new arrow.Field(m.name, arrowType(arrow, m.type), true)));
    default:
      return assertNever(type);
  }
}

function intType(arrow: ArrowLibrary, bits: 8 | 16 | 32 | 64, signed: boolean): Arrow.DataType {
  const types = signed
    ? { 8: arrow.Int8, 16: arrow.Int16, 32: arrow.Int32, 64: arrow.Int64 }
    : { 8: arrow.Uint8, 16: arrow.Uint16, 32: arrow.Uint32, 64: arrow.Uint64 };
  return new types[bits]();
}

function timeUnit(arrow: ArrowLibrary, unit: TimestampUnit): Arrow.TimeUnit {
  const { SECOND, MILLISECOND, MICROSECOND, NANOSECOND } = arrow.TimeUnit;
  return { s: SECOND, ms: MILLISECOND, us: MICROSECOND, ns: NANOSECOND }[unit];
}

/** Arrow buffers of raw values, of any type. */
export function arrowData(arrow: ArrowLibrary, type: DataType, values: readonly RawValue[]): Arrow.Data {
  const length = values.length;
  const { nullCount, nullBitmap } = bitmapOf(values);
  const base = { type: arrowType(arrow, type), length, nullCount, nullBitmap: nullCount === 0 ? null : nullBitmap };
  const make = arrow.makeData as (props: object) => Arrow.Data;
  switch (type.kind) {
    case 'null':
      return make({ type: base.type, length, nullCount: length });
    case 'boolean': {
      const data = new Uint8Array(((length + 63) >> 6) << 3);
      values.forEach((v, i) => {
        if (v === true) data[i >> 3]! |= 1 << (i & 7);
      });
      return make({ ...base, data });
    }
    case 'int':
    case 'float':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'decimal':
      return make({ ...base, data: numbers(type, values) });
    case 'interval': {
      const data = new BigInt64Array(2 * length);
      const parts = new Int32Array(data.buffer);
      values.forEach((v, i) => {
        const { months, days, micros } = (v ?? { months: 0, days: 0, micros: 0n }) as {
          months: number;
          days: number;
          micros: bigint;
        };
        parts.set([months, days], 4 * i);
        data[2 * i + 1] = micros * 1000n;
      });
      return make({ ...base, data: parts });
    }
    case 'utf8':
    case 'json':
    case 'enum':
    case 'uuid':
    case 'bit':
    case 'timetz': {
      const encoder = new TextEncoder();
      const bytes = (v: RawValue): Uint8Array => (v === null ? EMPTY : encoder.encode(formatRaw(type, v)));
      return make({ ...base, ...concatenated(values.map(bytes)) });
    }
    case 'binary':
      return make({ ...base, ...concatenated(values.map(v => (v === null ? EMPTY : (v as Uint8Array)))) });
    case 'list': {
      const lists = values as readonly (readonly RawValue[] | null)[];
      const child = arrowData(
        arrow,
        type.element,
        lists.flatMap(l => l ?? []),
      );
      return make({ ...base, valueOffsets: offsetsOf(lists.map(l => l?.length ?? 0)), child });
    }
    case 'array': {
      const none = Array<RawValue>(type.length).fill(null);
      const child = arrowData(
        arrow,
        type.element,
        (values as readonly (readonly RawValue[] | null)[]).flatMap(l => l ?? none),
      );
      return make({ ...base, child });
    }
    case 'map': {
      const maps = values as readonly (readonly (readonly [RawValue, RawValue])[] | null)[];
      const entries = maps.flatMap(m => m ?? []);
      const fields = [
        { name: 'key', type: type.key },
        { name: 'value', type: type.value },
      ];
      const child = arrowData(arrow, { kind: 'struct', fields }, entries);
      return make({ ...base, valueOffsets: offsetsOf(maps.map(m => m?.length ?? 0)), child });
    }
    case 'struct': {
      const rows = values as readonly (readonly RawValue[] | null)[];
      return make({
        ...base,
        children: type.fields.map((f, i) =>
          arrowData(
            arrow,
            f.type,
            rows.map(r => r?.[i] ?? null),
          ),
        ),
      });
    }
    case 'union': {
      const rows = values as readonly (readonly [number, RawValue] | null)[];
      const member = (m: number): RawValue[] => rows.map(r => (r !== null && r[0] === m ? r[1] : null));
      return make({ ...base, children: type.members.map((f, i) => arrowData(arrow, f.type, member(i))) });
    }
    default:
      return assertNever(type);
  }
}

const EMPTY = new Uint8Array(0);

function bitmapOf(values: readonly RawValue[]): { nullCount: number; nullBitmap: Uint8Array } {
  const nullBitmap = new Uint8Array(((values.length + 63) >> 6) << 3);
  let nullCount = 0;
  values.forEach((v, i) => {
    if (v === null) nullCount++;
    else nullBitmap[i >> 3]! |= 1 << (i & 7);
  });
  return { nullCount, nullBitmap };
}

/** The greatest number of 38 digits. */
const MOST = 10n ** 38n - 1n;

function tooWide(value: bigint, type: DataType): RayexecError {
  const summary = `${value} has more digits than DECIMAL(38,0), which is what Arrow and Parquet have for ${typeName(type)}`;
  return new RayexecError('conversion', summary, { hint: 'CAST the column to DOUBLE or VARCHAR' });
}

/**
 * Fixed-width values; 128-bit ones as pairs of 64-bit words, low first.
 * @throws RayexecError `conversion` for integers of more than 38 digits
 */
function numbers(type: DataType, values: readonly RawValue[]): ArrayBufferView {
  const n = values.length;
  if (type.kind === 'decimal' || (type.kind === 'int' && type.bits === 128)) {
    const words = new BigInt64Array(2 * n);
    values.forEach((v, i) => {
      const value = v === null ? 0n : BigInt(v as bigint | number);
      if (type.kind === 'int' && (value > MOST || value < -MOST)) throw tooWide(value, type);
      words[2 * i] = BigInt.asIntN(64, value);
      words[2 * i + 1] = value >> 64n;
    });
    return new Uint32Array(words.buffer);
  }
  const out = numberArray(type, n);
  if (out instanceof BigInt64Array || out instanceof BigUint64Array) {
    values.forEach((v, i) => {
      if (v !== null) out[i] = BigInt(v as bigint);
    });
  } else {
    values.forEach((v, i) => {
      if (v !== null) out[i] = Number(v);
    });
  }
  return out;
}

function numberArray(type: DataType, n: number) {
  if (type.kind === 'float') return type.bits === 32 ? new Float32Array(n) : new Float64Array(n);
  if (type.kind === 'date') return new Int32Array(n);
  if (type.kind !== 'int') return new BigInt64Array(n);
  switch (type.bits) {
    case 8:
      return type.signed ? new Int8Array(n) : new Uint8Array(n);
    case 16:
      return type.signed ? new Int16Array(n) : new Uint16Array(n);
    case 32:
      return type.signed ? new Int32Array(n) : new Uint32Array(n);
    default:
      return type.signed ? new BigInt64Array(n) : new BigUint64Array(n);
  }
}

function offsetsOf(lengths: readonly number[]): Int32Array {
  const offsets = new Int32Array(lengths.length + 1);
  lengths.forEach((l, i) => {
    offsets[i + 1] = offsets[i]! + l;
  });
  return offsets;
}

function concatenated(parts: readonly Uint8Array[]): { valueOffsets: Int32Array; data: Uint8Array } {
  const valueOffsets = offsetsOf(parts.map(p => p.length));
  const data = new Uint8Array(valueOffsets[parts.length]!);
  parts.forEach((p, i) => {
    data.set(p, valueOffsets[i]!);
  });
  return { valueOffsets, data };
}
