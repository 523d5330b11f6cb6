import { outputOf } from '../../plan/columns.ts';
import type { BoundExpr } from '../../plan/expr.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import type { NamedExpr, Query } from '../../query/query.ts';
import { type Binder, bindError } from '../binder.ts';
import { applyJoins } from '../decorrelate/subquery-join.ts';
import type { ExprEnv, QueryEnv } from '../env.ts';
import { candidates } from '../exprs/bind-name.ts';
import { type Bound, type Scope, sameName, unnamedScope } from '../scope.ts';
import { AggregateCollector } from './aggregate-collector.ts';
import { groupedPlan, regroupJoin } from './bind-aggregate.ts';
import { bindGroupBy } from './bind-group-by.ts';
import { limited } from './bind-limit.ts';
import { bindOrderBy, keyOfItem, outputOrExpr } from './bind-order-by.ts';
import { distinct } from './bind-select.ts';
import { filteredBy } from './bind-where.ts';
import { narrowed, projected } from './select-output.ts';
import { WindowCollector } from './window-collector.ts';

type Step<K extends Query['kind']> = Extract<Query, { kind: K }>;

const place = (scope: Scope, env: QueryEnv, clause: string): ExprEnv => ({
  scope,
  outer: env.outer,
  ctes: env.ctes,
  clause,
  joins: [],
});

export function bindFilter(b: Binder, query: Step<'filter'>, env: QueryEnv): Bound {
  const { plan, scope } = b.query(b, query.input, env);
  const filter = filteredBy(b, plan, place(scope, env, 'WHERE clause'), query.predicate);
  return { plan: filter, scope };
}

/** Adds columns, or replaces those of the same name in their place. */
export function bindExtend(b: Binder, query: Step<'extend'>, env: QueryEnv): Bound {
  const { plan, scope } = b.query(b, query.input, env);
  const windows = new WindowCollector();
  const at: ExprEnv = { ...place(scope, env, 'new columns'), windows };
  const twice = query.columns.find((c, i) => query.columns.findIndex(o => sameName(o.name, c.name)) < i);
  if (twice !== undefined) throw bindError(`Column "${twice.name}" is given twice`, query.span);
  const bound = query.columns.map(c => ({ name: c.name, expr: b.expr(b, at, c.expr) }));
  const kept = scope.columns.map(
    ({ name, column }) => bound.find(c => sameName(c.name, name)) ?? { name, expr: b.ref(column) as BoundExpr },
  );
  const added = bound.filter(c => !scope.columns.some(s => sameName(s.name, c.name)));
  return output(b, windows.above(applyJoins(b, plan, at.joins)), [...kept, ...added]);
}

function output(
  b: Binder,
  input: LogicalPlan,
  items: readonly { readonly name: string; readonly expr: BoundExpr }[],
): Bound {
  const { plan, columns } = projected(b, input, items);
  return { plan, scope: unnamedScope(columns.map((column, i) => ({ name: items[i]!.name, column }))) };
}

export function bindDrop(b: Binder, query: Step<'drop'>, env: QueryEnv): Bound {
  const { plan, scope } = b.query(b, query.input, env);
  for (const name of query.columns) mustExist(scope, name, query);
  const columns = scope.columns.filter(c => !query.columns.some(d => sameName(d, c.name)));
  if (columns.length === 0) throw bindError('No column would be left', query.span);
  return narrowed(
    b,
    plan,
    columns.map(c => c.column),
    columns.map(c => c.name),
  );
}

export function bindRename(b: Binder, query: Step<'rename'>, env: QueryEnv): Bound {
  const { plan, scope } = b.query(b, query.input, env);
  for (const { from } of query.columns) mustExist(scope, from, query);
  const columns = scope.columns.map(c => ({
    name: query.columns.find(r => sameName(r.from, c.name))?.to ?? c.name,
    column: c.column,
  }));
  const twice = columns.find(
    (c, i) =>
      query.columns.some(r => sameName(r.to, c.name)) && columns.some((o, j) => j !== i && sameName(o.name, c.name)),
  );
  if (twice !== undefined) throw bindError(`There would be two columns "${twice.name}"`, query.span);
  return { plan, scope: unnamedScope(columns) };
}

function mustExist(scope: Scope, name: string, query: Query): void {
  if (scope.columns.some(c => sameName(c.name, name))) return;
  throw bindError(
    `Referenced column "${name}" not found`,
    query.span,
    candidates(
      name,
      scope.columns.map(c => c.name),
    ),
  );
}

/** Keys, then aggregates; expressions over aggregates are computed above the node. */
export function bindAggregateStep(b: Binder, query: Step<'aggregate'>, env: QueryEnv): Bound {
  const { plan, scope } = b.query(b, query.input, env);
  const collector = new AggregateCollector();
  const at: ExprEnv = { ...place(scope, env, 'aggregates'), aggregates: collector };
  const keyEnv: ExprEnv = { ...place(scope, env, 'GROUP BY clause'), joins: collector.joins };
  const bind = (items: readonly NamedExpr[], where: ExprEnv) =>
    items.map(({ name, expr }) => ({ name, expr: b.expr(b, where, expr) }));
  const keys = bind(query.keys, keyEnv);
  const aggregates = bind(query.aggregates, at);
  const named = keys.map(k => ({ ...k, isAggregate: false, isWindow: false, moveJoins: () => {} }));
  const grouping = bindGroupBy(b, keyEnv, { kind: 'all' }, named);
  const grouped = groupedPlan(b, plan, grouping, collector);
  const joins = at.joins.map(j => regroupJoin(j, grouped.regroup));
  const above = applyJoins(b, grouped.plan, joins);
  return output(
    b,
    above,
    [...keys, ...aggregates].map(({ name, expr }) => ({ name, expr: grouped.regroup(expr) })),
  );
}

/** Sorts a query's result by its columns or expressions over them. */
export function bindSort(b: Binder, query: Step<'sort'>, env: QueryEnv): Bound {
  const { plan, scope } = b.query(b, query.input, env);
  const windows = new WindowCollector();
  const at: ExprEnv = { ...place(scope, env, 'ORDER BY clause'), windows };
  const items = scope.columns.map(c => ({ name: c.name, expr: b.ref(c.column) }));
  const keys = bindOrderBy(b, at, query.keys, items).map(k => ({
    expr: k.expr ?? keyOfItem(b, items[k.item]!.expr, k),
    descending: k.descending,
    nullsFirst: k.nullsFirst,
  }));
  const input = windows.above(applyJoins(b, plan, at.joins));
  if (keys.length === 0) return { plan: input, scope };
  const sorted: LogicalPlan = { kind: 'sort', input, keys };
  return input === plan
    ? { plan: sorted, scope }
    : narrowed(
        b,
        sorted,
        scope.columns.map(c => c.column),
        scope.columns.map(c => c.name),
      );
}

export function bindLimit(b: Binder, query: Step<'limit'>, env: QueryEnv): Bound {
  const { plan, scope } = b.query(b, query.input, env);
  const cut = limited(b, plan, query, env);
  if (cut.kind !== 'limit-by') return { plan: cut, scope };
  const columns = outputOf(plan).map(column => ({ column, expr: b.ref(column) }));
  return { plan: { kind: 'project', input: cut, columns }, scope };
}

export function bindDistinct(b: Binder, query: Step<'distinct'>, env: QueryEnv): Bound {
  const { plan, scope } = b.query(b, query.input, env);
  const columns = scope.columns.map(c => c.column);
  if (query.on === undefined) {
    const exact = narrowed(
      b,
      plan,
      columns,
      scope.columns.map(c => c.name),
    );
    return { plan: distinct(b, exact.plan), scope };
  }
  const at = place(scope, env, 'DISTINCT ON clause');
  const items = scope.columns.map(c => ({ name: c.name, expr: b.ref(c.column) }));
  const on = query.on.map(e => {
    const found = outputOrExpr(b, at, e, items, 'DISTINCT ON');
    return found.expr ?? keyOfItem(b, items[found.item]!.expr, found);
  });
  // Rows come in the order that a sort below gave them.
  const orderBy = plan.kind === 'sort' ? plan.keys : [];
  return { plan: { kind: 'distinct-on', input: applyJoins(b, plan, at.joins), on, orderBy }, scope };
}
