import type { Batch } from '../batch/batch.ts';
import { invariant } from '../common/errors.ts';
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

class Receiver {
  readonly #node: ReceiveNode;
  readonly #ctx: OpenContext;
  readonly #blocks: BlockReader;
  #batches: Iterator<Omit<Batch, 'split'>, void, undefined> | undefined;
  #sender = 0;

  constructor(node: ReceiveNode, ctx: OpenContext) {
    invariant(ctx.exchange !== undefined, 'only a task of a stage receives rows');
    this.#node = node;
    this.#ctx = ctx;
    this.#blocks = ctx.exchange.receive(node);
  }

  pull(): Step {
    const { types, columns } = this.#node;
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
      this.#batches = decodeBatches(this.#ctx.exchange!.arrow, this.#ctx, types, block.bytes);
    }
  }

  close(): void {
    this.#blocks.close();
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
