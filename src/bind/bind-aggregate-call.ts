import type { Span } from '../common/errors.ts';
import { collectColumns } from '../plan/columns.ts';
import type { BoundAggregate, BoundExpr, BoundSortKey, ColumnId } from '../plan/expr.ts';
import type { CallExpr, Expr } from '../query/expr.ts';
import type { AggregateCollector } from './aggregate-collector.ts';
import { castArgs, condition, makeCall } from './bind-call.ts';
import { type Binder, bindError, notYet } from './binder.ts';
import { flexibleType } from './coerce.ts';
import { literal } from './constant.ts';
import type { ExprEnv } from './env.ts';
import { sortDirection } from './sort-direction.ts';
import type { SubqueryJoin } from './subquery-join.ts';

/** PostgreSQL's names of aggregates that take their input from WITHIN GROUP. */
const ORDERED_SETS: Readonly<Record<string, string>> = {
  percentile_cont: 'quantile_cont',
  percentile_disc: 'quantile_disc',
};

/**
 * An aggregate call becomes a column of the query that it belongs to: the innermost one whose columns its arguments
 * read. @throws RayexecError `bind` where that query allows no aggregate
 */
export function bindAggregateCall(b: Binder, env: ExprEnv, call: CallExpr, span: Span | undefined): BoundExpr {
  const joins: SubqueryJoin[] = [];
  const inside: ExprEnv = { ...env, inAggregate: true, aggregates: undefined, aliasFirst: undefined, joins };
  const bind = (e: Expr) => b.expr(b, inside, e);
  const name = call.fn.toLowerCase();
  const ordered = call.withinGroup === true ? (call.orderBy ?? []) : [];
  const descending = ordered[0]?.direction === 'desc';
  const fraction = (e: BoundExpr) =>
    descending ? makeCall(b, '-', [literal({ type: { kind: 'float', bits: 64 }, value: 1 }), e], span) : e;
  const given = call.args.filter(a => a.kind !== 'star').map(bind);
  const args = ordered.length === 0 ? given : [...ordered.map(k => bind(k.expr)), ...given.map(fraction)];
  const filter = call.filter === undefined ? undefined : condition(b, bind(call.filter), 'FILTER');
  const orderBy =
    call.withinGroup === true
      ? []
      : (call.orderBy ?? []).map((k): BoundSortKey => ({ expr: bind(k.expr), ...sortDirection(b, k) }));
  const { functions } = b.catalog;
  const called = functions.aggregate(name) === undefined ? (ORDERED_SETS[name] ?? name) : name;
  const { overload, fit } = functions.resolveAggregate(
    called,
    args.map(a => flexibleType(b, a)),
    span,
  );
  const aggregate: BoundAggregate = {
    fn: functions.aggregate(called)!.name,
    overload: overload.key,
    args: castArgs(b, args, fit),
    distinct: call.distinct === true && overload.ignoresDistinct !== true,
    ...(filter === undefined ? {} : { filter }),
    ...(overload.ordered === true && orderBy.length > 0 ? { orderBy } : {}),
    type: fit.returns,
    nullable: overload.nullable,
  };
  const columns = new Set<ColumnId>();
  for (const e of [...args, ...(filter === undefined ? [] : [filter]), ...orderBy.map(k => k.expr)])
    collectColumns(e, columns);
  const owner = ownerOf(env, columns);
  const collector = collectorOf(owner, columns, span);
  if (joins.length > 0 && owner !== env) throw notYet('a subquery in an aggregate of the outer query is', span);
  collector.joins.push(...joins);
  return collector.add(b, columnNameOf(call), aggregate, span);
}

const columnNameOf = (call: CallExpr): string =>
  call.fn === 'count' && call.args.length === 0 ? 'count_star()' : call.fn;

/** The query that an aggregate belongs to. */
function ownerOf(env: ExprEnv, columns: ReadonlySet<ColumnId>): ExprEnv {
  for (let e: ExprEnv | undefined = env; e !== undefined; e = e.outer) {
    if (
      e.scope.columns.some(c => columns.has(c.column.id)) ||
      e.scope.relations.some(r => r.columns.some(c => columns.has(c.column.id)))
    )
      return e;
    if ([...columns].some(id => e.aggregates?.has(id))) return e;
  }
  return env;
}

function collectorOf(env: ExprEnv, columns: ReadonlySet<ColumnId>, span: Span | undefined): AggregateCollector {
  if (env.inAggregate === true) throw bindError('aggregate function calls cannot be nested', span);
  const collector = env.aggregates;
  if (collector === undefined) throw bindError(`${env.clause} cannot contain aggregates!`, span, hintFor(env.clause));
  if ([...columns].some(id => collector.has(id))) throw bindError('aggregate function calls cannot be nested', span);
  return collector;
}

const hintFor = (clause: string): string | undefined =>
  clause === 'WHERE clause' ? 'conditions on aggregates go into HAVING' : undefined;

/** `grouping(a, b)`: which of the expressions a row's grouping set lacks, as bits. */
export function bindGrouping(b: Binder, env: ExprEnv, call: CallExpr, span: Span | undefined): BoundExpr {
  if (env.aggregates === undefined) throw bindError(`${env.clause} cannot contain grouping()`, span);
  if (call.args.length === 0) throw bindError('grouping() needs at least one expression of GROUP BY', span);
  const args = call.args.map(a => b.expr(b, { ...env, aggregates: undefined }, a));
  return env.aggregates.addGrouping(b, args, span);
}
