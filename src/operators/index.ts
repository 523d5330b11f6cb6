import { invariant } from '../common/errors.ts';
import type { Operator } from '../protocol/operator.ts';
import type { AsofJoinNode } from './asof-join.ts';
import { type CollectNode, collect } from './collect.ts';
import { type DeliverNode, deliver } from './deliver.ts';
import type { DistinctOnNode } from './distinct-on.ts';
import { type ExchangeNode, exchange } from './exchange.ts';
import { type FilterNode, filter } from './filter.ts';
import type { HashAggregateNode } from './hash-aggregate.ts';
import type { HashJoinNode } from './hash-join.ts';
import type { LimitByNode } from './limit-by.ts';
import type { MaterializedScanNode, MaterializeNode } from './materialize.ts';
import type { MergeNode } from './merge.ts';
import type { NestedLoopJoinNode } from './nested-loop-join.ts';
import { type LimitNode, limit } from './ordered-limit.ts';
import { type ProjectNode, project } from './project.ts';
import type { ReceiveNode } from './receive.ts';
import type { RecursionNode, RecursionScanNode } from './recursion.ts';
import { type RepeatNode, repeat } from './repeat.ts';
import { type ScanNode, scan } from './scan.ts';
import type { SendNode } from './send.ts';
import type { SortNode } from './sort.ts';
import type { TopKNode } from './top-k.ts';
import type { UngroupedAggregateNode } from './ungrouped-aggregate.ts';
import { type UnnestNode, unnest } from './unnest.ts';
import { type ValuesNode, values } from './values.ts';
import type { WindowNode } from './window.ts';

/** Reads its inputs one after the other; the pipelines' cutter knows it, no operator is needed. */
type UnionAllNode = { readonly kind: 'union-all' };

/** Stores its first input's rows once, for the `materialized-scan`s within its second input, whose rows it hands up. */
type SharedNode = { readonly kind: 'shared'; readonly shared: number; readonly store: MaterializeNode };

/**
 * Stores its first input's rows, then again and again those that its second input makes of the rows last stored, and
 * hands up all of them; `enough`: no further round is needed once there are so many.
 */
type RecursiveNode = {
  readonly kind: 'recursive';
  readonly recursion: number;
  readonly store: RecursionNode;
  readonly enough?: number | undefined;
};

export type PhysicalNode =
  | ScanNode
  | ValuesNode
  | FilterNode
  | ProjectNode
  | RepeatNode
  | UnnestNode
  | HashAggregateNode
  | UngroupedAggregateNode
  | HashJoinNode
  | NestedLoopJoinNode
  | AsofJoinNode
  | SortNode
  | DistinctOnNode
  | WindowNode
  | TopKNode
  | LimitNode
  | LimitByNode
  | MaterializeNode
  | MaterializedScanNode
  | SharedNode
  | RecursiveNode
  | RecursionNode
  | RecursionScanNode
  | CollectNode
  | DeliverNode
  | UnionAllNode
  | ExchangeNode
  | SendNode
  | ReceiveNode
  | MergeNode;

/** Kinds that only tell how pipelines are put together: they have no code. */
type Structure = 'union-all' | 'shared' | 'recursive';
type Kind = Exclude<PhysicalNode['kind'], Structure>;
type OperatorOf<K extends Kind> = Operator<Extract<PhysicalNode, { kind: K }>>;

/** What most plans have. */
const always = {
  scan,
  values,
  filter,
  project,
  repeat,
  unnest,
  limit,
  collect,
  deliver,
  exchange,
} satisfies { readonly [K in Kind]?: OperatorOf<K> };

/** The others, by what they are loaded with: on each thread with the first plan that has one. */
const families = {
  gathering: [
    ...(['hash-aggregate', 'ungrouped-aggregate', 'hash-join', 'nested-loop-join'] as const),
    ...(['sort', 'top-k', 'distinct-on', 'materialize', 'materialized-scan'] as const),
  ],
  rare: ['window', 'asof-join', 'limit-by', 'recursion', 'recursion-scan', 'send', 'receive', 'merge'],
} as const;
type Family = keyof typeof families;
/** The operators of a family. */
export type FamilyCode<F extends Family> = { readonly [K in (typeof families)[F][number]]: OperatorOf<K> };

const codeOf: { readonly [F in Family]: () => Promise<FamilyCode<F>> } = {
  gathering: async () => (await import('./gathering-code.ts')).gatheringOperators,
  rare: async () => (await import('./rare-code.ts')).rareOperators,
};

/** By kind, what is there. */
const operators = new Map<string, Operator<never>>(Object.entries(always));
const familyOf = new Map<string, Family>(
  (Object.keys(families) as Family[]).flatMap(family => families[family].map(kind => [kind, family] as const)),
);

/** The code of a node's kind, which `loadOperators` has loaded; none of a structure. */
export function operatorOf(node: PhysicalNode): Operator<PhysicalNode> {
  const found = operators.get(node.kind);
  invariant(found !== undefined || !familyOf.has(node.kind), `the code of ${node.kind} has been loaded`);
  return found as unknown as Operator<PhysicalNode>;
}

/** Loads the code of these nodes on this thread, where it is not there yet. */
export async function loadOperators(nodes: Iterable<PhysicalNode>): Promise<void> {
  for (const { kind } of nodes) {
    const family = operators.has(kind) ? undefined : familyOf.get(kind);
    if (family === undefined) continue;
    for (const [name, operator] of Object.entries(await codeOf[family]())) operators.set(name, operator);
  }
}
