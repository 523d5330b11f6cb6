import type { HashAggregateNode } from '../operators/hash-aggregate.ts';
import { aggregateCalls } from '../operators/lib/groups/aggregate-calls.ts';
import { partialTypes } from '../operators/lib/groups/partial-states.ts';
import { isNestedType } from '../operators/lib/rows/row-layout.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import type { PhysicalAggregate } from '../plan/expr.ts';
import type { DataType } from '../types/data-type.ts';
import { columnsOfTypes } from './exchanges.ts';
import type { Lowering } from './lower.ts';

/** So many groups by all keys, as a part of the rows, are few enough for the first step to pay with any number of sets. */
const FEW_GROUPS = 0.5;
/** From so many sets on, the first step costs little beside them, even if it merges no rows. */
const MANY_SETS = 4;
/** Bytes of an aggregate's state: those of a sum, an average, a deviation, not of a sketch. */
const LARGEST_STATE = 64;

/**
 * Aggregates by grouping sets in two steps: rows to the states of the groups by all keys, then these states to the sets'
 * groups. So each row is looked up once instead of once per set. Undefined where that is not likely to pay, and for
 * aggregates that must see rows, know their order, or have states as large as their rows.
 * @param groups that are expected
 */
export function groupInSteps(
  node: HashAggregateNode,
  input: PhysicalPlan,
  types: readonly DataType[],
  groups: { readonly finest: number; readonly bySets: number },
  lowering: Lowering,
): PhysicalPlan | undefined {
  const { keys, aggregates, groupingSets: sets = [] } = node;
  const areFew = sets.length > 1 && groups.finest < FEW_GROUPS * (input.estimatedRows ?? 0);
  const isWorth = areFew || sets.length >= MANY_SETS;
  if (!isWorth || keys.length === 0 || !haveSmallStates(aggregates)) return undefined;
  const keyTypes = types.slice(0, keys.length);
  const partial: HashAggregateNode = { kind: 'hash-aggregate', keys, aggregates, mode: 'partial' };
  const states = lowering.node(partial, [input], [...keyTypes, ...partialTypes(aggregates)], groups.finest);
  const regroup: HashAggregateNode = { ...node, keys: columnsOfTypes(keyTypes), mode: 'regroup' };
  return lowering.node(regroup, [states], types, groups.bySets);
}

function haveSmallStates(aggregates: readonly PhysicalAggregate[]): boolean {
  const { calls } = aggregateCalls(aggregates, 0);
  return calls.every(({ overload, argTypes, aggregate, isCollected }) => {
    const isSmall = overload.stateBytes(argTypes, aggregate.type) <= LARGEST_STATE;
    return isSmall && !isCollected && overload.ordered !== true && !overload.partial.types(argTypes).some(isNestedType);
  });
}
