import type { VectorRef } from '../batch/vector-ref.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { ColumnRange } from '../plan/logical-plan.ts';
import type { DataType } from '../types/data-type.ts';
import { physicalType } from '../types/physical.ts';
import type { Scalar } from '../types/scalar.ts';

/** What it takes to look through stored columns. */
export type StorageContext = { readonly memory: LinearMemory; readonly kernels: Kernels };

/** The range of a stored column of integers, decimals up to 18 digits, dates or times; undefined for other columns. */
export function columnRange(
  { kernels }: StorageContext,
  type: DataType,
  { form, data, validity }: VectorRef,
  rows: number,
): ColumnRange | undefined {
  const physical = physicalType(type);
  if (form !== 'flat' || (physical !== 'i32' && physical !== 'i64')) return undefined;
  const nullCount = validity === 0 ? 0 : rows - kernels.bitmap_count(validity, rows);
  if (nullCount === rows) return { nullCount };
  const extreme = (max: 0 | 1): Scalar => {
    const value = kernels[`extreme_${physical}`](max, data, validity, rows);
    return { type, value: physical === 'i32' ? Number(value) : value.toString() };
  };
  return { min: extreme(0), max: extreme(1), nullCount };
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
