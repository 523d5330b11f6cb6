import type { BoundExpr } from '../plan/expr.ts';
import type { PlanOf } from '../plan/logical-plan.ts';
import { toPhysical } from '../plan/to-physical.ts';
import type { ScalarValue } from '../types/scalar.ts';
import type { Lowered, Lowering } from './lower.ts';

/** Constant rows as they are; rows that compute something become projections of an empty row each. */
export function lowerValues(plan: PlanOf<'values'>, lowering: Lowering): Lowered {
  const types = plan.columns.map(c => c.type);
  const columns = plan.columns.map(c => c.id);
  const constant = plan.rows.map(constantRow);
  if (constant.every(row => row !== undefined)) {
    return { columns, plan: lowering.node({ kind: 'values', types, rows: constant }, [], types, constant.length) };
  }
  const none = new Map();
  const rows = plan.rows.map(row => {
    const one = lowering.node({ kind: 'values', types: [], rows: [[]] }, [], [], 1);
    return lowering.node({ kind: 'project', exprs: row.map(e => toPhysical(e, none)) }, [one], types, 1);
  });
  if (rows.length === 1) return { columns, plan: rows[0]! };
  return { columns, plan: lowering.node({ kind: 'union-all' }, rows, types, rows.length) };
}

function constantRow(row: readonly BoundExpr[]): readonly ScalarValue[] | undefined {
  const values: ScalarValue[] = [];
  for (const e of row) {
    if (e.kind !== 'literal') return undefined;
    values.push(e.value.value);
  }
  return values;
}
