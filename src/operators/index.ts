import type { Operator } from '../protocol/operator.ts';
import { type CollectNode, collect } from './collect.ts';
import { type DeliverNode, deliver } from './deliver.ts';
import { type FilterNode, filter } from './filter.ts';
import { type HashAggregateNode, hashAggregate } from './hash-aggregate.ts';
import { type HashJoinNode, hashJoin } from './hash-join.ts';
import { type ProjectNode, project } from './project.ts';
import { type RepeatNode, repeat } from './repeat.ts';
import { type ScanNode, scan } from './scan.ts';
import { type UngroupedAggregateNode, ungroupedAggregate } from './ungrouped-aggregate.ts';
import { type ValuesNode, values } from './values.ts';

/** Reads its inputs one after the other; the pipelines' cutter knows it, no operator is needed. */
export type UnionAllNode = { readonly kind: 'union-all' };

export type PhysicalNode =
  | ScanNode
  | ValuesNode
  | FilterNode
  | ProjectNode
  | RepeatNode
  | HashAggregateNode
  | UngroupedAggregateNode
  | HashJoinNode
  | CollectNode
  | DeliverNode
  | UnionAllNode;

type Kind = Exclude<PhysicalNode['kind'], 'union-all'>;

const operators: { readonly [K in Kind]: Operator<Extract<PhysicalNode, { kind: K }>> } = {
  scan,
  values,
  filter,
  project,
  repeat,
  'hash-aggregate': hashAggregate,
  'ungrouped-aggregate': ungroupedAggregate,
  'hash-join': hashJoin,
  collect,
  deliver,
};

/** The code of a node's kind. */
export function operatorOf(node: PhysicalNode): Operator<PhysicalNode> {
  return (operators as Record<string, Operator<never>>)[node.kind] as unknown as Operator<PhysicalNode>;
}
