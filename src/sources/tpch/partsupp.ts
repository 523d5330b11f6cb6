import { defineTable } from './define-table.ts';
import { bigintColumn, decimalColumn, integerColumn, unitKeyColumn } from './number-columns.ts';
import { partCount } from './part.ts';
import { commentColumn } from './string-columns.ts';
import { supplierCount, supplierOfPart } from './supplier.ts';
import type { TpchTable } from './tpch-table.ts';
import { uniformIntegers } from './uniform-integers.ts';

const SUPPLIERS_PER_PART = 4;

/** What suppliers have of parts: four rows a part. */
export const partsupp: TpchTable = defineTable({
  name: 'partsupp',
  units: partCount,
  rowsPerUnit: SUPPLIERS_PER_PART,
  columns: {
    ps_partkey: unitKeyColumn,
    ps_suppkey: bigintColumn(scale => (out, range) => {
      const suppliers = supplierCount(scale);
      for (let row = 0; row < range.rows; row++) {
        const partKey = range.firstUnit + Math.floor(row / SUPPLIERS_PER_PART) + 1;
        out[row] = supplierOfPart(partKey, row % SUPPLIERS_PER_PART, suppliers);
      }
    }),
    ps_availqty: integerColumn((_scale, fromUnit) =>
      uniformIntegers(1671059989, 1, 9999, fromUnit, SUPPLIERS_PER_PART),
    ),
    ps_supplycost: decimalColumn((_scale, fromUnit) =>
      uniformIntegers(1051288424, 100, 100_000, fromUnit, SUPPLIERS_PER_PART),
    ),
    ps_comment: commentColumn(1961692154, 124, SUPPLIERS_PER_PART),
  },
});
