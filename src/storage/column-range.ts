import type { VectorRef } from '../batch/vector-ref.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { ColumnRange } from '../plan/logical-plan.ts';
import type { DataType } from '../types/data-type.ts';
import { physicalType } from '../types/physical.ts';
import type { Scalar } from '../types/scalar.ts';

/** The range of a stored column of integers, decimals up to 18 digits, dates or times; undefined for other columns. */
export function columnRange(
  memory: LinearMemory,
  type: DataType,
  column: VectorRef,
  rows: number,
): ColumnRange | undefined {
  if (column.form !== 'flat') return undefined;
  switch (physicalType(type)) {
    case 'i32':
      return range32(memory, type, column, rows);
    case 'i64':
      return range64(memory, type, column, rows);
    default:
      return undefined;
  }
}

/** The range of two parts together; unknown when either is. */
export function mergeRanges(a: ColumnRange | undefined, b: ColumnRange | undefined): ColumnRange | undefined {
  if (a === undefined || b === undefined) return undefined;
  const nullCount = (a.nullCount ?? 0) + (b.nullCount ?? 0);
  const pick = (x: Scalar | undefined, y: Scalar | undefined, wanted: -1 | 1): Scalar | undefined => {
    if (x === undefined || y === undefined) return x ?? y;
    const [i, j] = [BigInt(x.value as string | number), BigInt(y.value as string | number)];
    return (i < j ? -1 : 1) === wanted ? x : y;
  };
  return { min: pick(a.min, b.min, -1), max: pick(a.max, b.max, 1), nullCount };
}

function isNullAt(u8: Uint8Array, validity: number, i: number): boolean {
  return validity !== 0 && ((u8[validity + (i >> 3)]! >> (i & 7)) & 1) === 0;
}

function range32(memory: LinearMemory, type: DataType, { data, validity }: VectorRef, rows: number): ColumnRange {
  const { i32, u8 } = memory;
  let [min, max, nullCount] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0, at = data >>> 2; i < rows; i++, at++) {
    if (isNullAt(u8, validity, i)) {
      nullCount++;
      continue;
    }
    const value = i32[at]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min > max ? { nullCount } : { min: { type, value: min }, max: { type, value: max }, nullCount };
}

/** Compares 64-bit values by their halves: bigints would cost an allocation a row. */
function range64(memory: LinearMemory, type: DataType, { data, validity }: VectorRef, rows: number): ColumnRange {
  const { i32, u32, u8, i64 } = memory;
  let [min, max, nullCount] = [-1, -1, 0];
  for (let i = 0, at = data >>> 2; i < rows; i++, at += 2) {
    if (isNullAt(u8, validity, i)) {
      nullCount++;
      continue;
    }
    if (min < 0) {
      min = at;
      max = at;
      continue;
    }
    const high = i32[at + 1]!;
    const low = u32[at]!;
    if (high < i32[min + 1]! || (high === i32[min + 1]! && low < u32[min]!)) min = at;
    if (high > i32[max + 1]! || (high === i32[max + 1]! && low > u32[max]!)) max = at;
  }
  if (min < 0) return { nullCount };
  const scalar = (at: number): Scalar => ({ type, value: i64[at >>> 1]!.toString() });
  return { min: scalar(min), max: scalar(max), nullCount };
}
