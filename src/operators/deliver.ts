import type { Batch } from '../batch/batch.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { Operator, Sink } from '../protocol/operator.ts';
import { EXHAUSTED, NEED_MORE } from '../protocol/step.ts';
import type { DataType } from '../types/data-type.ts';
import type { CloneRange } from './lib/clone-range.ts';
import { changed, wake } from './lib/shared-word.ts';
import { firstRecord, nextRecord, readRecord, StoredBatches } from './lib/stored/stored-batches.ts';

/** Lists of batches that wait for the reader at most, per clone. */
const RING_SLOTS = 4;
/** Batches of a list at most; the first lists are shorter, so that the first rows come soon. */
const LIST_BATCHES = 16;
/** Bytes after which a list ends, and that wait in a clone's ring before it is full: rows may be very wide. */
const LIST_BYTES = 2 << 20;
const RING_BYTES = 4 * LIST_BYTES;

/**
 * Hands on the rows of a result while the query runs: each clone has a ring of lists of batches that a reader empties,
 * on this thread or another; a full ring holds the clone up.
 */
export type DeliverNode = { readonly kind: 'deliver'; readonly types: readonly DataType[] };

/**
 * A clone's words in the shared struct: lists written, lists read, whether no more come, how often one of these was
 * told to the reader, then the lists' addresses, and the owners of their memory.
 */
const WRITTEN = 0;
const READ = 1;
const DONE = 2;
const EVENTS = 3;
const SLOTS = 4;
const OWNERS = SLOTS + RING_SLOTS;
const WORDS = OWNERS + RING_SLOTS;

type DeliverState = {
  readonly ctx: OpenContext;
  readonly at: number;
  list: StoredBatches | undefined;
  batches: number;
  /** Bytes of the lists that were written last, by slot. */
  readonly bytes: number[];
};

const sink: Sink<DeliverNode, DeliverState> = {
  needsAllClones: true,
  open(_, ctx) {
    const at = (ctx.shared >>> 2) + ctx.partition * WORDS;
    // Each slot has an owner of its own, so that the reader can free a list that it has read.
    for (let slot = 0; slot < RING_SLOTS; slot++) ctx.memory.u32[at + OWNERS + slot] = ctx.memory.newOwner();
    return { ctx, at, list: undefined, batches: 0, bytes: Array<number>(RING_SLOTS).fill(0) };
  },

  push(state, batch) {
    const { ctx, at } = state;
    if (ctx.cancelled()) return EXHAUSTED;
    const i32 = ctx.memory.i32;
    const written = Atomics.load(i32, at + WRITTEN);
    if (state.list === undefined) {
      const read = Atomics.load(i32, at + READ);
      if (isFull(state, written, read)) return { status: 'pending', wake: changed(ctx.memory, at + READ, read) };
      const owner = ctx.memory.u32[at + OWNERS + (written % RING_SLOTS)]!;
      state.list = new StoredBatches({ ...ctx, owner });
    }
    state.list.append(batch);
    state.batches++;
    const most = Math.min(LIST_BATCHES, 1 << Math.min(written, 8));
    if (state.batches >= most || state.list.bytes >= LIST_BYTES) publish(state);
    return NEED_MORE;
  },

  finish(state) {
    if (state.list !== undefined) publish(state);
    Atomics.store(state.ctx.memory.i32, state.at + DONE, 1);
    tell(state);
  },
};

function isFull({ bytes }: DeliverState, written: number, read: number): boolean {
  if (written - read >= RING_SLOTS) return true;
  let waiting = 0;
  for (let i = read; i < written; i++) waiting += bytes[i % RING_SLOTS]!;
  return waiting >= RING_BYTES;
}

function publish(state: DeliverState): void {
  const { memory } = state.ctx;
  const i32 = memory.i32;
  const written = Atomics.load(i32, state.at + WRITTEN);
  memory.u32[state.at + SLOTS + (written % RING_SLOTS)] = state.list!.head;
  state.bytes[written % RING_SLOTS] = state.list!.bytes;
  state.list = undefined;
  state.batches = 0;
  Atomics.add(i32, state.at + WRITTEN, 1);
  tell(state);
}

/** Wakes the reader. The count lets it see what happens between its look and its wait. */
function tell({ ctx, at }: DeliverState): void {
  Atomics.add(ctx.memory.i32, at + EVENTS, 1);
  wake(ctx.memory, at + EVENTS);
}

export const deliver: Operator<DeliverNode> = {
  kind: 'deliver',
  sink,
  sharedBytes: (_, clones) => 4 * WORDS * clones,
  explain: () => [],
};

/** A clone's lists as the reader sees them: the batch to read next, and the last split that was read. */
type Cursor = { readonly at: number; record: number; split: number };

/**
 * Reads the rings of all clones: one pipeline's after the other's, and in the order of the splits that the batches
 * came from.
 */
export class RingReader {
  readonly #memory: LinearMemory;
  readonly #types: readonly DataType[];
  /** By pipeline. */
  readonly #groups: readonly (readonly Cursor[])[];
  #group = 0;
  /** The cursor whose list the last batch is a view of, once that list is read to its end. */
  #emptied: Cursor | undefined;

  /** @param groups the clones of each pipeline that feeds the sink */
  constructor(memory: LinearMemory, types: readonly DataType[], shared: number, groups: readonly CloneRange[]) {
    this.#memory = memory;
    this.#types = types;
    this.#groups = groups.map(({ first, count }) =>
      Array.from({ length: count }, (_, i) => ({ at: (shared >>> 2) + (first + i) * WORDS, record: 0, split: -1 })),
    );
  }

  /** The next batch in order, if it is there; the one before is gone then. */
  next(): Batch | undefined {
    this.#freeEmptied();
    while (this.#group < this.#groups.length) {
      const batch = this.#nextOfGroup();
      if (batch !== undefined || !this.#cursors.every(c => this.#isThrough(c))) return batch;
      this.#group++;
    }
    return undefined;
  }

  #nextOfGroup(): Batch | undefined {
    let first: { cursor: Cursor; batch: Batch } | undefined;
    let behind = Number.POSITIVE_INFINITY;
    for (const cursor of this.#cursors) {
      const batch = this.#peek(cursor);
      if (batch === undefined) {
        // What this clone still gives may belong before what others have.
        if (!this.#isDone(cursor)) behind = Math.min(behind, cursor.split);
      } else if (first === undefined || batch.split < first.batch.split) first = { cursor, batch };
    }
    if (first === undefined || first.batch.split > behind) return undefined;
    this.#advance(first.cursor, first.batch.split);
    return first.batch;
  }

  /** Whether everything has been read and no more comes. */
  get atEnd(): boolean {
    return this.#group >= this.#groups.length;
  }

  /** How much the clones have told; to be taken before `next`, for `toldSince`. */
  get events(): readonly number[] {
    return this.#groups.flat().map(c => Atomics.load(this.#memory.i32, c.at + EVENTS));
  }

  /** Resolves when any clone has written a list, or is done, since `events` was taken. */
  async toldSince(events: readonly number[]): Promise<void> {
    const cursors = this.#groups.flat();
    await Promise.race(cursors.map((c, i) => changed(this.#memory, c.at + EVENTS, events[i]!)));
  }

  /** Nobody reads any more: wakes clones that wait for room. */
  unblock(): void {
    for (const { at } of this.#groups.flat()) {
      Atomics.add(this.#memory.i32, at + READ, RING_SLOTS);
      wake(this.#memory, at + READ);
    }
  }

  /** Frees all lists, once no clone works any more. */
  release(): void {
    for (const { at } of this.#groups.flat()) {
      for (let slot = 0; slot < RING_SLOTS; slot++) {
        const owner = this.#memory.u32[at + OWNERS + slot]!;
        if (owner !== 0) this.#memory.freeOwner(owner);
      }
    }
  }

  /** The clones of the pipeline that is being read. */
  get #cursors(): readonly Cursor[] {
    return this.#groups[this.#group] ?? [];
  }

  /** Order matters: a clone writes its last list before it says that it is done. */
  #isThrough(cursor: Cursor): boolean {
    return this.#isDone(cursor) && this.#peek(cursor) === undefined;
  }

  #isDone({ at }: Cursor): boolean {
    return Atomics.load(this.#memory.i32, at + DONE) !== 0;
  }

  #peek(cursor: Cursor): Batch | undefined {
    const { at } = cursor;
    if (cursor.record === 0) {
      const read = Atomics.load(this.#memory.i32, at + READ);
      if (Atomics.load(this.#memory.i32, at + WRITTEN) === read) return undefined;
      cursor.record = firstRecord(this.#memory, this.#memory.u32[at + SLOTS + (read % RING_SLOTS)]!);
    }
    return readRecord(this.#memory, this.#types, cursor.record);
  }

  #advance(cursor: Cursor, split: number): void {
    cursor.split = split;
    cursor.record = nextRecord(this.#memory, cursor.record);
    if (cursor.record === 0) this.#emptied = cursor;
  }

  #freeEmptied(): void {
    const cursor = this.#emptied;
    if (cursor === undefined) return;
    this.#emptied = undefined;
    const i32 = this.#memory.i32;
    const read = Atomics.load(i32, cursor.at + READ);
    this.#memory.freeOwner(this.#memory.u32[cursor.at + OWNERS + (read % RING_SLOTS)]!);
    Atomics.add(i32, cursor.at + READ, 1);
    wake(this.#memory, cursor.at + READ);
  }
}
