import { type BoundSource, type Column, type PlanOf, ROW_ID } from '../plan/logical-plan.ts';
import { INT64 } from '../types/data-type.ts';
import type { Binder } from './binder.ts';

/** A scan of all of a source's columns. */
export function sourceScan(
  b: Binder,
  source: BoundSource,
): { readonly plan: PlanOf<'scan'>; readonly columns: readonly Column[] } {
  const columns = source.schema.map(field => b.newColumn(field.name, field.type, field.nullable));
  return {
    plan: { kind: 'scan', source, columns: columns.map((column, index) => ({ column, index })), filters: [] },
    columns,
  };
}

/** The scan with the rows' ids, too. */
export function withRowIds(b: Binder, plan: PlanOf<'scan'>): { readonly plan: PlanOf<'scan'>; readonly rowId: Column } {
  const rowId = b.newColumn(ROW_ID, INT64, false);
  const columns = [...plan.columns, { column: rowId, index: plan.source.schema.length }];
  return { plan: { ...plan, columns }, rowId };
}
