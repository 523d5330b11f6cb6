import { exprInputs } from '../../plan/columns.ts';
import type { BoundExpr, ColumnId } from '../../plan/expr.ts';
import { substitute } from '../../plan/rewrite.ts';
import type { PlanRule } from '../rule.ts';

/**
 * Two projections become one where nothing is computed twice that way.
 *
 *     project [c * 2 as d]           project [(a + b) * 2 as d]
 *       project [a + b as c]    ⇒      …
 */
export const mergeProjects: PlanRule<'project'> = {
  name: 'merge-projects',
  on: 'project',
  apply({ input, columns }, { effects }) {
    if (input.kind !== 'project') return undefined;
    const uses = new Map<ColumnId, number>();
    for (const c of columns) countUses(c.expr, uses);
    const repeats = input.columns.some(c => !isSimple(c.expr) && (uses.get(c.column.id) ?? 0) > 1);
    if (repeats || input.columns.some(c => effects.isVolatile(c.expr))) return undefined;
    const map = new Map(input.columns.map(c => [c.column.id, c.expr]));
    return {
      kind: 'project',
      input: input.input,
      columns: columns.map(c => ({ ...c, expr: substitute(c.expr, map) })),
    };
  },
};

const isSimple = (e: BoundExpr): boolean => e.kind === 'column' || e.kind === 'literal';

function countUses(e: BoundExpr, uses: Map<ColumnId, number>): void {
  if (e.kind === 'column') uses.set(e.id, (uses.get(e.id) ?? 0) + 1);
  else for (const input of exprInputs(e)) countUses(input, uses);
}
