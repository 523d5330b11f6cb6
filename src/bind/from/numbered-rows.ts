import type { Column, LogicalPlan } from '../../plan/logical-plan.ts';
import { INT64 } from '../../types/data-type.ts';
import type { Binder } from '../binder.ts';

/** A plan with the positions of its rows, from 1, as a last column. */
export function numberedRows(b: Binder, input: LogicalPlan): { readonly plan: LogicalPlan; readonly number: Column } {
  const { overload } = b.catalog.functions.resolveWindow('row_number', []);
  const number = b.newColumn('position', INT64, false);
  const call = {
    fn: 'row_number',
    overload: overload.key,
    args: [],
    distinct: false,
    type: INT64,
    nullable: false,
    ignoreNulls: false,
    frame: { unit: 'range', start: { kind: 'unbounded-preceding' }, end: { kind: 'current-row' } },
  } as const;
  const functions = [{ column: number, call }];
  return { plan: { kind: 'window', input, partitionBy: [], orderBy: [], functions }, number };
}
