import { assertNever } from '../common/errors.ts';
import type { JoinType } from '../types/join-type.ts';
import { idsOf } from './columns.ts';
import { allOf } from './conjuncts.ts';
import { type EquiPair, splitEquiPairs } from './equi-pairs.ts';
import { type ColumnEstimate, distinctAmong, type Estimate } from './estimate.ts';
import type { BoundExpr } from './expr.ts';
import type { JoinPlan } from './logical-plan.ts';
import { estimateExpr, selectivity } from './selectivity.ts';

/** What a join of two estimated inputs hands up. */
export function estimateJoin(plan: JoinPlan, left: Estimate, right: Estimate): Estimate {
  const columns = new Map([...left.columns, ...right.columns]);
  const { pairs, rest } = splitEquiPairs(plan.condition, idsOf(plan.left), idsOf(plan.right));
  const both: Estimate = { rows: left.rows * right.rows, columns };
  const residual = allOf(rest);
  const rows = estimateJoinRows(plan.type, {
    left,
    right,
    pairs,
    equal: equiSelectivity(pairs, left, right),
    residual: residual === undefined ? 1 : selectivity(residual, both),
  });
  const keepsLeft = plan.type === 'semi' || plan.type === 'anti' || plan.type === 'mark';
  return { rows, columns: keepsLeft ? left.columns : columns };
}

/** Two inputs of a join and its condition: the equalities, the part of all pairs for which they hold, and of those the part for which the rest holds. */
export type JoinEstimate = {
  readonly left: Estimate;
  readonly right: Estimate;
  readonly pairs: readonly Pick<EquiPair, 'left' | 'right'>[];
  readonly equal: number;
  readonly residual: number;
};

/** How many rows a join is expected to hand up. */
export function estimateJoinRows(type: JoinType, join: JoinEstimate): number {
  const { left, right } = join;
  const matches = left.rows * right.rows * join.equal * join.residual;
  switch (type) {
    case 'inner':
      return matches;
    case 'left':
      return Math.max(left.rows, matches);
    case 'right':
      return Math.max(right.rows, matches);
    case 'full':
      return Math.max(left.rows, right.rows, matches);
    case 'single':
    case 'mark':
      return left.rows;
    case 'semi':
      return left.rows * matchedPart(join);
    case 'anti':
      return left.rows * Math.max(0.1, 1 - matchedPart(join));
    default:
      return assertNever(type);
  }
}

/** The part of all pairs of rows for which equalities hold. */
export function equiSelectivity(
  pairs: readonly Pick<EquiPair, 'left' | 'right'>[],
  left: Estimate,
  right: Estimate,
): number {
  if (pairs.length === 0) return 1;
  const l = combined(
    pairs.map(p => p.left),
    left,
  );
  const r = combined(
    pairs.map(p => p.right),
    right,
  );
  const [ofLeft, ofRight] = [partWithin(l, r), partWithin(r, l)];
  const common = commonDistinct(
    { ...l, distinct: Math.max(1, l.distinct * ofLeft) },
    { ...r, distinct: Math.max(1, r.distinct * ofRight) },
  );
  return (
    ((1 - l.nulls) * (1 - r.nulls) * rowsWithin(l, ofLeft, left.rows) * rowsWithin(r, ofRight, right.rows)) / common
  );
}

/** No less is expected of ranges that hardly meet: bounds are rough. */
const LEAST_PART = 0.001;

/** The part of a column's range that lies in another's; 1 where ranges are not known. */
function partWithin(a: ColumnEstimate, b: ColumnEstimate): number {
  if (a.min === undefined || a.max === undefined || b.min === undefined || b.max === undefined) return 1;
  if (a.max <= a.min) return 1;
  const shared = Math.min(a.max, b.max) - Math.max(a.min, b.min);
  return Math.max(LEAST_PART, Math.min(1, shared / (a.max - a.min)));
}

/**
 * The part of rows whose values lie in a part of the column's range. Of the whole table it is that part; what filters on
 * other columns have left is taken to lie there first: a calendar covers two centuries, but people ask for years of
 * which there are sales.
 */
const rowsWithin = (column: ColumnEstimate, part: number, rows: number): number =>
  Math.min(1, part * Math.max(1, column.tableRows / Math.max(1, rows)));

/**
 * Different values of the domain that two keys share. Where both are only bounds, the smaller one is taken: joins mostly
 * follow a foreign key, and its values are those of the other side.
 */
function commonDistinct(l: ColumnEstimate, r: ColumnEstimate): number {
  if (l.bound && r.bound) return Math.min(l.distinct, r.distinct);
  if (l.bound) return r.distinct;
  if (r.bound) return l.distinct;
  return Math.max(l.distinct, r.distinct);
}

/** Several keys as one: no more different values than the table has rows. */
function combined(keys: readonly BoundExpr[], input: Estimate): ColumnEstimate {
  const only = keys.length === 1 ? estimateExpr(keys[0]!, input) : undefined;
  if (only !== undefined) return only;
  let distinct = 1;
  let tableRows = 0;
  let nulls = 0;
  let bound = keys.length > 1;
  for (const key of keys) {
    const k = estimateExpr(key, input) ?? {
      distinct: Math.max(1, input.rows),
      bound: true,
      tableRows: input.rows,
      nulls: 0,
    };
    distinct *= k.distinct;
    tableRows = Math.max(tableRows, k.tableRows);
    nulls = Math.max(nulls, k.nulls);
    bound ||= k.bound;
  }
  return { distinct: Math.max(1, keys.length > 1 ? Math.min(distinct, tableRows) : distinct), bound, tableRows, nulls };
}

/** The part of the left rows that have a match on the right. */
function matchedPart({ pairs, left, right, residual }: JoinEstimate): number {
  if (right.rows <= 0) return 0;
  if (pairs.length === 0) return Math.min(1, right.rows * residual);
  const l = combined(
    pairs.map(p => p.left),
    left,
  );
  const r = combined(
    pairs.map(p => p.right),
    right,
  );
  const perKey = Math.max(1, right.rows / Math.max(1, distinctAmong(r.distinct, right.rows)));
  const withMatch = distinctAmong(r.distinct, right.rows) / commonDistinct(l, r);
  return Math.min(1, withMatch) * Math.min(1, perKey * residual);
}
