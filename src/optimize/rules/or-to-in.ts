import { constantComparison } from '../../plan/comparison.ts';
import { type BoundExpr, typeOf } from '../../plan/expr.ts';
import { exprKey } from '../../plan/expr-key.ts';
import type { Scalar } from '../../types/scalar.ts';
import type { ExprRule } from '../rule.ts';

/**
 * Alternatives for one value become a set; a set of one becomes an equality.
 *
 *     a = 1 or b > 2 or a = 3 or a in (5, 6)   ⇒   a in (1, 3, 5, 6) or b > 2
 */
export const orToIn: ExprRule = {
  name: 'or-to-in',
  simplify: (e, { effects }) => {
    if (e.kind !== 'or') return e;
    const sets = new Map<string, { readonly input: BoundExpr; readonly items: Scalar[]; count: number }>();
    for (const arg of e.args) {
      const set = asSet(arg);
      if (set === undefined || effects.mayFail(set.input) || effects.isVolatile(set.input)) continue;
      const known = sets.get(exprKey(set.input));
      if (known === undefined) sets.set(exprKey(set.input), { input: set.input, items: [...set.items], count: 1 });
      else {
        known.items.push(...set.items);
        known.count++;
      }
    }
    const merged = new Set([...sets].filter(([, s]) => s.count > 1).map(([key]) => key));
    if (merged.size === 0) return e;
    const args: BoundExpr[] = [];
    for (const arg of e.args) {
      const key = exprKey(asSet(arg)?.input ?? arg);
      if (!merged.has(key)) args.push(arg);
      else if (sets.has(key)) {
        const { input, items } = sets.get(key)!;
        args.push({ kind: 'in', input, items, negated: false });
        sets.delete(key);
      }
    }
    return args.length === 1 ? args[0]! : { ...e, args };
  },
};

function asSet(e: BoundExpr): { readonly input: BoundExpr; readonly items: readonly Scalar[] } | undefined {
  if (e.kind === 'in' && !e.negated) return e;
  const comparison = constantComparison(e);
  // Floats have more than one way to write a number, and NaN.
  if (comparison?.fn !== '=' || typeOf(comparison.left).kind === 'float') return undefined;
  return { input: comparison.left, items: [comparison.right.value] };
}
