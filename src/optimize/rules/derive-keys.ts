import { collectColumns, outputOf } from '../../plan/columns.ts';
import { type BoundExpr, type ColumnId, typeOf } from '../../plan/expr.ts';
import { columnRef } from '../../plan/literals.ts';
import type { ProjectColumn } from '../../plan/logical-plan.ts';
import { substitute } from '../../plan/rewrite.ts';
import type { DataType } from '../../types/data-type.ts';
import type { PlanRule, RuleContext } from '../rule.ts';

/** Types whose equal values are the same value: zeros have signs, and intervals of equal length different fields. */
const IDENTICAL: ReadonlySet<DataType['kind']> = new Set([
  'boolean',
  'int',
  'decimal',
  'utf8',
  'binary',
  'date',
  'time',
  'timestamp',
  'uuid',
]);

/**
 * Keys that other keys determine are computed once for each group, and not looked up for each row.
 *
 *     aggregate by [x, x - 1, upper(t), t]        project [x, x - 1, upper(t), t]
 *       scan                                ⇒       aggregate by [x, t]
 *                                                     scan
 */
export const deriveKeys: PlanRule<'aggregate'> = {
  name: 'derive-keys',
  on: 'aggregate',
  apply(plan, ctx) {
    if (plan.groupingSets !== undefined) return undefined;
    const columns = new Map<ColumnId, BoundExpr>();
    for (const { column, expr } of plan.keys) {
      if (expr.kind === 'column' && IDENTICAL.has(typeOf(expr).kind) && !columns.has(expr.id))
        columns.set(expr.id, columnRef(column));
    }
    const derived = new Map<ColumnId, BoundExpr>();
    for (const key of plan.keys) {
      if (isDerived(key, columns, ctx)) derived.set(key.column.id, substitute(key.expr, columns));
    }
    if (derived.size === 0) return undefined;
    return {
      kind: 'project',
      input: { ...plan, keys: plan.keys.filter(k => !derived.has(k.column.id)) },
      columns: outputOf(plan).map(column => ({ column, expr: derived.get(column.id) ?? columnRef(column) })),
    };
  },
};

function isDerived({ column, expr }: ProjectColumn, keys: ReadonlyMap<ColumnId, BoundExpr>, ctx: RuleContext): boolean {
  if (expr.kind === 'column') {
    const same = keys.get(expr.id);
    return same?.kind === 'column' && same.id !== column.id;
  }
  const used = collectColumns(expr);
  return used.size > 0 && [...used].every(id => keys.has(id)) && !ctx.effects.isVolatile(expr);
}
