import { outputOf } from '../../plan/columns.ts';
import type { BoundExpr } from '../../plan/expr.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import { INT64 } from '../../types/data-type.ts';
import type { Binder } from '../binder.ts';
import { makeCall } from '../exprs/bind-call.ts';
import { numberedRows } from './numbered-rows.ts';

/**
 * Pairs the rows of two plans by their positions: a full join of their numbers, in their order. NULLs fill up the shorter
 * side.
 */
export function positionalJoin(b: Binder, left: LogicalPlan, right: LogicalPlan): LogicalPlan {
  const l = numberedRows(b, left);
  const r = numberedRows(b, right);
  const condition = makeCall(b, '=', [b.ref(l.number), b.ref(r.number)]);
  b.makeNullable([...outputOf(l.plan), ...outputOf(r.plan)]);
  const joined: LogicalPlan = { kind: 'join', type: 'full', left: l.plan, right: r.plan, condition };
  const number: BoundExpr = { kind: 'coalesce', args: [b.ref(l.number), b.ref(r.number)], type: INT64 };
  const sorted: LogicalPlan = {
    kind: 'sort',
    input: joined,
    keys: [{ expr: number, descending: false, nullsFirst: false }],
  };
  const columns = outputOf(joined).filter(c => c.id !== l.number.id && c.id !== r.number.id);
  return { kind: 'project', input: sorted, columns: columns.map(column => ({ column, expr: b.ref(column) })) };
}
