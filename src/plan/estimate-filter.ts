import { collectColumns } from './columns.ts';
import { constantComparison } from './comparison.ts';
import { allOf, conjunctsOf } from './conjuncts.ts';
import type { ColumnEstimate, Estimate } from './estimate.ts';
import type { BoundExpr, ColumnId } from './expr.ts';
import { positionOfScalar } from './scalar-position.ts';
import { selectivity } from './selectivity.ts';

/** What is left of an input by a predicate: fewer rows, and fewer values of the columns that it restricts themselves. */
export function filteredEstimate(input: Estimate, predicate: BoundExpr | undefined): Estimate {
  const conjuncts = conjunctsOf(predicate);
  const counted = conjuncts.filter(c => c.kind !== 'call' || c.isImplied !== true);
  const condition = counted.length === conjuncts.length ? predicate : allOf(counted);
  if (condition === undefined) return input;
  const columns = new Map(input.columns);
  for (const c of counted) {
    const [id, ...others] = collectColumns(c);
    if (id === undefined || others.length > 0) continue;
    const before = columns.get(id);
    if (before !== undefined) columns.set(id, restricted(before, c, id, input));
  }
  return { rows: input.rows * selectivity(condition, input), columns };
}

function restricted(before: ColumnEstimate, c: BoundExpr, id: ColumnId, input: Estimate): ColumnEstimate {
  if (c.kind === 'call' && c.fn === 'is null') return { ...before, distinct: 1, bound: false, nulls: 1 };
  const known = { ...before, nulls: 0 };
  if (c.kind === 'in' && !c.negated)
    return { ...known, distinct: Math.min(before.distinct, c.items.length), bound: false };
  const distinct = Math.max(1, before.distinct * selectivity(c, input));
  const comparison = constantComparison(c);
  if (comparison?.left.kind !== 'column' || comparison.left.id !== id) return { ...known, distinct };
  const at = positionOfScalar(comparison.right.value);
  switch (comparison.fn) {
    case '=':
      return { ...known, distinct: 1, bound: false, min: at, max: at };
    case '<':
    case '<=':
      return {
        ...known,
        distinct,
        max: at === undefined || before.max === undefined ? before.max : Math.min(at, before.max),
      };
    case '>':
    case '>=':
      return {
        ...known,
        distinct,
        min: at === undefined || before.min === undefined ? before.min : Math.max(at, before.min),
      };
    default:
      return { ...known, distinct };
  }
}
