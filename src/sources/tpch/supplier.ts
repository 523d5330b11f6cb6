import { defineTable } from './define-table.ts';
import { bigintColumn, decimalColumn, fillUnitKeys, unitKeyColumn } from './number-columns.ts';
import { drawBelow, nextSeed, RandomStream } from './random-stream.ts';
import {
  addressColumn,
  type FillStrings,
  numberedColumn,
  openComments,
  phoneColumn,
  stringColumn,
} from './string-columns.ts';
import type { TpchTable } from './tpch-table.ts';
import { uniformIntegers } from './uniform-integers.ts';
import { NATIONS } from './vocabulary.ts';

const SCALE_BASE = 10_000;
const COMMENT_AVERAGE_LENGTH = 63;
const COMMENT_MAX_LENGTH = 100;

/** How many suppliers there are. */
export const supplierCount = (scale: number): number => Math.trunc(SCALE_BASE * scale);

/** The supplier numbered `number` (0 … 3) of the four that a part has. */
export function supplierOfPart(partKey: number, number: number, suppliers: number): number {
  const step = Math.floor(suppliers / 4) + Math.floor((partKey - 1) / suppliers);
  return ((partKey + number * step) % suppliers) + 1;
}

const openNations = (_scale: number, fromUnit: number) => uniformIntegers(110356601, 0, NATIONS.length - 1, fromUnit);

/** The suppliers: 10,000 times the scale. */
export const supplier: TpchTable = defineTable({
  name: 'supplier',
  units: supplierCount,
  rowsPerUnit: 1,
  columns: {
    s_suppkey: unitKeyColumn,
    s_name: numberedColumn('Supplier#', 9, () => fillUnitKeys),
    s_address: addressColumn(706178559),
    s_nationkey: bigintColumn(openNations),
    s_phone: phoneColumn(884434366, openNations),
    s_acctbal: decimalColumn((_scale, fromUnit) => uniformIntegers(962338209, -99999, 999999, fromUnit)),
    s_comment: stringColumn(COMMENT_MAX_LENGTH, (_scale, fromUnit) => openSupplierComments(fromUnit)),
  },
});

const remarkStart = new TextEncoder().encode('Customer ');
const complaint = new TextEncoder().encode('Complaints');
const recommendation = new TextEncoder().encode('Recommends');
const REMARK_LENGTH = remarkStart.length + complaint.length;
/** Suppliers with a remark, of `SCALE_BASE`. */
const REMARKS = 10;

/** Comments, about one in a thousand of which has "Customer … Complaints" or "Customer … Recommends" written over it. */
function openSupplierComments(fromUnit: number): FillStrings {
  const fillComments = openComments(1341315363, COMMENT_AVERAGE_LENGTH, 1, fromUnit);
  const chosen = new RandomStream(202794285, 1, fromUnit);
  const gaps = new RandomStream(263032577, 1, fromUnit);
  const places = new RandomStream(715851524, 1, fromUnit);
  const kinds = new RandomStream(753643799, 1, fromUnit);
  return (out, range) => {
    fillComments(out, range);
    for (let unit = 0; unit < range.units; unit++) {
      if (drawBelow(nextSeed(chosen.seed), SCALE_BASE) < REMARKS) {
        const start = out.offsets[unit]!;
        const room = out.offsets[unit + 1]! - start - REMARK_LENGTH;
        const gap = drawBelow(nextSeed(gaps.seed), room + 1);
        const at = start + drawBelow(nextSeed(places.seed), room - gap + 1);
        out.bytes.set(remarkStart, at);
        const kind = drawBelow(nextSeed(kinds.seed), 101) < 50 ? complaint : recommendation;
        out.bytes.set(kind, at + remarkStart.length + gap);
      }
      chosen.nextUnit();
      gaps.nextUnit();
      places.nextUnit();
      kinds.nextUnit();
    }
  };
}
