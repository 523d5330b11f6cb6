import type { Batch } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import { bitmapBytes, flatten, gather, indexesOf, type VectorContext } from '../../kernels/vectors.ts';
import type { Arena } from '../../memory/arena.ts';
import type { Owner } from '../../memory/linear-memory.ts';
import type { DataType } from '../../types/data-type.ts';
import { widthOf } from '../../types/physical.ts';
import { StoredBatches } from './stored-batches.ts';
import { storeVector } from './stored-vector.ts';

/** Rows of a full segment. */
const SEGMENT_ROWS = 122_880;
/** The first segments are small, so that small tables are. */
const FIRST_ROWS = 2048;

/** A column of the segment that is being filled. */
type Filling = { readonly type: DataType; readonly data: number; validity: number };

/**
 * Keeps rows in long vectors, as a table has them: batches are copied one behind the other into segments of up to
 * 122,880 rows. A segment has the rows of one split, so that sorting by split restores the source's order.
 */
export class StoredSegments {
  readonly #ctx: VectorContext;
  readonly #arena: Arena;
  readonly #list: StoredBatches;
  #columns: Filling[] = [];
  #capacity = 0;
  #rows = 0;
  #split = 0;

  /** @param ctx its arena takes what is only needed while appending */
  constructor(ctx: VectorContext & { readonly owner: Owner }) {
    this.#ctx = ctx;
    this.#list = new StoredBatches(ctx);
    this.#arena = this.#list.arena;
  }

  get head(): number {
    return this.#list.head;
  }

  /** Copies the batch's rows. */
  append(batch: Batch): void {
    if (batch.selected === 0) return;
    if (batch.columns.some(c => c.children.length > 0)) {
      this.#appendNested(batch);
      return;
    }
    if (batch.split !== this.#split || this.#rows + batch.selected > this.#capacity) this.#begin(batch);
    const indexes = batch.selection === 0 ? 0 : indexesOf(this.#ctx, batch);
    batch.columns.forEach((vector, i) => {
      const flat = flatten(this.#ctx, vector, batch);
      const dense = indexes === 0 ? flat : gather(this.#ctx, flat, indexes, batch.selected);
      this.#copy(this.#columns[i]!, dense, batch.selected);
    });
    this.#rows += batch.selected;
  }

  /** Links the last segment. */
  finish(): void {
    if (this.#rows === 0) return;
    const columns = this.#columns.map(c => Vector.flat(c.type, this.#rows, c.data, c.validity));
    this.#list.add(columns, this.#rows, this.#split);
    this.#rows = 0;
    this.#capacity = 0;
  }

  /** Nested values are kept batch by batch. */
  #appendNested(batch: Batch): void {
    this.finish();
    const columns = batch.columns.map(c => storeVector(this.#ctx, this.#arena, c, batch));
    this.#list.add(columns, batch.selected, batch.split);
  }

  #begin(batch: Batch): void {
    const before = batch.split === this.#split ? this.#capacity : 0;
    this.finish();
    this.#split = batch.split;
    this.#capacity = Math.max(batch.selected, Math.min(SEGMENT_ROWS, Math.max(FIRST_ROWS, 2 * before)));
    this.#columns = batch.columns.map(({ type, physical }) => ({
      type,
      data: this.#arena.alloc(this.#capacity * widthOf(physical)),
      validity: 0,
    }));
  }

  #copy(column: Filling, { physical, data, validity }: Vector, rows: number): void {
    const { memory, kernels } = this.#ctx;
    const width = widthOf(physical);
    const to = column.data + this.#rows * width;
    memory.u8.copyWithin(to, data, data + rows * width);
    if (physical === 'ref') {
      const heap = this.#arena.alloc(kernels.stored_text_bytes(to, validity, rows) >>> 0);
      kernels.stored_text(to, validity, rows, heap);
    }
    if (validity !== 0) this.#copyNulls(column, validity, rows);
  }

  #copyNulls(column: Filling, validity: number, rows: number): void {
    const { memory } = this.#ctx;
    if (column.validity === 0) {
      const bytes = bitmapBytes(this.#capacity);
      column.validity = this.#arena.alloc(bytes);
      memory.u8.fill(0xff, column.validity, column.validity + bytes);
    }
    const u8 = memory.u8;
    for (let i = 0; i < rows; i++) {
      if (((u8[validity + (i >> 3)]! >> (i & 7)) & 1) !== 0) continue;
      const at = this.#rows + i;
      u8[column.validity + (at >> 3)]! &= ~(1 << (at & 7));
    }
  }
}
