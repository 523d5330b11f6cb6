import type { Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import { flatten, type VectorContext, validityOf } from '../../../kernels/vectors.ts';
import { Arena } from '../../../memory/arena.ts';
import type { Owner } from '../../../memory/linear-memory.ts';
import { integerKey } from '../rows/integer-key.ts';
import { keepTexts, packRows } from '../rows/pack-rows.ts';
import { RowBlocks, rowSpans } from '../rows/row-blocks.ts';
import type { RowArea } from '../rows/row-layout.ts';
import { CodedGroups } from './coded-groups.ts';
import { DirectGroups } from './direct-groups.ts';

/** A table's struct, u32 words; see kernels/assembly/groups.ts. */
const STRUCT_BYTES = 28;
const DIRECTORY = 0;
const SHIFT = 1;
const NEXT_ROW = 3;
const END_ROWS = 4;
const COUNT = 5;
const LIMIT = 6;

const FIRST_BITS = 10;
const SLOT_BYTES = 8;

/** Rows of a table that tells distinct keys apart: hash, key, what the first row with a key leaves, and the user's part. */
export type GroupLayout = {
  /** Starts at offset 8, after the hash. */
  readonly key: RowArea;
  /** Values of the first row of each key, kept as they were (for keys that lose something); may be empty. */
  readonly originals: RowArea;
  readonly rowBytes: number;
};

/** Finds rows by key and adds those with a new key. New rows hold zeros after key and originals. Grows as needed. */
export class GroupTable {
  readonly rows: RowBlocks;
  readonly #ctx: VectorContext;
  readonly #owner: Owner;
  readonly #layout: GroupLayout;
  readonly #heap: Arena;
  readonly #struct: number;
  readonly #coded: CodedGroups;
  /** For a single integer key, as long as its values lie close together; the directory is not used meanwhile. */
  #direct: DirectGroups | undefined;
  #bits = FIRST_BITS;
  #directory = 0;

  constructor(ctx: VectorContext & { readonly owner: Owner }, layout: GroupLayout) {
    this.#ctx = ctx;
    this.#owner = ctx.owner;
    this.#layout = layout;
    this.rows = new RowBlocks(ctx.memory, ctx.owner, layout.rowBytes);
    this.#heap = new Arena(ctx.memory, ctx.owner);
    this.#struct = this.#heap.allocZeroed(STRUCT_BYTES);
    this.#coded = new CodedGroups(ctx, this.#heap);
    const integer = integerKey(layout.key.fields.map(f => f.type));
    if (integer !== undefined) this.#direct = new DirectGroups(ctx, integer, this.#heap);
  }

  /**
   * The rows of the keys: u32 addresses aligned with the positions, in `ctx.arena`.
   * @param keys one per key field, `undefined` for NULL
   * @param originals one per field of the layout's originals
   */
  find(keys: readonly (Vector | undefined)[], originals: readonly (Vector | undefined)[], rows: Rows): number {
    const byValue = (some: Rows): number => this.#findDirect(keys[0], some) ?? this.#findByHash(keys, originals, some);
    return this.#coded.find(keys, rows, byValue) ?? byValue(rows);
  }

  /** Undefined when the direct array can't serve the rows: it is then given up. */
  #findDirect(key: Vector | undefined, rows: Rows): number | undefined {
    if (this.#direct === undefined) return undefined;
    const { kernels, arena, memory } = this.#ctx;
    const values = key?.form === 'dictionary' ? flatten(this.#ctx, key, rows) : key;
    const validity = values === undefined ? 0 : validityOf(this.#ctx, values, rows);
    if (values === undefined || !this.#direct.cover(values, rows, validity, this.rows.count)) {
      this.#direct.release();
      this.#direct = undefined;
      this.#enterAll();
      return undefined;
    }
    const { rowBytes, key: area } = this.#layout;
    const { nullOffset, nullBit } = area.fields[0]!;
    const mask = values.form === 'constant' ? 0 : -1;
    const find = kernels[`direct_find_${this.#direct.bits}`];
    const { selection, selected } = rows;
    const out = arena.alloc(rows.count * 4);
    for (let from = 0; from < selected; ) {
      this.#reserveRows();
      const first = this.rows.next;
      const { struct } = this.#direct;
      from = find(
        this.#struct,
        struct,
        values.data,
        mask,
        validity,
        rowBytes,
        nullOffset,
        nullBit,
        selection,
        from,
        selected,
        out,
      );
      const added = (memory.u32[(this.#struct >>> 2) + NEXT_ROW]! - first) / rowBytes;
      kernels.row_hash(first, rowBytes, first + area.offset, 0, area.bytes >>> 3, added);
      this.rows.advance(added);
    }
    return out;
  }

  /** Enters all rows, none of which is in it, into a new directory. */
  #enterAll(): void {
    const { memory, kernels, arena } = this.#ctx;
    const { key, rowBytes } = this.#layout;
    const { count } = this.rows;
    memory.u32[(this.#struct >>> 2) + COUNT] = 0;
    this.#grow(Math.max(FIRST_BITS, Math.ceil(Math.log2(count + 1)) + 1));
    for (const { address, count: n } of rowSpans(memory, this.rows.first)) {
      for (let from = 0; from < n; from += MERGE_ROWS) {
        const mark = arena.mark();
        const some = Math.min(MERGE_ROWS, n - from);
        const addresses = arena.alloc(some * 4);
        const unused = arena.alloc(some * 4);
        kernels.row_addresses(address + from * rowBytes, rowBytes, some, addresses);
        kernels.group_merge(this.#struct, addresses, some, 0, key.bytes >>> 3, 0, unused, unused, unused);
        arena.rewind(mark);
      }
    }
  }

  #findByHash(keys: readonly (Vector | undefined)[], originals: readonly (Vector | undefined)[], rows: Rows): number {
    const { memory, kernels, arena } = this.#ctx;
    const { key, rowBytes } = this.#layout;
    const n = rows.selected;
    const words = key.bytes >>> 3;
    const stride = 8 + key.bytes;
    const packed = arena.alloc(n * stride);
    kernels.row_clear(packed, n * stride);
    packRows(this.#ctx, key, keys, rows, { address: packed, rowBytes: stride });
    const texts = kernels.row_hash(packed, stride, packed + 8, key.texts, words, n);
    const out = arena.alloc(rows.count * 4);
    const fresh = originals.length === 0 ? 0 : arena.alloc(n * 2);
    const work = arena.alloc(n * 6 + 2);
    for (let from = 0; from < n; ) {
      this.#reserve();
      const first = this.rows.next;
      const { selection } = rows;
      from = kernels.group_find(this.#struct, packed, texts, words, rowBytes, selection, from, n, out, fresh, work);
      const added = (memory.u32[(this.#struct >>> 2) + NEXT_ROW]! - first) / rowBytes;
      if (added === 0) continue;
      this.rows.advance(added);
      const target = { address: first, rowBytes };
      keepTexts(this.#ctx, key, target, added, this.#heap);
      if (fresh !== 0) {
        const freshRows = { count: rows.count, selection: fresh, selected: added };
        packRows(this.#ctx, this.#layout.originals, originals, freshRows, target, this.#heap);
        keepTexts(this.#ctx, this.#layout.originals, target, added, this.#heap);
      }
    }
    return out;
  }

  /** Of rows, texts, and what leads to them. */
  get bytes(): number {
    return this.rows.bytes + this.#heap.bytes + this.#directoryBytes + (this.#direct?.bytes ?? 0);
  }

  /** Bytes that the directory takes on top when it grows next, if that is soon. */
  get growth(): number {
    if (this.#directory === 0 || 4 * this.rows.count < 3 * this.#ctx.memory.u32[(this.#struct >>> 2) + LIMIT]!)
      return 0;
    return SLOT_BYTES * 2 ** this.#nextBits;
  }

  get #directoryBytes(): number {
    return this.#directory === 0 ? 0 : SLOT_BYTES * 2 ** this.#bits;
  }

  get #nextBits(): number {
    return this.#bits + (this.#bits < 20 ? 2 : 1);
  }

  /** The struct of the array that leads to the rows, for `DirectMerge`; 0 when there is none, or no longer. */
  handOnArray(): number {
    return this.#direct?.handOn() ?? 0;
  }

  /** Frees directory and array: no more keys come; rows and texts stay. */
  seal(): void {
    this.#direct?.release();
    if (this.#directory !== 0) this.#ctx.memory.free(this.#directory);
    this.#directory = 0;
  }

  /** Space for at least one more row, in the blocks and in the directory. */
  #reserve(): void {
    if (this.#directory === 0) this.#grow(FIRST_BITS);
    else if (this.rows.count >= this.#ctx.memory.u32[(this.#struct >>> 2) + LIMIT]!) this.#grow(this.#nextBits);
    this.#reserveRows();
  }

  #reserveRows(): void {
    const { memory } = this.#ctx;
    this.rows.reserve();
    const { next, space, rowBytes } = this.rows;
    memory.u32[(this.#struct >>> 2) + NEXT_ROW] = next;
    memory.u32[(this.#struct >>> 2) + END_ROWS] = next + space * rowBytes;
  }

  #grow(bits: number): void {
    const { memory, kernels } = this.#ctx;
    const old = this.#directory;
    const oldSlots = 2 ** this.#bits;
    this.#directory = newDirectory(this.#ctx, this.#owner, this.#struct, bits);
    this.#bits = bits;
    if (old === 0) return;
    kernels.group_rehash(this.#struct, old, oldSlots);
    memory.free(old);
  }
}

/** Gives a table's struct an empty directory of 2^bits slots. */
function newDirectory({ memory, kernels }: VectorContext, owner: Owner, struct: number, bits: number): number {
  const bytes = SLOT_BYTES * 2 ** bits;
  const directory = memory.allocate(bytes, owner);
  kernels.row_clear(directory, bytes);
  const u32 = memory.u32;
  u32[(struct >>> 2) + DIRECTORY] = directory;
  u32[(struct >>> 2) + SHIFT] = 32 - bits;
  u32[(struct >>> 2) + LIMIT] = 2 ** (bits - 1);
  return directory;
}

/** What merging tables leaves: rows that stand for a key each, by address. */
export type MergedRows = { readonly address: number; readonly count: number };

/** Rows of several tables by address, made one row per key; nothing is copied. */
export class GroupMerge {
  readonly #ctx: VectorContext & { readonly owner: Owner };
  readonly #key: RowArea;
  /** Offset in the rows of a word that gets the address of the row that stands for it; 0 = none. */
  readonly #forward: number;

  constructor(ctx: VectorContext & { readonly owner: Owner }, key: RowArea, forward: number) {
    this.#ctx = ctx;
    this.#key = key;
    this.#forward = forward;
  }

  /**
   * @param lists addresses of rows, u32; the rows of one list have distinct keys or are merged like any
   * @param merge folds `count` source rows into their targets (u32 addresses)
   * @param target takes the result's addresses
   */
  *run(
    lists: readonly MergedRows[],
    target: Arena,
    merge: (targets: number, sources: number, count: number) => void,
  ): Pieces<MergedRows> {
    const { memory, kernels, owner } = this.#ctx;
    const total = lists.reduce((sum, l) => sum + l.count, 0);
    const kept = target.alloc(total * 4);
    if (total === 0) return { address: kept, count: 0 };
    const work = new Arena(memory, owner);
    const struct = work.allocZeroed(STRUCT_BYTES);
    const bits = Math.max(4, Math.ceil(Math.log2(total * 1.5)));
    const directory = newDirectory(this.#ctx, owner, struct, bits);
    const longest = Math.min(MERGE_ROWS, Math.max(...lists.map(l => l.count)));
    const targets = work.alloc(longest * 4);
    const sources = work.alloc(longest * 4);
    let count = 0;
    for (const list of lists) {
      for (let from = 0; from < list.count; from += MERGE_ROWS) {
        const n = Math.min(MERGE_ROWS, list.count - from);
        const rows = list.address + 4 * from;
        const added = kernels.group_merge(
          struct,
          rows,
          n,
          this.#key.texts,
          this.#key.bytes >>> 3,
          this.#forward,
          kept + 4 * count,
          targets,
          sources,
        );
        count += added;
        if (added < n) merge(targets, sources, n - added);
        yield;
      }
    }
    memory.free(directory);
    work.release();
    return { address: kept, count };
  }
}

/** Rows merged at a time: their pairs stay in the cache. */
const MERGE_ROWS = 4096;
