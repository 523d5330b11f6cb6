import { collectColumns, idsOf, outputOf } from '../../plan/columns.ts';
import { conjunctsOf, filtered } from '../../plan/conjuncts.ts';
import { type BoundExpr, type ColumnId, typeOf } from '../../plan/expr.ts';
import type { AsofJoinPlan, LogicalPlan } from '../../plan/logical-plan.ts';
import type { Query } from '../../query/query.ts';
import { sameType } from '../../types/data-type.ts';
import type { AsofComparison, AsofJoinType } from '../../types/join-type.ts';
import { type Binder, bindError, notYet } from '../binder.ts';
import { TRUE } from '../constant.ts';
import { isCorrelated } from '../decorrelate/correlation.ts';
import { conjunction } from '../exprs/bind-call.ts';
import { keepingRightRows } from './asof-outer-join.ts';
import { numberedRows } from './numbered-rows.ts';

/** An inequality seen from the other side. */
const MIRRORED: Readonly<Record<AsofComparison, AsofComparison>> = { '>=': '<=', '>': '<', '<=': '>=', '<': '>' };

type Key = AsofJoinPlan['keys'][number];
type Match = AsofJoinPlan['match'];
type Sides = { readonly left: ReadonlySet<ColumnId>; readonly right: ReadonlySet<ColumnId> };

/**
 * An ASOF join from the conjuncts of its condition: equalities between the sides, exactly one inequality, and others,
 * which choose among the pairs of rows before the nearest one is looked for, as all of ON does.
 * @throws RayexecError `bind` where there is no inequality, or several
 */
export function asofJoin(
  b: Binder,
  type: AsofJoinType | 'right' | 'full',
  plans: { readonly left: LogicalPlan; readonly right: LogicalPlan },
  conditions: readonly BoundExpr[],
  query: Extract<Query, { kind: 'join' }>,
): LogicalPlan {
  const { left, right } = plans;
  const sides: Sides = { left: idsOf(left), right: idsOf(right) };
  if (isCorrelated(right, sides.left))
    throw notYet('a right side of an ASOF join that reads the left side is', query.right.span);
  const condition = sorted(b, sides, conditions, query);
  if (type === 'left' || type === 'full') b.makeNullable(outputOf(right));
  if (type === 'right' || type === 'full') {
    b.makeNullable(outputOf(left));
    const kept = type === 'right' ? 'inner' : 'left';
    return keepingRightRows(b, left, right, r => nearestRows(b, kept, left, r, condition));
  }
  return nearestRows(b, type, left, right, condition);
}

/** The conjuncts of an ASOF join's condition. */
type Condition = {
  readonly keys: readonly Key[];
  readonly match: Match;
  readonly ofLeft: readonly BoundExpr[];
  readonly ofRight: readonly BoundExpr[];
  readonly ofBoth: readonly BoundExpr[];
  readonly all: readonly BoundExpr[];
};

function sorted(
  b: Binder,
  sides: Sides,
  conditions: readonly BoundExpr[],
  query: Extract<Query, { kind: 'join' }>,
): Condition {
  const all = conditions.flatMap(conjunctsOf);
  const keys: Key[] = [];
  const matches: Match[] = [];
  const ofLeft: BoundExpr[] = [];
  const ofRight: BoundExpr[] = [];
  const ofBoth: BoundExpr[] = [];
  for (const c of all) {
    if (!readsAny(c, sides.right)) ofLeft.push(c);
    else if (!readsAny(c, sides.left)) ofRight.push(c);
    else {
      const pair = comparison(c, sides);
      if (pair === undefined) ofBoth.push(c);
      else if (pair.kind === 'key') keys.push(pair.key);
      else if (matches.push(pair.match) > 1) {
        throw bindError(
          'Multiple ASOF JOIN inequalities',
          b.spanOf(c) ?? query.span,
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
  return { keys, match, ofLeft, ofRight, ofBoth, all };
}

/** Left rows with the nearest right row that meets the condition, as the type keeps them. */
function nearestRows(
  b: Binder,
  type: AsofJoinType,
  left: LogicalPlan,
  right: LogicalPlan,
  { keys, match, ofLeft, ofRight, ofBoth, all }: Condition,
): LogicalPlan {
  if (ofBoth.length > 0) return nearestPairs(b, type, left, right, match, conjunction(b, all)!);
  // A left row that fails its own condition comes out without a match: as if by a key that only TRUE equals.
  const keepsLeft = type === 'left' || type === 'anti';
  const own = keepsLeft ? ofLeft.map((left): Key => ({ left, right: TRUE, nullsEqual: false })) : [];
  return {
    kind: 'asof-join',
    type,
    left: keepsLeft ? left : filtered(left, ofLeft),
    right: filtered(right, ofRight),
    keys: [...keys, ...own],
    match,
  };
}

/** Where pairs of rows have to be looked at: the nearest among all pairs that meet the condition, for each left row. */
function nearestPairs(
  b: Binder,
  type: AsofJoinType,
  left: LogicalPlan,
  right: LogicalPlan,
  match: Match,
  condition: BoundExpr,
): LogicalPlan {
  if (type === 'semi' || type === 'anti') return { kind: 'join', type, left, right, condition };
  const { plan, number } = numberedRows(b, left);
  const output = [...outputOf(left), ...outputOf(right)];
  const pairs: LogicalPlan = { kind: 'join', type, left: plan, right, condition };
  const descending = match.op === '>=' || match.op === '>';
  const orderBy = [{ expr: match.right, descending, nullsFirst: false }];
  const nearest: LogicalPlan = { kind: 'distinct-on', input: pairs, on: [b.ref(number)], orderBy };
  return { kind: 'project', input: nearest, columns: output.map(column => ({ column, expr: b.ref(column) })) };
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
