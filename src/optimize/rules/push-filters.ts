import { assertNever } from '../../common/errors.ts';
import { idsOf, outputOf, readsAmong } from '../../plan/columns.ts';
import { allOf, conjunctsOf, filtered } from '../../plan/conjuncts.ts';
import type { BoundExpr, ColumnId } from '../../plan/expr.ts';
import { sameExpr, withoutRepeats } from '../../plan/expr-key.ts';
import { columnRef } from '../../plan/literals.ts';
import type {
  AggregatePlan,
  Column,
  JoinPlan,
  LogicalPlan,
  PlanOf,
  ScanPlan,
  SetOpPlan,
} from '../../plan/logical-plan.ts';
import { mapInputs, substitute } from '../../plan/rewrite.ts';
import type { Effects } from '../effects.ts';
import type { Pass } from '../rule.ts';

/**
 * Filters go down to the joins, scans and aggregates that can apply them, one conjunct at a time.
 *
 *     filter [a.x > 1 and b.y = 2 and a.k = b.k]      join inner [a.k = b.k]
 *       join inner                                ⇒     scan a [a.x > 1]
 *         scan a                                        scan b [b.y = 2]
 *         scan b
 *
 * Not moved: volatile conditions; conditions that may fail, below a join, another condition or a set operation that
 * keeps rows from them; anything below a limit.
 */
export const pushFilters: Pass = {
  name: 'push-filters',
  run: (plan, { effects }) => push(plan, [], effects),
};

type Conditions = readonly BoundExpr[];

/** The plan with all conditions applied, as far down as they can go. */
function push(plan: LogicalPlan, conditions: Conditions, effects: Effects): LogicalPlan {
  switch (plan.kind) {
    case 'filter': {
      const all = [...conjunctsOf(plan.predicate), ...conditions];
      const result = push(plan.input, withoutRepeats(all), effects);
      return conditions.length === 0 && isSameFilter(plan, result) ? plan : result;
    }
    case 'project':
      return pushThroughProject(plan, conditions, effects);
    case 'aggregate':
      return pushThroughAggregate(plan, conditions, effects);
    case 'join':
      return pushIntoJoin(plan, conditions, effects);
    case 'asof-join': {
      // Which right row is the nearest depends on all of them: only conditions on left rows may go down.
      const left = idsOf(plan.left);
      const [movable, rest] = split(
        conditions,
        c => readsAmong(c, left) && !effects.isVolatile(c) && !effects.mayFail(c),
      );
      const l = push(plan.left, movable, effects);
      const r = push(plan.right, [], effects);
      return filtered(l === plan.left && r === plan.right ? plan : { ...plan, left: l, right: r }, rest);
    }
    case 'sort': {
      const [movable, rest] = split(conditions, c => !effects.isVolatile(c));
      const input = push(plan.input, movable, effects);
      return filtered(input === plan.input ? plan : { ...plan, input }, rest);
    }
    case 'distinct-on': {
      const on = new Set(plan.on.flatMap(e => (e.kind === 'column' ? [e.id] : [])));
      const [movable, rest] = split(conditions, c => !effects.isVolatile(c) && readsAmong(c, on));
      const input = push(plan.input, movable, effects);
      return filtered(input === plan.input ? plan : { ...plan, input }, rest);
    }
    case 'unnest': {
      // A row without elements never met the condition, and an unnested column is not there yet.
      const below = idsOf(plan.input);
      const movable = (c: BoundExpr): boolean =>
        readsAmong(c, below) && !effects.isVolatile(c) && (plan.keepsEmpty || !effects.mayFail(c));
      const [pushed, rest] = split(conditions, movable);
      const input = push(plan.input, pushed, effects);
      return filtered(input === plan.input ? plan : { ...plan, input }, rest);
    }
    case 'window': {
      const keys = new Set(plan.partitionBy.flatMap(e => (e.kind === 'column' ? [e.id] : [])));
      const [movable, rest] = split(conditions, c => !effects.isVolatile(c) && readsAmong(c, keys));
      const input = push(plan.input, movable, effects);
      return filtered(input === plan.input ? plan : { ...plan, input }, rest);
    }
    case 'set-op':
      return pushIntoSetOp(plan, conditions, effects);
    case 'scan':
      return pushIntoScan(plan, conditions, effects);
    case 'shared': {
      const definition = push(plan.definition, [], effects);
      const input = push(plan.input, conditions, effects);
      return definition === plan.definition && input === plan.input ? plan : { ...plan, definition, input };
    }
    case 'limit':
    case 'limit-by':
    case 'top-k':
    case 'recursive':
    case 'shared-ref':
    case 'values':
    case 'empty':
    case 'insert':
    case 'copy':
      return filtered(
        mapInputs(plan, input => push(input, [], effects)),
        conditions,
      );
    default:
      return assertNever(plan);
  }
}

function isSameFilter(before: PlanOf<'filter'>, after: LogicalPlan): boolean {
  if (after.kind !== 'filter' || after.input !== before.input) return false;
  return isSameList(conjunctsOf(before.predicate), conjunctsOf(after.predicate));
}

const isSameList = (a: Conditions, b: Conditions): boolean =>
  a.length === b.length && a.every((e, i) => sameExpr(e, b[i]!));

function split(conditions: Conditions, test: (c: BoundExpr) => boolean): [yes: BoundExpr[], no: BoundExpr[]] {
  const yes: BoundExpr[] = [];
  const no: BoundExpr[] = [];
  for (const c of conditions) (test(c) ? yes : no).push(c);
  return [yes, no];
}

function pushThroughProject(plan: PlanOf<'project'>, conditions: Conditions, effects: Effects): LogicalPlan {
  const map = new Map(plan.columns.map(c => [c.column.id, c.expr]));
  const below: BoundExpr[] = [];
  const rest: BoundExpr[] = [];
  for (const c of conditions) {
    const condition = substitute(c, map);
    if (effects.isVolatile(condition)) rest.push(c);
    else below.push(condition);
  }
  const input = push(plan.input, below, effects);
  return filtered(input === plan.input ? plan : { ...plan, input }, rest);
}

function pushThroughAggregate(plan: AggregatePlan, conditions: Conditions, effects: Effects): LogicalPlan {
  const sets = plan.groupingSets;
  // A key that some grouping set lacks is NULL there, whatever the rows say. Without keys there is a row in any case.
  const everywhere = plan.keys.filter((_, i) => sets === undefined || sets.every(s => s.includes(i)));
  const map = new Map(everywhere.map(k => [k.column.id, k.expr]));
  const below: BoundExpr[] = [];
  const rest: BoundExpr[] = [];
  for (const c of conditions) {
    const condition = substitute(c, map);
    const movable = everywhere.length > 0 && readsAmong(c, new Set(map.keys())) && !effects.isVolatile(condition);
    if (movable) below.push(condition);
    else rest.push(c);
  }
  const input = push(plan.input, below, effects);
  return filtered(input === plan.input ? plan : { ...plan, input }, rest);
}

/** Where a condition of a join, or above it, may go. */
type Place = 'left' | 'right' | 'join' | 'above';

function pushIntoJoin(plan: JoinPlan, conditions: Conditions, effects: Effects): LogicalPlan {
  const left = idsOf(plan.left);
  const right = idsOf(plan.right);
  const own = conjunctsOf(plan.condition);
  const places: Record<Place, BoundExpr[]> = { left: [], right: [], join: [], above: [] };
  for (const c of own) places[placeOfOwn(plan, c, left, right, effects)].push(c);
  for (const c of conditions) places[placeFromAbove(plan, c, left, right, effects)].push(c);
  const joined = withoutRepeats(places.join);
  const l = push(plan.left, places.left, effects);
  const r = push(plan.right, places.right, effects);
  const unchanged = l === plan.left && r === plan.right && isSameList(own, joined);
  return filtered(unchanged ? plan : { ...plan, left: l, right: r, condition: allOf(joined) }, places.above);
}

/** Where a conjunct of the join's own condition goes: to the side whose rows it only chooses among. */
function placeOfOwn(
  plan: JoinPlan,
  c: BoundExpr,
  left: ReadonlySet<ColumnId>,
  right: ReadonlySet<ColumnId>,
  effects: Effects,
): Place {
  if (effects.isVolatile(c) || effects.mayFail(c)) return 'join';
  const { type } = plan;
  const choosesLeft = type === 'inner' || type === 'right' || type === 'semi';
  const choosesRight = type === 'inner' || type === 'left' || type === 'single' || type === 'semi' || type === 'anti';
  if (choosesRight && readsAmong(c, right)) return 'right';
  if (choosesLeft && readsAmong(c, left)) return 'left';
  return 'join';
}

function placeFromAbove(
  plan: JoinPlan,
  c: BoundExpr,
  left: ReadonlySet<ColumnId>,
  right: ReadonlySet<ColumnId>,
  effects: Effects,
): Place {
  if (effects.isVolatile(c)) return 'above';
  const fails = effects.mayFail(c);
  const { type } = plan;
  if (!fails && type !== 'right' && type !== 'full' && readsAmong(c, left)) return 'left';
  if (!fails && (type === 'inner' || type === 'right') && readsAmong(c, right)) return 'right';
  // What fails may join only where no other condition has kept rows from it.
  if (type === 'inner') return fails && plan.condition !== undefined ? 'above' : 'join';
  return 'above';
}

function pushIntoSetOp(plan: SetOpPlan, conditions: Conditions, effects: Effects): LogicalPlan {
  const [movable, rest] = split(
    conditions,
    c => !effects.isVolatile(c) && (plan.op === 'union' || !effects.mayFail(c)),
  );
  const under = (input: LogicalPlan): LogicalPlan => {
    const columns: readonly Column[] = outputOf(input);
    const map = new Map(plan.columns.map((c, i) => [c.id, columnRef(columns[i]!)]));
    return push(
      input,
      movable.map(c => substitute(c, map)),
      effects,
    );
  };
  const left = under(plan.left);
  const right = under(plan.right);
  return filtered(left === plan.left && right === plan.right ? plan : { ...plan, left, right }, rest);
}

function pushIntoScan(plan: ScanPlan, conditions: Conditions, effects: Effects): LogicalPlan {
  if (plan.limit !== undefined) return filtered(plan, conditions);
  const [movable, rest] = split(conditions, c => !effects.isVolatile(c) && !effects.mayFail(c));
  const filters = withoutRepeats([...plan.filters, ...movable]);
  return filtered(filters.length === plan.filters.length ? plan : { ...plan, filters }, rest);
}
