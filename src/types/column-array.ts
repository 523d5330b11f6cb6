import type { DataType } from './data-type.ts';

const INT_ARRAYS = {
  8: [Int8Array, Uint8Array],
  16: [Int16Array, Uint16Array],
  32: [Int32Array, Uint32Array],
} as const;

/** A column's values in the typed array of its type if all are numbers, else as they are. */
export function columnArray(type: DataType, values: readonly unknown[]): ArrayLike<unknown> {
  if (type.kind !== 'int' && type.kind !== 'float' && type.kind !== 'decimal') return values;
  if (!values.every(v => typeof v === 'number')) return values;
  return new (arrayClass(type))(values);
}

type NumberArray = new (values: readonly number[]) => ArrayLike<number>;

function arrayClass(type: DataType): NumberArray {
  if (type.kind === 'float' && type.bits === 32) return Float32Array;
  if (type.kind === 'int' && type.bits <= 32) return INT_ARRAYS[type.bits as 8 | 16 | 32][type.signed ? 0 : 1];
  return Float64Array;
}
