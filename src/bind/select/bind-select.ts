import { outputOf } from '../../plan/columns.ts';
import { filtered } from '../../plan/conjuncts.ts';
import type { BoundExpr, ColumnId } from '../../plan/expr.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import type { Expr } from '../../query/expr.ts';
import type { GroupBy, GroupingElement, SelectQuery } from '../../query/query.ts';
import { type Binder, bindError } from '../binder.ts';
import { freeColumns, reads } from '../decorrelate/correlation.ts';
import { applyJoins, type SubqueryJoin } from '../decorrelate/subquery-join.ts';
import type { ExprEnv, QueryEnv } from '../env.ts';
import { condition } from '../exprs/bind-call.ts';
import type { Item } from '../exprs/bind-star.ts';
import { collated } from '../exprs/collation.ts';
import { evaluatedOnce, isVolatile } from '../exprs/evaluated-once.ts';
import { expandItems } from '../exprs/expand-items.ts';
import { bindFromItem } from '../from/bind-table.ts';
import { ONE_ROW } from '../from/one-row.ts';
import { type Bound, EMPTY_SCOPE, type Scope, sameName } from '../scope.ts';
import { AggregateCollector } from './aggregate-collector.ts';
import { groupedPlan, readsAggregate, regroupJoin } from './bind-aggregate.ts';
import { bindGroupBy, bindItem, type GroupItem, type Grouping, hasGroupingSets, ordinalOf } from './bind-group-by.ts';
import { limited } from './bind-limit.ts';
import { type ByItem, bindOrderBy, keyOfItem, type OrderKey, outputOrExpr } from './bind-order-by.ts';
import { bindUnnestItem } from './bind-unnest.ts';
import { filteredBy } from './bind-where.ts';
import { GroupedQueries } from './grouped-queries.ts';
import { type NamedBound, narrowed, projected } from './select-output.ts';
import { UnnestCollector } from './unnest-collector.ts';
import { WindowCollector } from './window-collector.ts';

/** Binds SELECT: FROM, WHERE, GROUP BY, HAVING, the list, DISTINCT, ORDER BY, LIMIT, in the order in which they happen. */
export function bindSelect(b: Binder, query: SelectQuery, env: QueryEnv): Bound {
  const from = query.from === undefined ? { plan: ONE_ROW, scope: EMPTY_SCOPE } : bindFromItem(b, query.from, env);
  const { scope } = from;
  const written = expandItems(b, query.items, scope);
  if (written.length === 0)
    throw bindError('SELECT list is empty', query.items[0]?.expr.span, 'leave at least one column in it');
  if (isWhole(query)) return allColumns(b, from.plan, written);
  const place = (clause: string): ExprEnv => ({ scope, outer: env.outer, ctes: env.ctes, clause, joins: [] });
  const where = place('WHERE clause');
  const input =
    query.where === undefined
      ? from.plan
      : filteredBy(b, from.plan, { ...where, aliases: aliasesIn(b, where, written) }, query.where);

  const { mayLackKeys } = b;
  b.mayLackKeys ||= hasGroupingSets(query.groupBy);
  const collector = new AggregateCollector();
  const unnests = new UnnestCollector();
  const windows = new WindowCollector(query.windows);
  const groupEnv: ExprEnv = { ...place('GROUP BY clause'), joins: collector.joins, unnests };
  const keys = query.groupBy?.kind === 'all' ? [] : (query.groupBy?.elements ?? []).flatMap(exprsOf);
  const queries = new GroupedQueries(b, { ...groupEnv, aliases: aliasesIn(b, groupEnv, written) }, keys);
  const shared = queries.isEmpty ? {} : { grouped: queries };
  const list = listEnv(b, { ...place('SELECT list'), ...shared, aggregates: collector, unnests, windows }, written);
  for (const [i, item] of written.entries()) list.bind(item, i);
  const after: ExprEnv = { ...list.env, aliases: list.all };
  // HAVING sees what comes out of grouping: an aggregate's alias comes before an input column of the same name.
  const aliasFirst = (name: string): boolean => {
    const alias = list.all(name);
    if (alias === undefined || !readsAggregate(alias, collector)) return false;
    return !groupsBy(query.groupBy, scope, name, list.columns(), collector);
  };
  const havingEnv: ExprEnv = { ...after, unnests: undefined, windows: undefined, clause: 'HAVING clause', aliasFirst };
  const having = query.having && condition(b, b.expr(b, havingEnv, query.having), 'HAVING');
  if (having !== undefined && reads(having, windows.ids))
    throw bindError('HAVING clause cannot contain window functions!', query.having?.span, 'QUALIFY can');
  const qualifyEnv: ExprEnv = { ...after, unnests: undefined, clause: 'QUALIFY clause' };
  const qualify = query.qualify && condition(b, b.expr(b, qualifyEnv, query.qualify), 'QUALIFY');
  const distinctOn = Array.isArray(query.distinct)
    ? (query.distinct as readonly SelectQuery['items'][number]['expr'][])
    : [];
  const orderables = list.columns();
  const order = bindOrderBy(b, { ...after, clause: 'ORDER BY clause' }, query.orderBy ?? [], orderables);
  const on = distinctOn.map(e =>
    outputOrExpr(b, { ...after, clause: 'DISTINCT ON clause' }, e, orderables, 'DISTINCT ON'),
  );
  if (query.qualify !== undefined && windows.ids.size === 0)
    throw bindError(
      'at least one window function must appear in the SELECT column or QUALIFY clause',
      query.qualify.span,
    );
  const columns = list.columns();
  const parts: Parts = { list: columns, having, qualify, order, on };
  const stage = grouped(
    b,
    query,
    input,
    { ...groupEnv, ...shared },
    columns,
    { collector, unnests, windows, list },
    parts,
  );
  b.mayLackKeys = mayLackKeys;
  return finish(b, query, stage.plan, stage.parts, env);
}

/** `SELECT * FROM …` and no more, as views of files are: no clause, and nothing in the list to be bound. */
function isWhole(query: SelectQuery): boolean {
  const { where, groupBy, having, windows, qualify, orderBy, distinct, limit, items } = query;
  return (
    [where, groupBy, having, windows, qualify, orderBy, distinct, limit].every(clause => clause === undefined) &&
    items.every(({ expr }) => expr.kind === 'star' && expr.replace === undefined)
  );
}

function allColumns(b: Binder, input: LogicalPlan, items: readonly Item[]): Bound {
  const list = items.flatMap((item): readonly NamedBound[] =>
    item.expr === undefined ? [{ name: item.name, expr: b.ref(item.column.column, item.span) }] : [],
  );
  const { plan, columns } = projected(b, input, list);
  return narrowed(
    b,
    plan,
    columns,
    list.map(({ name }) => name),
  );
}

/** Whether GROUP BY has the input column of this name, which the groups then have as well. */
function groupsBy(
  groupBy: GroupBy | undefined,
  scope: Scope,
  name: string,
  items: readonly ListItem[],
  collector: AggregateCollector,
): boolean {
  const columns = new Set(scope.columns.filter(c => sameName(c.name, name)).map(c => c.column.id));
  const isColumn = (e: BoundExpr | undefined) => e?.kind === 'column' && columns.has(e.id);
  if (groupBy?.kind === 'all') return items.some(i => isColumn(i.expr) && !readsAggregate(i.expr, collector));
  return (groupBy?.elements ?? []).flatMap(exprsOf).some(e => {
    const ordinal = ordinalOf(e);
    if (ordinal !== undefined) return isColumn(items[ordinal - 1]?.expr);
    if (e.kind !== 'name') return false;
    const last = e.path.at(-1)!;
    return sameName(last, name) || isColumn(items.find(i => i.alias && sameName(i.alias, last))?.expr);
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
  readonly having?: BoundExpr | undefined;
  readonly qualify?: BoundExpr | undefined;
  readonly order: readonly OrderKey[];
  readonly on: readonly (ByItem | { readonly expr: BoundExpr; readonly item?: undefined })[];
};

/** What was met while the list was bound. */
type Collected = {
  readonly collector: AggregateCollector;
  readonly unnests: UnnestCollector;
  readonly windows: WindowCollector;
  readonly list: ReturnType<typeof listEnv>;
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

/** A column of the result; `source` counts the items as they were written: UNNEST of a struct is several columns. */
type ListItem = NamedBound & { readonly alias?: string | undefined; readonly source: number };

/** Binds the SELECT list, whose items see the aliases of those before them. */
function listEnv(b: Binder, base: ExprEnv, items: readonly Item[]) {
  /** By item: its value, or the columns that an UNNEST of a struct gives. */
  const bound: (BoundExpr | readonly NamedBound[])[] = [];
  const all = (name: string): BoundExpr | undefined => {
    // Of several the last, as in DuckDB, and nothing before that is there: select 1 as a, 2 as a, a + 3 is 5.
    const i = items.findLastIndex(item => item.alias !== undefined && sameName(item.alias, name));
    const known = bound[i];
    // An alias of several columns names none of them.
    if (known === undefined || !('kind' in known)) return undefined;
    const before = base.joins.length;
    // All who name it see one value.
    const expr = evaluatedOnce(b, base, known);
    bound[i] = expr;
    joins[i]!.push(...base.joins.slice(before));
    return expr;
  };
  const env: ExprEnv = { ...base, aliases: all };
  const joins: SubqueryJoin[][] = [];
  const bind = (item: Item, i: number): void => {
    const before = base.joins.length;
    bound[i] = (item.expr && bindUnnestItem(b, env, item.expr, item.name)) ?? bindItem(b, env, item);
    joins[i] = base.joins.slice(before);
  };
  /** Hands an item's joins over to another place. */
  const moveJoins = (i: number, to: SubqueryJoin[]): void => {
    for (const join of joins[i] ?? []) {
      const at = base.joins.indexOf(join);
      if (at >= 0) to.push(...base.joins.splice(at, 1));
    }
  };
  const columns = (): readonly ListItem[] =>
    bound.flatMap((known, source): readonly ListItem[] => {
      const { name, alias } = items[source]!;
      return 'kind' in known ? [{ name, alias, expr: known, source }] : known.map(c => ({ ...c, source }));
    });
  return { env, all, columns, bind, moveJoins };
}

/** Puts in the aggregate node, where the query has one, window functions and UNNESTs, and makes the clauses above read them. */
function grouped(
  b: Binder,
  query: SelectQuery,
  input: LogicalPlan,
  env: ExprEnv,
  items: readonly ListItem[],
  { collector, unnests, windows, list }: Collected,
  parts: Parts,
): { readonly plan: LogicalPlan; readonly parts: Parts } {
  const { joins } = list.env;
  const where = (plan: LogicalPlan, condition: BoundExpr | undefined): LogicalPlan =>
    condition === undefined ? plan : filtered(plan, [condition]);
  const readsUnnested = (e: BoundExpr): boolean => unnests.isReadBy(e);
  /** HAVING, then window functions over what it leaves, then QUALIFY. */
  const windowed = (plan: LogicalPlan, late: SubqueryJoin[], regroup = (e: BoundExpr): BoundExpr => e): LogicalPlan => {
    const above = windows.above(where(plan, parts.having && regroup(parts.having)), regroup);
    return where(applyJoins(b, above, late), parts.qualify && regroup(parts.qualify));
  };
  if (query.groupBy === undefined && query.having === undefined && !collector.used) {
    refuseUnnested(windows, parts, query, readsUnnested);
    const late = takeLate(joins, windows.ids, readsUnnested);
    const plan = unnests.above(b, input, joins, undefined, joined => windowed(joined, late));
    return { plan, parts };
  }
  const isAggregated = (e: BoundExpr): boolean => readsAggregate(e, collector);
  const named = items.map(
    ({ name, alias, expr, source }): GroupItem => ({
      name,
      alias,
      expr,
      isWindow: reads(expr, windows.ids),
      isAggregate: isAggregated(expr) || unnests.someListOf(expr, isAggregated),
      moveJoins: () => list.moveJoins(source, collector.joins),
    }),
  );
  const grouping: Grouping = query.groupBy === undefined ? { keys: [] } : bindGroupBy(b, env, query.groupBy, named);
  // Groups of unnested elements: the lists come apart before.
  const isBelow = grouping.keys.some(k => unnests.isReadBy(k.expr));
  const below = isBelow ? unnests.above(b, input, collector.joins) : input;
  const { plan, regroup } = groupedPlan(b, below, grouping, collector);
  joins.push(...joins.splice(0).map(j => regroupJoin(j, regroup)));
  const of = <T extends { readonly expr?: BoundExpr | undefined }>(x: T): T =>
    x.expr === undefined ? x : { ...x, expr: regroup(x.expr) };
  const condition = parts.having && regroup(parts.having);
  if (condition !== undefined && !isBelow && unnests.isReadBy(condition))
    throw bindError(
      'HAVING cannot read unnested elements',
      query.having?.span,
      'filter them in a query around this one',
    );
  if (!isBelow) refuseUnnested(windows, parts, query, readsUnnested);
  const late = takeLate(joins, windows.ids, isBelow ? () => false : readsUnnested);
  const above = isBelow
    ? windowed(applyJoins(b, plan, joins), late, regroup)
    : unnests.above(b, plan, joins, regroup, joined => windowed(joined, late, regroup));
  return {
    plan: above,
    parts: {
      list: parts.list.map(of),
      order: parts.order.map(of),
      on: parts.on.map(of),
    },
  };
}

/** Takes the subqueries that read window functions (and no unnested elements) out of a list: they come above these. */
function takeLate(
  joins: SubqueryJoin[],
  windows: ReadonlySet<ColumnId>,
  readsUnnested: (e: BoundExpr) => boolean,
): SubqueryJoin[] {
  const isLate = ({ plan, condition: on }: SubqueryJoin): boolean =>
    (on !== undefined && reads(on, windows) && !readsUnnested(on)) ||
    [...freeColumns(plan)].some(id => windows.has(id));
  const all = joins.splice(0);
  joins.push(...all.filter(j => !isLate(j)));
  return all.filter(isLate);
}

/** Window functions come before lists come apart. @throws RayexecError `bind` */
function refuseUnnested(
  windows: WindowCollector,
  { qualify }: Parts,
  query: SelectQuery,
  readsUnnested: (e: BoundExpr) => boolean,
): void {
  const hint = 'unnest in a FROM (SELECT …)';
  if (qualify !== undefined && readsUnnested(qualify))
    throw bindError('QUALIFY cannot read unnested elements', query.qualify?.span, hint);
  const place = windows.placeOf(readsUnnested);
  if (place !== undefined) throw bindError('A window function cannot read unnested elements', place.span, hint);
}

/** Projects the list (with what only ORDER BY and DISTINCT ON read), removes duplicates, sorts, cuts. */
function finish(b: Binder, query: SelectQuery, input: LogicalPlan, { list, order, on }: Parts, env: QueryEnv): Bound {
  const hidden = [...order, ...on].flatMap(k =>
    k.expr === undefined ? [] : [{ name: k.expr.kind === 'column' ? b.column(k.expr.id).name : 'key', expr: k.expr }],
  );
  if (query.distinct === true && hidden.length > 0) {
    const at = query.orderBy?.find((_, i) => order[i]?.expr !== undefined)?.expr.span;
    throw bindError('for SELECT DISTINCT, ORDER BY expressions must appear in the SELECT list', at);
  }
  const { plan, columns } = projected(b, input, [...list, ...hidden]);
  let next = list.length;
  const keyRef = (k: Parts['on'][number]) =>
    k.item === undefined ? b.ref(columns[next++]!) : keyOfItem(b, b.ref(columns[k.item]!), k);
  const orderBy = order.map(k => ({
    expr: keyRef(k),
    descending: k.descending,
    nullsFirst: k.nullsFirst,
  }));
  let result = plan;
  if (query.distinct === true) result = distinct(b, result);
  else if (on.length > 0) result = { kind: 'distinct-on', input: result, on: on.map(keyRef), orderBy };
  if (orderBy.length > 0) result = { kind: 'sort', input: result, keys: orderBy };
  if (query.limit !== undefined) result = limited(b, result, query.limit, env);
  return narrowed(
    b,
    result,
    columns.slice(0, list.length),
    list.map(l => l.name),
  );
}

/** One row for every distinct row of the input. */
export function distinct(b: Binder, input: LogicalPlan): LogicalPlan {
  const values = outputOf(input).map(column => b.ref(column));
  // Texts that are equal by their collation look different: of them the first stays.
  if (values.some(v => b.collationOf(v).length > 0))
    return { kind: 'distinct-on', input, on: values.map(v => collated(b, v)), orderBy: [] };
  return {
    kind: 'aggregate',
    input,
    keys: outputOf(input).map(column => ({ column, expr: b.ref(column) })),
    aggregates: [],
  };
}
