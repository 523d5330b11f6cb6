import type { Operator } from '../protocol/operator.ts';
import { type AsofJoinNode, asofJoin } from './asof-join.ts';
import { type CollectNode, collect } from './collect.ts';
import { type DeliverNode, deliver } from './deliver.ts';
import { type DistinctOnNode, distinctOn } from './distinct-on.ts';
import { type ExchangeNode, exchange } from './exchange.ts';
import { type FilterNode, filter } from './filter.ts';
import { type HashAggregateNode, hashAggregate } from './hash-aggregate.ts';
import { type HashJoinNode, hashJoin } from './hash-join.ts';
import { type LimitByNode, limitBy } from './limit-by.ts';
import { type MaterializedScanNode, type MaterializeNode, materialize, materializedScan } from './materialize.ts';
import { type MergeNode, merge } from './merge.ts';
import { type NestedLoopJoinNode, nestedLoopJoin } from './nested-loop-join.ts';
import { type LimitNode, limit } from './ordered-limit.ts';
import { type ProjectNode, project } from './project.ts';
import { type ReceiveNode, receive } from './receive.ts';
import { type RecursionNode, type RecursionScanNode, recursion, recursionScan } from './recursion.ts';
import { type RepeatNode, repeat } from './repeat.ts';
import { type ScanNode, scan } from './scan.ts';
import { type SendNode, send } from './send.ts';
import { type SortNode, sort } from './sort.ts';
import { type TopKNode, topK } from './top-k.ts';
import { type UngroupedAggregateNode, ungroupedAggregate } from './ungrouped-aggregate.ts';
import { type UnnestNode, unnest } from './unnest.ts';
import { type ValuesNode, values } from './values.ts';
import { type WindowNode, window } from './window.ts';

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

const operators: { readonly [K in Kind]: Operator<Extract<PhysicalNode, { kind: K }>> } = {
  scan,
  values,
  filter,
  project,
  repeat,
  unnest,
  'hash-aggregate': hashAggregate,
  'ungrouped-aggregate': ungroupedAggregate,
  'hash-join': hashJoin,
  'nested-loop-join': nestedLoopJoin,
  'asof-join': asofJoin,
  sort,
  'distinct-on': distinctOn,
  window,
  'top-k': topK,
  limit,
  'limit-by': limitBy,
  materialize,
  'materialized-scan': materializedScan,
  recursion,
  'recursion-scan': recursionScan,
  collect,
  deliver,
  exchange,
  send,
  receive,
  merge,
};

/** The code of a node's kind. */
export function operatorOf(node: PhysicalNode): Operator<PhysicalNode> {
  return (operators as Record<string, Operator<never>>)[node.kind] as unknown as Operator<PhysicalNode>;
}
