import { invariant } from '../../common/errors.ts';
import type { DataType } from '../../types/data-type.ts';
import type { Annotation, ParquetType } from './file-metadata.ts';

/** How a flat type is written: the other direction of `valueType`. */
export type StoredType = {
  readonly type: ParquetType;
  readonly annotation: Annotation | undefined;
  /** Bytes of a stored value; 0 for byte arrays. Booleans are kept as a byte each until they are packed. */
  readonly width: number;
  /** How values become stored ones, by the numbers of the kernel `stored_values`. */
  readonly kind: number;
  /** How stored values are ordered, by the numbers of the kernel `stored_bounds`; byte arrays by their bytes. */
  readonly order: number | 'bytes' | undefined;
};

const KINDS = {
  byte: 0,
  word: 1,
  long: 2,
  fromI8: 3,
  fromU8: 4,
  fromI16: 5,
  fromU16: 6,
  lowWord: 7,
  bigEndian: 8,
  interval: 9,
  i128: 10,
  u128: 11,
  seconds: 12,
} as const;

/** By the numbers of the kernel `stored_bounds`, which `compareStored` also goes by. */
export const STORED_ORDERS = { i32: 0, u32: 1, i64: 2, u64: 3, f32: 4, f64: 5, boolean: 6, bigEndian: 7 } as const;

/** As DuckDB stores them (ENUM and BIT as text, seconds as microseconds), but HUGEINT as a decimal: integers never round. */
export function storedType(type: DataType): StoredType {
  switch (type.kind) {
    case 'null':
      return fixed('INT32', 'word', undefined, { kind: 'null' });
    case 'boolean':
      return fixed('BOOLEAN', 'byte', 'boolean');
    case 'int':
      return storedInteger(type.bits, type.signed);
    case 'float':
      return type.bits === 32 ? fixed('FLOAT', 'word', 'f32') : fixed('DOUBLE', 'long', 'f64');
    case 'decimal': {
      const { precision, scale } = type;
      const annotation: Annotation = { kind: 'decimal', precision, scale };
      if (precision <= 9) return fixed('INT32', 'lowWord', 'i32', annotation);
      if (precision <= 18) return fixed('INT64', 'long', 'i64', annotation);
      return fixed('FIXED_LEN_BYTE_ARRAY', 'bigEndian', 'bigEndian', annotation);
    }
    case 'date':
      return fixed('INT32', 'word', 'i32', { kind: 'date' });
    case 'time':
      return fixed('INT64', 'long', 'i64', { kind: 'time', unit: 'us', utc: false });
    case 'timestamp': {
      const kind = type.unit === 's' ? 'seconds' : 'long';
      const unit = type.unit === 's' ? 'us' : type.unit;
      return fixed('INT64', kind, 'i64', { kind: 'timestamp', unit, utc: type.zone });
    }
    case 'interval':
      return fixed('FIXED_LEN_BYTE_ARRAY', 'interval', undefined, { kind: 'interval' });
    case 'uuid':
      return fixed('FIXED_LEN_BYTE_ARRAY', 'bigEndian', undefined, { kind: 'uuid' });
    case 'enum':
      return byteArray({ kind: 'enum' });
    case 'utf8':
    case 'bit':
      return byteArray({ kind: 'string' });
    case 'json':
      return byteArray({ kind: 'json' });
    case 'binary':
      return byteArray(undefined);
    default:
      invariant(false, `${type.kind} is nested`);
  }
}

function storedInteger(bits: 8 | 16 | 32 | 64 | 128, signed: boolean): StoredType {
  if (bits === 128) {
    const annotation: Annotation = { kind: 'decimal', precision: 38, scale: 0 };
    return fixed('FIXED_LEN_BYTE_ARRAY', signed ? 'i128' : 'u128', 'bigEndian', annotation);
  }
  const annotation: Annotation = { kind: 'int', bits, signed };
  if (bits === 64) return fixed('INT64', 'long', signed ? 'i64' : 'u64', annotation);
  const kind = bits === 32 ? 'word' : (`from${signed ? 'I' : 'U'}${bits}` as const);
  return fixed('INT32', kind, signed ? 'i32' : 'u32', annotation);
}

const WIDTHS: Readonly<Record<keyof typeof KINDS, number>> = {
  byte: 1,
  word: 4,
  long: 8,
  fromI8: 4,
  fromU8: 4,
  fromI16: 4,
  fromU16: 4,
  lowWord: 4,
  bigEndian: 16,
  interval: 12,
  i128: 16,
  u128: 16,
  seconds: 8,
};

function fixed(
  type: ParquetType,
  kind: keyof typeof KINDS,
  order: keyof typeof STORED_ORDERS | undefined,
  annotation?: Annotation,
): StoredType {
  return { type, annotation, width: WIDTHS[kind], kind: KINDS[kind], order: order && STORED_ORDERS[order] };
}

const byteArray = (annotation: Annotation | undefined): StoredType => ({
  type: 'BYTE_ARRAY',
  annotation,
  width: 0,
  kind: KINDS.word,
  order: 'bytes',
});
