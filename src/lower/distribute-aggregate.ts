import type { HashAggregateNode } from '../operators/hash-aggregate.ts';
import { aggregateCalls } from '../operators/lib/groups/aggregate-calls.ts';
import { partialTypes } from '../operators/lib/groups/partial-states.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import type { UngroupedAggregateNode } from '../operators/ungrouped-aggregate.ts';
import { type PhysicalAggregate, type PhysicalExpr, typeOf } from '../plan/expr.ts';
import { UINT32 } from '../types/data-type.ts';
import { ANY, covers, keyed, mapKeys, projected, SINGLE, sameExpr } from './distribution.ts';
import { above, columnsOfTypes, type Exchanges, type Placed, reduces } from './exchanges.ts';

/** So many states meet in one task: it takes less time than a stage takes to begin. */
const FEW_STATES = 4000;

/**
 * Where the input's rows of a group are together already, nothing is exchanged. Else each partition aggregates its own
 * rows and the states meet, by the keys' hash; or the rows meet, when their number hardly falls or the aggregates need
 * to see them together (distinct ones, ordered ones).
 */
export function distributeAggregate(d: Exchanges, plan: PhysicalPlan, node: HashAggregateNode, input: Placed): Placed {
  const needsRows = isCollected(node.aggregates);
  if (node.groupingSets !== undefined || node.keys.length === 0) {
    return input.distribution.kind === 'single' || needsRows
      ? above(plan, d.gather(input), SINGLE)
      : inTwoSteps(d, plan, node, input);
  }
  if (covers(input.distribution, node.keys)) {
    return above(
      plan,
      input,
      mapKeys(input.distribution, e => projected(e, node.keys)),
    );
  }
  if (!needsRows && reduces(plan)) return inTwoSteps(d, plan, node, input);
  const distinct = needsRows ? distinctArguments(node.aggregates) : undefined;
  return distinct === undefined ? byRows(d, plan, node, input) : byDistinctRows(d, plan, node, distinct, input);
}

/** One row from all partitions' states. */
export function distributeUngrouped(
  d: Exchanges,
  plan: PhysicalPlan,
  node: UngroupedAggregateNode,
  input: Placed,
): Placed {
  if (input.distribution.kind === 'single') return above(plan, input, SINGLE);
  if (!isCollected(node.aggregates)) return ungroupedSteps(d, plan, node, input);
  const distinct = distinctArguments(node.aggregates);
  if (distinct === undefined) return above(plan, d.gather(input), SINGLE);
  // Each value is sent to one partition, which counts it once.
  const keys = columnsOfTypes(distinct.map(typeOf));
  const dealt = d.byHash(distinctRows(d, distinct, input), keys);
  const aggregates = node.aggregates.map(a => ({ ...onColumns(a, distinct, 0), distinct: false }));
  return ungroupedSteps(d, plan, { ...node, aggregates }, distinctRows(d, keys, dealt));
}

function ungroupedSteps(d: Exchanges, plan: PhysicalPlan, node: UngroupedAggregateNode, input: Placed): Placed {
  const { partitions } = d.options;
  const types = partialTypes(node.aggregates);
  const partial = d.node({ ...node, mode: 'partial' }, [input.plan], types, partitions);
  const states = d.gather({ plan: partial, distribution: input.distribution });
  return { plan: d.node({ ...node, mode: 'final' }, [states.plan], plan.types, 1), distribution: SINGLE };
}

/** States of each partition, then of all. */
function inTwoSteps(d: Exchanges, plan: PhysicalPlan, node: HashAggregateNode, input: Placed): Placed {
  const keyTypes = node.keys.map(typeOf);
  const fieldTypes = node.groupingSets === undefined ? keyTypes : [...keyTypes, UINT32];
  const types = [...fieldTypes, ...partialTypes(node.aggregates)];
  const rows = Math.min(input.plan.estimatedRows ?? 0, (plan.estimatedRows ?? 0) * d.options.partitions);
  const partial = d.node({ ...node, mode: 'partial' }, [input.plan], types, rows);
  const fields = columnsOfTypes(fieldTypes);
  const parts = { plan: partial, distribution: input.distribution };
  const areFew = rows <= FEW_STATES && haveKnownRows(input.plan);
  const states = areFew ? d.gather(parts) : d.byHash(parts, fields);
  const keys = fields.slice(0, keyTypes.length);
  const final = d.node({ ...node, keys, mode: 'final' }, [states.plan], plan.types, plan.estimatedRows);
  // Groups of the same keys by several sets are in several places.
  const dealt = node.groupingSets === undefined ? keyed(keys) : ANY;
  return { plan: final, distribution: areFew ? SINGLE : dealt };
}

/** Whether estimates above a plan rest on how many rows there are. */
function haveKnownRows({ node, inputs }: PhysicalPlan): boolean {
  if (node.kind === 'scan') return node.source.statistics.rows !== undefined;
  return inputs.length > 0 && inputs.every(haveKnownRows);
}

/** Rows meet by the keys' hash. */
function byRows(d: Exchanges, plan: PhysicalPlan, node: HashAggregateNode, input: Placed): Placed {
  const rows = d.withColumns(input, node.keys);
  const dealt = d.byHash(rows.input, rows.columns);
  const single = d.node({ ...node, keys: rows.columns }, [dealt.plan], plan.types, plan.estimatedRows);
  return { plan: single, distribution: keyed(columnsOfTypes(node.keys.map(typeOf))) };
}

/** Rows of keys and distinct arguments: each partition sends every one once. */
function byDistinctRows(
  d: Exchanges,
  plan: PhysicalPlan,
  node: HashAggregateNode,
  distinct: readonly PhysicalExpr[],
  input: Placed,
): Placed {
  const rows = distinctRows(d, [...node.keys, ...distinct], input);
  const keys = columnsOfTypes(node.keys.map(typeOf));
  const dealt = d.byHash(rows, keys);
  const aggregates = node.aggregates.map(a => onColumns(a, distinct, keys.length));
  const single = d.node({ ...node, keys, aggregates }, [dealt.plan], plan.types, plan.estimatedRows);
  return { plan: single, distribution: keyed(keys) };
}

/** One row per distinct values, within the partitions that the rows are in. */
function distinctRows(d: Exchanges, exprs: readonly PhysicalExpr[], { plan, distribution }: Placed): Placed {
  const node = { kind: 'hash-aggregate', keys: exprs, aggregates: [] } as const;
  const rows = d.node(node, [plan], exprs.map(typeOf), plan.estimatedRows);
  return { plan: rows, distribution: mapKeys(distribution, e => projected(e, exprs)) };
}

/** Whether some aggregate must see the rows of a group together. */
const isCollected = (aggregates: readonly PhysicalAggregate[]): boolean =>
  aggregateCalls(aggregates, 0).calls.some(c => c.isCollected);

/** The arguments (but constants) that all aggregates take distinct values of, when they are the same, in any order. */
function distinctArguments(aggregates: readonly PhysicalAggregate[]): readonly PhysicalExpr[] | undefined {
  const { calls } = aggregateCalls(aggregates, 0);
  const [first] = calls;
  const args = first!.aggregate.args.filter(isVariable);
  const isAlike = calls.every(({ aggregate: { args: own, filter, orderBy = [] }, isDistinct }) => {
    const variable = own.filter(isVariable);
    const isSame = variable.length === args.length && variable.every((a, i) => sameExpr(a, args[i]!));
    return isDistinct && filter === undefined && orderBy.length === 0 && isSame;
  });
  return isAlike && args.length > 0 ? args : undefined;
}

const isVariable = (e: PhysicalExpr): boolean => e.kind !== 'literal';

/** The aggregate with its variable arguments read from columns `from` on. */
function onColumns(aggregate: PhysicalAggregate, distinct: readonly PhysicalExpr[], from: number): PhysicalAggregate {
  const columns = columnsOfTypes(distinct.map(typeOf), from);
  return {
    ...aggregate,
    args: aggregate.args.map(a => (isVariable(a) ? columns[distinct.findIndex(e => sameExpr(e, a))]! : a)),
  };
}
