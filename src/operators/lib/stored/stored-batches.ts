import { allRows, type Batch, batchOf } from '../../../batch/batch.ts';
import { describeVector, readVector } from '../../../batch/describe-vector.ts';
import type { Vector } from '../../../batch/vector.ts';
import { concatVectors } from '../../../kernels/concat-vectors.ts';
import type { VectorContext } from '../../../kernels/vectors.ts';
import { Arena } from '../../../memory/arena.ts';
import type { LinearMemory, Owner } from '../../../memory/linear-memory.ts';
import type { DataType } from '../../../types/data-type.ts';
import { gatherPairs } from '../rows/gather-rows.ts';
import { storeVector } from './stored-vector.ts';

/** Batches of fewer rows are put together until there are enough: small ones cost as much to read as large ones. */
const SMALL = 512;
const ENOUGH = 2048;

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
  /** Small batches at the end of the list: the record before them, and their own. */
  #tail: { readonly split: number; readonly before: number; readonly records: number[]; rows: number } | undefined;

  /** @param ctx its arena takes what is only needed while appending */
  constructor(ctx: VectorContext & { readonly owner: Owner }) {
    this.#ctx = ctx;
    this.#arena = new Arena(ctx.memory, ctx.owner);
    this.head = this.#arena.allocZeroed(HEAD_BYTES);
  }

  get rows(): number {
    return storedRows(this.#ctx.memory, this.head);
  }

  /** Of all that is kept. */
  get bytes(): number {
    return this.#arena.bytes;
  }

  /** Where the kept values lie: for what must live as long. */
  get arena(): Arena {
    return this.#arena;
  }

  /** Copies the batch's rows. */
  append(batch: Batch): void {
    if (batch.selected === 0) return;
    const columns = batch.columns.map(c => storeVector(this.#ctx, this.#arena, c, batch));
    const { before, record } = this.add(columns, batch.selected, batch.split);
    if (batch.selected >= SMALL || columns.length === 0) {
      this.#tail = undefined;
      return;
    }
    if (this.#tail?.split !== batch.split) this.#tail = { split: batch.split, before, records: [], rows: 0 };
    this.#tail.records.push(record);
    this.#tail.rows += batch.selected;
    if (this.#tail.rows >= ENOUGH) this.#mergeTail(batch.columns.map(c => c.type));
  }

  /** Links a batch without selection whose columns live as long as the list. */
  add(columns: readonly Vector[], rows: number, split: number): { readonly before: number; readonly record: number } {
    const { memory } = this.#ctx;
    const described = columns.map(c => describeVector(memory, this.#arena, c));
    const before = memory.u32[(this.head + LAST) >>> 2]!;
    const record = this.#link(before, rows, split, described);
    memory.u32[(this.head + BATCHES) >>> 2]!++;
    memory.f64[(this.head + ROWS) >>> 3]! += rows;
    return { before, record };
  }

  /** Writes a record and makes it the list's last, after `before` (0: the head). Returns its address. */
  #link(before: number, count: number, split: number, columns: readonly number[]): number {
    const record = this.#arena.alloc(COLUMNS + 4 * columns.length);
    const { u32 } = this.#ctx.memory;
    u32.set([0, count, split, ...columns], record >>> 2);
    u32[(before === 0 ? this.head : before) >>> 2] = record;
    u32[(this.head + LAST) >>> 2] = record;
    return record;
  }

  /** Replaces the small batches at the end by one. */
  #mergeTail(types: readonly DataType[]): void {
    const { memory, kernels, arena: scratch } = this.#ctx;
    const { before, records, rows, split } = this.#tail!;
    const vectors = gatherRecords({ memory, kernels, arena: this.#arena }, scratch, types, records, rows);
    const columns = vectors.map(v => describeVector(memory, this.#arena, v));
    this.#link(before, rows, split, columns);
    memory.u32[(this.head + BATCHES) >>> 2]! -= records.length - 1;
    this.#tail = undefined;
  }

  /** Batches that come later are not put together with those here: their records stay. */
  settle(): void {
    this.#tail = undefined;
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

/** The record of a list's last batch, or 0. */
export const lastRecord = (memory: LinearMemory, head: number): number => memory.u32[(head + LAST) >>> 2]!;

/** The record of a list's first batch, or 0; `nextRecord` gives those after it. */
export const firstRecord = (memory: LinearMemory, head: number): number => memory.u32[head >>> 2]!;

export const nextRecord = (memory: LinearMemory, record: number): number => memory.u32[record >>> 2]!;

/** The batch of a record: views of the list's memory, without selection. */
export function readRecord(memory: LinearMemory, types: readonly DataType[], record: number): Batch {
  const u32 = memory.u32;
  const at = (offset: number): number => u32[(record + offset) >>> 2]!;
  const columns = types.map((type, i) => readVector(memory, type, at(COLUMNS + 4 * i)));
  return batchOf(allRows(at(COUNT)), columns, at(SPLIT));
}

/** The batches of a list in the order in which they were appended; they live as long as the list. */
export function* readStoredBatches(memory: LinearMemory, types: readonly DataType[], head: number): Generator<Batch> {
  for (let record = firstRecord(memory, head); record !== 0; record = nextRecord(memory, record)) {
    yield readRecord(memory, types, record);
  }
}

/**
 * The same, batches put together to such of at most `most` rows where they are smaller; what that takes is in the context's
 * arena. A batch has the split of its first.
 */
export function* readJoinedBatches(
  ctx: VectorContext,
  types: readonly DataType[],
  head: number,
  most: number,
): Generator<Batch> {
  const { memory } = ctx;
  let records: number[] = [];
  let rows = 0;
  const joined = (): Batch => {
    const batches = records.map(record => readRecord(memory, types, record));
    const [first] = batches;
    if (batches.length === 1) return first!;
    const columns = types.map((type, c) =>
      concatVectors(
        ctx,
        type,
        batches.map(({ columns: vectors, count }) => ({ vector: vectors[c]!, count })),
      ),
    );
    return batchOf(allRows(rows), columns, first!.split);
  };
  for (let record = firstRecord(memory, head); record !== 0; record = nextRecord(memory, record)) {
    const count = memory.u32[(record + COUNT) >>> 2]!;
    if (rows > 0 && rows + count > most) {
      yield joined();
      records = [];
      rows = 0;
    }
    records.push(record);
    rows += count;
  }
  if (rows > 0) yield joined();
}

/** The columns of batches one after another; text stays where it is. @param scratch takes what is only needed meanwhile */
function gatherRecords(
  ctx: VectorContext,
  scratch: Arena,
  types: readonly DataType[],
  records: readonly number[],
  rows: number,
): Vector[] {
  const { memory, kernels } = ctx;
  const pairs = scratch.alloc(rows * 8);
  return types.map((type, c) => {
    let next = pairs;
    for (const record of records) {
      const count = memory.u32[(record + COUNT) >>> 2]!;
      kernels.row_pack_nested(memory.u32[(record + COLUMNS + 4 * c) >>> 2]!, count, next, 8);
      next += 8 * count;
    }
    return gatherPairs(ctx, type, pairs, rows);
  });
}
