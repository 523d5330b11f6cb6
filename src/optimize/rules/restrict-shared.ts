import { collectColumns } from '../../plan/columns.ts';
import { allOf, conjunctsOf, filtered } from '../../plan/conjuncts.ts';
import type { BoundExpr, ColumnId } from '../../plan/expr.ts';
import { withoutRepeats } from '../../plan/expr-key.ts';
import { columnRef } from '../../plan/literals.ts';
import type { LogicalPlan, PlanOf, SharedId } from '../../plan/logical-plan.ts';
import { bottomUp, inputsOf, substitute } from '../../plan/rewrite.ts';
import type { Effects } from '../effects.ts';
import { knownPredicates } from '../known-predicates.ts';
import { isImplied } from '../merged-conjuncts.ts';
import type { Pass } from '../rule.ts';

/**
 * Rows of a shared subplan that none of its readers keeps are not made: where every reader asks something of a column, the
 * definition is asked for the rows that suit any of them (TPC-DS 4, 11, 31, 39, 74). The readers' filters stay.
 *
 *     shared $1                           shared $1
 *       definition                          filter [m = 1 or m = 2]
 *       join …                    ⇒           definition
 *         filter [a.m = 1]                  join …
 *           shared-ref $1 → a                 the same
 *         filter [b.m = 2]
 *           shared-ref $1 → b
 */
export const restrictShared: Pass = {
  name: 'restrict-shared',
  run: (plan, { effects }) => bottomUp(plan, node => (node.kind === 'shared' ? restrict(node, effects) : node)),
};

function restrict(plan: PlanOf<'shared'>, effects: Effects): LogicalPlan {
  const asked = askedOf(plan.input, plan.id, effects);
  const known = [...knownPredicates(plan.definition, effects)];
  const added = [...(asked[0]?.keys() ?? [])]
    .flatMap(column => anyOf(asked.map(a => a.get(column))) ?? [])
    .filter(c => !isImplied(c, known, effects) && known.push(c));
  return added.length === 0 ? plan : { ...plan, definition: filtered(plan.definition, added) };
}

/** What a reader asks of single columns, under the definition's names. */
type Asked = ReadonlyMap<ColumnId, readonly BoundExpr[]>;

/** What each reader of a shared subplan asks of it. */
function askedOf(plan: LogicalPlan, id: SharedId, effects: Effects): Asked[] {
  if (plan.kind === 'shared-ref') return plan.id === id ? [new Map()] : [];
  if (plan.kind === 'filter' && plan.input.kind === 'shared-ref' && plan.input.id === id)
    return [conditionsOf(plan.predicate, plan.input, effects)];
  return inputsOf(plan).flatMap(input => askedOf(input, id, effects));
}

function conditionsOf(predicate: BoundExpr, { columns, source }: PlanOf<'shared-ref'>, effects: Effects): Asked {
  const names = new Map(columns.map((c, i) => [c.id, columnRef({ ...c, id: source[i]! })]));
  const asked = new Map<ColumnId, BoundExpr[]>();
  for (const condition of conjunctsOf(predicate)) {
    if (effects.mayFail(condition) || effects.isVolatile(condition)) continue;
    const renamed = substitute(condition, names);
    const [column, other] = collectColumns(renamed);
    if (column !== undefined && other === undefined) asked.set(column, [...(asked.get(column) ?? []), renamed]);
  }
  return asked;
}

/** What suits any of the readers; undefined when one of them asks nothing. */
function anyOf(readers: readonly (readonly BoundExpr[] | undefined)[]): BoundExpr | undefined {
  const alternatives: BoundExpr[] = [];
  for (const conditions of readers) {
    const all = conditions && allOf(conditions);
    if (all === undefined) return undefined;
    alternatives.push(all);
  }
  const distinct = withoutRepeats(alternatives);
  return distinct.length === 1 ? distinct[0] : { kind: 'or', args: distinct };
}
