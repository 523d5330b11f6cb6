import { filtered } from '../../plan/conjuncts.ts';
import type { Column, LogicalPlan, PlanOf } from '../../plan/logical-plan.ts';
import { INT64 } from '../../types/data-type.ts';
import type { Binder } from '../binder.ts';
import { integerOf, literal } from '../constant.ts';
import { makeCall } from '../exprs/bind-call.ts';

/**
 * The first `count` rows after `offset` of a plan that is sorted, and the rows that come at the same place as the last of
 * them; its columns and more. Undefined when the plan is not sorted.
 */
export function firstWithTies(b: Binder, plan: LogicalPlan, count: number, offset: number): LogicalPlan | undefined {
  switch (plan.kind) {
    case 'sort':
      return { ...plan, input: ranked(b, plan, count, offset) };
    case 'project':
    case 'shared': {
      const input = firstWithTies(b, plan.input, count, offset);
      return input && { ...plan, input };
    }
    default:
      return undefined;
  }
}

function ranked(b: Binder, { input, keys }: PlanOf<'sort'>, count: number, offset: number): LogicalPlan {
  const functions = ['row_number', 'rank'].map(fn => {
    const column = b.newColumn(fn, INT64, false);
    const call = {
      fn,
      overload: b.catalog.functions.resolveWindow(fn, []).overload.key,
      args: [],
      distinct: false,
      type: INT64,
      nullable: false,
      ignoreNulls: false,
      frame: { unit: 'range', start: { kind: 'unbounded-preceding' }, end: { kind: 'current-row' } },
    } as const;
    return { column, call };
  });
  const [position, rank] = functions.map(f => f.column) as [Column, Column];
  const rows = (n: number) => literal(integerOf(INT64, BigInt(n)));
  return filtered({ kind: 'window', input, partitionBy: [], orderBy: keys, functions }, [
    makeCall(b, '>', [b.ref(position), rows(offset)]),
    makeCall(b, '<=', [b.ref(rank), rows(offset + count)]),
  ]);
}
