import { collectColumns, idsOf } from '../../plan/columns.ts';
import { filtered } from '../../plan/conjuncts.ts';
import { type EquiPair, splitEquiPairs } from '../../plan/equi-pairs.ts';
import type { BoundExpr } from '../../plan/expr.ts';
import type { JoinPlan, LogicalPlan } from '../../plan/logical-plan.ts';
import { bottomUp, substitute } from '../../plan/rewrite.ts';
import type { JoinType } from '../../types/join-type.ts';
import type { Effects } from '../effects.ts';
import { knownPredicates } from '../known-predicates.ts';
import { isImplied } from '../merged-conjuncts.ts';
import type { Pass } from '../rule.ts';

/**
 * What holds for one side of an equality holds for the other: the other side of the join is filtered too, so that
 * fewer rows are read and stored.
 *
 *     join inner [a.k = b.k]        join inner [a.k = b.k]
 *       scan a [a.k < 5]        ⇒     scan a [a.k < 5]
 *       scan b                        filter [b.k < 5]
 *                                       scan b
 */
export const inferPredicates: Pass = {
  name: 'infer-predicates',
  run: (plan, { effects }) => bottomUp(plan, node => (node.kind === 'join' ? infer(node, effects) : node)),
};

/** Sides whose rows may go when they have no match. */
const TO_RIGHT: ReadonlySet<JoinType> = new Set(['inner', 'left', 'single', 'semi', 'anti']);
const TO_LEFT: ReadonlySet<JoinType> = new Set(['inner', 'right', 'semi']);

function infer(join: JoinPlan, effects: Effects): LogicalPlan {
  const { pairs } = splitEquiPairs(join.condition, idsOf(join.left), idsOf(join.right));
  if (pairs.length === 0) return join;
  const right = TO_RIGHT.has(join.type) ? carriedOver(join.left, join.right, pairs, effects) : join.right;
  const left = TO_LEFT.has(join.type) ? carriedOver(join.right, join.left, pairs.map(mirrored), effects) : join.left;
  return left === join.left && right === join.right ? join : { ...join, left, right };
}

const mirrored = ({ left, right, condition }: EquiPair): EquiPair => ({ left: right, right: left, condition });

/** The target with the conditions that are known of the source's side of each equality, where it lacks them. */
function carriedOver(
  source: LogicalPlan,
  target: LogicalPlan,
  pairs: readonly EquiPair[],
  effects: Effects,
): LogicalPlan {
  const known = knownPredicates(source, effects).filter(c => !effects.mayFail(c));
  if (known.length === 0) return target;
  const has = [...knownPredicates(target, effects)];
  const added: BoundExpr[] = [];
  for (const { left, right } of pairs) {
    if (left.kind !== 'column' || right.kind !== 'column') continue;
    for (const predicate of known) {
      const columns = collectColumns(predicate);
      if (columns.size !== 1 || !columns.has(left.id)) continue;
      const other = substitute(predicate, new Map([[left.id, right]]));
      if (isImplied(other, has, effects)) continue;
      has.push(other);
      added.push(other);
    }
  }
  return filtered(target, added);
}
