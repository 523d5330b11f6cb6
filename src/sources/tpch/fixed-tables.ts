import { defineTable, type UnitRange } from './define-table.ts';
import { bigintColumn } from './number-columns.ts';
import { commentColumn, wordColumn } from './string-columns.ts';
import type { TpchTable } from './tpch-table.ts';
import { NATION_REGIONS, NATIONS, REGIONS } from './vocabulary.ts';

function fillIndexes(out: Int32Array, range: UnitRange): void {
  for (let unit = 0; unit < range.units; unit++) out[unit] = range.firstUnit + unit;
}

/** The five regions, at every scale. */
export const region: TpchTable = defineTable({
  name: 'region',
  units: () => REGIONS.length,
  rowsPerUnit: 1,
  columns: {
    r_regionkey: bigintColumn(() => fillIndexes),
    r_name: wordColumn(REGIONS, () => fillIndexes),
    r_comment: commentColumn(1500869201, 72, 1),
  },
});

/** The 25 nations, at every scale. */
export const nation: TpchTable = defineTable({
  name: 'nation',
  units: () => NATIONS.length,
  rowsPerUnit: 1,
  columns: {
    n_nationkey: bigintColumn(() => fillIndexes),
    n_name: wordColumn(NATIONS, () => fillIndexes),
    n_regionkey: bigintColumn(() => (out, range) => {
      for (let unit = 0; unit < range.units; unit++) out[unit] = NATION_REGIONS[range.firstUnit + unit]!;
    }),
    n_comment: commentColumn(606179079, 72, 1),
  },
});
