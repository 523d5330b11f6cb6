import { distinctOn } from './distinct-on.ts';
import { hashAggregate } from './hash-aggregate.ts';
import { hashJoin } from './hash-join.ts';
import type { FamilyCode } from './index.ts';
import { materialize, materializedScan } from './materialize.ts';
import { nestedLoopJoin } from './nested-loop-join.ts';
import { sort } from './sort.ts';
import { topK } from './top-k.ts';
import { ungroupedAggregate } from './ungrouped-aggregate.ts';

/** What groups, joins, sorts and keeps rows: loaded with the first plan that does. */
export const gatheringOperators: FamilyCode<'gathering'> = {
  'hash-aggregate': hashAggregate,
  'ungrouped-aggregate': ungroupedAggregate,
  'hash-join': hashJoin,
  'nested-loop-join': nestedLoopJoin,
  sort,
  'top-k': topK,
  'distinct-on': distinctOn,
  materialize,
  'materialized-scan': materializedScan,
};
