import { assertNever } from '../common/errors.ts';
import type { DataType } from './data-type.ts';

/**
 * How a type's values lie in linear memory, little-endian.
 *
 * | physical | bytes | of |
 * |---|---|---|
 * | `bool` | 1 (0 or 1) | BOOLEAN, and NULL (all rows invalid) |
 * | `i8` … `u64`, `f32`, `f64` | 1–8 | integers, floats; DATE is `i32` days; TIME and TIMESTAMP `i64`; TIMETZ `i64` as `packZonedTime` makes it; DECIMAL(p ≤ 18) `i64` unscaled; ENUM `u32` |
 * | `i128`, `u128` | 16 | HUGEINT, UHUGEINT; DECIMAL(p > 18) `i128` unscaled; UUID `u128` |
 * | `interval` | 16 | {months i32, days i32, micros i64} |
 * | `ref` | 8 | VARCHAR, BLOB, JSON, BIT (its digits): {address u32, length u32} of bytes elsewhere in the memory |
 * | `list` | 8 | LIST, ARRAY, MAP: {offset u32, length u32} into the child vector (a map's child is a struct of key and value) |
 * | `struct` | 0 | STRUCT: children only; UNION: children are the tag (`u8`), then one per member |
 */
export type PhysicalType =
  | 'bool'
  | 'i8'
  | 'i16'
  | 'i32'
  | 'i64'
  | 'i128'
  | 'u8'
  | 'u16'
  | 'u32'
  | 'u64'
  | 'u128'
  | 'f32'
  | 'f64'
  | 'interval'
  | 'ref'
  | 'list'
  | 'struct';

/** The largest precision whose unscaled value fits 64 bits. */
export const MAX_DECIMAL64 = 18;
export const MAX_PRECISION = 38;

const WIDTHS: Readonly<Record<PhysicalType, number>> = {
  bool: 1,
  i8: 1,
  i16: 2,
  i32: 4,
  i64: 8,
  i128: 16,
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  u128: 16,
  f32: 4,
  f64: 8,
  interval: 16,
  ref: 8,
  list: 8,
  struct: 0,
};

/** Bytes of one value in its vector's data buffer. */
export const widthOf = (physical: PhysicalType): number => WIDTHS[physical];

export function physicalType(type: DataType): PhysicalType {
  switch (type.kind) {
    case 'null':
    case 'boolean':
      return 'bool';
    case 'int':
      return `${type.signed ? 'i' : 'u'}${type.bits}`;
    case 'float':
      return type.bits === 32 ? 'f32' : 'f64';
    case 'decimal':
      return type.precision <= MAX_DECIMAL64 ? 'i64' : 'i128';
    case 'date':
      return 'i32';
    case 'time':
    case 'timetz':
    case 'timestamp':
      return 'i64';
    case 'interval':
      return 'interval';
    case 'uuid':
      return 'u128';
    case 'enum':
      return 'u32';
    case 'utf8':
    case 'binary':
    case 'bit':
    case 'json':
      return 'ref';
    case 'list':
    case 'array':
    case 'map':
      return 'list';
    case 'struct':
    case 'union':
      return 'struct';
    default:
      return assertNever(type);
  }
}

/** The types of a nested type's child vectors, in order; none for flat types. */
export function childTypes(type: DataType): readonly DataType[] {
  switch (type.kind) {
    case 'list':
    case 'array':
      return [type.element];
    case 'map':
      return [
        {
          kind: 'struct',
          fields: [
            { name: 'key', type: type.key },
            { name: 'value', type: type.value },
          ],
        },
      ];
    case 'struct':
      return type.fields.map(f => f.type);
    case 'union':
      return [{ kind: 'int', bits: 8, signed: false }, ...type.members.map(m => m.type)];
    default:
      return [];
  }
}
