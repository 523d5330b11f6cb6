import { INT64 } from '../../types/data-type.ts';
import type { ColumnDefinition, UnitPlan, UnitRange } from './define-table.ts';
import type { FillIntegers, OpenIntegers } from './number-columns.ts';
import { partCount } from './part.ts';
import { drawBelow, nextSeed, RandomStream } from './random-stream.ts';
import { TPCH_BATCH_ROWS } from './tpch-table.ts';
import { uniformIntegers } from './uniform-integers.ts';

/** The most lines that an order has. */
export const MAX_LINES = 7;

/** How many orders there are. */
export const orderCount = (scale: number): number => Math.trunc(1_500_000 * scale);

/** Units of the lines of an order each. */
export function planLines(fromUnit: number): UnitPlan {
  const stream = new RandomStream(1434868289, 1, fromUnit);
  return (range, limit) => {
    range.rows = 0;
    for (range.units = 0; range.units < limit; range.units++) {
      const lines = 1 + drawBelow(nextSeed(stream.seed), MAX_LINES);
      if (range.rows + lines > TPCH_BATCH_ROWS) return;
      range.rowsPerUnit[range.units] = lines;
      range.rows += lines;
      stream.nextUnit();
    }
  };
}

/** Keys of orders: of each 32 numbers, the first eight are used. Keys pass 2³² from scale 716 on. */
export const orderKeyColumn: ColumnDefinition = {
  type: INT64,
  open() {
    const words = new Int32Array(2 * TPCH_BATCH_ROWS);
    return {
      column: { kind: 'int64', words },
      fill(range) {
        let at = 0;
        for (let unit = 0; unit < range.units; unit++) {
          const number = range.firstUnit + unit + 1;
          const key = Math.floor(number / 8) * 32 + (number % 8);
          const high = Math.floor(key / 4294967296);
          for (let left = range.rowsPerUnit[unit]!; left > 0; left--) {
            words[at++] = key | 0;
            words[at++] = high;
          }
        }
      },
    };
  },
};

/** 1992-01-01, as days since 1970-01-01. */
const FIRST_DAY = 8035;
const LAST_ORDER_DAY = 10440;
/** 1995-06-17: what happened up to this day is known. */
export const CURRENT_DAY = 9298;

/** Days of orders, one for each order. */
export const openOrderDays = (fromUnit: number): FillIntegers =>
  uniformIntegers(1066728069, FIRST_DAY, LAST_ORDER_DAY, fromUnit);

const ofLines =
  (seed: number, low: number, high: number): OpenIntegers =>
  (_scale, fromUnit) =>
    uniformIntegers(seed, low, high, fromUnit, MAX_LINES);

/** Pieces of each line. */
export const openQuantities: OpenIntegers = ofLines(209208115, 1, 50);
/** Discount of each line in percent. */
export const openDiscounts: OpenIntegers = ofLines(554590007, 0, 10);
/** Tax of each line in percent. */
export const openTaxes: OpenIntegers = ofLines(721958466, 0, 8);
/** The part of each line. */
export const openPartKeys: OpenIntegers = (scale, fromUnit) =>
  uniformIntegers(1808217256, 1, partCount(scale), fromUnit, MAX_LINES);
/** Which of the part's four suppliers delivers each line: 0 … 3. */
export const openSupplierNumbers: OpenIntegers = ofLines(2095021727, 0, 3);
/** Days from order to shipping. */
const openShipDelays: OpenIntegers = ofLines(1769349045, 1, 121);
/** Days from order to the promised day. */
const openCommitDelays: OpenIntegers = ofLines(904914315, 30, 90);
/** Days from shipping to receipt. */
const openReceiptDelays: OpenIntegers = ofLines(373135028, 1, 30);

/** The day each line is shipped; a unit is an order, the rows are its lines. */
export const openShipDays: OpenIntegers = (scale, fromUnit) => afterOrder(openShipDelays(scale, fromUnit), fromUnit);

/** The day each line was promised for. */
export const openCommitDays: OpenIntegers = (scale, fromUnit) =>
  afterOrder(openCommitDelays(scale, fromUnit), fromUnit);

/** The day each line arrives. */
export const openReceiptDays: OpenIntegers = (scale, fromUnit) => {
  const fillShipDays = openShipDays(scale, fromUnit);
  const fillDelays = openReceiptDelays(scale, fromUnit);
  const shipDays = new Int32Array(TPCH_BATCH_ROWS);
  return (out, range) => {
    fillShipDays(shipDays, range);
    fillDelays(out, range);
    for (let row = 0; row < range.rows; row++) out[row] = shipDays[row]! + out[row]!;
  };
};

function afterOrder(fillDelays: FillIntegers, fromUnit: number): FillIntegers {
  const fillOrderDays = openOrderDays(fromUnit);
  const orderDays = new Int32Array(TPCH_BATCH_ROWS);
  const orders: UnitRange = { firstUnit: 0, units: 0, rowsPerUnit: new Int32Array(TPCH_BATCH_ROWS).fill(1), rows: 0 };
  return (out, range) => {
    orders.units = orders.rows = range.units;
    fillOrderDays(orderDays, orders);
    fillDelays(out, range);
    let row = 0;
    for (let unit = 0; unit < range.units; unit++) {
      for (let left = range.rowsPerUnit[unit]!; left > 0; left--) {
        out[row] = orderDays[unit]! + out[row]!;
        row++;
      }
    }
  };
}
