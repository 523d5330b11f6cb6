import { compareScalars } from '../../plan/compare-scalars.ts';
import { type ConstantComparison, constantComparison } from '../../plan/comparison.ts';
import { allOf, conjunctsOf } from '../../plan/conjuncts.ts';
import type { BoundExpr } from '../../plan/expr.ts';
import { exprKey } from '../../plan/expr-key.ts';
import { FALSE } from '../../plan/literals.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import { bottomUp } from '../../plan/rewrite.ts';
import type { Scalar } from '../../types/scalar.ts';
import type { Effects } from '../effects.ts';
import type { Pass } from '../rule.ts';

/**
 * Several conditions on one value leave the narrowest, or nothing.
 *
 *     x > 1 and x >= 3 and x < 9    ⇒   x >= 3 and x < 9
 *     x = 2 and x < 5               ⇒   x = 2
 *     x in (1, 2, 7) and x < 5      ⇒   x in (1, 2)
 *     x > 5 and x < 3               ⇒   false
 *
 * Only where a NULL counts as false: in filters, scans and conditions of joins other than mark.
 */
export const mergeRanges: Pass = {
  name: 'merge-ranges',
  run: (plan, { effects }) => bottomUp(plan, node => mergeIn(node, effects)),
};

function mergeIn(plan: LogicalPlan, effects: Effects): LogicalPlan {
  switch (plan.kind) {
    case 'filter': {
      const conjuncts = conjunctsOf(plan.predicate);
      const merged = merge(conjuncts, effects);
      return merged === conjuncts ? plan : { ...plan, predicate: allOf(merged)! };
    }
    case 'scan': {
      const filters = merge(plan.filters, effects);
      return filters === plan.filters ? plan : { ...plan, filters };
    }
    case 'join': {
      if (plan.type === 'mark') return plan;
      const conjuncts = conjunctsOf(plan.condition);
      const merged = merge(conjuncts, effects);
      return merged === conjuncts ? plan : { ...plan, condition: allOf(merged) };
    }
    default:
      return plan;
  }
}

/** What is asked of one value. */
type Bounds = {
  readonly conditions: readonly BoundExpr[];
  readonly comparisons: ConstantComparison[];
  sets: Extract<BoundExpr, { kind: 'in' }>[];
};

function merge(conjuncts: readonly BoundExpr[], effects: Effects): readonly BoundExpr[] {
  const byValue = new Map<string, Bounds & { conditions: BoundExpr[] }>();
  for (const c of conjuncts) {
    const comparison = constantComparison(c);
    const set = c.kind === 'in' && !c.negated ? c : undefined;
    const value = comparison?.left ?? set?.input;
    if (value === undefined || comparison?.fn === '<>' || effects.isVolatile(value) || effects.mayFail(value)) continue;
    const bounds = byValue.get(exprKey(value)) ?? { conditions: [], comparisons: [], sets: [] };
    byValue.set(exprKey(value), bounds);
    bounds.conditions.push(c);
    if (comparison !== undefined) bounds.comparisons.push(comparison);
    if (set !== undefined) bounds.sets.push(set);
  }
  let result = conjuncts;
  for (const bounds of byValue.values()) {
    if (bounds.conditions.length < 2) continue;
    const kept = narrowest(bounds);
    if (kept === 'none') return [FALSE];
    if (kept.length === bounds.conditions.length && kept.every(k => bounds.conditions.includes(k))) continue;
    const dropped = new Set(bounds.conditions);
    const at = result.indexOf(bounds.conditions[0]!);
    result = result.flatMap((c, i) => (i === at ? kept : dropped.has(c) ? [] : [c]));
  }
  return result;
}

function narrowest({ conditions, comparisons, sets }: Bounds): readonly BoundExpr[] | 'none' {
  const values = comparisons.map(c => c.right.value);
  const all = [...values, ...sets.flatMap(s => s.items)];
  // Where the order of any two constants is unknown nothing is concluded.
  if (all.some(v => compareScalars(v, all[0]!) === undefined)) return conditions;
  if (sets.length > 0) return narrowestSet(comparisons, sets);
  const equal = comparisons.find(c => c.fn === '=');
  if (equal !== undefined) return comparisons.every(c => holds(equal.right.value, c)) ? [equal.call] : 'none';
  const lower = tightest(
    comparisons.filter(c => c.fn === '>' || c.fn === '>='),
    1,
  );
  const upper = tightest(
    comparisons.filter(c => c.fn === '<' || c.fn === '<='),
    -1,
  );
  if (lower !== undefined && upper !== undefined) {
    const order = compareScalars(lower.right.value, upper.right.value)!;
    if (order > 0 || (order === 0 && (lower.fn === '>' || upper.fn === '<'))) return 'none';
  }
  return [lower, upper].flatMap(c => (c === undefined ? [] : [c.call]));
}

function narrowestSet(
  comparisons: readonly ConstantComparison[],
  [first, ...others]: Bounds['sets'],
): readonly BoundExpr[] | 'none' {
  const isIn = (v: Scalar, items: readonly Scalar[]): boolean => items.some(i => compareScalars(i, v) === 0);
  const items = first!.items.filter(v => comparisons.every(c => holds(v, c)) && others.every(o => isIn(v, o.items)));
  if (items.length === 0) return 'none';
  return [items.length === first!.items.length ? first! : { ...first!, items }];
}

/** The bound that leaves least: the greatest lower (direction 1) or the smallest upper one. */
function tightest(bounds: readonly ConstantComparison[], direction: 1 | -1): ConstantComparison | undefined {
  let best: ConstantComparison | undefined;
  for (const b of bounds) {
    const order = best === undefined ? 1 : direction * compareScalars(b.right.value, best.right.value)!;
    if (order > 0 || (order === 0 && (b.fn === '<' || b.fn === '>'))) best = b;
  }
  return best;
}

function holds(value: Scalar, { fn, right }: ConstantComparison): boolean {
  const order = compareScalars(value, right.value)!;
  switch (fn) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}
