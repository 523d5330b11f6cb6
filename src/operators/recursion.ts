import type { Batch } from '../batch/batch.ts';
import type { Vector } from '../batch/vector.ts';
import type { Pieces } from '../common/pieces.ts';
import { Arena } from '../memory/arena.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { Operator, Sink, Source } from '../protocol/operator.ts';
import { EXHAUSTED, NEED_MORE, ready } from '../protocol/step.ts';
import type { DataType } from '../types/data-type.ts';
import { KnownRows } from './lib/groups/known-rows.ts';
import { BEGIN, CANDIDATES, END, HEAD, KEPT } from './lib/recursion-rounds.ts';
import { PART_HEADER, type Part, partsOf, partWord, publishPart } from './lib/shared-parts.ts';
import { firstRecord, nextRecord, readRecord, StoredBatches } from './lib/stored/stored-batches.ts';

/**
 * Keeps the rows of a recursion, round by round, for `recursion-scan`; with `all` false only those that no earlier
 * round made. Its state on a thread lasts over all rounds.
 */
export type RecursionNode = {
  readonly kind: 'recursion';
  readonly all: boolean;
  readonly types: readonly DataType[];
};

/** What one thread keeps over the rounds. */
class Kept {
  readonly stored: StoredBatches;
  readonly known: KnownRows | undefined;
  readonly #scratch: Arena;
  /** Rows of this round that may be known already; those of the round before. */
  #candidates: StoredBatches | undefined;
  #done: StoredBatches[] = [];
  readonly #ctx: OpenContext;
  readonly #node: RecursionNode;

  constructor(node: RecursionNode, ctx: OpenContext) {
    const { memory, kernels, lasting } = ctx;
    this.#node = node;
    this.#scratch = new Arena(memory, lasting.owner);
    this.#ctx = { ...ctx, owner: lasting.owner, arena: this.#scratch };
    this.stored = new StoredBatches({ memory, kernels, arena: this.#scratch, owner: lasting.owner });
    this.known = node.all ? undefined : new KnownRows({ ...this.#ctx }, node.types);
    const part = this.stored.arena.allocZeroed(4 * (PART_HEADER + 3));
    publishPart(memory, ctx.shared + KEPT, part, ctx.partition, [this.stored.head, 0, 0]);
  }

  push(batch: Batch, isAlone: boolean): void {
    this.#scratch.reset();
    if (this.known === undefined) this.stored.append(batch);
    else if (isAlone) this.keepNew(batch);
    else {
      if (this.#candidates === undefined) {
        for (const old of this.#done.splice(0)) old.release();
        this.#candidates = new StoredBatches(this.#ctx);
      }
      this.#candidates.append(batch);
    }
  }

  keepNew(batch: Batch): void {
    const rows = this.known!.select(batch.columns, batch);
    if (rows.selected > 0) this.stored.append({ ...batch, ...rows });
  }

  /** Hands this thread's candidates to the one that tells new rows apart. */
  publish(): void {
    this.stored.settle();
    const candidates = this.#candidates;
    if (candidates === undefined) return;
    const { memory, shared, partition } = this.#ctx;
    const part = candidates.arena.alloc(4 * (PART_HEADER + 1));
    publishPart(memory, shared + CANDIDATES, part, partition, [candidates.head]);
    this.#done.push(candidates);
    this.#candidates = undefined;
  }

  /** Keeps the new ones among all threads' candidates. */
  *takeCandidates(): Pieces {
    const { memory, shared } = this.#ctx;
    const parts = partsOf(memory, shared + CANDIDATES);
    if (parts.length === 0) return;
    for (const part of parts) {
      const head = partWord(memory, part, 0);
      for (let r = firstRecord(memory, head); r !== 0; r = nextRecord(memory, r)) {
        this.#scratch.reset();
        this.keepNew(readRecord(memory, this.#node.types, r));
        yield;
      }
    }
    memory.u32[(shared + CANDIDATES) >>> 2] = 0;
    this.stored.settle();
  }
}

type SinkState = { readonly kept: Kept; readonly isAlone: boolean; readonly isFirst: boolean };

const sink: Sink<RecursionNode, SinkState> = {
  open(node, ctx) {
    const { states, threadPartition, threadPartitions } = ctx.lasting;
    const known = states.get(ctx.shared) as Kept | undefined;
    const kept = known ?? new Kept(node, { ...ctx, partition: threadPartition });
    states.set(ctx.shared, kept);
    return { kept, isAlone: threadPartitions === 1, isFirst: threadPartition === 0 };
  },
  push({ kept, isAlone }, batch) {
    kept.push(batch, isAlone);
    return NEED_MORE;
  },
  finish({ kept }) {
    kept.publish();
    return undefined;
  },
  complete: ({ kept, isFirst }) => (isFirst && kept.known !== undefined ? kept.takeCandidates() : undefined),
};

export const recursion: Operator<RecursionNode> = {
  kind: 'recursion',
  sink,
  sharedBytes: () => 8,
  explain: () => [],
};

/** Reads what a `recursion` node kept: the last round's rows, or all. `ctx.shared` is that node's struct. */
export type RecursionScanNode = {
  readonly kind: 'recursion-scan';
  /** Names the recursion in the plan. */
  readonly recursion: number;
  readonly rows: 'last-round' | 'all';
  readonly types: readonly DataType[];
  /** Columns handed on; default: all. */
  readonly columns?: readonly number[] | undefined;
};

type ScanState = {
  readonly node: RecursionScanNode;
  readonly ctx: OpenContext;
  readonly records: readonly number[];
  next: number;
};

const source: Source<RecursionScanNode, ScanState> = {
  open: (node, ctx) => ({
    node,
    ctx,
    records: partsOf(ctx.memory, ctx.shared + KEPT).flatMap(part => recordsOf(ctx.memory, part, node.rows)),
    next: ctx.partition,
  }),
  pull(state) {
    const { node, ctx, records } = state;
    const record = records[state.next];
    if (record === undefined || ctx.cancelled()) return EXHAUSTED;
    state.next += ctx.partitions;
    const batch = readRecord(ctx.memory, node.types, record);
    const picked = (columns: readonly Vector[]) => node.columns?.map(c => columns[c]!) ?? columns;
    return ready({ ...batch, columns: picked(batch.columns) });
  },
};

function recordsOf(memory: LinearMemory, part: Part, rows: RecursionScanNode['rows']): number[] {
  const records: number[] = [];
  const begin = rows === 'all' ? 0 : partWord(memory, part, BEGIN);
  const end = rows === 'all' ? 0 : partWord(memory, part, END);
  if (rows === 'last-round' && begin === end) return records;
  const head = partWord(memory, part, HEAD);
  let record = begin === 0 ? firstRecord(memory, head) : nextRecord(memory, begin);
  for (; record !== 0; record = nextRecord(memory, record)) {
    records.push(record);
    if (record === end) break;
  }
  return records;
}

export const recursionScan: Operator<RecursionScanNode> = {
  kind: 'recursion-scan',
  source,
  explain: node => [
    ['recursion', String(node.recursion)],
    ['rows', node.rows === 'all' ? 'all' : 'of the last round'],
  ],
};
