import type { Span } from '../../common/errors.ts';
import { outputOf } from '../../plan/columns.ts';
import { filtered } from '../../plan/conjuncts.ts';
import type { BoundExpr, BoundSortKey, BoundWindowCall, ColumnId } from '../../plan/expr.ts';
import type { Column, LogicalPlan, PlanOf, ProjectColumn, SharedId } from '../../plan/logical-plan.ts';
import { mapAggregate, mapExprs, mapSortKeys, substitute } from '../../plan/rewrite.ts';
import { INT64 } from '../../types/data-type.ts';
import { type Binder, notYet } from '../binder.ts';
import { integerOf, literal } from '../constant.ts';
import { conjunction, makeCall } from '../exprs/bind-call.ts';
import { isCorrelated, reads, readsShared } from './correlation.ts';
import { type Domain, type DomainMap, sameDomain } from './domain.ts';
import { countsApart } from './join-parts.ts';
import { wholeApart } from './whole-apart.ts';

/** A plan over the domain: its own columns and, under the ids in `map`, the outer values that each row belongs to. */
type Pushed = { readonly plan: LogicalPlan; readonly map: DomainMap };

type PushContext = {
  readonly b: Binder;
  readonly domain: Domain;
  /** The outer columns that the domain has. */
  readonly outer: ReadonlySet<ColumnId>;
  /** Shared subplans that were made to run over the domain, with where their definitions hand up its columns. */
  readonly shared: Map<SharedId, DomainMap>;
  readonly span: Span | undefined;
};

/** Makes a plan run once for every row of the domain, without reading anything from outside: operators take its columns along. */
export function pushDomain(ctx: PushContext, plan: LogicalPlan): Pushed {
  if (!needsDomain(ctx, plan)) return crossed(ctx, plan);
  switch (plan.kind) {
    case 'filter': {
      const below = pushDomain(ctx, plan.input);
      return {
        plan: { ...plan, input: below.plan, predicate: inDomain(ctx, plan.predicate, below.map) },
        map: below.map,
      };
    }
    case 'project': {
      const below = pushDomain(ctx, plan.input);
      const columns = plan.columns.map(c => ({ ...c, expr: inDomain(ctx, c.expr, below.map) }));
      return {
        plan: { ...plan, input: below.plan, columns: [...columns, ...passed(ctx.b, below.map)] },
        map: below.map,
      };
    }
    case 'sort':
      // Rows meet in a join next, which keeps no order.
      return pushDomain(ctx, plan.input);
    case 'values':
      return pushValues(ctx, plan);
    case 'aggregate':
      return pushAggregate(ctx, plan);
    case 'join':
      return pushJoin(ctx, plan);
    case 'asof-join':
      return pushAsofJoin(ctx, plan);
    case 'set-op':
      return pushSetOp(ctx, plan);
    case 'limit':
      return pushLimit(ctx, plan);
    case 'distinct-on': {
      const below = pushDomain(ctx, plan.input);
      const expr = (e: BoundExpr) => inDomain(ctx, e, below.map);
      return {
        plan: {
          ...plan,
          input: below.plan,
          on: [...plan.on.map(expr), ...refs(ctx.b, below.map)],
          orderBy: mapSortKeys(plan.orderBy, expr),
        },
        map: below.map,
      };
    }
    case 'unnest': {
      const below = pushDomain(ctx, plan.input);
      const lists = plan.lists.map(l => ({ ...l, expr: inDomain(ctx, l.expr, below.map) }));
      return { plan: { ...plan, input: below.plan, lists }, map: below.map };
    }
    case 'window':
      return pushWindow(ctx, plan);
    case 'shared':
      return pushShared(ctx, plan);
    case 'recursive':
      return pushRecursive(ctx, plan);
    case 'shared-ref':
      return pushRef(ctx, plan);
    default:
      throw notYet(`a correlated subquery with ${plan.kind} is`, ctx.span);
  }
}

function needsDomain(ctx: PushContext, plan: LogicalPlan): boolean {
  return isCorrelated(plan, ctx.outer) || (ctx.shared.size > 0 && readsShared(plan, new Set(ctx.shared.keys())));
}

function crossed(ctx: PushContext, right: LogicalPlan): Pushed {
  const { plan: left, map } = ctx.domain.use();
  return { plan: { kind: 'join', type: 'inner', left, right }, map };
}

function inDomain(ctx: PushContext, expr: BoundExpr, map: DomainMap): BoundExpr {
  if (!reads(expr, ctx.outer)) return expr;
  return substitute(expr, new Map([...map].map(([id, column]) => [id, ctx.b.ref(column)])));
}

const refs = (b: Binder, map: DomainMap): readonly BoundExpr[] => [...map.values()].map(c => b.ref(c));
const passed = (b: Binder, map: DomainMap): readonly ProjectColumn[] =>
  [...map.values()].map(column => ({ column, expr: b.ref(column) }));

/** Constant rows that read outer columns: a projection of the domain for every row. */
function pushValues(ctx: PushContext, plan: PlanOf<'values'>): Pushed {
  const { b } = ctx;
  const rows = plan.rows.map(row => {
    const { plan: input, map } = ctx.domain.use();
    const columns = plan.columns.map((c, i) => ({
      column: b.newColumn(c.name, c.type, b.isNullable(c.id)),
      expr: inDomain(ctx, row[i]!, map),
    }));
    return { plan: { kind: 'project', input, columns: [...columns, ...passed(b, map)] } as LogicalPlan, map };
  });
  const first = rows[0];
  if (first === undefined) return crossed(ctx, plan);
  const domain = [...first.map].map(([id, c]) => [id, b.newColumn(c.name, c.type, b.isNullable(c.id))] as const);
  const columns = [...plan.columns, ...domain.map(([, c]) => c)];
  const map = new Map(domain);
  if (rows.length === 1) {
    const from = outputOf(first.plan);
    return {
      plan: {
        kind: 'project',
        input: first.plan,
        columns: columns.map((column, i) => ({ column, expr: b.ref(from[i]!) })),
      },
      map,
    };
  }
  const union = rows.slice(1).reduce<LogicalPlan>((left, row, i) => {
    const last = i === rows.length - 2;
    const out = last ? columns : columns.map(c => b.newColumn(c.name, c.type, c.nullable));
    return { kind: 'set-op', op: 'union', all: true, left, right: row.plan, columns: out };
  }, first.plan);
  return { plan: union, map };
}

function pushAggregate(ctx: PushContext, plan: PlanOf<'aggregate'>): Pushed {
  const { b } = ctx;
  if (plan.groupingSets?.some(s => s.length === 0)) return pushDomain(ctx, wholeApart(b, plan));
  const below = pushDomain(ctx, plan.input);
  const expr = (e: BoundExpr) => inDomain(ctx, e, below.map);
  const keys = plan.keys.map(k => ({ ...k, expr: expr(k.expr) }));
  // Keys of the domain come first, where they leave the bits of the grouping id alone.
  const domainKeys = passed(b, below.map);
  const grouped: PlanOf<'aggregate'> = {
    ...plan,
    input: below.plan,
    keys: [...domainKeys, ...keys],
    aggregates: plan.aggregates.map(a => ({ ...a, aggregate: mapAggregate(a.aggregate, expr) })),
    ...(plan.groupingSets === undefined
      ? {}
      : { groupingSets: plan.groupingSets.map(s => [...domainKeys.keys(), ...s.map(i => domainKeys.length + i)]) }),
  };
  if (plan.keys.length > 0) return { plan: grouped, map: below.map };
  // Without keys there is a row even where the input has none: those outer values come back by an outer join.
  const { plan: left, map } = ctx.domain.use();
  const apart = countsApart(b, grouped);
  const right = apart.plan;
  b.makeNullable(outputOf(right));
  const joined: LogicalPlan = {
    kind: 'join',
    type: 'left',
    left,
    right,
    condition: conjunction(b, sameDomain(b, map, below.map))!,
  };
  const restored = new Map(apart.counts.map(c => [c.column.id, c]));
  const columns = plan.aggregates.map(({ column }) => restored.get(column.id) ?? { column, expr: b.ref(column) });
  return { plan: { kind: 'project', input: joined, columns: [...columns, ...passed(b, map)] }, map };
}

function pushJoin(ctx: PushContext, plan: PlanOf<'join'>): Pushed {
  const { b } = ctx;
  const rightNeeds = needsDomain(ctx, plan.right);
  const leftNeeds = needsDomain(ctx, plan.left);
  const conditionNeeds = plan.condition !== undefined && reads(plan.condition, ctx.outer);
  // Rows without a match come out as well: their side must know which outer row they belong to.
  const keepsRight = plan.type === 'right' || plan.type === 'full';
  const pushRight = rightNeeds || keepsRight;
  const pushLeft =
    leftNeeds || (plan.type === 'inner' ? !pushRight && conditionNeeds : plan.type !== 'right' || conditionNeeds);
  const left = pushLeft ? pushDomain(ctx, plan.left) : undefined;
  const right = pushRight ? pushDomain(ctx, plan.right) : undefined;
  const map = plan.type === 'right' ? right!.map : (left?.map ?? right!.map);
  const parts = plan.condition === undefined ? [] : [inDomain(ctx, plan.condition, map)];
  if (left !== undefined && right !== undefined) parts.push(...sameDomain(b, left.map, right.map));
  const condition = conjunction(b, parts);
  const { condition: _, ...rest } = plan;
  const joined: LogicalPlan = {
    ...rest,
    left: left?.plan ?? plan.left,
    right: right?.plan ?? plan.right,
    ...(condition === undefined ? {} : { condition }),
  };
  return plan.type === 'full' ? mergedDomain(b, joined, left!.map, right!.map, outputOf(plan)) : { plan: joined, map };
}

/** Each left row comes once for an outer row, and the nearest right row is one for the same outer row. */
function pushAsofJoin(ctx: PushContext, plan: PlanOf<'asof-join'>): Pushed {
  const { b } = ctx;
  const left = pushDomain(ctx, plan.left);
  const readsOuter = [...plan.keys, plan.match].some(k => reads(k.right, ctx.outer));
  const right = readsOuter || needsDomain(ctx, plan.right) ? pushDomain(ctx, plan.right) : undefined;
  const side = <T extends { readonly left: BoundExpr; readonly right: BoundExpr }>(k: T): T => ({
    ...k,
    left: inDomain(ctx, k.left, left.map),
    right: right === undefined ? k.right : inDomain(ctx, k.right, right.map),
  });
  const sameOuter = [...(right?.map ?? [])].map(([id, column]) => ({
    left: b.ref(left.map.get(id)!),
    right: b.ref(column),
    nullsEqual: true,
  }));
  return {
    plan: {
      ...plan,
      left: left.plan,
      right: right?.plan ?? plan.right,
      keys: [...plan.keys.map(side), ...sameOuter],
      match: side(plan.match),
    },
    map: left.map,
  };
}

/** After a full join an outer value stands on either side. */
function mergedDomain(
  b: Binder,
  input: LogicalPlan,
  left: DomainMap,
  right: DomainMap,
  own: readonly Column[],
): Pushed {
  const merged = [...left].map(([id, l]) => {
    const column = b.newColumn(l.name, l.type, b.isNullable(l.id));
    const expr: BoundExpr = { kind: 'coalesce', args: [b.ref(l), b.ref(right.get(id)!)], type: l.type };
    return { id, column, expr };
  });
  const columns = [
    ...own.map(column => ({ column, expr: b.ref(column) })),
    ...merged.map(({ column, expr }) => ({ column, expr })),
  ];
  return { plan: { kind: 'project', input, columns }, map: new Map(merged.map(m => [m.id, m.column])) };
}

function pushSetOp(ctx: PushContext, plan: PlanOf<'set-op'>): Pushed {
  const { b } = ctx;
  const side = (input: LogicalPlan): LogicalPlan => {
    const pushed = pushDomain(ctx, input);
    // Columns of a set operation go by position: the input's own first, then the domain's.
    const own = outputOf(input).map(column => ({ column, expr: b.ref(column) }));
    return { kind: 'project', input: pushed.plan, columns: [...own, ...passed(b, pushed.map)] };
  };
  const left = side(plan.left);
  const right = side(plan.right);
  const domain = outputOf(left)
    .slice(plan.columns.length)
    .map(c => b.newColumn(c.name, c.type, b.isNullable(c.id)));
  return {
    plan: { ...plan, left, right, columns: [...plan.columns, ...domain] },
    map: new Map([...ctx.outer].map((id, i) => [id, domain[i]!])),
  };
}

/** Every outer value has partitions of its own. */
function pushWindow(ctx: PushContext, plan: PlanOf<'window'>): Pushed {
  const below = pushDomain(ctx, plan.input);
  const own = mapExprs(plan, e => inDomain(ctx, e, below.map)) as PlanOf<'window'>;
  const partitionBy = [...own.partitionBy, ...refs(ctx.b, below.map)];
  return { plan: { ...own, input: below.plan, partitionBy }, map: below.map };
}

/** The first rows for every outer value. */
function pushLimit(ctx: PushContext, plan: PlanOf<'limit'>): Pushed {
  if (plan.count === undefined && plan.offset === 0) return pushDomain(ctx, plan.input);
  if (plan.count === 0) return crossed(ctx, { kind: 'empty', columns: outputOf(plan.input) });
  const sort = plan.input.kind === 'sort' ? plan.input : undefined;
  const below = pushDomain(ctx, sort?.input ?? plan.input);
  const orderBy = mapSortKeys(sort?.keys ?? [], e => inDomain(ctx, e, below.map));
  const on = refs(ctx.b, below.map);
  return plan.count === 1 && plan.offset === 0
    ? { plan: { kind: 'distinct-on', input: below.plan, on, orderBy }, map: below.map }
    : { plan: numbered(ctx.b, below.plan, on, orderBy, plan), map: below.map };
}

/** The rows of a limit, by their numbers in each partition. */
function numbered(
  b: Binder,
  input: LogicalPlan,
  partitionBy: readonly BoundExpr[],
  orderBy: readonly BoundSortKey[],
  { count, offset }: PlanOf<'limit'>,
): LogicalPlan {
  const column = b.newColumn('row_number', INT64, false);
  const number = b.ref(column);
  const window: LogicalPlan = {
    kind: 'window',
    input,
    partitionBy,
    orderBy,
    functions: [{ column, call: ROW_NUMBER }],
  };
  const bound = (n: number) => literal(integerOf(INT64, BigInt(n)));
  const wanted = [
    ...(offset === 0 ? [] : [makeCall(b, '>', [number, bound(offset)])]),
    ...(count === undefined ? [] : [makeCall(b, '<=', [number, bound(offset + count)])]),
  ];
  const columns = outputOf(input).map(c => ({ column: c, expr: b.ref(c) }));
  return { kind: 'project', input: filtered(window, wanted), columns };
}

const ROW_NUMBER: BoundWindowCall = {
  fn: 'row_number',
  overload: 'none',
  args: [],
  distinct: false,
  type: INT64,
  nullable: false,
  ignoreNulls: false,
  frame: { unit: 'range', start: { kind: 'unbounded-preceding' }, end: { kind: 'current-row' } },
};

function pushShared(ctx: PushContext, plan: PlanOf<'shared'>): Pushed {
  let { definition } = plan;
  if (needsDomain(ctx, definition)) {
    const pushed = pushDomain(ctx, definition);
    ctx.shared.set(plan.id, pushed.map);
    definition = pushed.plan;
  }
  const below = pushDomain(ctx, plan.input);
  return { plan: { ...plan, definition, input: below.plan }, map: below.map };
}

/** Every outer row has a recursion of its own: what the rounds hand on says whose it is. */
function pushRecursive(ctx: PushContext, plan: PlanOf<'recursive'>): Pushed {
  const { b } = ctx;
  const side = (input: LogicalPlan): LogicalPlan => {
    const pushed = pushDomain(ctx, input);
    const own = outputOf(input).map(column => ({ column, expr: b.ref(column) }));
    return { kind: 'project', input: pushed.plan, columns: [...own, ...passed(b, pushed.map)] };
  };
  const anchor = side(plan.anchor);
  const domain = outputOf(anchor)
    .slice(plan.columns.length)
    .map(c => b.newColumn(c.name, c.type, true));
  const map = new Map([...ctx.outer].map((id, i) => [id, domain[i]!]));
  ctx.shared.set(plan.id, map);
  return { plan: { ...plan, anchor, step: side(plan.step), columns: [...plan.columns, ...domain] }, map };
}

function pushRef(ctx: PushContext, plan: PlanOf<'shared-ref'>): Pushed {
  const defined = ctx.shared.get(plan.id);
  if (defined === undefined) return crossed(ctx, plan);
  const map = new Map([...defined].map(([id, c]) => [id, ctx.b.newColumn(c.name, c.type, ctx.b.isNullable(c.id))]));
  return {
    plan: {
      ...plan,
      columns: [...plan.columns, ...map.values()],
      source: [...plan.source, ...[...defined.values()].map(c => c.id)],
    },
    map,
  };
}
