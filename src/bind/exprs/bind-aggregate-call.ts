import type { Span } from '../../common/errors.ts';
import { collectColumns, outputOf } from '../../plan/columns.ts';
import type { BoundAggregate, BoundExpr, BoundSortKey, ColumnId } from '../../plan/expr.ts';
import type { CallExpr, Expr } from '../../query/expr.ts';
import { FLOAT64 } from '../../types/data-type.ts';
import { type Binder, bindError, notYet } from '../binder.ts';
import { flexibleType } from '../coerce.ts';
import type { SubqueryJoin } from '../decorrelate/subquery-join.ts';
import type { ExprEnv } from '../env.ts';
import type { AggregateCollector } from '../select/aggregate-collector.ts';
import { castArgs, condition } from './bind-call.ts';
import { collated, collatedAggregate } from './collation.ts';
import { sortDirection } from './sort-direction.ts';

/** PostgreSQL's names of aggregates that take their input from WITHIN GROUP. */
const ORDERED_SETS: Readonly<Record<string, string>> = {
  percentile_cont: 'quantile_cont',
  percentile_disc: 'quantile_disc',
};

const QUANTILE = /^(percentile|quantile)(_cont|_disc)?$/;

/** A negative fraction (-0.0 as well) counts from the greatest value. */
const fromTheEnd = (fraction: Expr): Expr =>
  fraction.kind === 'call' && fraction.fn === 'list_value'
    ? { ...fraction, args: fraction.args.map(fromTheEnd) }
    : { kind: 'call', fn: 'negate', args: [{ kind: 'cast', input: fraction, type: FLOAT64, try: false }] };

/** The aggregate that a call names, its parts bound by `bind`. @throws RayexecError `bind` when no overload fits */
export function aggregateOf(
  b: Binder,
  call: CallExpr,
  bind: (e: Expr) => BoundExpr,
  span: Span | undefined,
): { readonly aggregate: BoundAggregate; readonly parts: readonly BoundExpr[] } {
  const name = call.fn.toLowerCase();
  // DuckDB's quantile_cont(0.5 ORDER BY x) means the same as WITHIN GROUP.
  const isOrderedSet = call.withinGroup === true || (call.args.length === 1 && QUANTILE.test(name));
  const ordered = isOrderedSet ? (call.orderBy ?? []) : [];
  const descending = call.orderBy?.[0] !== undefined && sortDirection(b, call.orderBy[0]).descending;
  const fraction = (e: Expr) => (descending && QUANTILE.test(name) ? fromTheEnd(e) : e);
  const given = call.args.filter(a => a.kind !== 'star');
  const bound =
    ordered.length === 0
      ? given.map((a, i) => bind(i === 1 ? fraction(a) : a))
      : [...ordered.map(k => bind(k.expr)), ...given.map(a => bind(fraction(a)))];
  const filter = call.filter === undefined ? undefined : condition(b, bind(call.filter), 'FILTER');
  const orderBy = isOrderedSet
    ? []
    : (call.orderBy ?? []).map((k): BoundSortKey => ({ expr: collated(b, bind(k.expr)), ...sortDirection(b, k) }));
  const { functions } = b.catalog;
  const known = functions.aggregate(name) === undefined ? (ORDERED_SETS[name] ?? name) : name;
  const { fn: called, args } = collatedAggregate(b, known, bound, call.distinct === true, span);
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
  return { aggregate, parts: [...args, ...(filter === undefined ? [] : [filter]), ...orderBy.map(k => k.expr)] };
}

/**
 * An aggregate call becomes a column of the query that it belongs to: the innermost one whose columns its arguments
 * read. @throws RayexecError `bind` where that query allows no aggregate
 */
export function bindAggregateCall(b: Binder, env: ExprEnv, call: CallExpr, span: Span | undefined): BoundExpr {
  const joins: SubqueryJoin[] = [];
  const inside: ExprEnv = {
    ...env,
    inAggregate: true,
    aggregates: undefined,
    unnests: undefined,
    windows: undefined,
    aliasFirst: undefined,
    joins,
  };
  const { aggregate, parts } = aggregateOf(b, call, e => b.expr(b, inside, e), span);
  const columns = new Set<ColumnId>();
  for (const e of parts) collectColumns(e, columns);
  const owner = ownerOf(env, columns);
  const collector = collectorOf(owner, columns, span);
  for (const { plan, mark } of owner.joins) {
    if (![...outputOf(plan), ...(mark === undefined ? [] : [mark])].some(c => columns.has(c.id))) continue;
    throw bindError(
      'An aggregate cannot take an alias of the SELECT list that stands for a subquery',
      span,
      'write the subquery in its place, or compute it in a FROM (SELECT …)',
    );
  }
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
  let e = env;
  while (e.isLambda === true && e.outer !== undefined) e = e.outer;
  return e;
}

function collectorOf(env: ExprEnv, columns: ReadonlySet<ColumnId>, span: Span | undefined): AggregateCollector {
  if (env.isLambda === true) throw bindError('aggregate functions cannot reference lambda parameters', span);
  if (env.inAggregate === true) throw bindError('aggregate function calls cannot be nested', span);
  const collector = env.aggregates;
  if (collector === undefined) throw bindError(`${env.clause} cannot contain aggregates!`, span, hintFor(env.clause));
  if ([...columns].some(id => collector.has(id))) throw bindError('aggregate function calls cannot be nested', span);
  if ([...columns].some(id => env.windows?.has(id) === true)) throw windowInAggregate(span);
  return collector;
}

/** For a window function inside an aggregate. */
export const windowInAggregate = (span: Span | undefined): Error =>
  bindError(
    'aggregate function calls cannot contain window function calls',
    span,
    'compute the window function in a FROM (SELECT …)',
  );

const hintFor = (clause: string): string | undefined =>
  clause === 'WHERE clause' ? 'conditions on aggregates go into HAVING' : undefined;

/** `grouping(a, b)`: which of the expressions a row's grouping set lacks, as bits. */
export function bindGrouping(b: Binder, env: ExprEnv, call: CallExpr, span: Span | undefined): BoundExpr {
  if (env.aggregates === undefined) throw bindError(`${env.clause} cannot contain grouping()`, span);
  if (call.args.length === 0)
    throw bindError('grouping() needs at least one expression of GROUP BY', span, 'name those that it is to tell of');
  const args = call.args.map(a => b.expr(b, { ...env, aggregates: undefined }, a));
  return env.aggregates.addGrouping(b, args, span);
}
