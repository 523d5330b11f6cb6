import { idsOf } from '../../plan/columns.ts';
import { filtered } from '../../plan/conjuncts.ts';
import { type EquiPair, splitEquiPairs } from '../../plan/equi-pairs.ts';
import { type BoundExpr, type ColumnRef, typeOf } from '../../plan/expr.ts';
import type { JoinPlan, LogicalPlan } from '../../plan/logical-plan.ts';
import { bottomUp } from '../../plan/rewrite.ts';
import { BOOLEAN } from '../../types/data-type.ts';
import type { JoinType } from '../../types/join-type.ts';
import { type IntegerRange, type IntegerRanges, integerRanges, overlap } from '../integer-ranges.ts';
import { knownPredicates } from '../known-predicates.ts';
import { isImplied } from '../merged-conjuncts.ts';
import type { Pass, RuleContext } from '../rule.ts';

/**
 * What statistics say of one side of an equality holds for the other: rows whose key lies outside of the range never have
 * a match. So a calendar of two centuries leaves the five years that the sales are of before it is stored.
 *
 *     join inner [a.k = b.k]             join inner [a.k = b.k]
 *       scan a (k from 10 to 19)    ⇒      scan a
 *       scan b (k from 1 to 1000)          filter [b.k >= 10 and b.k <= 19]
 *                                            scan b
 *
 * After inference, which would carry the conditions back to where they tell nothing.
 */
export const narrowRanges: Pass = {
  name: 'narrow-ranges',
  run(plan, ctx) {
    const ranges = integerRanges(plan);
    return bottomUp(plan, node => (node.kind === 'join' ? narrow(node, ranges, ctx) : node));
  },
};

/** Sides whose rows may go when they have no match. */
const OF_RIGHT: ReadonlySet<JoinType> = new Set(['inner', 'left', 'single', 'semi', 'anti']);
const OF_LEFT: ReadonlySet<JoinType> = new Set(['inner', 'right', 'semi']);

function narrow(join: JoinPlan, ranges: IntegerRanges, ctx: RuleContext): LogicalPlan {
  const { pairs } = splitEquiPairs(join.condition, idsOf(join.left), idsOf(join.right));
  const onRight: BoundExpr[] = [];
  const onLeft: BoundExpr[] = [];
  for (const pair of pairs) {
    const { left, right } = pair;
    if (!isEquality(pair) || left.kind !== 'column' || right.kind !== 'column') continue;
    const [ofLeft, ofRight] = [ranges.get(left.id), ranges.get(right.id)];
    if (ofLeft === undefined || ofRight === undefined) continue;
    if (OF_RIGHT.has(join.type)) onRight.push(...bounds(right, ofRight, ofLeft, ctx));
    if (OF_LEFT.has(join.type)) onLeft.push(...bounds(left, ofLeft, ofRight, ctx));
  }
  const left = restricted(join.left, onLeft, ctx);
  const right = restricted(join.right, onRight, ctx);
  return left === join.left && right === join.right ? join : { ...join, left, right };
}

/** A side with the conditions that it lacks. */
function restricted(side: LogicalPlan, conditions: readonly BoundExpr[], { effects }: RuleContext): LogicalPlan {
  if (conditions.length === 0) return side;
  const known = knownPredicates(side, effects);
  return filtered(
    side,
    conditions.filter(c => !isImplied(c, known, effects)),
  );
}

/** NULL has a match where it counts as equal to NULL, but lies in no range. */
const isEquality = ({ condition }: EquiPair): boolean => condition.kind === 'call' && condition.fn === '=';

/** What keeps a column in another range, if that leaves at most half of its own. */
function bounds(column: ColumnRef, own: IntegerRange, other: IntegerRange, { call }: RuleContext): BoundExpr[] {
  const { min, max } = overlap(own, other);
  if (2n * (max - min + 1n) > own.max - own.min + 1n) return [];
  const type = typeOf(column);
  const isNarrow = type.kind === 'int' && type.bits <= 32;
  const compared = (fn: string, value: bigint): BoundExpr | undefined => {
    const bound: BoundExpr = { kind: 'literal', value: { type, value: isNarrow ? Number(value) : String(value) } };
    const made = call(fn, [column, bound], BOOLEAN);
    return made?.kind === 'call' ? { ...made, isImplied: true } : undefined;
  };
  const low = min > own.min ? compared('>=', min) : undefined;
  const high = max < own.max ? compared('<=', max) : undefined;
  return [low, high].flatMap(c => c ?? []);
}
