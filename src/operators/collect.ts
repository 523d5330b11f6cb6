import type { Batch } from '../batch/batch.ts';
import type { LinearMemory, Owner } from '../memory/linear-memory.ts';
import type { Operator, Sink } from '../protocol/operator.ts';
import { NEED_MORE } from '../protocol/step.ts';
import type { DataType } from '../types/data-type.ts';
import type { CloneRange } from './lib/clone-range.ts';
import { readStoredBatches, StoredBatches } from './lib/stored/stored-batches.ts';
import { StoredSegments } from './lib/stored/stored-segments.ts';

/** Keeps the rows of a result. Shared struct: per clone the address of its list of batches. */
export type CollectNode = {
  readonly kind: 'collect';
  readonly types: readonly DataType[];
  /** Who owns the rows: rows of a table outlive the query that made them. Default: the query. */
  readonly owner?: Owner | undefined;
};

/** Rows that outlive the query are a table's: they are kept as segments. */
type CollectState = StoredBatches | StoredSegments;

const sink: Sink<CollectNode, CollectState> = {
  open(node, ctx) {
    const { owner } = node;
    const rows = owner === undefined ? new StoredBatches(ctx) : new StoredSegments(ctx, owner);
    ctx.memory.u32[(ctx.shared >>> 2) + ctx.partition] = rows.head;
    return rows;
  },
  push(rows, batch) {
    rows.append(batch);
    return NEED_MORE;
  },
  finish(rows) {
    if (rows instanceof StoredSegments) rows.finish();
  },
};

export const collect: Operator<CollectNode> = {
  kind: 'collect',
  sink,
  sharedBytes: (_, clones) => 4 * clones,
  explain: () => [],
};

/**
 * The collected rows: one pipeline's after the other's, each in the order of its source's splits; views of memory
 * that the node's owner owns.
 */
export function collectedBatches(
  memory: LinearMemory,
  types: readonly DataType[],
  shared: number,
  groups: readonly CloneRange[],
): Batch[] {
  return groups.flatMap(({ first, count }) => {
    const batches: Batch[] = [];
    for (let clone = first; clone < first + count; clone++) {
      const head = memory.u32[(shared >>> 2) + clone]!;
      if (head !== 0) batches.push(...readStoredBatches(memory, types, head));
    }
    // Each clone has its splits in order, and a split is one clone's: a stable sort restores the source's order.
    return count === 1 ? batches : batches.sort((a, b) => a.split - b.split);
  });
}
