import { RayexecError } from '../../common/errors.ts';
import {
  BINARY,
  BOOLEAN,
  DATE,
  type DataType,
  decimal,
  FLOAT32,
  FLOAT64,
  INT32,
  INT64,
  INTERVAL,
  JSON_TYPE,
  NULL,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  UTF8,
  UUID,
} from '../../types/data-type.ts';
import { MAX_PRECISION, physicalType, widthOf } from '../../types/physical.ts';
import type { ParquetType, SchemaElement } from './file-metadata.ts';

/**
 * How stored values become the engine's.
 * - `copy`: they lie alike. `bits`: packed booleans. `bytes`: byte arrays by reference.
 * - `narrow`, `widen`: from 32 bits to 8 or 16, to 64; `wide`: from 64 bits to 128.
 * - `double`: any number as f64. `scale`: integers to i64 times `factor` (divided by it when negative).
 * - `big-endian`: decimals in byte arrays. The rest is named after its type.
 */
export type Conversion =
  | { readonly kind: 'copy' | 'bits' | 'bytes' | 'narrow' | 'wide' | 'big-endian' | 'none' }
  | { readonly kind: 'int96' | 'half' | 'uuid' | 'interval' }
  | { readonly kind: 'widen' | 'double'; readonly signed: boolean }
  | { readonly kind: 'scale'; readonly factor: number };

/** The SQL type of a leaf, and how its values get there. `undefined` when the annotation does not fit the storage. */
export function valueType(element: SchemaElement): { readonly type: DataType; readonly conversion: Conversion } {
  const type = annotatedType(element) ?? plainType(element.type!);
  const conversion = conversionTo(element, type);
  if (conversion === undefined) {
    const annotation = element.annotation?.kind ?? 'no annotation';
    throw new RayexecError('unsupported', `the column '${element.name}': ${element.type} with ${annotation}`);
  }
  return { type, conversion };
}

function plainType(stored: ParquetType): DataType {
  switch (stored) {
    case 'BOOLEAN':
      return BOOLEAN;
    case 'INT32':
      return INT32;
    case 'INT64':
      return INT64;
    case 'INT96':
      return TIMESTAMP;
    case 'FLOAT':
      return FLOAT32;
    case 'DOUBLE':
      return FLOAT64;
    default:
      return BINARY;
  }
}

function annotatedType({ name, annotation }: SchemaElement): DataType | undefined {
  switch (annotation?.kind) {
    case 'string':
    case 'enum':
      return UTF8;
    case 'json':
      return JSON_TYPE;
    case 'uuid':
      return UUID;
    case 'float16':
      return FLOAT32;
    case 'date':
      return DATE;
    case 'interval':
      return INTERVAL;
    case 'null':
      return NULL;
    case 'time':
      return TIME;
    case 'timestamp':
      if (annotation.utc) return TIMESTAMPTZ;
      return annotation.unit === 'ns' ? { kind: 'timestamp', unit: 'ns', zone: false } : TIMESTAMP;
    case 'int': {
      const { bits, signed } = annotation;
      if (bits === 8 || bits === 16 || bits === 32 || bits === 64) return { kind: 'int', bits, signed };
      return undefined;
    }
    case 'decimal': {
      const { precision, scale } = annotation;
      if (precision < 1 || precision > MAX_PRECISION || scale < 0 || scale > precision) {
        throw new RayexecError('unsupported', `the column '${name}' is DECIMAL(${precision},${scale})`, {
          hint: `decimals have at most ${MAX_PRECISION} digits`,
        });
      }
      return decimal(precision, scale);
    }
    default:
      return undefined;
  }
}

/** How a leaf's values become values of `type`, also of one wider than its own; undefined when they can't. */
export function conversionTo(
  { type: stored, length, annotation }: SchemaElement,
  type: DataType,
): Conversion | undefined {
  const isSigned = !(annotation?.kind === 'int' && !annotation.signed);
  const isInteger = stored === 'INT32' || stored === 'INT64';
  switch (type.kind) {
    case 'null':
      return { kind: 'none' };
    case 'boolean':
      return stored === 'BOOLEAN' ? { kind: 'bits' } : undefined;
    case 'int':
      if (!isInteger || annotation?.kind === 'decimal') return undefined;
      if (stored === 'INT64') return type.bits === 64 ? { kind: 'copy' } : undefined;
      if (type.bits === 64) return { kind: 'widen', signed: isSigned };
      return type.bits === 32 ? { kind: 'copy' } : type.bits < 32 ? { kind: 'narrow' } : undefined;
    case 'float':
      if (annotation?.kind === 'float16')
        return stored === 'FIXED_LEN_BYTE_ARRAY' && length === 2 && type.bits === 32 ? { kind: 'half' } : undefined;
      if (stored === (type.bits === 32 ? 'FLOAT' : 'DOUBLE')) return { kind: 'copy' };
      return type.bits === 64 && (isInteger || stored === 'FLOAT') ? { kind: 'double', signed: isSigned } : undefined;
    case 'decimal': {
      const width = widthOf(physicalType(type));
      if (stored === 'INT32') return width === 8 ? { kind: 'widen', signed: true } : undefined;
      if (stored === 'INT64') return width === 8 ? { kind: 'copy' } : { kind: 'wide' };
      return stored === 'BYTE_ARRAY' || stored === 'FIXED_LEN_BYTE_ARRAY' ? { kind: 'big-endian' } : undefined;
    }
    case 'date':
      return stored === 'INT32' ? { kind: 'copy' } : undefined;
    case 'time':
      if (annotation?.kind !== 'time' || !isInteger) return undefined;
      return scaling(stored, annotation.unit === 'ms' ? 1000 : annotation.unit === 'us' ? 1 : -1000);
    case 'timestamp':
      if (stored === 'INT96') return { kind: 'int96' };
      if (annotation?.kind !== 'timestamp' || stored !== 'INT64') return undefined;
      if (type.unit === 'ns')
        return scaling(stored, annotation.unit === 'ns' ? 1 : annotation.unit === 'us' ? 1000 : 1_000_000);
      return scaling(stored, annotation.unit === 'ms' ? 1000 : annotation.unit === 'us' ? 1 : -1000);
    case 'interval':
      return stored === 'FIXED_LEN_BYTE_ARRAY' && length === 12 ? { kind: 'interval' } : undefined;
    case 'uuid':
      return stored === 'FIXED_LEN_BYTE_ARRAY' && length === 16 ? { kind: 'uuid' } : undefined;
    case 'utf8':
    case 'json':
    case 'binary':
      return stored === 'BYTE_ARRAY' || stored === 'FIXED_LEN_BYTE_ARRAY' ? { kind: 'bytes' } : undefined;
    default:
      return undefined;
  }
}

const scaling = (stored: ParquetType, factor: number): Conversion =>
  stored === 'INT64' && factor === 1 ? { kind: 'copy' } : { kind: 'scale', factor };
