import { allRows, type Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import type { VectorContext } from '../../../kernels/vectors.ts';
import { Arena } from '../../../memory/arena.ts';
import type { Owner } from '../../../memory/linear-memory.ts';
import type { PhysicalSortKey } from '../../../plan/expr.ts';
import type { DataType } from '../../../types/data-type.ts';
import { denseRows, gatherField } from '../rows/gather-rows.ts';
import { keepTexts, packRows } from '../rows/pack-rows.ts';
import { RowBlocks } from '../rows/row-blocks.ts';
import { payloadArea, type RowArea } from '../rows/row-layout.ts';
import { sliceRows } from '../slice-rows.ts';
import { type EncodedKeys, type SortKeyLayout, sortKeyLayout } from './sort-keys.ts';

/** Rows to be sorted: the encoded key, then the columns that are handed on. */
export type SortRowLayout = { readonly key: SortKeyLayout; readonly payload: RowArea; readonly rowBytes: number };

export function sortRowLayout(keys: readonly PhysicalSortKey[], types: readonly DataType[]): SortRowLayout {
  const key = sortKeyLayout(keys);
  const payload = payloadArea(types, key.rowBytes);
  return { key, payload, rowBytes: key.rowBytes + payload.bytes };
}

/** Takes rows with their keys; one partition's. */
export class SortRows {
  readonly layout: SortRowLayout;
  readonly blocks: RowBlocks;
  readonly #ctx: VectorContext;
  readonly #heap: Arena;

  constructor(ctx: VectorContext & { readonly owner: Owner }, layout: SortRowLayout) {
    this.#ctx = ctx;
    this.layout = layout;
    this.blocks = new RowBlocks(ctx.memory, ctx.owner, layout.rowBytes);
    this.#heap = new Arena(ctx.memory, ctx.owner);
  }

  get count(): number {
    return this.blocks.count;
  }

  /** Of rows and texts. */
  get bytes(): number {
    return this.blocks.bytes + this.#heap.bytes;
  }

  /** @param picked the numbers (u16, `count` of them) of the keys and rows to take; 0 takes all */
  append(keys: EncodedKeys, columns: readonly Vector[], rows: Rows, picked = 0, count = rows.selected): void {
    const { kernels, arena } = this.#ctx;
    const { payload, rowBytes } = this.layout;
    let chosen = rows;
    if (picked !== 0) {
      const selection = arena.alloc(count * 2);
      kernels.sort_pick(rows.selection, picked, count, selection);
      chosen = { count: rows.count, selection, selected: count };
    }
    for (let from = 0; from < count; ) {
      this.blocks.reserve();
      const target = { address: this.blocks.next, rowBytes };
      const n = Math.min(this.blocks.space, count - from);
      const slice = n === count ? chosen : sliceRows(this.#ctx, chosen, from, n);
      this.#putKeys(keys, picked, from, n, target.address);
      kernels.row_clear_area(target.address + payload.offset, rowBytes, payload.bytes, n);
      packRows(this.#ctx, payload, columns, slice, target, this.#heap);
      keepTexts(this.#ctx, payload, target, n, this.#heap);
      this.blocks.advance(n);
      from += n;
    }
  }

  /** Gives rows and texts back. */
  release(): void {
    this.blocks.release();
    this.#heap.release();
  }

  #putKeys(keys: EncodedKeys, picked: number, from: number, n: number, address: number): void {
    const { kernels } = this.#ctx;
    const { key, rowBytes } = this.layout;
    const bytes = key.fixedBytes === 0 ? 8 : key.fixedBytes;
    const first = picked === 0 ? keys.address + from * bytes : keys.address;
    const numbers = picked === 0 ? 0 : picked + 2 * from;
    if (key.fixedBytes > 0) {
      kernels.sort_put_keys(first, bytes, numbers, n, address, rowBytes);
      return;
    }
    const heap = this.#heap.alloc(kernels.sort_ref_bytes(first, numbers, n) >>> 0);
    kernels.sort_put_refs(first, numbers, n, address, rowBytes, heap);
  }
}

/** The columns of `count` rows by address (u32). */
export function gatherPayload(ctx: VectorContext, payload: RowArea, rows: number, count: number): Vector[] {
  const addresses = denseRows(rows, count);
  return payload.fields.map(f => gatherField(ctx, f, addresses));
}

/** Rows copied at a time. */
const COPIED = 2048;

/** Appends deep copies of `count` rows by address (u32) to `target`. Returns the address of the last copy, 0 for none. */
export function copyRows(
  ctx: VectorContext & { readonly owner: Owner },
  layout: SortRowLayout,
  rows: number,
  count: number,
  target: SortRows,
): number {
  const { memory, kernels, owner } = ctx;
  const work = new Arena(memory, owner);
  const context = { ...ctx, arena: work };
  const bytes = layout.key.fixedBytes === 0 ? 8 : layout.key.fixedBytes;
  for (let from = 0; from < count; from += COPIED) {
    work.reset();
    const n = Math.min(COPIED, count - from);
    const address = work.alloc(n * bytes);
    kernels.sort_take_keys(rows + 4 * from, n, bytes, address);
    target.append(
      { address, count: n, headLengths: 0 },
      gatherPayload(context, layout.payload, rows + 4 * from, n),
      allRows(n),
    );
  }
  work.release();
  const { next, rowBytes, count: total } = target.blocks;
  return total === 0 ? 0 : next - rowBytes;
}
