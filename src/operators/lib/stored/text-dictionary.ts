import { allRows, type Rows } from '../../../batch/batch.ts';
import { Vector } from '../../../batch/vector.ts';
import { compactValues, type VectorContext } from '../../../kernels/vectors.ts';
import { Arena } from '../../../memory/arena.ts';
import type { Owner } from '../../../memory/linear-memory.ts';
import type { DataType } from '../../../types/data-type.ts';
import { keyLayout } from '../groups/group-keys.ts';
import { type GroupLayout, GroupTable } from '../groups/group-table.ts';
import { denseRows, gatherField } from '../rows/gather-rows.ts';
import { storeVector } from './stored-vector.ts';

/** A dictionary is worth having with this many values at most, … */
const MAX_VALUES = 16_384;
/** … and so many rows a value, once there are enough rows to tell. */
const ROWS_PER_VALUE = 4;
const ENOUGH_ROWS = 2048;

/** Numbers the distinct texts of a column in the order of their first rows; NULL counts as one of them. */
export class TextDictionary {
  readonly #ctx: VectorContext & { readonly owner: Owner };
  readonly #layout: GroupLayout;
  /** Where a row of the table keeps its number. */
  readonly #numberOffset: number;
  readonly #table: GroupTable;
  readonly #heap: Arena;
  /** The table's rows by number. */
  readonly #addresses: number[] = [];
  #rows = 0;
  #stored: Vector | undefined;
  /** The last dictionary that came, and the number of each of its values (u32, in `#heap`). */
  #known: { readonly dictionary: Vector; readonly numbers: number } | undefined;

  /** @param ctx its owner pays for what is needed until the dictionary is no longer used */
  constructor(ctx: VectorContext & { readonly owner: Owner }, type: DataType) {
    this.#ctx = ctx;
    let numberOffset = 0;
    this.#layout = keyLayout([type], offset => {
      numberOffset = offset;
      return 8;
    });
    this.#numberOffset = numberOffset;
    this.#table = new GroupTable(ctx, this.#layout);
    this.#heap = new Arena(ctx.memory, ctx.owner);
  }

  /** Distinct texts so far. */
  get size(): number {
    return this.#addresses.length;
  }

  /** Whether codes are smaller than the texts: there are few values for the rows. */
  get isWorth(): boolean {
    return this.size <= MAX_VALUES && (this.#rows < ENOUGH_ROWS || this.size * ROWS_PER_VALUE <= this.#rows);
  }

  /** Writes the numbers of the rows' texts, one behind the other, to `out` (u32). */
  encode(vector: Vector, rows: Rows, out: number): void {
    this.#rows += rows.selected;
    const { dictionary } = vector;
    const hasCodes = dictionary !== undefined && vector.validity === 0 && dictionary.length <= MAX_VALUES;
    if (!hasCodes) {
      this.#number(vector, rows, out);
      return;
    }
    if (this.#known?.dictionary !== dictionary) {
      const numbers = this.#heap.alloc(dictionary.length * 4);
      this.#number(dictionary, allRows(dictionary.length), numbers);
      this.#known = { dictionary, numbers };
    }
    const { kernels, arena } = this.#ctx;
    let codes = vector.data;
    if (rows.selection !== 0) {
      codes = arena.alloc(rows.selected * 4);
      compactValues(this.#ctx, vector.data, 4, rows, codes);
    }
    kernels.gather_32(this.#known.numbers, codes, rows.selected, out);
  }

  /**
   * The texts by number, as refs into memory of this dictionary, in the batch arena. NULL is an empty text there: which
   * rows are NULL must be known from elsewhere.
   */
  values(): Vector {
    const { arena, memory } = this.#ctx;
    const addresses = arena.alloc(this.size * 4);
    memory.u32.set(this.#addresses, addresses >>> 2);
    const { type, length, data } = gatherField(this.#ctx, this.#layout.key.fields[0]!, denseRows(addresses, this.size));
    return Vector.flat(type, length, data);
  }

  /** The texts by number, copied to `target`; the same copy as before when no text has come since. */
  stored(target: Arena): Vector {
    if (this.#stored?.length !== this.size) {
      this.#stored = storeVector(this.#ctx, target, this.values(), allRows(this.size));
    }
    return this.#stored;
  }

  #number(vector: Vector, rows: Rows, out: number): void {
    const { kernels, arena, memory } = this.#ctx;
    const found = this.#table.find([vector], [], rows);
    const { selection, selected } = rows;
    const fresh = arena.alloc(selected * 4);
    const added = kernels.row_numbers(found, this.#numberOffset, selection, selected, this.size, fresh, out);
    for (const address of memory.u32.subarray(fresh >>> 2, (fresh >>> 2) + added)) this.#addresses.push(address);
  }
}
