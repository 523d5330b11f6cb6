import { allRows, type Batch } from '../batch/batch.ts';
import { invariant } from '../common/errors.ts';
import { Arena } from '../memory/arena.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { BlockReader, ReceiveRequest } from '../protocol/exchange-port.ts';
import type { Operator, Source } from '../protocol/operator.ts';
import { EXHAUSTED, ready, type Step } from '../protocol/step.ts';
import type { DataType } from '../types/data-type.ts';
import { decodeBatches } from './lib/wire-batches.ts';

/** Reads what the tasks of another stage sent to this one, by senders; a batch's `split` is its sender. */
export type ReceiveNode = ReceiveRequest & {
  readonly kind: 'receive';
  /** Of all columns that were sent. */
  readonly types: readonly DataType[];
  /** Columns handed on; default: all. */
  readonly columns?: readonly number[] | undefined;
};

/** Rows handed on at once. */
const PART_ROWS = 2048;

class Receiver {
  readonly #node: ReceiveNode;
  readonly #ctx: OpenContext;
  readonly #blocks: BlockReader;
  /** Takes what a block's batch becomes, of which a part is handed on at a time. */
  readonly #arena: Arena;
  #batches: Iterator<Omit<Batch, 'split'>, void, undefined> | undefined;
  #sender = 0;

  constructor(node: ReceiveNode, ctx: OpenContext) {
    invariant(ctx.exchange !== undefined, 'only a task of a stage receives rows');
    this.#node = node;
    this.#ctx = ctx;
    this.#blocks = ctx.exchange.receive(node);
    this.#arena = new Arena(ctx.memory, ctx.owner);
  }

  pull(): Step {
    const { columns } = this.#node;
    for (;;) {
      if (this.#ctx.cancelled()) return EXHAUSTED;
      const next = this.#batches?.next();
      if (next !== undefined && next.done !== true) {
        const chosen = columns === undefined ? next.value.columns : columns.map(c => next.value.columns[c]!);
        return ready({ ...next.value, columns: chosen, split: this.#sender });
      }
      const block = this.#blocks.next();
      if (block === undefined) return EXHAUSTED;
      if (block instanceof Promise) return { status: 'pending', wake: block };
      this.#sender = block.sender;
      this.#batches = this.#partsOf(block.bytes);
    }
  }

  close(): void {
    this.#blocks.close();
    this.#arena.release();
  }

  *#partsOf(bytes: Uint8Array): Generator<Omit<Batch, 'split'>, void, undefined> {
    const { memory, kernels, exchange } = this.#ctx;
    const ctx = { memory, kernels, arena: this.#arena };
    for (const { count, columns } of decodeBatches(exchange!.arrow, ctx, this.#node.types, bytes)) {
      for (let from = 0; from < count; from += PART_ROWS) {
        const rows = Math.min(PART_ROWS, count - from);
        yield { ...allRows(rows), columns: columns.map(c => c.slice(from, rows)) };
      }
      this.#arena.reset();
    }
  }
}

const source: Source<ReceiveNode, Receiver> = {
  open: (node, ctx) => new Receiver(node, ctx),
  pull: state => state.pull(),
  close: state => state.close(),
  partitions: () => 1,
};

export const receive: Operator<ReceiveNode> = {
  kind: 'receive',
  source,
  explain: node => [['stage', `#${node.stage}`]],
};
