import type { PhysicalNode } from '../operators/index.ts';
import { estimateRows } from '../plan/cardinality.ts';
import { outputOf } from '../plan/columns.ts';
import type { ColumnId } from '../plan/expr.ts';
import type { PlanOf } from '../plan/logical-plan.ts';
import { toPhysical } from '../plan/to-physical.ts';
import type { Lowered, Lowering } from './lower.ts';
import { columnsOf, positionsOf } from './positions.ts';

/** An unnest hands on just the required columns; all its lists count for the number of rows. */
export function lowerUnnest(plan: PlanOf<'unnest'>, required: ReadonlySet<ColumnId>, lowering: Lowering): Lowered {
  const kept = outputOf(plan.input).filter(c => required.has(c.id));
  const used = columnsOf(plan.lists.map(l => l.expr));
  const input = lowering.lower(plan.input, new Set([...kept.map(c => c.id), ...used]));
  const at = positionsOf(input.columns);
  const emitted = plan.lists.filter(l => required.has(l.column.id));
  const ordinality = plan.ordinality !== undefined && required.has(plan.ordinality.id) ? [plan.ordinality] : [];
  const node: PhysicalNode = {
    kind: 'unnest',
    lists: plan.lists.map(l => toPhysical(l.expr, at)),
    keeps: kept.map(c => at.get(c.id)!),
    emits: emitted.map(l => plan.lists.indexOf(l)),
    keepsEmpty: plan.keepsEmpty,
    ordinality: ordinality.length > 0,
  };
  const columns = [...kept, ...emitted.map(l => l.column), ...ordinality];
  const types = columns.map(c => c.type);
  return { columns: columns.map(c => c.id), plan: lowering.node(node, [input.plan], types, estimateRows(plan)) };
}
