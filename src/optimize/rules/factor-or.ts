import { allOf, conjunctsOf } from '../../plan/conjuncts.ts';
import type { BoundExpr } from '../../plan/expr.ts';
import { exprKey } from '../../plan/expr-key.ts';
import type { ExprRule } from '../rule.ts';

/**
 * What all alternatives ask for is asked for once, so that it can be pushed or joined by (TPC-H 19).
 *
 *     (a and b) or (a and c)   ⇒   a and (b or c)
 *     a or (a and b)           ⇒   a
 */
export const factorOr: ExprRule = {
  name: 'factor-or',
  simplify: (e, { effects }) => {
    if (e.kind !== 'or') return e;
    const [first, ...others] = e.args.map(conjunctsOf);
    const keys = others.map(conjuncts => new Set(conjuncts.map(exprKey)));
    const common = first!.filter(
      c => !effects.mayFail(c) && !effects.isVolatile(c) && keys.every(k => k.has(exprKey(c))),
    );
    if (common.length === 0) return e;
    const shared = new Set(common.map(exprKey));
    const rests = e.args.map(arg => allOf(conjunctsOf(arg).filter(c => !shared.has(exprKey(c)))));
    const rest = rests.every(r => r !== undefined) ? [{ kind: 'or', args: rests as BoundExpr[] } as const] : [];
    return allOf([...common, ...rest])!;
  },
};
