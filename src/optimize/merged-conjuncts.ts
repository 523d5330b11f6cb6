import { compareScalars } from '../plan/compare-scalars.ts';
import { type ConstantComparison, constantComparison, holdsFor } from '../plan/comparison.ts';
import type { BoundExpr } from '../plan/expr.ts';
import { exprKey } from '../plan/expr-key.ts';
import { FALSE } from '../plan/literals.ts';
import type { Scalar } from '../types/scalar.ts';
import type { Effects } from './effects.ts';

/** What is asked of one value. */
type Bounds = {
  readonly conditions: readonly BoundExpr[];
  readonly comparisons: ConstantComparison[];
  sets: Extract<BoundExpr, { kind: 'in' }>[];
};

/**
 * Conditions, of which those on one value are brought to the narrowest; [false] when they contradict each other. The
 * same list when there is nothing to merge. A NULL must count as false where they stand.
 */
export function mergedConjuncts(conjuncts: readonly BoundExpr[], effects: Effects): readonly BoundExpr[] {
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
  return holdsFor(fn, compareScalars(value, right.value)!);
}

/** Whether a condition says nothing that the known ones don't say already. */
export function isImplied(condition: BoundExpr, known: readonly BoundExpr[], effects: Effects): boolean {
  const keys = new Set(known.map(exprKey));
  if (keys.has(exprKey(condition))) return true;
  const before = mergedConjuncts(known, effects).map(exprKey);
  const after = mergedConjuncts([...known, condition], effects).map(exprKey);
  return after.length === before.length && after.every(k => before.includes(k));
}
