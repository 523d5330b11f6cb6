import type { Batch } from '../../../batch/batch.ts';
import type { VectorContext } from '../../../kernels/vectors.ts';
import type { Arena } from '../../../memory/arena.ts';
import type { Owner } from '../../../memory/linear-memory.ts';
import type { DataType } from '../../../types/data-type.ts';
import { physicalType } from '../../../types/physical.ts';
import { StoredBatches } from './stored-batches.ts';
import { CodedColumn, FlatColumn, type StoredColumn } from './stored-column.ts';
import { storeVector } from './stored-vector.ts';
import { TextDictionary } from './text-dictionary.ts';

/** Rows of a full segment. */
const SEGMENT_ROWS = 122_880;
/** The first segments are small, so that small tables are. */
const FIRST_ROWS = 2048;

/**
 * Keeps rows in long vectors, as a table has them: batches are copied one behind the other into segments of up to
 * 122,880 rows. A segment has the rows of one split, so that sorting by split restores the source's order.
 */
export class StoredSegments {
  readonly #ctx: VectorContext & { readonly owner: Owner };
  readonly #arena: Arena;
  readonly #list: StoredBatches;
  #columns: StoredColumn[] = [];
  /** By column of texts: their dictionary, as long as it is worth having; the columns of all segments share it. */
  readonly #dictionaries = new Map<number, TextDictionary | 'none'>();
  #capacity = 0;
  #rows = 0;
  #split = 0;
  /** Rows of the split that is being read, and of the one before, which tells how large this one may be. */
  #splitRows = 0;
  #splitBefore = 0;

  /**
   * @param ctx pays for what is needed only until `finish`
   * @param owner of the rows
   */
  constructor(ctx: VectorContext & { readonly owner: Owner }, owner: Owner) {
    this.#ctx = ctx;
    this.#list = new StoredBatches({ ...ctx, owner });
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
    for (const [i, vector] of batch.columns.entries()) {
      const column = this.#columns[i]!;
      column.append(vector, batch);
      if (column instanceof CodedColumn && this.#dictionaryOf(i, vector.type)?.isWorth !== true) {
        this.#columns[i] = column.decoded();
        this.#dictionaries.set(i, 'none');
      }
    }
    this.#rows += batch.selected;
    this.#splitRows += batch.selected;
  }

  /** Links the last segment. */
  finish(): void {
    if (this.#rows === 0) return;
    const columns = this.#columns.map(c => c.vector());
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
    if (batch.split !== this.#split) {
      this.#splitBefore = this.#splitRows;
      this.#splitRows = 0;
    }
    const expected = Math.max(FIRST_ROWS, this.#splitRows, this.#splitBefore - this.#splitRows);
    this.finish();
    this.#split = batch.split;
    this.#capacity = Math.max(batch.selected, Math.min(SEGMENT_ROWS, expected));
    this.#columns = batch.columns.map(({ type }, i) => {
      const dictionary = this.#dictionaryOf(i, type);
      return dictionary === undefined
        ? new FlatColumn(this.#ctx, this.#arena, type, this.#capacity)
        : new CodedColumn(this.#ctx, this.#arena, dictionary, this.#capacity);
    });
  }

  #dictionaryOf(column: number, type: DataType): TextDictionary | undefined {
    if (physicalType(type) !== 'ref') return undefined;
    const known = this.#dictionaries.get(column) ?? new TextDictionary(this.#ctx, type);
    this.#dictionaries.set(column, known);
    return known === 'none' ? undefined : known;
  }
}
