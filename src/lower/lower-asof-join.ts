import { estimateRows } from '../plan/cardinality.ts';
import { outputOf } from '../plan/columns.ts';
import type { BoundExpr, ColumnId } from '../plan/expr.ts';
import type { AsofJoinPlan, LogicalPlan } from '../plan/logical-plan.ts';
import { toPhysical } from '../plan/to-physical.ts';
import type { Lowered, Lowering } from './lower.ts';
import { columnsOf, positionsOf } from './positions.ts';

/** The right side is the stored one: each left row looks its match up. */
export function lowerAsofJoin(plan: AsofJoinPlan, required: ReadonlySet<ColumnId>, lowering: Lowering): Lowered {
  const side = (input: LogicalPlan, keys: readonly BoundExpr[]): Lowered => {
    const used = columnsOf(keys);
    const ids = outputOf(input).map(c => c.id);
    return lowering.lower(input, new Set(ids.filter(id => required.has(id) || used.has(id))));
  };
  const pairs = [...plan.keys, plan.match];
  const left = side(
    plan.left,
    pairs.map(k => k.left),
  );
  const right = side(
    plan.right,
    pairs.map(k => k.right),
  );
  const keepsLeft = plan.type === 'semi' || plan.type === 'anti';
  const columns = keepsLeft ? left.columns : [...left.columns, ...right.columns];
  const types = keepsLeft ? left.plan.types : [...left.plan.types, ...right.plan.types];
  const output = columns.flatMap((id, i) => (required.has(id) ? [i] : []));
  const leftAt = positionsOf(left.columns);
  const rightAt = positionsOf(right.columns);
  const physical = <T extends { readonly left: BoundExpr; readonly right: BoundExpr }>(k: T) => ({
    ...k,
    left: toPhysical(k.left, leftAt),
    right: toPhysical(k.right, rightAt),
  });
  return {
    columns: output.map(i => columns[i]!),
    plan: lowering.node(
      {
        kind: 'asof-join',
        joinType: plan.type,
        keys: plan.keys.map(physical),
        match: physical(plan.match),
        leftTypes: left.plan.types,
        rightTypes: right.plan.types,
        output,
      },
      [left.plan, right.plan],
      output.map(i => types[i]!),
      estimateRows(plan),
    ),
  };
}
