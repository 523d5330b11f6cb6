import { assertNever } from '../common/errors.ts';
import { sameType } from '../types/data-type.ts';
import { type BoundExpr, type CallOf, type ColumnRef, type LiteralExpr, typeOf } from './expr.ts';

export type ComparisonName = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** A comparison whose right side is a constant of the left side's type; `call` is how the query has it. */
export type ConstantComparison = {
  readonly fn: ComparisonName;
  readonly left: BoundExpr;
  readonly right: LiteralExpr;
  readonly call: CallOf<ColumnRef>;
};

const MIRRORED: Readonly<Record<ComparisonName, ComparisonName>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};
const NEGATED: Readonly<Record<ComparisonName, ComparisonName>> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
};

/** The operators that compare two values, and are NULL for NULLs or take them as values. */
export const COMPARISON_OPERATORS: ReadonlySet<string> = new Set([
  ...Object.keys(MIRRORED),
  'is distinct from',
  'is not distinct from',
]);

export const isComparison = (fn: string): fn is ComparisonName => Object.hasOwn(MIRRORED, fn);

/** A comparison with a constant on either side, seen with the constant on the right. */
export function constantComparison(e: BoundExpr): ConstantComparison | undefined {
  if (e.kind !== 'call' || !isComparison(e.fn)) return undefined;
  const [a, b] = e.args as readonly [BoundExpr, BoundExpr];
  if (!sameType(typeOf(a), typeOf(b))) return undefined;
  if (b.kind === 'literal' && a.kind !== 'literal') return { fn: e.fn, left: a, right: b, call: e };
  if (a.kind === 'literal' && b.kind !== 'literal') return { fn: MIRRORED[e.fn], left: b, right: a, call: e };
  return undefined;
}

/** The comparison that is true where this one is false (both are NULL for NULLs). All six share the overload's key. */
export function negatedComparison(call: CallOf<ColumnRef>): CallOf<ColumnRef> | undefined {
  return isComparison(call.fn) ? { ...call, fn: NEGATED[call.fn] } : undefined;
}

/** Whether a comparison is true of two values in this order: < 0, 0 or > 0 as the first is less, equal or greater. */
export function holdsFor(fn: ComparisonName, order: number): boolean {
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
    default:
      return assertNever(fn);
  }
}
