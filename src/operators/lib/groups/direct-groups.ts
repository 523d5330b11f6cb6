import type { Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import { selectValid, type VectorContext } from '../../../kernels/vectors.ts';
import type { Arena } from '../../../memory/arena.ts';
import type { LinearMemory, Owner } from '../../../memory/linear-memory.ts';
import { bitsOf, emptyRange, type IntegerKey, leastOf, spanOf, widenRange } from '../rows/integer-key.ts';

/** The array's struct; see kernels/assembly/direct-groups.ts. */
const STRUCT_BYTES = 16;
const SPAN = 8;
const ENTRIES = 12;

/** What a struct says, for those that merge arrays: the row of value `base + i` is entry i, that of NULL entry `span`. */
export type GroupArray = { readonly base: bigint; readonly span: number; readonly entries: number };

/** The array whose struct is at this address. */
export function readGroupArray(memory: LinearMemory, struct: number): GroupArray {
  return {
    base: memory.i64[struct >>> 3]!,
    span: memory.u32[(struct + SPAN) >>> 2]!,
    entries: memory.u32[(struct + ENTRIES) >>> 2]!,
  };
}

/** The range may have so many values, whatever there is; or so many per row, up to a limit; or per group. */
const SMALL_SPAN = 2n ** 16n;
const LARGE_SPAN = 2n ** 20n;
const SPAN_PER_ROW = 128n;
const SPAN_PER_GROUP = 16n;
/** Never more than this, 256 MiB: a directory grows with the groups alone. */
const LARGEST_SPAN = 2n ** 26n;

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
    const keys = spanOf(this.#ctx.memory, this.#key, [this.#range]) ?? { base: this.#base, span: 0n };
    const end = keys.base + keys.span;
    const ownEnd = this.#base + this.#span;
    if (this.#entries !== 0 && keys.base >= this.#base && end <= ownEnd) return true;
    // What the array has room for already counts: it is not made smaller.
    const isEmpty = this.#span === 0n;
    const low = !isEmpty && this.#base < keys.base ? this.#base : keys.base;
    const high = !isEmpty && ownEnd > end ? ownEnd : end;
    if (!isWorth(high - low, this.#rows, groups) || !this.#fits(2n * (high - low))) return false;
    this.#grow(low, high);
    return true;
  }

  /** Whether an array of so many entries leaves memory for more than itself. */
  #fits(span: bigint): boolean {
    const { limit, bytesInUse } = this.#ctx.memory;
    return 2n * 4n * span <= BigInt(Math.max(0, limit - bytesInUse));
  }

  /** Bytes of the array. */
  get bytes(): number {
    return this.#entries === 0 ? 0 : 4 * (Number(this.#span) + 1);
  }

  /** Hands the array on to those that merge it, by its struct's address: it lives as long as the owner. */
  handOn(): number {
    // Bases are kept as signed numbers, which u64 keys don't compare as.
    if (this.#entries === 0 || this.#key === 'u64') return 0;
    this.#entries = 0;
    return this.struct;
  }

  release(): void {
    if (this.#entries !== 0) this.#ctx.memory.free(this.#entries);
    this.#entries = 0;
  }

  /**
   * Makes room for the values from `low` up to `high`, and for as many again towards where they go: a range that grows
   * step by step is copied seldom.
   */
  #grow(low: bigint, high: bigint): void {
    const { memory, kernels, owner } = this.#ctx;
    const isEmpty = this.#span === 0n;
    const span = 2n * this.#span > high - low ? 2n * this.#span : high - low;
    // Distances from the start must not wrap: it is a value of the type.
    const least = leastOf(this.#key);
    const goesDown = !isEmpty && low < this.#base;
    const start = !goesDown ? low : high - span < least ? least : high - span;
    const bytes = 4 * (Number(span) + 1);
    const entries = memory.allocate(bytes, owner);
    kernels.row_clear(entries, bytes);
    if (this.#entries !== 0) {
      const to = isEmpty ? entries : entries + 4 * Number(this.#base - start);
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
  if (span <= SMALL_SPAN) return true;
  if (span <= LARGEST_SPAN && span <= SPAN_PER_GROUP * BigInt(groups)) return true;
  return span <= LARGE_SPAN && span <= SPAN_PER_ROW * BigInt(rows);
}
