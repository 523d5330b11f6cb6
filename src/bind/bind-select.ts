import { outputOf } from '../plan/columns.ts';
import { filtered } from '../plan/conjuncts.ts';
import type { BoundExpr } from '../plan/expr.ts';
import type { LogicalPlan } from '../plan/logical-plan.ts';
import type { Expr } from '../query/expr.ts';
import type { GroupBy, GroupingElement, SelectQuery } from '../query/query.ts';
import { AggregateCollector } from './aggregate-collector.ts';
import { groupedPlan, readsAggregate, regroupJoin } from './bind-aggregate.ts';
import { condition } from './bind-call.ts';
import { bindGroupBy, bindItem, type GroupItem, type Grouping, ordinalOf } from './bind-group-by.ts';
import { limited } from './bind-limit.ts';
import { bindOrderBy, type OrderKey, outputOrExpr } from './bind-order-by.ts';
import type { Item } from './bind-star.ts';
import { bindFromItem } from './bind-table.ts';
import { filteredBy } from './bind-where.ts';
import { type Binder, bindError, notYet } from './binder.ts';
import type { ExprEnv, QueryEnv } from './env.ts';
import { evaluatedOnce, isVolatile } from './evaluated-once.ts';
import { expandItems } from './expand-items.ts';
import { ONE_ROW } from './one-row.ts';
import { type Bound, EMPTY_SCOPE, type Scope, sameName } from './scope.ts';
import { type NamedBound, narrowed, projected } from './select-output.ts';
import { applyJoins, type SubqueryJoin } from './subquery-join.ts';

/** Binds SELECT: FROM, WHERE, GROUP BY, HAVING, the list, DISTINCT, ORDER BY, LIMIT, in the order in which they happen. */
export function bindSelect(b: Binder, query: SelectQuery, env: QueryEnv): Bound {
  if (query.qualify !== undefined) throw notYet('QUALIFY is', query.qualify.span);
  const from = query.from === undefined ? { plan: ONE_ROW, scope: EMPTY_SCOPE } : bindFromItem(b, query.from, env);
  const { scope } = from;
  const items = expandItems(b, query.items, scope);
  if (items.length === 0) throw bindError('SELECT list is empty', query.items[0]?.expr.span);
  const place = (clause: string): ExprEnv => ({ scope, outer: env.outer, ctes: env.ctes, clause, joins: [] });
  const where = place('WHERE clause');
  const input =
    query.where === undefined
      ? from.plan
      : filteredBy(b, from.plan, { ...where, aliases: aliasesIn(b, where, items) }, query.where);

  const collector = new AggregateCollector();
  const list = listEnv(b, { ...place('SELECT list'), aggregates: collector }, items);
  for (const [i, item] of items.entries()) list.bind(item, i);
  const after: ExprEnv = { ...list.env, aliases: list.all };
  // HAVING sees what comes out of grouping: an aggregate's alias comes before an input column of the same name.
  const aliasFirst = (name: string): boolean => {
    const alias = list.all(name);
    if (alias === undefined || !readsAggregate(alias, collector)) return false;
    return !groupsBy(query.groupBy, scope, name, items, list.bound, collector);
  };
  const havingEnv: ExprEnv = { ...after, clause: 'HAVING clause', aliasFirst };
  const having = query.having && condition(b, b.expr(b, havingEnv, query.having), 'HAVING');
  const distinctOn = Array.isArray(query.distinct)
    ? (query.distinct as readonly SelectQuery['items'][number]['expr'][])
    : [];
  const named = () => items.map((item, i) => ({ name: item.name, expr: list.bound[i]! }));
  const orderables = named();
  const order = bindOrderBy(b, { ...after, clause: 'ORDER BY clause' }, query.orderBy ?? [], orderables);
  const on = distinctOn.map(e =>
    outputOrExpr(b, { ...after, clause: 'DISTINCT ON clause' }, e, orderables, 'DISTINCT ON'),
  );
  const parts: Parts = { list: named(), having, order, on };
  const groupEnv: ExprEnv = { ...place('GROUP BY clause'), joins: collector.joins };
  const stage = grouped(b, query, input, groupEnv, items, collector, list, parts);
  const joined = applyJoins(b, stage.plan, list.env.joins);
  const rows = stage.parts.having === undefined ? joined : filtered(joined, [stage.parts.having]);
  return finish(b, query, rows, stage.parts);
}

/** Whether GROUP BY has the input column of this name, which the groups then have as well. */
function groupsBy(
  groupBy: GroupBy | undefined,
  scope: Scope,
  name: string,
  items: readonly Item[],
  bound: readonly BoundExpr[],
  collector: AggregateCollector,
): boolean {
  const columns = new Set(scope.columns.filter(c => sameName(c.name, name)).map(c => c.column.id));
  const isColumn = (e: BoundExpr | undefined) => e?.kind === 'column' && columns.has(e.id);
  if (groupBy?.kind === 'all') return bound.some(e => isColumn(e) && !readsAggregate(e, collector));
  return (groupBy?.elements ?? []).flatMap(exprsOf).some(e => {
    const ordinal = ordinalOf(e);
    if (ordinal !== undefined) return isColumn(bound[ordinal - 1]);
    if (e.kind !== 'name') return false;
    const last = e.path.at(-1)!;
    return sameName(last, name) || isColumn(bound[items.findIndex(i => i.alias && sameName(i.alias, last))]);
  });
}

function exprsOf(element: GroupingElement): readonly Expr[] {
  switch (element.kind) {
    case 'expr':
      return [element.expr];
    case 'set':
      return element.exprs;
    case 'rollup':
    case 'cube':
      return element.sets.flat();
    case 'grouping-sets':
      return element.elements.flatMap(exprsOf);
  }
}

/** The bound clauses that stand above grouping. */
type Parts = {
  readonly list: readonly NamedBound[];
  readonly having: BoundExpr | undefined;
  readonly order: readonly OrderKey[];
  readonly on: readonly (
    | { readonly item: number; readonly expr?: undefined }
    | { readonly expr: BoundExpr; readonly item?: undefined }
  )[];
};

/** Names of the SELECT list inside WHERE: their expressions, bound there; each sees the aliases before it. */
const aliasesIn =
  (b: Binder, env: ExprEnv, items: readonly Item[]) =>
  (name: string): BoundExpr | undefined => {
    const i = items.findIndex(item => item.alias !== undefined && sameName(item.alias, name));
    if (i < 0) return undefined;
    const expr = bindItem(b, { ...env, aliases: aliasesIn(b, env, items.slice(0, i)) }, items[i]!);
    if (!isVolatile(b, expr)) return expr;
    throw bindError(
      `${env.clause} cannot refer to "${name}", whose value is another one each time`,
      b.spanOf(expr),
      'compute it in a FROM (SELECT …)',
    );
  };

/** Binds the SELECT list, whose items see the aliases of those before them. */
function listEnv(b: Binder, base: ExprEnv, items: readonly Item[]) {
  const bound: BoundExpr[] = [];
  const all = (name: string): BoundExpr | undefined => {
    // Of several the nearest before: select 1 as a, 2 as a, a + 3 is 5.
    const i = items.findLastIndex(
      (item, at) => at < bound.length && item.alias !== undefined && sameName(item.alias, name),
    );
    if (i < 0) return undefined;
    const before = base.joins.length;
    // All who name it see one value.
    const expr = evaluatedOnce(b, base, bound[i]!);
    bound[i] = expr;
    joins[i]!.push(...base.joins.slice(before));
    return expr;
  };
  const env: ExprEnv = { ...base, aliases: all };
  const joins: SubqueryJoin[][] = [];
  const bind = (item: Item, i: number): void => {
    const before = base.joins.length;
    bound[i] = bindItem(b, env, item);
    joins[i] = base.joins.slice(before);
  };
  /** Hands an item's joins over to another place. */
  const moveJoins = (i: number, to: SubqueryJoin[]): void => {
    for (const join of joins[i] ?? []) {
      const at = base.joins.indexOf(join);
      if (at >= 0) to.push(...base.joins.splice(at, 1));
    }
  };
  return { env, all, bound, bind, moveJoins };
}

/** Puts the aggregate node in, where the query has one, and makes the clauses above read it. */
function grouped(
  b: Binder,
  query: SelectQuery,
  input: LogicalPlan,
  env: ExprEnv,
  items: readonly Item[],
  collector: AggregateCollector,
  list: ReturnType<typeof listEnv>,
  parts: Parts,
): { readonly plan: LogicalPlan; readonly parts: Parts } {
  if (query.groupBy === undefined && query.having === undefined && !collector.used) return { plan: input, parts };
  const named = items.map(({ name, alias }, i): GroupItem => {
    const { expr } = parts.list[i]!;
    return {
      name,
      alias,
      expr,
      isAggregate: readsAggregate(expr, collector),
      moveJoins: () => list.moveJoins(i, collector.joins),
    };
  });
  const grouping: Grouping = query.groupBy === undefined ? { keys: [] } : bindGroupBy(b, env, query.groupBy, named);
  const { plan, regroup } = groupedPlan(b, input, grouping, collector);
  const { joins } = list.env;
  joins.push(...joins.splice(0).map(j => regroupJoin(j, regroup)));
  const of = <T extends { readonly expr?: BoundExpr | undefined }>(x: T): T =>
    x.expr === undefined ? x : { ...x, expr: regroup(x.expr) };
  return {
    plan,
    parts: {
      list: parts.list.map(of),
      having: parts.having && regroup(parts.having),
      order: parts.order.map(of),
      on: parts.on.map(of),
    },
  };
}

/** Projects the list (with what only ORDER BY and DISTINCT ON read), removes duplicates, sorts, cuts. */
function finish(b: Binder, query: SelectQuery, input: LogicalPlan, { list, order, on }: Parts): Bound {
  const hidden = [...order, ...on].flatMap(k =>
    k.expr === undefined ? [] : [{ name: k.expr.kind === 'column' ? b.column(k.expr.id).name : 'key', expr: k.expr }],
  );
  if (query.distinct === true && hidden.length > 0) {
    const at = query.orderBy?.find((_, i) => order[i]?.expr !== undefined)?.expr.span;
    throw bindError('for SELECT DISTINCT, ORDER BY expressions must appear in the SELECT list', at);
  }
  const { plan, columns } = projected(b, input, [...list, ...hidden]);
  let next = list.length;
  const keyRef = (k: { readonly item?: number | undefined }) => b.ref(columns[k.item ?? next++]!);
  const orderBy = order.map(k => ({ expr: keyRef(k), descending: k.descending, nullsFirst: k.nullsFirst }));
  let result = plan;
  if (query.distinct === true) result = distinct(b, result);
  else if (on.length > 0) result = { kind: 'distinct-on', input: result, on: on.map(keyRef), orderBy };
  if (orderBy.length > 0) result = { kind: 'sort', input: result, keys: orderBy };
  if (query.limit !== undefined) result = limited(b, result, query.limit);
  return narrowed(
    b,
    result,
    columns.slice(0, list.length),
    list.map(l => l.name),
  );
}

/** One row for every distinct row of the input. */
export function distinct(b: Binder, input: LogicalPlan): LogicalPlan {
  return {
    kind: 'aggregate',
    input,
    keys: outputOf(input).map(column => ({ column, expr: b.ref(column) })),
    aggregates: [],
  };
}
