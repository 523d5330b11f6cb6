/**
 * The SQL types, as JSON-safe data. How each lies in memory is decided in `types/physical.ts`.
 * Timestamps with `zone` are instants (TIMESTAMPTZ, UTC); without, they are wall-clock times.
 */
export type DataType =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'int'; readonly bits: 8 | 16 | 32 | 64 | 128; readonly signed: boolean }
  | { readonly kind: 'float'; readonly bits: 32 | 64 }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'utf8' }
  | { readonly kind: 'binary' }
  | { readonly kind: 'bit' }
  | { readonly kind: 'date' }
  | { readonly kind: 'time' }
  | { readonly kind: 'timetz' }
  | { readonly kind: 'timestamp'; readonly unit: TimestampUnit; readonly zone: boolean }
  | { readonly kind: 'interval' }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'json' }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly element: DataType }
  | { readonly kind: 'array'; readonly element: DataType; readonly length: number }
  | { readonly kind: 'struct'; readonly fields: readonly StructField[] }
  | { readonly kind: 'map'; readonly key: DataType; readonly value: DataType }
  | { readonly kind: 'union'; readonly members: readonly StructField[] };

export type TypeKind = DataType['kind'];
export type TimestampUnit = 's' | 'ms' | 'us' | 'ns';
export type StructField = { readonly name: string; readonly type: DataType };

/** A column of a table or result. `nullable: false` is a promise that no value is NULL. */
export type Field = { readonly name: string; readonly type: DataType; readonly nullable: boolean };
/** Columns in order. Names may repeat in a query's result (`select 1 as a, 2 as a`). */
export type Schema = readonly Field[];

export const NULL: DataType = { kind: 'null' };
export const BOOLEAN: DataType = { kind: 'boolean' };
export const INT8: DataType = { kind: 'int', bits: 8, signed: true };
export const INT16: DataType = { kind: 'int', bits: 16, signed: true };
export const INT32: DataType = { kind: 'int', bits: 32, signed: true };
export const INT64: DataType = { kind: 'int', bits: 64, signed: true };
export const INT128: DataType = { kind: 'int', bits: 128, signed: true };
export const UINT8: DataType = { kind: 'int', bits: 8, signed: false };
export const UINT16: DataType = { kind: 'int', bits: 16, signed: false };
export const UINT32: DataType = { kind: 'int', bits: 32, signed: false };
export const UINT64: DataType = { kind: 'int', bits: 64, signed: false };
export const UINT128: DataType = { kind: 'int', bits: 128, signed: false };
export const FLOAT32: DataType = { kind: 'float', bits: 32 };
export const FLOAT64: DataType = { kind: 'float', bits: 64 };
export const UTF8: DataType = { kind: 'utf8' };
export const BINARY: DataType = { kind: 'binary' };
/** Bits in a row, any number of them but 0; in the order of their digits as text. */
export const BIT: DataType = { kind: 'bit' };
export const DATE: DataType = { kind: 'date' };
export const TIME: DataType = { kind: 'time' };
/** A time of day with its offset from UTC. */
export const TIMETZ: DataType = { kind: 'timetz' };
export const TIMESTAMP: DataType = { kind: 'timestamp', unit: 'us', zone: false };
export const TIMESTAMP_NS: DataType = { kind: 'timestamp', unit: 'ns', zone: false };
export const TIMESTAMPTZ: DataType = { kind: 'timestamp', unit: 'us', zone: true };
export const INTERVAL: DataType = { kind: 'interval' };
export const UUID: DataType = { kind: 'uuid' };
export const JSON_TYPE: DataType = { kind: 'json' };
/** DECIMAL(precision ≤ 38, scale ≤ precision). */
export const decimal = (precision: number, scale: number): DataType => ({ kind: 'decimal', precision, scale });
export const list = (element: DataType): DataType => ({ kind: 'list', element });
export const struct = (fields: readonly StructField[]): DataType => ({ kind: 'struct', fields });

/** Structural equality. */
export function sameType(a: DataType, b: DataType): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'int': {
      const o = b as typeof a;
      return a.bits === o.bits && a.signed === o.signed;
    }
    case 'float':
      return a.bits === (b as typeof a).bits;
    case 'decimal': {
      const o = b as typeof a;
      return a.precision === o.precision && a.scale === o.scale;
    }
    case 'timestamp': {
      const o = b as typeof a;
      return a.unit === o.unit && a.zone === o.zone;
    }
    case 'enum': {
      const o = b as typeof a;
      return a.values.length === o.values.length && a.values.every((v, i) => v === o.values[i]);
    }
    case 'list':
      return sameType(a.element, (b as typeof a).element);
    case 'array': {
      const o = b as typeof a;
      return a.length === o.length && sameType(a.element, o.element);
    }
    case 'struct':
      return sameFields(a.fields, (b as typeof a).fields);
    case 'union':
      return sameFields(a.members, (b as typeof a).members);
    case 'map': {
      const o = b as typeof a;
      return sameType(a.key, o.key) && sameType(a.value, o.value);
    }
    default:
      return true;
  }
}

function sameFields(a: readonly StructField[], b: readonly StructField[]): boolean {
  return a.length === b.length && a.every((f, i) => f.name === b[i]!.name && sameType(f.type, b[i]!.type));
}
