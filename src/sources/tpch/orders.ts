import { customerCount } from './customer.ts';
import { defineTable, type UnitPlan, type UnitRange } from './define-table.ts';
import {
  bigintColumn,
  dateColumn,
  decimalColumn,
  type FillIntegers,
  integerColumn,
  type OpenIntegers,
} from './number-columns.ts';
import {
  CURRENT_DAY,
  openDiscounts,
  openOrderDays,
  openPartKeys,
  openQuantities,
  openShipDays,
  openTaxes,
  orderCount,
  orderKeyColumn,
  planLines,
} from './order-lines.ts';
import { partPrice } from './part.ts';
import { commentColumn, numberedColumn, wordColumn } from './string-columns.ts';
import { TPCH_BATCH_ROWS, type TpchTable } from './tpch-table.ts';
import { uniformIntegers } from './uniform-integers.ts';
import { ORDER_PRIORITIES } from './vocabulary.ts';

/** The orders: 1,500,000 times the scale. */
export const orders: TpchTable = defineTable({
  name: 'orders',
  units: orderCount,
  rowsPerUnit: 1,
  columns: {
    o_orderkey: orderKeyColumn,
    o_custkey: bigintColumn((scale, fromUnit) => {
      const customers = customerCount(scale);
      const fillKeys = uniformIntegers(851767375, 1, customers, fromUnit);
      return (out, range) => {
        fillKeys(out, range);
        for (let row = 0; row < range.rows; row++) out[row] = orderingCustomer(out[row]!, customers);
      };
    }),
    o_orderstatus: wordColumn(['F', 'O', 'P'], (scale, fromUnit) => openStatuses(scale, fromUnit)),
    o_totalprice: decimalColumn((scale, fromUnit) => openTotals(scale, fromUnit)),
    o_orderdate: dateColumn((_scale, fromUnit) => openOrderDays(fromUnit)),
    o_orderpriority: wordColumn(ORDER_PRIORITIES, (_scale, fromUnit) =>
      uniformIntegers(591449447, 0, ORDER_PRIORITIES.length - 1, fromUnit),
    ),
    o_clerk: numberedColumn('Clerk#', 9, (scale, fromUnit) =>
      uniformIntegers(1171034773, 1, Math.max(1000, Math.trunc(1000 * scale)), fromUnit),
    ),
    o_shippriority: integerColumn(() => (out, range) => {
      out.fill(0, 0, range.rows);
    }),
    o_comment: commentColumn(276090261, 49, 1),
  },
});

/** Every third customer orders nothing; one of its neighbours does so instead. */
function orderingCustomer(customerKey: number, customers: number): number {
  let key = customerKey;
  for (let step = 1; key % 3 === 0; step = -step) key = Math.min(key + step, customers);
  return key;
}

/** A sum over an order's lines, whose first line is `firstRow`. */
type SumLines = (firstRow: number, lines: number) => number;

/**
 * One number for each order, made from its lines. An order's lines don't fit in the order's own batch,
 * so the lines are gone through in batches of their own.
 */
function overLines(fromUnit: number, fillLines: (lines: UnitRange) => void, sum: SumLines): FillIntegers {
  const plan: UnitPlan = planLines(fromUnit);
  const rowsPerUnit = new Int32Array(TPCH_BATCH_ROWS);
  const lines: UnitRange = { firstUnit: fromUnit, units: 0, rowsPerUnit, rows: 0 };
  return (out, range) => {
    for (let done = 0; done < range.units; done += lines.units) {
      lines.firstUnit = range.firstUnit + done;
      plan(lines, range.units - done);
      fillLines(lines);
      let row = 0;
      for (let unit = 0; unit < lines.units; unit++) {
        const count = rowsPerUnit[unit]!;
        out[done + unit] = sum(row, count);
        row += count;
      }
    }
  };
}

/** 0 if all lines are shipped, 1 if none is, else 2. */
const openStatuses: OpenIntegers = (scale, fromUnit) => {
  const fillShipDays = openShipDays(scale, fromUnit);
  const shipDays = new Int32Array(TPCH_BATCH_ROWS);
  return overLines(
    fromUnit,
    lines => fillShipDays(shipDays, lines),
    (firstRow, lines) => {
      let shipped = 0;
      for (let row = firstRow; row < firstRow + lines; row++) if (shipDays[row]! <= CURRENT_DAY) shipped++;
      if (shipped === lines) return 0;
      return shipped === 0 ? 1 : 2;
    },
  );
};

/** The sum of the lines' prices in cents, discount and tax included, with fractions cut off line by line. */
const openTotals: OpenIntegers = (scale, fromUnit) => {
  const partKeys = new Int32Array(TPCH_BATCH_ROWS);
  const quantities = new Int32Array(TPCH_BATCH_ROWS);
  const discounts = new Int32Array(TPCH_BATCH_ROWS);
  const taxes = new Int32Array(TPCH_BATCH_ROWS);
  const fillPartKeys = openPartKeys(scale, fromUnit);
  const fillQuantities = openQuantities(scale, fromUnit);
  const fillDiscounts = openDiscounts(scale, fromUnit);
  const fillTaxes = openTaxes(scale, fromUnit);
  return overLines(
    fromUnit,
    lines => {
      fillPartKeys(partKeys, lines);
      fillQuantities(quantities, lines);
      fillDiscounts(discounts, lines);
      fillTaxes(taxes, lines);
    },
    (firstRow, lines) => {
      let total = 0;
      for (let row = firstRow; row < firstRow + lines; row++) {
        const price = partPrice(partKeys[row]!) * quantities[row]!;
        const discounted = ((price * (100 - discounts[row]!)) / 100) | 0;
        total += ((discounted * (100 + taxes[row]!)) / 100) | 0;
      }
      return total;
    },
  );
};
