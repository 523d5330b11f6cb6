import type { Rows } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import { selectValid, type VectorContext } from '../../kernels/vectors.ts';
import type { Arena } from '../../memory/arena.ts';
import type { Owner } from '../../memory/linear-memory.ts';
import { bitsOf, emptyRange, type IntegerKey, leastOf, spanOf, widenRange } from './integer-key.ts';

/** The array's struct; see kernels/assembly/direct-groups.ts. */
const STRUCT_BYTES = 16;
const SPAN = 8;
const ENTRIES = 12;

/** The range may have so many values, whatever there is; or so many per row, up to a limit; or per group. */
const SMALL_SPAN = 2n ** 16n;
const LARGE_SPAN = 2n ** 20n;
const SPAN_PER_ROW = 128n;
const SPAN_PER_GROUP = 16n;

/** An array over the range of a table's integer keys that leads to their rows; it grows with the range. */
export class DirectGroups {
  /** Address of the struct for the kernels. */
  readonly struct: number;
  readonly #ctx: VectorContext & { readonly owner: Owner };
  readonly #key: IntegerKey;
  readonly #range: number;
  #base = 0n;
  #span = 0n;
  #entries = 0;
  #rows = 0;

  /** @param heap where the struct stays */
  constructor(ctx: VectorContext & { readonly owner: Owner }, key: IntegerKey, heap: Arena) {
    this.#ctx = ctx;
    this.#key = key;
    this.struct = heap.allocZeroed(STRUCT_BYTES);
    this.#range = emptyRange(heap);
  }

  get bits(): 8 | 16 | 32 | 64 {
    return bitsOf(this.#key);
  }

  /**
   * Makes room for the values of some rows. False when they lie too far apart.
   * @param values flat or constant
   * @param groups that the table has
   */
  cover(values: Vector, rows: Rows, validity: number, groups: number): boolean {
    this.#rows += rows.selected;
    widenRange(this.#ctx.kernels, this.#key, this.#range, values, selectValid(this.#ctx, validity, rows));
    const { base, span } = spanOf(this.#ctx.memory, this.#key, [this.#range]) ?? { base: 0n, span: 1n };
    if (this.#entries !== 0 && base >= this.#base && base + span <= this.#base + this.#span) return true;
    if (!isWorth(span, this.#rows, groups)) return false;
    this.#grow(base, span);
    return true;
  }

  release(): void {
    if (this.#entries !== 0) this.#ctx.memory.free(this.#entries);
    this.#entries = 0;
  }

  /** Twice as large as before, towards where the values go: a range that grows step by step is copied seldom. */
  #grow(base: bigint, needed: bigint): void {
    const { memory, kernels, owner } = this.#ctx;
    const isNew = this.#entries === 0;
    const goesDown = isNew || base < this.#base;
    const low = goesDown ? base : this.#base;
    const end = this.#base + this.#span;
    const high = isNew || base + needed > end ? base + needed : end;
    const span = 2n * this.#span > high - low ? 2n * this.#span : high - low;
    // Distances from the start must not wrap: it is a value of the type.
    const least = leastOf(this.#key);
    const start = !goesDown ? low : high - span < least ? least : high - span;
    const bytes = 4 * (Number(span) + 1);
    const entries = memory.allocate(bytes, owner);
    kernels.row_clear(entries, bytes);
    if (!isNew) {
      const to = entries + 4 * Number(this.#base - start);
      kernels.direct_move(this.#entries, Number(this.#span), to, entries + 4 * Number(span));
      memory.free(this.#entries);
    }
    this.#base = start;
    this.#span = span;
    this.#entries = entries;
    memory.i64[this.struct >>> 3] = BigInt.asIntN(64, start);
    memory.u32[(this.struct + SPAN) >>> 2] = Number(span);
    memory.u32[(this.struct + ENTRIES) >>> 2] = entries;
  }
}

function isWorth(span: bigint, rows: number, groups: number): boolean {
  if (span <= SMALL_SPAN || span <= SPAN_PER_GROUP * BigInt(groups)) return true;
  return span <= LARGE_SPAN && span <= SPAN_PER_ROW * BigInt(rows);
}
