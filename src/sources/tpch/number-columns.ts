import { DATE, decimal, INT32, INT64 } from '../../types/data-type.ts';
import type { ColumnDefinition, ColumnFiller, UnitRange } from './define-table.ts';
import { TPCH_BATCH_ROWS } from './tpch-table.ts';

/** Writes the values of a range of units, one a row, to the start of `out`. */
export type FillIntegers = (out: Int32Array, range: UnitRange) => void;
/** Starts writing values at a unit. */
export type OpenIntegers = (scale: number, fromUnit: number) => FillIntegers;

/** A column of type INTEGER. */
export function integerColumn(open: OpenIntegers): ColumnDefinition {
  return { type: INT32, open: (scale, fromUnit) => narrowFiller(open(scale, fromUnit)) };
}

/** A column of type DATE; the values are days since 1970-01-01. */
export function dateColumn(open: OpenIntegers): ColumnDefinition {
  return { type: DATE, open: (scale, fromUnit) => narrowFiller(open(scale, fromUnit)) };
}

/** A column of type BIGINT whose values fit in 32 bits. */
export function bigintColumn(open: OpenIntegers): ColumnDefinition {
  return { type: INT64, open: (scale, fromUnit) => wideFiller(open(scale, fromUnit)) };
}

/** A column of type DECIMAL(15,2); the values are cents and fit in 32 bits. */
export function decimalColumn(open: OpenIntegers): ColumnDefinition {
  return { type: decimal(15, 2), open: (scale, fromUnit) => wideFiller(open(scale, fromUnit)) };
}

/** The key of the row's unit: 1 for the first unit. */
export const unitKeyColumn: ColumnDefinition = bigintColumn(() => fillUnitKeys);

/** Writes each unit's key once a row. */
export function fillUnitKeys(out: Int32Array, range: UnitRange): void {
  let row = 0;
  for (let unit = 0; unit < range.units; unit++) {
    const key = range.firstUnit + unit + 1;
    for (let left = range.rowsPerUnit[unit]!; left > 0; left--) out[row++] = key;
  }
}

function narrowFiller(fill: FillIntegers): ColumnFiller {
  const values = new Int32Array(TPCH_BATCH_ROWS);
  return { column: { kind: 'int32', values }, fill: range => fill(values, range) };
}

function wideFiller(fill: FillIntegers): ColumnFiller {
  const values = new Int32Array(TPCH_BATCH_ROWS);
  const words = new Int32Array(2 * TPCH_BATCH_ROWS);
  return {
    column: { kind: 'int64', words },
    fill(range) {
      fill(values, range);
      for (let row = 0; row < range.rows; row++) {
        const value = values[row]!;
        words[2 * row] = value;
        words[2 * row + 1] = value >> 31;
      }
    },
  };
}
