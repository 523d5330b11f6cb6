import type { FillIntegers } from './number-columns.ts';
import { drawBelow, nextSeed, RandomStream } from './random-stream.ts';

/**
 * Whole numbers evenly distributed over `low … high`, one a row, for units of up to `maxRowsPerUnit` rows, from unit
 * `fromUnit` on; `seed` is the constant of the reference for this purpose.
 */
export function uniformIntegers(
  seed: number,
  low: number,
  high: number,
  fromUnit: number,
  maxRowsPerUnit = 1,
): FillIntegers {
  const stream = new RandomStream(seed, maxRowsPerUnit, fromUnit);
  const size = high - low + 1;
  return (out, range) => {
    let row = 0;
    for (let unit = 0; unit < range.units; unit++) {
      let state = stream.seed;
      for (let left = range.rowsPerUnit[unit]!; left > 0; left--) {
        state = nextSeed(state);
        out[row++] = low + drawBelow(state, size);
      }
      stream.nextUnit();
    }
  };
}
