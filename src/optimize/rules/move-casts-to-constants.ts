import { type ComparisonName, constantComparison, isComparison } from '../../plan/comparison.ts';
import { type BoundExpr, typeOf } from '../../plan/expr.ts';
import { sameType } from '../../types/data-type.ts';
import type { Scalar } from '../../types/scalar.ts';
import { keepsValues } from '../effects.ts';
import { literalBelowCast } from '../literal-below-cast.ts';
import type { ExprRule } from '../rule.ts';

/**
 * A column that is cast only to be compared with a constant is compared as it is: the constant takes the column's
 * type, so that no row is cast and sources can prune.
 *
 *     cast(d as timestamp) <= timestamp '1998-09-02 00:00'   ⇒   d <= date '1998-09-02'
 *     cast(d as timestamp) < timestamp '1998-09-02 10:00'    ⇒   d <= date '1998-09-02'
 *     cast(i as bigint) = cast(j as bigint)                  ⇒   i = j
 *
 * Casts that may change values or their order stay.
 */
export const moveCastsToConstants: ExprRule = {
  name: 'move-casts-to-constants',
  simplify: e => (e.kind === 'in' ? loweredIn(e) : (loweredComparison(e) ?? loweredPair(e) ?? e)),
};

/** For a constant between two values of the column's type, by its floor: x < 2.5 is x <= 2. */
const BETWEEN: Partial<Record<ComparisonName, ComparisonName>> = { '<': '<=', '<=': '<=', '>': '>', '>=': '>' };

function loweredComparison(e: BoundExpr): BoundExpr | undefined {
  const comparison = constantComparison(e);
  if (comparison === undefined || comparison.left.kind !== 'cast') return undefined;
  const { input } = comparison.left;
  const lowered = literalBelowCast(comparison.right.value, typeOf(input));
  if (lowered === undefined) return undefined;
  const fn = lowered.exact ? comparison.fn : BETWEEN[comparison.fn];
  return fn === undefined
    ? undefined
    : { ...comparison.call, fn, args: [input, { kind: 'literal', value: lowered.floor }] };
}

function loweredPair(e: BoundExpr): BoundExpr | undefined {
  if (e.kind !== 'call' || !isComparison(e.fn)) return undefined;
  const [a, b] = e.args as readonly [BoundExpr, BoundExpr];
  if (a.kind !== 'cast' || b.kind !== 'cast') return undefined;
  const from = typeOf(a.input);
  return sameType(from, typeOf(b.input)) && keepsValues(from, a.type) ? { ...e, args: [a.input, b.input] } : undefined;
}

function loweredIn(e: Extract<BoundExpr, { kind: 'in' }>): BoundExpr {
  if (e.input.kind !== 'cast') return e;
  const from = typeOf(e.input.input);
  const items: Scalar[] = [];
  for (const item of e.items) {
    const lowered =
      item.value === null ? { floor: { type: from, value: null }, exact: true } : literalBelowCast(item, from);
    if (lowered?.exact !== true) return e;
    items.push(lowered.floor);
  }
  return { ...e, input: e.input.input, items };
}
