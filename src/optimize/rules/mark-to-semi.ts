import { outputOf } from '../../plan/columns.ts';
import { COMPARISON_OPERATORS } from '../../plan/comparison.ts';
import { conjunctsOf, filtered } from '../../plan/conjuncts.ts';
import type { BoundExpr, ColumnId } from '../../plan/expr.ts';
import { columnRef, FALSE, isFalse, TRUE } from '../../plan/literals.ts';
import type { JoinPlan, LogicalPlan } from '../../plan/logical-plan.ts';
import type { PlanRule } from '../rule.ts';

/**
 * A mark that only chooses rows is a semi or anti join. The latter only where the mark can't be unknown: rows for
 * which NOT IN is NULL are dropped, an anti join would keep them.
 *
 *     filter [mark and p]                    filter [p]
 *       join mark [a.k = b.k] a b      ⇒       join semi [a.k = b.k] a b
 */
export const markToSemi: PlanRule<'filter'> = {
  name: 'mark-to-semi',
  on: 'filter',
  apply({ input, predicate }) {
    if (input.kind !== 'join' || input.type !== 'mark' || input.mark === undefined) return undefined;
    const { mark } = input;
    const conjuncts = conjunctsOf(predicate);
    const asked = conjuncts.find(c => isMark(c, mark.id));
    const refused = conjuncts.find(c => isNotMark(c, mark.id) && (!mark.nullable || isNeverUnknown(input)));
    const used = asked ?? refused;
    if (used === undefined) return undefined;
    const { mark: _, ...join } = input;
    const joined: LogicalPlan = { ...join, type: asked === undefined ? 'anti' : 'semi' };
    const value = asked === undefined ? FALSE : TRUE;
    const columns = outputOf(input).map(column => ({
      column,
      expr: column.id === mark.id ? value : columnRef(column),
    }));
    return filtered(
      { kind: 'project', input: joined, columns },
      conjuncts.filter(c => c !== used),
    );
  },
};

/** The mark, or coalesce(mark, false), which a filter can't tell from it. */
function isMark(e: BoundExpr, id: ColumnId): boolean {
  if (e.kind === 'column') return e.id === id;
  return e.kind === 'coalesce' && e.args.length === 2 && isMark(e.args[0]!, id) && isFalse(e.args[1]!);
}

function isNotMark(e: BoundExpr, id: ColumnId): boolean {
  if (e.kind !== 'call' || e.fn !== 'not') return false;
  const [of] = e.args;
  return of?.kind === 'column' && of.id === id;
}

/** Comparisons of columns that hold no NULLs are never unknown. */
function isNeverUnknown(join: JoinPlan): boolean {
  const never = new Set([...outputOf(join.left), ...outputOf(join.right)].flatMap(c => (c.nullable ? [] : [c.id])));
  return conjunctsOf(join.condition).every(c => {
    if (c.kind === 'coalesce') return isPresent(c.args.at(-1)!, never);
    return c.kind === 'call' && COMPARISON_OPERATORS.has(c.fn) && c.args.every(a => isPresent(a, never));
  });
}

function isPresent(e: BoundExpr, never: ReadonlySet<ColumnId>): boolean {
  if (e.kind === 'column') return never.has(e.id);
  if (e.kind === 'literal') return e.value.value !== null;
  return e.kind === 'cast' && !e.try && isPresent(e.input, never);
}
