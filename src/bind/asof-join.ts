import { collectColumns, outputOf } from '../plan/columns.ts';
import { conjunctsOf, filtered } from '../plan/conjuncts.ts';
import { type BoundExpr, type ColumnId, typeOf } from '../plan/expr.ts';
import type { AsofJoinPlan, LogicalPlan } from '../plan/logical-plan.ts';
import type { Query } from '../query/query.ts';
import { sameType } from '../types/data-type.ts';
import type { AsofComparison, AsofJoinType } from '../types/join-type.ts';
import { type Binder, bindError, notYet } from './binder.ts';
import { TRUE } from './constant.ts';
import { idsOf, isCorrelated } from './correlation.ts';

/** An inequality seen from the other side. */
const MIRRORED: Readonly<Record<AsofComparison, AsofComparison>> = { '>=': '<=', '>': '<', '<=': '>=', '<': '>' };

type Key = AsofJoinPlan['keys'][number];
type Match = AsofJoinPlan['match'];
type Sides = { readonly left: ReadonlySet<ColumnId>; readonly right: ReadonlySet<ColumnId> };

/**
 * An ASOF join from the conjuncts of its condition: equalities between the sides, exactly one inequality, and conditions
 * on one side. The latter choose among the right rows before the nearest one is looked for, as all of ON does.
 * @throws RayexecError `bind` where there is no inequality, or several
 */
export function asofJoin(
  b: Binder,
  type: AsofJoinType,
  plans: { readonly left: LogicalPlan; readonly right: LogicalPlan },
  conditions: readonly BoundExpr[],
  query: Extract<Query, { kind: 'join' }>,
): LogicalPlan {
  const sides: Sides = { left: idsOf(plans.left), right: idsOf(plans.right) };
  if (isCorrelated(plans.right, sides.left))
    throw notYet('a right side of an ASOF join that reads the left side is', query.right.span);
  const keys: Key[] = [];
  const matches: Match[] = [];
  const ofLeft: BoundExpr[] = [];
  const ofRight: BoundExpr[] = [];
  let ofBoth: BoundExpr | undefined;
  for (const c of conditions.flatMap(conjunctsOf)) {
    const span = b.spanOf(c) ?? query.span;
    if (!readsAny(c, sides.right)) ofLeft.push(c);
    else if (!readsAny(c, sides.left)) ofRight.push(c);
    else {
      const pair = comparison(c, sides);
      if (pair === undefined) ofBoth ??= c;
      else if (pair.kind === 'key') keys.push(pair.key);
      else if (matches.push(pair.match) > 1) {
        throw bindError(
          'Multiple ASOF JOIN inequalities',
          span,
          'one inequality says which row is the nearest; put other conditions into WHERE',
        );
      }
    }
  }
  const [match] = matches;
  if (match === undefined) {
    throw bindError(
      'Missing ASOF JOIN inequality',
      query.span,
      'compare a column of the left side with one of the right side by >=, >, <= or <',
    );
  }
  if (ofBoth !== undefined)
    throw notYet('another condition of an ASOF join on columns of both sides is', b.spanOf(ofBoth) ?? query.span);
  // A left row that fails its own condition comes out without a match: as if by a key that only TRUE equals.
  const keepsLeft = type === 'left' || type === 'anti';
  const own = keepsLeft ? ofLeft.map((left): Key => ({ left, right: TRUE, nullsEqual: false })) : [];
  if (type === 'left') b.makeNullable(outputOf(plans.right));
  return {
    kind: 'asof-join',
    type,
    left: keepsLeft ? plans.left : filtered(plans.left, ofLeft),
    right: filtered(plans.right, ofRight),
    keys: [...keys, ...own],
    match,
  };
}

type Comparison = { readonly kind: 'key'; readonly key: Key } | { readonly kind: 'match'; readonly match: Match };

/** A comparison of a value of the left side with one of the right side; both may read columns from outside. */
function comparison(condition: BoundExpr, sides: Sides): Comparison | undefined {
  if (condition.kind !== 'call') return undefined;
  const { fn, args } = condition;
  const [a, b] = args;
  if (a === undefined || b === undefined || !sameType(typeOf(a), typeOf(b))) return undefined;
  const isStraight = !readsAny(a, sides.right) && !readsAny(b, sides.left);
  const isSwapped = !readsAny(a, sides.left) && !readsAny(b, sides.right);
  if (!isStraight && !isSwapped) return undefined;
  const [left, right] = isStraight ? [a, b] : [b, a];
  switch (fn) {
    case '=':
    case 'is not distinct from':
      return { kind: 'key', key: { left, right, nullsEqual: fn !== '=' } };
    case '>=':
    case '>':
    case '<=':
    case '<':
      return { kind: 'match', match: { op: isStraight ? fn : MIRRORED[fn], left, right } };
    default:
      return undefined;
  }
}

function readsAny(expr: BoundExpr, ids: ReadonlySet<ColumnId>): boolean {
  for (const id of collectColumns(expr)) if (ids.has(id)) return true;
  return false;
}
