import type { LinearMemory } from '../../../memory/linear-memory.ts';
import type { PhysicalAggregate, PhysicalExpr } from '../../../plan/expr.ts';
import { typeOf } from '../../../plan/expr.ts';
import type { Extent } from '../../../protocol/operator.ts';
import { type DataType, UINT32 } from '../../../types/data-type.ts';
import { type Part, partsOf, partWord } from '../shared-parts.ts';
import { type AggregateCall, aggregateCalls } from './aggregate-calls.ts';
import { type CollectedInput, collectedInputs } from './collected-input.ts';
import { keyLayout } from './group-keys.ts';
import type { GroupLayout } from './group-table.ts';
import type { AggregateMode } from './partial-states.ts';

/**
 * One row per distinct keys (NULL is a key like any other), with aggregates over the key's rows.
 * Output: keys, aggregates, then the grouping id when asked for. Clones aggregate apart; then they merge by radix
 * partitions of the keys' hashes, each claimed by one clone.
 */
export type HashAggregateNode = {
  readonly kind: 'hash-aggregate';
  readonly keys: readonly PhysicalExpr[];
  /** The keys of each grouping set, as indexes into `keys`; the others are NULL in its rows. Absent: one set of all. */
  readonly groupingSets?: readonly (readonly number[])[] | undefined;
  /** An INT64 whose bit i (from the right, counting keys from the last) tells that a key is not in the row's set. */
  readonly groupingId?: boolean | undefined;
  readonly aggregates: readonly PhysicalAggregate[];
  /**
   * Default: single. What `partial` hands up and `final` takes: keys, the number of the grouping set when there are
   * several, states.
   */
  readonly mode?: AggregateMode | undefined;
};

/** What all roles derive from the node. */
export type GroupShape = {
  readonly keyTypes: readonly DataType[];
  /** Key fields: the keys, then the number of the grouping set when there are several. */
  readonly fieldTypes: readonly DataType[];
  readonly layout: GroupLayout;
  /** Offset of the word that leads to the row that stands for this one after merging; 0 when none is needed. */
  readonly forward: number;
  readonly calls: readonly AggregateCall[];
  readonly collected: readonly CollectedInput[];
};

/** The struct that the clones share, by address offset. */
export const GROUP_SHARED = {
  parts: 0,
  nextClaim: 4,
  radixBits: 8,
  /** Whether the clones' arrays are merged instead of their radix partitions. */
  isDirect: 12,
  /** Whether groups of some clone are in files: then all go there, and are merged partition by partition. */
  isSpilled: 16,
  bytes: 24,
} as const;

/**
 * Words of a part: chain of rows, their number, radix bounds; the groups' first, then one such triple per collected
 * input. Then the array that leads to the groups (see `DirectMerge`), or 0, and the list of files (see `GroupFiles`), or 0.
 */
export const GROUP_PART = { chain: 0, rows: 1, bounds: 2, words: 3 } as const;

/** Below this many groups one clone merges all; above, as many radix partitions keep a partition's table in the cache. */
export const SMALL = 8192;
export const MERGE_BITS = 6;

export function groupShape(node: HashAggregateNode): GroupShape {
  const keyTypes = node.keys.map(typeOf);
  const fieldTypes = node.groupingSets === undefined ? keyTypes : [...keyTypes, UINT32];
  let forward = 0;
  let calls: readonly AggregateCall[] = [];
  const layout = keyLayout(fieldTypes, offset => {
    const needsForward = aggregateCalls(node.aggregates, 0).calls.some(c => c.isCollected);
    if (needsForward) forward = offset;
    const states = aggregateCalls(node.aggregates, needsForward ? offset + 8 : offset);
    calls = states.calls;
    return states.end - offset;
  });
  return { keyTypes, fieldTypes, layout, forward, calls, collected: collectedInputs(calls) };
}

/** The word of a part with the address of its list of files. */
export const filesWord = ({ collected }: GroupShape): number => GROUP_PART.words * (collected.length + 1) + 1;

/** Whether the groups are in files. */
export const isSpilled = ({ memory, shared }: { readonly memory: LinearMemory; readonly shared: number }): boolean =>
  Atomics.load(memory.u32, (shared + GROUP_SHARED.isSpilled) >>> 2) !== 0;

/** How much the groups are that clones have made: few groups of several clones are merged by one. */
export function groupsExtent(at: { readonly memory: LinearMemory; readonly shared: number }): Extent {
  const { memory, shared } = at;
  const parts = partsOf(memory, shared + GROUP_SHARED.parts);
  const groups = parts.reduce((sum, p) => sum + partWord(memory, p, GROUP_PART.rows), 0);
  if (groups > SMALL || isSpilled(at)) return 'much';
  return parts.length > 1 ? 'single' : 'little';
}

/** The arrays of the clones that have groups; 0 for one that has none. */
export function arraysOf(memory: LinearMemory, parts: readonly Part[], { collected }: GroupShape): number[] {
  const word = GROUP_PART.words * (collected.length + 1);
  return parts.filter(p => partWord(memory, p, GROUP_PART.rows) > 0).map(p => partWord(memory, p, word));
}
