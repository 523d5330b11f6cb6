import type { BoundExpr, ColumnId } from '../plan/expr.ts';
import type { LogicalPlan, PlanOf, SharedId } from '../plan/logical-plan.ts';
import { inputsOf, mapInputs } from '../plan/rewrite.ts';

/** How often a plan reads a shared subplan; reads in the step of a recursion, which runs again and again, count twice. */
export function countReferences(plan: LogicalPlan, id: SharedId): number {
  if (plan.kind === 'shared-ref') return plan.id === id ? 1 : 0;
  if (plan.kind === 'recursive') return countReferences(plan.anchor, id) + 2 * countReferences(plan.step, id);
  return inputsOf(plan).reduce((n, input) => n + countReferences(input, id), 0);
}

/** The plan with its references to a shared subplan replaced by what `definitionFor` gives for each. */
export function replaceReferences(
  plan: LogicalPlan,
  id: SharedId,
  definitionFor: (reference: PlanOf<'shared-ref'>) => LogicalPlan,
): LogicalPlan {
  if (plan.kind === 'shared-ref') return plan.id === id ? definitionFor(plan) : plan;
  return mapInputs(plan, input => replaceReferences(input, id, definitionFor));
}

/** A definition under the ids of a reference; `idOf` names the definition's columns where they were given new ids. */
export function underIdsOf(
  { columns, source }: PlanOf<'shared-ref'>,
  definition: LogicalPlan,
  idOf: (id: ColumnId) => ColumnId = id => id,
): LogicalPlan {
  const projected = columns.map((column, i) => {
    const expr: BoundExpr = { kind: 'column', id: idOf(source[i]!), type: column.type };
    return { column, expr };
  });
  return { kind: 'project', input: definition, columns: projected };
}
