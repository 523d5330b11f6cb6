import type { BoundExpr } from './expr.ts';
import type { LogicalPlan } from './logical-plan.ts';

/** The conditions of which a predicate is the conjunction, nested ANDs taken apart; none for an absent one. */
export function conjunctsOf(predicate: BoundExpr | undefined): readonly BoundExpr[] {
  if (predicate === undefined) return [];
  if (predicate.kind !== 'and') return [predicate];
  return predicate.args.some(isAnd) ? predicate.args.flatMap(conjunctsOf) : predicate.args;
}

const isAnd = (e: BoundExpr): boolean => e.kind === 'and';

/** The alternatives of which a predicate is the disjunction, nested ORs taken apart. */
export function disjunctsOf(predicate: BoundExpr): readonly BoundExpr[] {
  return predicate.kind === 'or' ? predicate.args.flatMap(disjunctsOf) : [predicate];
}

/** The conjunction of conditions; undefined for none. */
export function allOf(conditions: readonly BoundExpr[]): BoundExpr | undefined {
  if (conditions.length <= 1) return conditions[0];
  return { kind: 'and', args: conditions };
}

/** The plan's rows that satisfy all conditions; the plan itself when there are none. */
export function filtered(input: LogicalPlan, conditions: readonly BoundExpr[]): LogicalPlan {
  const predicate = allOf(conditions);
  return predicate === undefined ? input : { kind: 'filter', input, predicate };
}
