import { outputOf } from '../../plan/columns.ts';
import type { Column, LogicalPlan } from '../../plan/logical-plan.ts';
import type { Binder } from '../binder.ts';
import { nullOf } from '../constant.ts';
import { sharedPlan } from '../decorrelate/shared-plan.ts';
import { makeCall } from '../exprs/bind-call.ts';
import { numberedRows } from './numbered-rows.ts';

/**
 * An ASOF join that keeps right rows: the rows of the join, then those of its right side that no left row was matched
 * with.
 *
 *     r = right with positions;  j = left asof join r
 *     j  union all  select NULLs, r.* from r anti join j using (position)
 *
 * @param join the join of the left side with `right`, of the given columns
 */
export function keepingRightRows(
  b: Binder,
  left: LogicalPlan,
  right: LogicalPlan,
  join: (right: LogicalPlan) => LogicalPlan,
): LogicalPlan {
  const { plan: numbered, number } = numberedRows(b, right);
  const rows = sharedPlan(b, numbered);
  const joined = sharedPlan(b, join(rows.read(outputOf(numbered)).plan));
  const output: readonly Column[] = [...outputOf(left), ...outputOf(right)];
  const renewed = (): Column[] => output.map(c => b.newColumn(c.name, c.type, b.isNullable(c.id)));

  const matched = joined.read();
  const matchedRows: LogicalPlan = {
    kind: 'project',
    input: matched.plan,
    columns: renewed().map((column, i) => ({ column, expr: b.ref(matched.columns[i]!) })),
  };
  const all = rows.read();
  const found = joined.read();
  const position = outputOf(numbered).indexOf(number);
  const same = makeCall(b, '=', [b.ref(all.columns[position]!), b.ref(found.columns[found.columns.length - 1]!)]);
  const others: LogicalPlan = { kind: 'join', type: 'anti', left: all.plan, right: found.plan, condition: same };
  const width = outputOf(left).length;
  const otherRows: LogicalPlan = {
    kind: 'project',
    input: others,
    columns: renewed().map((column, i) => ({
      column,
      expr: i < width ? nullOf(column.type) : b.ref(all.columns[i - width]!),
    })),
  };
  const both = {
    kind: 'set-op',
    op: 'union',
    all: true,
    left: matchedRows,
    right: otherRows,
    columns: output,
  } as const;
  return rows.define(joined.define(both));
}
