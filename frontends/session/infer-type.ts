import { RayexecError } from '../../src/common/errors.ts';
import {
  BINARY,
  BOOLEAN,
  type DataType,
  FLOAT32,
  FLOAT64,
  INT8,
  INT16,
  INT32,
  INT64,
  list,
  NULL,
  sameType,
  struct,
  TIMESTAMP,
  UINT8,
  UINT16,
  UINT32,
  UINT64,
  UTF8,
} from '../../src/types/data-type.ts';
import { typeName } from '../../src/types/type-name.ts';

/**
 * The SQL type that JavaScript values of a column share: number → DOUBLE, bigint → BIGINT, Date → TIMESTAMP, arrays →
 * lists, plain objects → structs of all their keys. `null` and `undefined` are NULL.
 * @throws RayexecError `invalid-argument` when they share none
 */
export function inferType(column: string, values: Iterable<unknown>): DataType {
  let type: DataType = NULL;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    type = merge(column, type, typeOfValue(column, value));
  }
  return type;
}

function typeOfValue(column: string, value: unknown): DataType {
  switch (typeof value) {
    case 'number':
      return FLOAT64;
    case 'bigint':
      return INT64;
    case 'string':
      return UTF8;
    case 'boolean':
      return BOOLEAN;
    case 'object':
      if (value instanceof Date) return TIMESTAMP;
      if (value instanceof Uint8Array) return BINARY;
      if (Array.isArray(value)) return list(inferType(column, value));
      return struct(Object.entries(value as object).map(([name, v]) => ({ name, type: inferType(column, [v]) })));
    default:
      throw new RayexecError('invalid-argument', `column '${column}' holds a ${typeof value}, which is no SQL value`);
  }
}

/** The type that holds values of both. */
function merge(column: string, a: DataType, b: DataType): DataType {
  if (a.kind === 'null') return b;
  if (b.kind === 'null' || sameType(a, b)) return a;
  if (a.kind === 'list' && b.kind === 'list') return list(merge(column, a.element, b.element));
  if (a.kind === 'struct' && b.kind === 'struct') {
    const fields = new Map(a.fields.map(f => [f.name, f.type]));
    for (const f of b.fields) fields.set(f.name, merge(column, fields.get(f.name) ?? NULL, f.type));
    return struct([...fields].map(([name, type]) => ({ name, type })));
  }
  throw new RayexecError('invalid-argument', `column '${column}' mixes ${typeName(a)} and ${typeName(b)} values`, {
    hint: 'give a schema, or make the values alike',
  });
}

/** The type of a typed array's elements; undefined for other arrays. */
export function typedArrayType(values: unknown): DataType | undefined {
  if (values instanceof Float64Array) return FLOAT64;
  if (values instanceof Float32Array) return FLOAT32;
  if (values instanceof Int8Array) return INT8;
  if (values instanceof Int16Array) return INT16;
  if (values instanceof Int32Array) return INT32;
  if (values instanceof BigInt64Array) return INT64;
  if (values instanceof Uint8Array || values instanceof Uint8ClampedArray) return UINT8;
  if (values instanceof Uint16Array) return UINT16;
  if (values instanceof Uint32Array) return UINT32;
  if (values instanceof BigUint64Array) return UINT64;
  return undefined;
}
