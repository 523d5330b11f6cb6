import type { Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import { haveSameCodes, selectValid, type VectorContext } from '../../../kernels/vectors.ts';
import type { Arena } from '../../../memory/arena.ts';
import { UINT32 } from '../../../types/data-type.ts';
import { bitsOf, emptyRange, type IntegerKey, integerKey, leastAt, spanOf, widenRange } from '../rows/integer-key.ts';

/** So many combinations of the codes of several columns may be worth a table, … */
const MAX_COMBINATIONS = 2 ** 16;
/** … or so many per row that came since the codes mean what they do, … */
const COMBINATIONS_PER_ROW = 4;
/** … up to this; codes of one column always: a dictionary of so many took longer to make than the table does. */
const MAX_CODES = 2 ** 20;
/** A table of so many is cleared without a thought. */
const SMALL = 4096;
/** Rows per combination after which most of them must have been known, if the table is large. */
const TRIAL = 2;

/** A column whose values have codes below `size`, of which the last is NULL's: a dictionary's, or distances from a base. */
type Coded = { readonly column: Vector; readonly size: number; readonly base: number; readonly integer?: IntegerKey };

/**
 * Remembers which row belongs to which combination of codes, for as long as these stay the same: of dictionaries (a
 * chunk's vectors share one), and of integers with a small range if there are other keys too. Hashing and comparing are
 * then done once per combination. Keys that are constants (of a group or a grouping set) may stand beside them.
 */
export class CodedGroups {
  readonly #ctx: VectorContext;
  readonly #heap: Arena;
  /** Row addresses by combination, 0 = not known yet. */
  #table = 0;
  #room = 0;
  /** What the codes mean: dictionaries, values of constants, bases and sizes of ranges. */
  #known: readonly unknown[] = [];
  /** Rows looked up since then, and those that were not known; -1 = in a large table, for codes that may not come again. */
  #asked = 0;
  #missed = 0;
  /** All rows since then. */
  #seen = 0;
  /** The range of each key's integers so far. */
  readonly #ranges = new Map<number, number>();
  /** The integers lie too far apart, which doesn't change. */
  #isGivenUp = false;

  /** @param heap where the table stays */
  constructor(ctx: VectorContext, heap: Arena) {
    this.#ctx = ctx;
    this.#heap = heap;
  }

  /**
   * The rows of the keys, by position, in `ctx.arena`; undefined when the keys have no codes, or too many.
   * @param find looks up the keys at some positions, by hash
   */
  find(keys: readonly (Vector | undefined)[], rows: Rows, find: (rows: Rows) => number): number | undefined {
    if (this.#isGivenUp) return undefined;
    const known: unknown[] = [];
    const coded = this.#codesOf(keys, rows, known);
    if (coded === undefined || coded.length === 0) return undefined;
    const combinations = coded.reduce((product, c) => product * c.size, 1);
    const { selection, selected, count } = rows;
    if (!this.#isWorth(known, combinations, coded.length, selected)) return undefined;
    const { kernels, arena } = this.#ctx;
    const numbers = this.#combine(coded, rows);
    const out = arena.alloc(count * 4);
    const missing = arena.alloc(selected * 2 + 2);
    const unknown = kernels.codes_look_up(numbers, this.#table, selection, selected, out, missing);
    this.#asked += selected;
    this.#missed += unknown;
    if (unknown > 0) {
      const found = find({ count, selection: missing, selected: unknown });
      kernels.codes_remember(numbers, found, missing, unknown, this.#table);
      kernels.codes_look_up(numbers, this.#table, selection, selected, out, missing);
    }
    return out;
  }

  /** The columns with codes; undefined when a key has none. @param known gets what the codes mean */
  #codesOf(keys: readonly (Vector | undefined)[], rows: Rows, known: unknown[]): Coded[] | undefined {
    const coded: Coded[] = [];
    const integers: (readonly [key: number, column: Vector, integer: IntegerKey])[] = [];
    for (const [k, column] of keys.entries()) {
      if (column === undefined) return undefined;
      if (column.dictionary !== undefined) {
        known.push(column.dictionary);
        // Columns of a join's build side have the same codes: one of them says what all are.
        if (!coded.some(c => haveSameCodes(c.column, column)))
          coded.push({ column, size: column.dictionary.length + 1, base: 0 });
      } else if (column.form === 'constant' && column.type === UINT32 && column.validity === 0) {
        known.push(this.#ctx.memory.u32[column.data >>> 2]!);
      } else {
        const integer = keys.length === 1 ? undefined : integerKey([column.type]);
        if (integer === undefined) return undefined;
        integers.push([k, column, integer]);
      }
    }
    let product = 1;
    for (const [k, column, integer] of integers) {
      const range = this.#ranges.get(k) ?? emptyRange(this.#heap);
      this.#ranges.set(k, range);
      widenRange(this.#ctx.kernels, integer, range, column, selectValid(this.#ctx, column.validity, rows));
      const { base, span } = spanOf(this.#ctx.memory, integer, [range]) ?? { base: 0n, span: 0n };
      const size = Number(span) + 1;
      product *= size;
      known.push(base, size);
      coded.push({ column, size, base: leastAt(range), integer });
    }
    this.#isGivenUp = product > (keys.length === 2 ? MAX_CODES : MAX_COMBINATIONS);
    return this.#isGivenUp ? undefined : coded;
  }

  /** One number for each row's codes, by position. */
  #combine(coded: readonly Coded[], { count, selection, selected }: Rows): number {
    const { kernels, arena } = this.#ctx;
    const numbers = arena.alloc(count * 4);
    for (const [i, { column, size, base, integer }] of coded.entries()) {
      const { data, validity } = column;
      const isFirst = i === 0 ? 1 : 0;
      if (integer === undefined) {
        kernels.codes_combine(data, validity, size, selection, selected, isFirst, numbers);
      } else {
        const combine = kernels[`codes_combine_${bitsOf(integer)}`];
        const mask = column.form === 'constant' ? 0 : -1;
        combine(data, mask, validity, base, size, selection, selected, isFirst, numbers);
      }
    }
    return numbers;
  }

  /** Makes the table ready, unless it is large and these codes are new or repeat little. */
  #isWorth(known: readonly unknown[], combinations: number, columns: number, rows: number): boolean {
    const isLarge = combinations > SMALL;
    if (known.length !== this.#known.length || known.some((k, i) => k !== this.#known[i])) {
      this.#known = known;
      this.#seen = rows;
      this.#asked = isLarge ? -1 : 0;
      if (isLarge) return false;
    } else if (combinations > this.#limit(columns)) {
      this.#seen += rows;
      return false;
    } else if (this.#asked > 0) {
      return !isLarge || this.#asked < TRIAL * combinations || 2 * this.#missed < this.#asked;
    }
    this.#asked = 0;
    this.#missed = 0;
    this.#clear(combinations);
    return true;
  }

  #limit(columns: number): number {
    if (columns === 1) return MAX_CODES;
    return Math.min(MAX_CODES, Math.max(MAX_COMBINATIONS, COMBINATIONS_PER_ROW * this.#seen));
  }

  /** Empties the table, and makes it as large as it must be. */
  #clear(combinations: number): void {
    if (combinations > this.#room) {
      this.#room = Math.max(SMALL, 2 * combinations);
      this.#table = this.#heap.alloc(this.#room * 4);
    }
    this.#ctx.kernels.row_clear(this.#table, combinations * 4);
  }
}
