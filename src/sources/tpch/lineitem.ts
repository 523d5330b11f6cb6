import { defineTable } from './define-table.ts';
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
  MAX_LINES,
  openCommitDays,
  openDiscounts,
  openPartKeys,
  openQuantities,
  openReceiptDays,
  openShipDays,
  openSupplierNumbers,
  openTaxes,
  orderCount,
  orderKeyColumn,
  planLines,
} from './order-lines.ts';
import { partPrice } from './part.ts';
import { drawBelow, nextSeed, RandomStream } from './random-stream.ts';
import { commentColumn, wordColumn } from './string-columns.ts';
import { supplierCount, supplierOfPart } from './supplier.ts';
import { TPCH_BATCH_ROWS, type TpchTable } from './tpch-table.ts';
import { uniformIntegers } from './uniform-integers.ts';
import { SHIP_INSTRUCTIONS, SHIP_MODES } from './vocabulary.ts';

/** The lines of orders: one to seven an order, four on average. */
export const lineitem: TpchTable = defineTable({
  name: 'lineitem',
  units: orderCount,
  rowsPerUnit: 4,
  planUnits: planLines,
  columns: {
    l_orderkey: orderKeyColumn,
    l_partkey: bigintColumn(openPartKeys),
    l_suppkey: bigintColumn((scale, fromUnit) => {
      const fillPartKeys = openPartKeys(scale, fromUnit);
      const partKeys = new Int32Array(TPCH_BATCH_ROWS);
      const fillNumbers = openSupplierNumbers(scale, fromUnit);
      const suppliers = supplierCount(scale);
      return (out, range) => {
        fillPartKeys(partKeys, range);
        fillNumbers(out, range);
        for (let row = 0; row < range.rows; row++) out[row] = supplierOfPart(partKeys[row]!, out[row]!, suppliers);
      };
    }),
    l_linenumber: integerColumn(() => (out, range) => {
      let row = 0;
      for (let unit = 0; unit < range.units; unit++) {
        for (let line = 1; line <= range.rowsPerUnit[unit]!; line++) out[row++] = line;
      }
    }),
    l_quantity: decimalColumn((scale, fromUnit) => {
      const fillQuantities = openQuantities(scale, fromUnit);
      return (out, range) => {
        fillQuantities(out, range);
        for (let row = 0; row < range.rows; row++) out[row] = 100 * out[row]!;
      };
    }),
    l_extendedprice: decimalColumn((scale, fromUnit) => {
      const fillPartKeys = openPartKeys(scale, fromUnit);
      const partKeys = new Int32Array(TPCH_BATCH_ROWS);
      const fillQuantities = openQuantities(scale, fromUnit);
      return (out, range) => {
        fillPartKeys(partKeys, range);
        fillQuantities(out, range);
        for (let row = 0; row < range.rows; row++) out[row] = partPrice(partKeys[row]!) * out[row]!;
      };
    }),
    l_discount: decimalColumn(openDiscounts),
    l_tax: decimalColumn(openTaxes),
    l_returnflag: wordColumn(['N', 'R', 'A'], (scale, fromUnit) => openReturnFlags(scale, fromUnit)),
    l_linestatus: wordColumn(['F', 'O'], (scale, fromUnit) => {
      const fillShipDays = openShipDays(scale, fromUnit);
      return (out, range) => {
        fillShipDays(out, range);
        for (let row = 0; row < range.rows; row++) out[row] = out[row]! > CURRENT_DAY ? 1 : 0;
      };
    }),
    l_shipdate: dateColumn(openShipDays),
    l_commitdate: dateColumn(openCommitDays),
    l_receiptdate: dateColumn(openReceiptDays),
    l_shipinstruct: wordColumn(SHIP_INSTRUCTIONS, (_scale, fromUnit) =>
      uniformIntegers(1371272478, 0, SHIP_INSTRUCTIONS.length - 1, fromUnit, MAX_LINES),
    ),
    l_shipmode: wordColumn(SHIP_MODES, (_scale, fromUnit) =>
      uniformIntegers(675466456, 0, SHIP_MODES.length - 1, fromUnit, MAX_LINES),
    ),
    l_comment: commentColumn(1095462486, 27, MAX_LINES),
  },
});

/** 0 for what has not arrived; for the others, and only for them, a number is drawn from the stream. */
const openReturnFlags: OpenIntegers = (scale, fromUnit): FillIntegers => {
  const fillReceiptDays = openReceiptDays(scale, fromUnit);
  const stream = new RandomStream(717419739, MAX_LINES, fromUnit);
  return (out, range) => {
    fillReceiptDays(out, range);
    let row = 0;
    for (let unit = 0; unit < range.units; unit++) {
      let state = stream.seed;
      for (let left = range.rowsPerUnit[unit]!; left > 0; left--, row++) {
        if (out[row]! > CURRENT_DAY) {
          out[row] = 0;
        } else {
          state = nextSeed(state);
          out[row] = 1 + drawBelow(state, 2);
        }
      }
      stream.nextUnit();
    }
  };
};
