import type { Span } from '../../common/errors.ts';
import { collectColumns } from '../../plan/columns.ts';
import type { BoundAggregate, BoundExpr, BoundSortKey, BoundWindowCall, ColumnRef, FrameOf } from '../../plan/expr.ts';
import type { CallExpr, Expr, SortKey } from '../../query/expr.ts';
import { type Binder, bindError, notYet } from '../binder.ts';
import { flexibleType } from '../coerce.ts';
import type { ExprEnv } from '../env.ts';
import { nullable } from '../nullability.ts';
import { mayLackValue } from '../select/bind-aggregate.ts';
import type { WindowCollector } from '../select/window-collector.ts';
import { aggregateOf, windowInAggregate } from './bind-aggregate-call.ts';
import { castArgs } from './bind-call.ts';
import { bindFrame } from './bind-frame.ts';
import { collated } from './collation.ts';
import { extendedWindow } from './named-windows.ts';
import { sortDirection } from './sort-direction.ts';

/**
 * A function over a window becomes a column of the query that it stands in.
 * @throws RayexecError `bind` where no window function may stand, and for calls and frames that make no sense
 */
export function bindWindowCall(b: Binder, env: ExprEnv, call: CallExpr, span: Span | undefined): BoundExpr {
  // A lambda sees its rows' value; the window knows nothing of the lambda's parameters.
  if (env.isLambda === true && env.outer !== undefined) return bindWindowCall(b, env.outer, call, span);
  const collector = collectorOf(env, span);
  const { over } = call;
  const named = (name: string) => collector.named(name, span);
  const spec = typeof over === 'string' ? named(over) : extendedWindow(over!, named, span);
  const inside: ExprEnv = { ...env, unnests: undefined, windows: undefined, inWindow: true, aliasFirst: undefined };
  const bind = (e: Expr): BoundExpr => {
    const bound = b.expr(b, inside, e);
    if ([...collectColumns(bound)].some(id => collector.has(id))) throw nested(e.span ?? span);
    return bound;
  };
  const partitionBy = (spec.partitionBy ?? []).map(e => collated(b, bind(e))).filter(e => e.kind !== 'literal');
  const keys = (spec.orderBy ?? []).map(k => ({ expr: collated(b, bind(orderKey(k, span))), ...sortDirection(b, k) }));
  const { frame, orderBy } = bindFrame(b, spec.frame, keys, bind, span);
  const isDistance = 'offset' in frame.start || 'offset' in frame.end;
  // Constants order nothing, but RANGE may measure from one.
  const order = frame.unit === 'range' && isDistance ? orderBy : orderBy.filter(k => k.expr.kind !== 'literal');
  const bound = bindFunction(b, call, bind, frame, keys, span);
  return collector.add(b, { partitionBy, orderBy: order }, bound.call, bound.nullable, span);
}

const nested = (span: Span | undefined): Error =>
  bindError('window function calls cannot be nested', span, 'compute the inner one in a FROM (SELECT …)');

function collectorOf(env: ExprEnv, span: Span | undefined): WindowCollector {
  if (env.inAggregate === true) throw windowInAggregate(span);
  if (env.inWindow === true) throw nested(span);
  if (env.windows !== undefined) return env.windows;
  const hint = env.clause === 'WHERE clause' ? 'conditions on window functions go into QUALIFY' : undefined;
  throw bindError(`${env.clause} cannot contain window functions!`, span, hint);
}

function orderKey({ expr }: SortKey, span: Span | undefined): Expr {
  if (expr.kind === 'star') throw bindError('Cannot ORDER BY ALL in a window expression', expr.span ?? span);
  return expr;
}

type BoundFunction = { readonly call: BoundWindowCall; readonly nullable: boolean };

function bindFunction(
  b: Binder,
  call: CallExpr,
  bind: (e: Expr) => BoundExpr,
  frame: FrameOf<ColumnRef>,
  keys: readonly BoundSortKey[],
  span: Span | undefined,
): BoundFunction {
  const { functions } = b.catalog;
  const name = call.fn.toLowerCase();
  if (functions.window(name) !== undefined) return bindOwn(b, call, bind, frame, keys, span);
  if (functions.scalar(name) !== undefined && functions.aggregate(name) === undefined)
    throw bindError(`${call.fn} is not an aggregate function`, span, 'OVER goes with aggregates and window functions');
  const { aggregate } = aggregateOf(b, call, bind, span);
  if (call.nulls !== undefined) throw bindError('RESPECT/IGNORE NULLS is not supported for windowed aggregates', span);
  return { call: { ...aggregate, ignoreNulls: false, frame }, nullable: mayBeNull(b, aggregate, frame) };
}

/** A function that needs a window. */
function bindOwn(
  b: Binder,
  call: CallExpr,
  bind: (e: Expr) => BoundExpr,
  frame: FrameOf<ColumnRef>,
  keys: readonly BoundSortKey[],
  span: Span | undefined,
): BoundFunction {
  const { functions } = b.catalog;
  const { name, takesSortKey } = functions.window(call.fn)!;
  const refuse = (what: string) => bindError(`the window function "${name}" takes no ${what}`, span);
  if (call.distinct === true) throw refuse('DISTINCT');
  if (call.filter !== undefined) throw refuse('FILTER');
  if (Object.keys(call.named ?? {}).length > 0) throw bindError(`${name} takes no named arguments`, span);
  const sortKeys = takesSortKey === true ? keys.map(k => k.expr) : [];
  if (takesSortKey === true && keys.length !== 1)
    throw bindError(`${name} functions must have only one ORDER BY expression`, span);
  const args = [...call.args.map(bind), ...sortKeys];
  const { overload, fit } = functions.resolveWindow(
    name,
    args.map(a => flexibleType(b, a)),
    span,
  );
  if (call.nulls === 'ignore' && overload.canIgnoreNulls !== true) throw refuse('IGNORE NULLS');
  const ignoreNulls = call.nulls === 'ignore' || takesSortKey === true;
  const orderBy = (call.orderBy ?? []).map(k => ({
    expr: collated(b, bind(orderKey(k, span))),
    ...sortDirection(b, k),
  }));
  if (orderBy.length > 0 && overload.canOrder !== true) throw notYet(`ORDER BY in the arguments of ${name} is`, span);
  if (orderBy.length > 0 && ignoreNulls && overload.usesFrame !== true)
    throw notYet(`ORDER BY with IGNORE NULLS in ${name} is`, span);
  const bound: BoundWindowCall = {
    fn: name,
    overload: overload.key,
    args: castArgs(b, args, fit),
    distinct: false,
    ...(orderBy.length === 0 ? {} : { orderBy }),
    type: fit.returns,
    nullable: overload.nullable,
    ignoreNulls,
    frame,
  };
  return { call: bound, nullable: overload.nullable };
}

/** Whether an aggregate may be NULL for some row: because its frame may have no rows, or no values. */
function mayBeNull(b: Binder, a: BoundAggregate, frame: FrameOf<ColumnRef>): boolean {
  if (!a.nullable) return false;
  const { start, end, exclude } = frame;
  const startsByNow = start.kind !== 'following';
  const endsFromNow = end.kind !== 'preceding';
  const holdsRow = startsByNow && endsFromNow && (exclude === undefined || exclude === 'ties');
  return !holdsRow || a.filter !== undefined || mayLackValue(a.fn) || a.args.some(x => nullable(b, x));
}
