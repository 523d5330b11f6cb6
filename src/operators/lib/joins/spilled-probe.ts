import type { Batch, Rows } from '../../../batch/batch.ts';
import { Arena } from '../../../memory/arena.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { EXHAUSTED, NEED_MORE, type Step } from '../../../protocol/step.ts';
import { BatchExprs } from '../batch-exprs.ts';
import { keyColumn } from '../groups/group-keys.ts';
import { packRows } from '../rows/pack-rows.ts';
import { claim, PART_HEADER, partsOf, partWord, publishPart } from '../shared-parts.ts';
import { type BatchRows, batchRows, packBatch } from '../spill/batch-rows.ts';
import { filesAt, NO_FILE, putFiles, type SpilledFile } from '../spill/row-format.ts';
import { OWN_HASH, SPILL_PARTITIONS, SpillPartitions } from '../spill/spill-partitions.ts';
import { JOIN_PART, JOIN_SHARED } from './join-index.ts';
import { type HashJoinNode, type JoinShape, joinShape } from './join-shape.ts';
import { joinFiles, needsAllRows } from './spilled-join.ts';

/** How long a clone waits before it looks again whether the others have ended. */
const WAIT_MILLISECONDS = 1;

/**
 * Streams the probe side into files when the build rows are in files, dealt out alike. When all clones have ended they
 * claim partitions and join them. One partition's.
 */
export class SpilledProbe {
  readonly isEmpty = false;
  readonly #node: HashJoinNode;
  readonly #ctx: OpenContext;
  readonly #shape: JoinShape;
  readonly #exprs: BatchExprs;
  readonly #keys: readonly number[];
  readonly #layout: BatchRows;
  readonly #partitions: SpillPartitions;
  readonly #heap: Arena;
  /** The build rows outlast the pipeline, as in a recursion's rounds: clones then join what they have, each for itself. */
  readonly #isOwn: boolean;
  #hasEnded = false;
  #steps: Generator<Step, void, undefined> | undefined;

  constructor(node: HashJoinNode, ctx: OpenContext) {
    this.#node = node;
    this.#ctx = ctx;
    this.#shape = joinShape(node);
    this.#exprs = new BatchExprs(ctx);
    this.#keys = node.probeKeys.map(k => this.#exprs.add(k));
    this.#layout = batchRows(node.probeTypes);
    this.#partitions = new SpillPartitions(ctx, this.#layout.format, OWN_HASH, 0);
    this.#heap = new Arena(ctx.memory, ctx.owner);
    this.#isOwn = ctx.lasting.owner !== ctx.owner;
  }

  push(batch: Batch): Step {
    const { arena, kernels } = this.#ctx;
    const rows: Rows = { count: batch.count, selection: batch.selection, selected: batch.selected };
    const { probeKey } = this.#shape;
    const n = rows.selected;
    const stride = 8 + probeKey.bytes;
    this.#exprs.start(batch.columns);
    const keys = this.#keys.map(k => keyColumn(this.#ctx, this.#exprs.vector(k, rows), rows));
    const packed = arena.alloc(n * stride);
    kernels.row_clear(packed, n * stride);
    packRows(this.#ctx, probeKey, keys, rows, { address: packed, rowBytes: stride });
    kernels.row_hash(packed, stride, packed + 8, probeKey.texts, probeKey.bytes >>> 3, n);
    const probe = packBatch(this.#ctx, this.#layout, batch.columns, rows);
    kernels.spill_put_hashes(packed, stride, n, probe.address, this.#layout.rowBytes);
    this.#partitions.append(probe.rows, n);
    return NEED_MORE;
  }

  drain(isLast: boolean): Step {
    this.#steps ??= this.#run(isLast);
    const { value, done } = this.#steps.next();
    return done === true ? EXHAUSTED : value!;
  }

  /** Nobody wants more: the others need not wait. */
  abandon(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#partitions.finish();
    const { memory, shared } = this.#ctx;
    if (!this.#isOwn) Atomics.add(memory.u32, (shared + JOIN_SHARED.ended) >>> 2, 1);
  }

  close(): void {
    this.#exprs.close();
  }

  *#run(isLast: boolean): Generator<Step, void, undefined> {
    const { memory, shared, partition, partitions, cancelled } = this.#ctx;
    const own = this.#partitions.finish().map(f => f ?? NO_FILE);
    this.#hasEnded = true;
    if (this.#isOwn) {
      for (let p = 0; p < SPILL_PARTITIONS; p++) yield* this.#join(p, [own], false);
      return;
    }
    const part = this.#heap.alloc(4 * (PART_HEADER + 1));
    publishPart(memory, shared + JOIN_SHARED.probeParts, part, partition, [putFiles(this.#heap, own)]);
    if (!isLast) return;
    const ended = (shared + JOIN_SHARED.ended) >>> 2;
    Atomics.add(memory.u32, ended, 1);
    while (Atomics.load(memory.u32, ended) < partitions) {
      if (cancelled()) return;
      yield { status: 'pending', wake: new Promise(resolve => setTimeout(resolve, WAIT_MILLISECONDS)) };
    }
    const probed = partsOf(memory, shared + JOIN_SHARED.probeParts).map(p => filesAt(memory, partWord(memory, p, 0)));
    for (;;) {
      const next = claim(memory, shared + JOIN_SHARED.nextPartition);
      if (next >= SPILL_PARTITIONS || cancelled()) return;
      yield* this.#join(next, probed, true);
    }
  }

  /** @param removes the files are not needed afterwards */
  #join(p: number, probed: readonly (readonly SpilledFile[])[], removes: boolean): Generator<Step, void, undefined> {
    const { memory, shared } = this.#ctx;
    const built = partsOf(memory, shared + JOIN_SHARED.parts).map(part =>
      filesAt(memory, partWord(memory, part, JOIN_PART.files)),
    );
    const all = needsAllRows(this.#node);
    const of = (lists: readonly (readonly SpilledFile[])[]): SpilledFile[] =>
      lists.flatMap(l => (all ? (p === 0 ? l : []) : [l[p]!])).filter(f => f.rows > 0);
    return joinFiles(
      { node: this.#node, shape: this.#shape, ctx: this.#ctx, layout: this.#layout },
      { build: of(built), probe: of(probed), level: 1, isOneKey: false, removes },
    );
  }
}
