import { idsOf } from '../../plan/columns.ts';
import { allOf, conjunctsOf, disjunctsOf, filtered } from '../../plan/conjuncts.ts';
import { readsOnly } from '../../plan/equi-pairs.ts';
import type { BoundExpr, ColumnId } from '../../plan/expr.ts';
import { withoutRepeats } from '../../plan/expr-key.ts';
import type { JoinPlan, LogicalPlan } from '../../plan/logical-plan.ts';
import { bottomUp } from '../../plan/rewrite.ts';
import type { JoinType } from '../../types/join-type.ts';
import type { Effects } from '../effects.ts';
import { knownPredicates } from '../known-predicates.ts';
import { isImplied } from '../merged-conjuncts.ts';
import type { Pass } from '../rule.ts';

/**
 * Alternatives over both sides of a join tell something of each side alone, where every one of them asks something
 * of it; the whole condition stays with the join (TPC-H 7, 19).
 *
 *     join inner [(a.x = 1 and b.y = 2) or (a.x = 3 and b.y = 4)]        the same join
 *       scan a                                                      ⇒      filter [a.x = 1 or a.x = 3]
 *       scan b                                                               scan a
 *                                                                          filter [b.y = 2 or b.y = 4]
 *                                                                            scan b
 */
export const deriveFromOr: Pass = {
  name: 'derive-from-or',
  run: (plan, { effects }) => bottomUp(plan, node => (node.kind === 'join' ? derive(node, effects) : node)),
};

const OF_LEFT: ReadonlySet<JoinType> = new Set(['inner', 'right', 'semi']);
const OF_RIGHT: ReadonlySet<JoinType> = new Set(['inner', 'left', 'single', 'semi', 'anti']);

function derive(join: JoinPlan, effects: Effects): LogicalPlan {
  const alternatives = conjunctsOf(join.condition).filter(
    c => c.kind === 'or' && !effects.mayFail(c) && !effects.isVolatile(c),
  );
  if (alternatives.length === 0) return join;
  const left = OF_LEFT.has(join.type) ? restricted(join.left, alternatives, effects) : join.left;
  const right = OF_RIGHT.has(join.type) ? restricted(join.right, alternatives, effects) : join.right;
  return left === join.left && right === join.right ? join : { ...join, left, right };
}

function restricted(side: LogicalPlan, alternatives: readonly BoundExpr[], effects: Effects): LogicalPlan {
  const columns = idsOf(side);
  const derived = alternatives.flatMap(a => partOver(a, columns) ?? []);
  if (derived.length === 0) return side;
  const known = [...knownPredicates(side, effects)];
  const added = derived.flatMap(conjunctsOf).filter(d => !isImplied(d, known, effects) && known.push(d));
  return filtered(side, added);
}

/** What a disjunction says of some columns alone; undefined when an alternative says nothing of them. */
function partOver(or: BoundExpr, columns: ReadonlySet<ColumnId>): BoundExpr | undefined {
  const args: BoundExpr[] = [];
  for (const alternative of disjunctsOf(or)) {
    const part = allOf(conjunctsOf(alternative).flatMap(c => over(c, columns) ?? []));
    if (part === undefined) return undefined;
    args.push(part);
  }
  const distinct = withoutRepeats(args.flatMap(disjunctsOf));
  return distinct.length === 1 ? distinct[0] : { kind: 'or', args: distinct };
}

const over = (c: BoundExpr, columns: ReadonlySet<ColumnId>): BoundExpr | undefined =>
  readsOnly(c, columns) ? c : c.kind === 'or' ? partOver(c, columns) : undefined;
