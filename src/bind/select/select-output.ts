import { idsOf, outputOf } from '../../plan/columns.ts';
import { type BoundExpr, type ColumnId, typeOf } from '../../plan/expr.ts';
import type { Column, LogicalPlan, ProjectColumn } from '../../plan/logical-plan.ts';
import type { Binder } from '../binder.ts';
import { nullable } from '../nullability.ts';
import { type Bound, unnamedScope } from '../scope.ts';

/** A column of a result under its name. */
export type NamedBound = { readonly name: string; readonly expr: BoundExpr };

/**
 * Projects expressions. A column that is handed on under its own name keeps its id, once; everything else gets a new
 * one, so that what the projection hands up is its own.
 */
export function projected(
  b: Binder,
  input: LogicalPlan,
  items: readonly NamedBound[],
): { readonly plan: LogicalPlan; readonly columns: readonly Column[] } {
  const available = idsOf(input);
  const used = new Set<ColumnId>();
  const columns = items.map(({ name, expr }): ProjectColumn => {
    if (expr.kind === 'column' && available.has(expr.id) && !used.has(expr.id) && !b.hasOwnCollation(expr)) {
      const column = b.column(expr.id);
      if (column.name === name) {
        used.add(expr.id);
        return { column, expr };
      }
    }
    const made = b.project(name, expr, typeOf(expr), nullable(b, expr));
    const origin = expr.kind === 'column' ? b.originOf(expr.id) : undefined;
    if (origin !== undefined) b.setOrigin(made.column, origin);
    b.collateColumn(made.column, b.collationOf(expr));
    return made;
  });
  return { plan: { kind: 'project', input, columns }, columns: columns.map(c => c.column) };
}

/** A plan that hands up just these columns, under no relation's name. */
export function narrowed(b: Binder, plan: LogicalPlan, columns: readonly Column[], names: readonly string[]): Bound {
  const scope = unnamedScope(columns.map((column, i) => ({ name: names[i]!, column })));
  const output = outputOf(plan);
  if (output.length === columns.length && output.every((c, i) => c.id === columns[i]!.id)) return { plan, scope };
  return {
    plan: { kind: 'project', input: plan, columns: columns.map(column => ({ column, expr: b.ref(column) })) },
    scope,
  };
}
