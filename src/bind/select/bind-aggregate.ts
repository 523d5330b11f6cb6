import { idsOf } from '../../plan/columns.ts';
import { type BoundExpr, type ColumnId, typeOf } from '../../plan/expr.ts';
import { exprKey } from '../../plan/expr-key.ts';
import type { Column, LogicalPlan } from '../../plan/logical-plan.ts';
import { bottomUp, mapExprInputs, mapExprs } from '../../plan/rewrite.ts';
import { INT64 } from '../../types/data-type.ts';
import { type Binder, bindError } from '../binder.ts';
import { integerOf, literal, NULL_LITERAL } from '../constant.ts';
import { applyJoins, type SubqueryJoin } from '../decorrelate/subquery-join.ts';
import { makeCall, makeCase } from '../exprs/bind-call.ts';
import { isLambdaCall, lambdaOver } from '../exprs/bind-lambda.ts';
import { collated } from '../exprs/collation.ts';
import { nullable } from '../nullability.ts';
import type { AggregateCollector, CollectedAggregate } from './aggregate-collector.ts';
import type { Grouping } from './bind-group-by.ts';

/** An aggregate node, and how expressions bound over its input read its output. */
export type Grouped = { readonly plan: LogicalPlan; readonly regroup: (expr: BoundExpr) => BoundExpr };

/** Puts the aggregate node of a SELECT above its input. */
export function groupedPlan(b: Binder, input: LogicalPlan, grouping: Grouping, collector: AggregateCollector): Grouped {
  const { keys, sets } = grouping;
  // Grouping sets repeat keys: what the node hands up must know which rows are whose.
  const groupingId =
    sets === undefined || collector.groupings.length === 0 ? undefined : b.newColumn('grouping_id', INT64, false);
  const below = applyJoins(b, input, collector.joins);
  const inputIds = idsOf(below);
  const keyColumns = new Map(keys.map(k => [exprKey(k.expr), k.column]));
  const shown = (grouping.shown ?? []).map(({ key, value }) => ({ ...oneOf(b, value), key, value: exprKey(value) }));
  /** The value that stands for a group of a collation: none where the set lacks the key. */
  const standIns = new Map(
    shown.map(({ key, column, value }) => [
      value,
      sets === undefined
        ? b.ref(column)
        : makeCase(b, [{ when: makeCall(b, 'is not null', [b.ref(key)]), result: b.ref(column) }], NULL_LITERAL),
    ]),
  );
  const groupings = new Map(collector.groupings.map(g => [g.column.id, groupingExpr(b, grouping, groupingId, g.args)]));
  const regroup = (expr: BoundExpr): BoundExpr => {
    // Without grouping sets a constant stays one; with them it is NULL where the set lacks it.
    const isKey = expr.kind !== 'literal' || (sets !== undefined && b.isWritten(expr));
    const key = isKey ? keyColumns.get(exprKey(expr)) : undefined;
    if (key !== undefined)
      return expr.kind === 'column' && expr.id === key.id ? expr : b.markSpan(b.ref(key), b.spanOf(expr));
    const standIn = standIns.get(exprKey(expr));
    if (standIn !== undefined) return b.markSpan(b.collate(standIn, b.collationOf(expr)), b.spanOf(expr));
    if (expr.kind !== 'column') {
      const mapped = isLambdaCall(expr)
        ? lambdaOver(b, expr, regroup)
        : mapExprInputs(withKeysAmong(b, expr, keys), regroup);
      return mapped === expr ? expr : b.markSpan(mapped, b.spanOf(expr));
    }
    const grouped = groupings.get(expr.id);
    if (grouped !== undefined) return grouped;
    if (!inputIds.has(expr.id)) return expr;
    const name = writtenName(b, expr) ?? b.column(expr.id).name;
    throw bindError(
      `column "${name}" must appear in the GROUP BY clause or must be part of an aggregate function.`,
      b.spanOf(expr),
      `either add it to the GROUP BY list, or use any_value("${name}") if the exact value of "${name}" is not important`,
    );
  };
  const aggregates = collector.aggregates.map(({ column, aggregate }) => {
    // A group of GROUP BY has rows: only a filter, NULLs or an empty table leave an aggregate without a value.
    const always =
      keys.length > 0 &&
      sets === undefined &&
      aggregate.filter === undefined &&
      !aggregate.args.some(a => nullable(b, a));
    return {
      column: always && column.nullable && !mayLackValue(aggregate.fn) ? b.makeNotNull(column) : column,
      aggregate,
    };
  });
  const plan: LogicalPlan = {
    kind: 'aggregate',
    input: below,
    keys,
    ...(sets === undefined ? {} : { groupingSets: sets }),
    ...(groupingId === undefined ? {} : { groupingId }),
    aggregates: [...aggregates, ...shown.map(({ column, aggregate }) => ({ column, aggregate }))],
  };
  return { plan, regroup };
}

/** An aggregate that gives one value of each group. */
function oneOf(b: Binder, value: BoundExpr): CollectedAggregate {
  const fn = 'any_value';
  const { overload, fit } = b.catalog.functions.resolveAggregate(fn, [typeOf(value)], b.spanOf(value));
  const type = fit.returns;
  const aggregate = { fn, overload: overload.key, args: [value], distinct: false, type, nullable: true } as const;
  return { column: b.newColumn('value', type, true), aggregate };
}

/** Conjunctions are flat: a key that is one may be some of another one's parts (as is BETWEEN); so with OR. */
function withKeysAmong(b: Binder, expr: BoundExpr, keys: Grouping['keys']): BoundExpr {
  if (expr.kind !== 'and' && expr.kind !== 'or') return expr;
  let { args } = expr;
  for (const key of keys) {
    if (key.expr.kind !== expr.kind) continue;
    const parts = new Set(key.expr.args.map(exprKey));
    const others = args.filter(a => !parts.has(exprKey(a)));
    if (args.length - others.length >= parts.size) args = [b.ref(key.column), ...others];
  }
  return args === expr.args ? expr : { ...expr, args };
}

/** Aggregates that may be NULL for a group that has values: the deviation of one value, a failed search. */
export const mayLackValue = (fn: string): boolean =>
  !['sum', 'min', 'max', 'avg', 'first', 'last', 'any_value'].includes(fn);

/** The same for a subquery that stands above the aggregate node: its reads of the input become reads of the groups. */
export function regroupJoin(join: SubqueryJoin, regroup: (expr: BoundExpr) => BoundExpr): SubqueryJoin {
  const plan = bottomUp(join.plan, node => mapExprs(node, regroup));
  return { ...join, plan, condition: join.condition && regroup(join.condition) };
}

/** `grouping(a, b)` from the grouping id: the last argument is the lowest bit. */
function groupingExpr(
  b: Binder,
  { keys, sets }: Grouping,
  groupingId: Column | undefined,
  args: readonly BoundExpr[],
): BoundExpr {
  const indexes = args.map(arg => {
    const index = keys.findIndex(k => exprKey(k.expr) === exprKey(collated(b, arg)));
    if (index < 0) throw bindError('the arguments of grouping() must be expressions of GROUP BY', b.spanOf(arg));
    return index;
  });
  const zero = literal(integerOf(INT64, 0n));
  if (sets === undefined || groupingId === undefined) return zero;
  const idsByValue = new Map<bigint, Set<bigint>>();
  for (const set of sets) {
    const bits = (list: readonly number[]) => list.reduce((v, k) => v * 2n + (set.includes(k) ? 0n : 1n), 0n);
    const value = bits(indexes);
    const ids = idsByValue.get(value) ?? new Set();
    idsByValue.set(value, ids.add(bits([...keys.keys()])));
  }
  const branches = [...idsByValue].map(([value, ids]) => ({
    when: {
      kind: 'in',
      input: b.ref(groupingId),
      items: [...ids].map(id => integerOf(INT64, id)),
      negated: false,
    } as const,
    result: literal(integerOf(INT64, value)),
  }));
  return { kind: 'case', branches, otherwise: zero, type: INT64 };
}

/** Whether an expression reads any aggregate. */
export function readsAggregate(expr: BoundExpr, collector: AggregateCollector): boolean {
  const ids = new Set<ColumnId>();
  const visit = (e: BoundExpr): BoundExpr => {
    if (e.kind === 'column') ids.add(e.id);
    return mapExprInputs(e, visit);
  };
  visit(expr);
  return [...ids].some(id => collector.has(id) || collector.groupings.some(g => g.column.id === id));
}

/** The name by which the query calls a column: that of `VALUES` columns is another than the column's own. */
function writtenName(b: Binder, expr: BoundExpr): string | undefined {
  const span = b.spanOf(expr);
  const text = span && b.options.source?.slice(span.start, span.end);
  return text === undefined ? undefined : /^(?:\w+\s*\.\s*)*(\w+)$/.exec(text)?.[1];
}
