import { allRows, type Batch } from '../../batch/batch.ts';
import type { VectorContext } from '../../kernels/vectors.ts';
import { Arena } from '../../memory/arena.ts';
import type { LinearMemory, Owner } from '../../memory/linear-memory.ts';
import type { DataType } from '../../types/data-type.ts';
import { describeVector, readVector, storeVector } from './stored-vector.ts';

/** A list's head: first record, last record (u32), rows (f64), batches (u32). */
const HEAD_BYTES = 24;
const LAST = 4;
const ROWS = 8;
const BATCHES = 16;
/** A batch's record: next record, rows, split, then the columns' descriptions (u32). */
const COUNT = 4;
const SPLIT = 8;
const COLUMNS = 12;

/**
 * Keeps batches beyond the driver's next pull: compact deep copies in the owner's memory, linked in linear memory, so
 * that any thread can read them from `head` once this one is through. One writer; text and nested values included.
 */
export class StoredBatches {
  /** Address of the list, for `readStoredBatches`. */
  readonly head: number;
  readonly #ctx: VectorContext;
  readonly #arena: Arena;

  /** @param ctx its arena takes what is only needed while appending */
  constructor(ctx: VectorContext & { readonly owner: Owner }) {
    this.#ctx = ctx;
    this.#arena = new Arena(ctx.memory, ctx.owner);
    this.head = this.#arena.allocZeroed(HEAD_BYTES);
  }

  get rows(): number {
    return storedRows(this.#ctx.memory, this.head);
  }

  /** Copies the batch's rows. */
  append(batch: Batch): void {
    if (batch.selected === 0) return;
    const { memory } = this.#ctx;
    const columns = batch.columns.map(c =>
      describeVector(memory, this.#arena, storeVector(this.#ctx, this.#arena, c, batch)),
    );
    const record = this.#arena.alloc(COLUMNS + 4 * columns.length);
    const u32 = memory.u32;
    u32.set([0, batch.selected, batch.split, ...columns], record >>> 2);
    const last = u32[(this.head + LAST) >>> 2]!;
    u32[(last === 0 ? this.head : last) >>> 2] = record;
    u32[(this.head + LAST) >>> 2] = record;
    u32[(this.head + BATCHES) >>> 2]!++;
    memory.f64[(this.head + ROWS) >>> 3]! += batch.selected;
  }

  /** Gives the memory back; what was read from it is gone too. */
  release(): void {
    this.#arena.release();
  }
}

/** Rows of a list. */
export const storedRows = (memory: LinearMemory, head: number): number => memory.f64[(head + ROWS) >>> 3]!;

/** Batches of a list. */
export const storedCount = (memory: LinearMemory, head: number): number => memory.u32[(head + BATCHES) >>> 2]!;

/** The record of a list's first batch, or 0; `nextRecord` gives those after it. */
export const firstRecord = (memory: LinearMemory, head: number): number => memory.u32[head >>> 2]!;

export const nextRecord = (memory: LinearMemory, record: number): number => memory.u32[record >>> 2]!;

/** The batch of a record: views of the list's memory, without selection. */
export function readRecord(memory: LinearMemory, types: readonly DataType[], record: number): Batch {
  const u32 = memory.u32;
  const at = (offset: number): number => u32[(record + offset) >>> 2]!;
  const columns = types.map((type, i) => readVector(memory, type, at(COLUMNS + 4 * i)));
  return { ...allRows(at(COUNT)), columns, split: at(SPLIT) };
}

/** The batches of a list in the order in which they were appended; they live as long as the list. */
export function* readStoredBatches(memory: LinearMemory, types: readonly DataType[], head: number): Generator<Batch> {
  for (let record = firstRecord(memory, head); record !== 0; record = nextRecord(memory, record)) {
    yield readRecord(memory, types, record);
  }
}
