import { collectColumns, outputOf } from '../../plan/columns.ts';
import { conjunctsOf, filtered } from '../../plan/conjuncts.ts';
import type { BoundExpr, ColumnId } from '../../plan/expr.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import type { Expr } from '../../query/expr.ts';
import type { Binder } from '../binder.ts';
import { applyJoins } from '../decorrelate/subquery-join.ts';
import type { ExprEnv } from '../env.ts';
import { condition } from '../exprs/bind-call.ts';
import { expandColumns } from '../exprs/bind-columns.ts';
import { bindAsSemiJoin } from '../exprs/bind-subquery.ts';

/**
 * Filters a plan by a condition. Conjuncts without subqueries come first, below the joins that subqueries become;
 * those that read a subquery's result come above.
 */
export function filteredBy(b: Binder, input: LogicalPlan, env: ExprEnv, predicate: Expr): LogicalPlan {
  // COLUMNS(…) in a condition: all of them must meet it.
  const parts = partsOf(predicate).flatMap(part => expandColumns(b, part, env.scope)?.map(c => c.expr) ?? [part]);
  const all = parts.flatMap((part): readonly BoundExpr[] => {
    const semi = bindAsSemiJoin(b, env, part);
    if (semi !== undefined) return semi.filter === undefined ? [] : [semi.filter];
    return conjunctsOf(condition(b, b.expr(b, env, part), env.clause));
  });
  const joined = new Set<ColumnId>();
  for (const join of env.joins) {
    for (const c of outputOf(join.plan)) joined.add(c.id);
    if (join.mark !== undefined) joined.add(join.mark.id);
  }
  const isLate = (e: BoundExpr) => [...collectColumns(e)].some(id => joined.has(id));
  const early = filtered(
    input,
    all.filter(e => !isLate(e)),
  );
  return filtered(applyJoins(b, early, env.joins), all.filter(isLate));
}

function partsOf(expr: Expr): readonly Expr[] {
  return expr.kind === 'call' && expr.fn.toLowerCase() === 'and' ? expr.args.flatMap(partsOf) : [expr];
}
