import { AsciiWords } from './ascii-words.ts';
import { defineTable } from './define-table.ts';
import { decimalColumn, fillUnitKeys, integerColumn, unitKeyColumn } from './number-columns.ts';
import { drawBelow, nextSeed, RandomStream } from './random-stream.ts';
import { commentColumn, type FillStrings, numberedColumn, stringColumn, wordColumn } from './string-columns.ts';
import { TPCH_BATCH_ROWS, type TpchTable } from './tpch-table.ts';
import { uniformIntegers } from './uniform-integers.ts';
import { PART_COLORS, PART_CONTAINERS, PART_TYPES } from './vocabulary.ts';

/** How many parts there are. */
export const partCount = (scale: number): number => Math.trunc(200_000 * scale);

/** The price of a part in cents. */
export function partPrice(partKey: number): number {
  return 90000 + (((partKey / 10) | 0) % 20001) + (partKey % 1000) * 100;
}

const openManufacturers = (_scale: number, fromUnit: number) => uniformIntegers(1, 1, 5, fromUnit);

/** The parts: 200,000 times the scale. */
export const part: TpchTable = defineTable({
  name: 'part',
  units: partCount,
  rowsPerUnit: 1,
  columns: {
    p_partkey: unitKeyColumn,
    p_name: stringColumn(5 * 11, (_scale, fromUnit) => openNames(fromUnit)),
    p_mfgr: numberedColumn('Manufacturer#', 1, openManufacturers),
    p_brand: numberedColumn('Brand#', 2, (scale, fromUnit) => {
      const fillManufacturers = openManufacturers(scale, fromUnit);
      const manufacturers = new Int32Array(TPCH_BATCH_ROWS);
      const fillBrands = uniformIntegers(46831694, 1, 5, fromUnit);
      return (out, range) => {
        fillManufacturers(manufacturers, range);
        fillBrands(out, range);
        for (let row = 0; row < range.rows; row++) out[row] = 10 * manufacturers[row]! + out[row]!;
      };
    }),
    p_type: wordColumn(PART_TYPES, (_scale, fromUnit) =>
      uniformIntegers(1841581359, 0, PART_TYPES.length - 1, fromUnit),
    ),
    p_size: integerColumn((_scale, fromUnit) => uniformIntegers(1193163244, 1, 50, fromUnit)),
    p_container: wordColumn(PART_CONTAINERS, (_scale, fromUnit) =>
      uniformIntegers(727633698, 0, PART_CONTAINERS.length - 1, fromUnit),
    ),
    p_retailprice: decimalColumn(() => (out, range) => {
      fillUnitKeys(out, range);
      for (let row = 0; row < range.rows; row++) out[row] = partPrice(out[row]!);
    }),
    p_comment: commentColumn(804159733, 14, 1),
  },
});

const NAME_WORDS = 5;
const SPACE = 32;

/** Five different colors: the start of a shuffled list, which is put in order again for the next part. */
function openNames(fromUnit: number): FillStrings {
  const words = new AsciiWords(PART_COLORS);
  const order = Uint8Array.from(PART_COLORS, (_, i) => i);
  const swaps = new Uint8Array(NAME_WORDS);
  const stream = new RandomStream(709314158, PART_COLORS.length, fromUnit);
  const swap = (a: number, b: number): void => {
    const word = order[a]!;
    order[a] = order[b]!;
    order[b] = word;
  };
  return (out, range) => {
    for (let unit = 0; unit < range.units; unit++) {
      let state = stream.seed;
      for (let i = 0; i < NAME_WORDS; i++) {
        state = nextSeed(state);
        const other = i + drawBelow(state, PART_COLORS.length - i);
        swaps[i] = other;
        swap(i, other);
        if (i > 0) out.writeByte(SPACE);
        out.writeWord(words, order[i]!);
      }
      out.endValue();
      for (let i = NAME_WORDS - 1; i >= 0; i--) swap(i, swaps[i]!);
      stream.nextUnit();
    }
  };
}
