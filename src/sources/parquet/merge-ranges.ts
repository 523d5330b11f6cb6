import type { ColumnRange, Split } from '../../plan/logical-plan.ts';
import type { Scalar } from '../../types/scalar.ts';
import { compareScalars } from '../compare-scalars.ts';

/** The ranges of whole columns: what is known of them in every split. */
export function mergeRanges(splits: readonly Split[], columns: number): Readonly<Record<number, ColumnRange>> {
  const merged: Record<number, ColumnRange> = {};
  for (let c = 0; c < columns; c++) {
    const ranges = splits.map(s => ({ range: s.ranges?.[c], rows: s.rows }));
    if (ranges.length === 0 || ranges.some(r => r.range === undefined)) continue;
    // A split of NULLs only has no values to bound.
    const valued = ranges.filter(({ range, rows }) => range!.nullCount === undefined || range!.nullCount !== rows);
    const counts = ranges.map(({ range }) => range!.nullCount);
    merged[c] = {
      min: extreme(
        valued.map(({ range }) => range!.min),
        -1,
      ),
      max: extreme(
        valued.map(({ range }) => range!.max),
        1,
      ),
      nullCount: counts.some(n => n === undefined) ? undefined : counts.reduce<number>((sum, n) => sum + n!, 0),
    };
  }
  return merged;
}

function extreme(bounds: readonly (Scalar | undefined)[], sign: 1 | -1): Scalar | undefined {
  let best = bounds[0];
  for (const bound of bounds) {
    const order = best && bound && compareScalars(bound, best);
    if (order === undefined) return undefined;
    if (order * sign > 0) best = bound;
  }
  return best;
}
