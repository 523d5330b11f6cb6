import { compareScalars } from '../../plan/compare-scalars.ts';
import { type PhysicalExpr, typeOf } from '../../plan/expr.ts';
import { BOOLEAN } from '../../types/data-type.ts';
import type { Scalar } from '../../types/scalar.ts';

/**
 * Bounds between the ranges of a key, in rising order, none of them NULL: range i has the values from bound i - 1 on and
 * below bound i; NULL is in the first.
 */
export type KeyBounds = readonly Scalar[];

/** Whether a key lies before a bound. */
export const isBefore = (key: PhysicalExpr, bound: Scalar): PhysicalExpr => comparison('<', key, bound);

/** Whether a key lies at a bound or behind it. */
export const isBehind = (key: PhysicalExpr, bound: Scalar): PhysicalExpr => comparison('>=', key, bound);

/** What is not `isBehind`: also NULL. */
export const isNotBehind = (key: PhysicalExpr, bound: Scalar): PhysicalExpr => ({
  kind: 'coalesce',
  args: [isBefore(key, bound), { kind: 'literal', value: { type: BOOLEAN, value: true } }],
  type: BOOLEAN,
});

/** The range that a value lies in. */
export function rangeOf(value: Scalar, bounds: KeyBounds): number {
  let [low, high] = [0, bounds.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareScalars(value, bounds[middle]!)! < 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** @param bound of the key's type */
function comparison(fn: '<' | '>=', key: PhysicalExpr, bound: Scalar): PhysicalExpr {
  const value: Scalar = { type: typeOf(key), value: bound.value };
  return { kind: 'call', fn, overload: 'any', args: [key, { kind: 'literal', value }], type: BOOLEAN };
}
