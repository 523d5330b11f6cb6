import { collectColumns, outputOf } from '../plan/columns.ts';
import { conjunctsOf } from '../plan/conjuncts.ts';
import type { BoundExpr, ColumnId } from '../plan/expr.ts';
import { columnRef } from '../plan/literals.ts';
import type { LogicalPlan } from '../plan/logical-plan.ts';
import { substitute } from '../plan/rewrite.ts';
import type { Effects } from './effects.ts';

/** Conditions that every row of a plan satisfies, as far as filters and joins below tell; none that may fail or vary. */
export function knownPredicates(plan: LogicalPlan, effects: Effects): readonly BoundExpr[] {
  const below = (input: LogicalPlan): readonly BoundExpr[] => knownPredicates(input, effects);
  const harmless = (conditions: readonly BoundExpr[]): readonly BoundExpr[] =>
    conditions.filter(c => !effects.isVolatile(c) && !effects.mayFail(c));
  switch (plan.kind) {
    case 'scan':
      return harmless(plan.filters);
    case 'filter':
      return [...below(plan.input), ...harmless(conjunctsOf(plan.predicate))];
    case 'project':
      return renamed(below(plan.input), plan.columns);
    case 'aggregate':
      return plan.groupingSets === undefined ? renamed(below(plan.input), plan.keys) : [];
    case 'join':
      switch (plan.type) {
        case 'inner':
          return [...below(plan.left), ...below(plan.right), ...harmless(conjunctsOf(plan.condition))];
        case 'right':
          return below(plan.right);
        case 'full':
          return [];
        default:
          return below(plan.left);
      }
    case 'sort':
    case 'limit':
    case 'top-k':
    case 'distinct-on':
    case 'shared':
      return below(plan.input);
    default:
      return [];
  }
}

/** Conditions over columns that are passed on, under the names that they have above. */
function renamed(
  conditions: readonly BoundExpr[],
  columns: readonly { readonly column: Parameters<typeof columnRef>[0]; readonly expr: BoundExpr }[],
): readonly BoundExpr[] {
  const map = new Map<ColumnId, BoundExpr>();
  for (const { column, expr } of columns) if (expr.kind === 'column') map.set(expr.id, columnRef(column));
  return conditions.filter(c => [...collectColumns(c)].every(id => map.has(id))).map(c => substitute(c, map));
}

/** The ids of the columns that a plan hands up. */
export const idsOf = (plan: LogicalPlan): ReadonlySet<ColumnId> => new Set(outputOf(plan).map(c => c.id));
