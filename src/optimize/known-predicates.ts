import { outputOf } from '../plan/columns.ts';
import { conjunctsOf } from '../plan/conjuncts.ts';
import type { BoundExpr } from '../plan/expr.ts';
import { exprKey, withoutRepeats } from '../plan/expr-key.ts';
import { columnRef } from '../plan/literals.ts';
import type { Column, LogicalPlan } from '../plan/logical-plan.ts';
import { mapExprInputs } from '../plan/rewrite.ts';
import type { Effects } from './effects.ts';
import { isImplied } from './merged-conjuncts.ts';

/** Conditions that every row of a plan satisfies, as far as filters and joins below tell; none that vary. */
export function knownPredicates(plan: LogicalPlan, effects: Effects): readonly BoundExpr[] {
  const below = (input: LogicalPlan): readonly BoundExpr[] => knownPredicates(input, effects);
  const lasting = (conditions: readonly BoundExpr[]): readonly BoundExpr[] =>
    conditions.filter(c => !effects.isVolatile(c));
  switch (plan.kind) {
    case 'scan':
      return lasting(plan.filters);
    case 'filter':
      return [...below(plan.input), ...lasting(conjunctsOf(plan.predicate))];
    case 'project':
      return renamed(below(plan.input), plan.columns);
    case 'aggregate': {
      const sets = plan.groupingSets;
      const everywhere = plan.keys.filter((_, i) => sets === undefined || sets.every(s => s.includes(i)));
      return renamed(below(plan.input), everywhere);
    }
    case 'set-op': {
      const side = (input: LogicalPlan): readonly BoundExpr[] => {
        const columns = outputOf(input);
        return renamed(
          below(input),
          plan.columns.map((column, i) => ({ column, expr: columnRef(columns[i]!) })),
        );
      };
      const left = side(plan.left);
      if (plan.op === 'except') return left;
      const right = side(plan.right);
      if (plan.op === 'intersect') return [...left, ...right];
      const ofBoth = [
        ...left.filter(c => isImplied(c, right, effects)),
        ...right.filter(c => isImplied(c, left, effects)),
      ];
      return withoutRepeats(ofBoth);
    }
    case 'join':
      switch (plan.type) {
        case 'inner':
          return [...below(plan.left), ...below(plan.right), ...lasting(conjunctsOf(plan.condition))];
        case 'right':
          return below(plan.right);
        case 'full':
          return [];
        default:
          return below(plan.left);
      }
    case 'asof-join':
      return below(plan.left);
    case 'sort':
    case 'limit':
    case 'limit-by':
    case 'top-k':
    case 'distinct-on':
    case 'unnest':
    case 'window':
    case 'shared':
      return below(plan.input);
    default:
      return [];
  }
}

/** Conditions over what is passed on, under the names that it has above: once for each name where it has several. */
function renamed(
  conditions: readonly BoundExpr[],
  columns: readonly { readonly column: Column; readonly expr: BoundExpr }[],
): readonly BoundExpr[] {
  const names = new Map<string, Column[]>();
  for (const { column, expr } of columns) {
    if (expr.kind !== 'literal') names.set(exprKey(expr), [...(names.get(exprKey(expr)) ?? []), column]);
  }
  const most = Math.max(0, ...[...names.values()].map(n => n.length));
  const result: BoundExpr[] = [];
  for (const condition of conditions) {
    for (let i = 0; i < most; i++) {
      const named = replaced(condition, e => {
        const known = names.get(exprKey(e));
        return known && columnRef(known[i % known.length]!);
      });
      if (named !== undefined) result.push(named);
    }
  }
  return withoutRepeats(result);
}

/** An expression with parts replaced, from the top; undefined when a column was not replaced. */
function replaced(expr: BoundExpr, by: (e: BoundExpr) => BoundExpr | undefined): BoundExpr | undefined {
  let complete = true;
  const visit = (e: BoundExpr): BoundExpr => {
    const found = by(e);
    if (found !== undefined) return found;
    if (e.kind === 'column') complete = false;
    return mapExprInputs(e, visit);
  };
  const result = visit(expr);
  return complete ? result : undefined;
}
