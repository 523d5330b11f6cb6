import { defineTable } from './define-table.ts';
import { bigintColumn, decimalColumn, fillUnitKeys, unitKeyColumn } from './number-columns.ts';
import { addressColumn, commentColumn, numberedColumn, phoneColumn, wordColumn } from './string-columns.ts';
import type { TpchTable } from './tpch-table.ts';
import { uniformIntegers } from './uniform-integers.ts';
import { MARKET_SEGMENTS, NATIONS } from './vocabulary.ts';

/** How many customers there are. */
export const customerCount = (scale: number): number => Math.trunc(150_000 * scale);

const openNations = (_scale: number, fromUnit: number) => uniformIntegers(1489529863, 0, NATIONS.length - 1, fromUnit);

/** The customers: 150,000 times the scale. */
export const customer: TpchTable = defineTable({
  name: 'customer',
  units: customerCount,
  rowsPerUnit: 1,
  columns: {
    c_custkey: unitKeyColumn,
    c_name: numberedColumn('Customer#', 9, () => fillUnitKeys),
    c_address: addressColumn(881155353),
    c_nationkey: bigintColumn(openNations),
    c_phone: phoneColumn(1521138112, openNations),
    c_acctbal: decimalColumn((_scale, fromUnit) => uniformIntegers(298370230, -99999, 999999, fromUnit)),
    c_mktsegment: wordColumn(MARKET_SEGMENTS, (_scale, fromUnit) =>
      uniformIntegers(1140279430, 0, MARKET_SEGMENTS.length - 1, fromUnit),
    ),
    c_comment: commentColumn(1335826707, 73, 1),
  },
});
