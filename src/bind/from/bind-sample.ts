import { outputOf } from '../../plan/columns.ts';
import { filtered } from '../../plan/conjuncts.ts';
import type { BoundExpr } from '../../plan/expr.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import type { Expr } from '../../query/expr.ts';
import type { SampleQuery } from '../../query/query.ts';
import { FLOAT64, INT64 } from '../../types/data-type.ts';
import { type Binder, bindError } from '../binder.ts';
import { literal } from '../constant.ts';
import { constantOf } from '../constant-value.ts';
import type { ExprEnv, QueryEnv } from '../env.ts';
import { condition, makeCall } from '../exprs/bind-call.ts';
import { type Bound, EMPTY_SCOPE } from '../scope.ts';
import { bindFromItem } from './bind-table.ts';

/**
 * TABLESAMPLE: a share of the rows by one throw of the dice for each, or the rows with the smallest random numbers.
 * A seed repeats the sample where the rows come in the same order (with one thread).
 */
export function bindSample(b: Binder, query: SampleQuery & { readonly span?: Expr['span'] }, env: QueryEnv): Bound {
  const { plan, scope } = bindFromItem(b, query.input, env);
  const place: ExprEnv = { scope: EMPTY_SCOPE, outer: undefined, ctes: undefined, clause: 'TABLESAMPLE', joins: [] };
  const seed: readonly Expr[] =
    query.seed === undefined ? [] : [{ kind: 'literal', value: { type: INT64, value: String(query.seed) } }];
  const random: Expr = { kind: 'call', fn: 'random', args: seed };
  const size = sizeOf(b, query);
  if (query.unit === 'percent') {
    if (size < 0 || size > 100) throw bindError(`Sample size ${size} is not between 0 and 100 percent`, query.span);
    if (query.method === 'reservoir') return drawnRows(b, { plan, scope }, b.expr(b, place, random), { percent: size });
    const share: Expr = { kind: 'literal', value: { type: FLOAT64, value: size / 100 } };
    const kept = makeCall(b, '<', [b.expr(b, place, random), b.expr(b, place, share)], query.span);
    return { plan: filtered(plan, [condition(b, kept, 'TABLESAMPLE')]), scope };
  }
  if (size < 0) throw bindError('Sample size cannot be negative', query.span);
  if (query.method !== undefined && query.method !== 'reservoir') {
    const method = query.method.toUpperCase();
    throw bindError(`${method} takes a percentage of the rows, not a number`, query.span, 'RESERVOIR takes a number');
  }
  return drawnRows(b, { plan, scope }, b.expr(b, place, random), { rows: Math.trunc(size) });
}

/** The rows with the smallest random numbers: so many of them, or such a share. */
function drawnRows(
  b: Binder,
  { plan, scope }: Bound,
  random: BoundExpr,
  wanted: { readonly rows: number } | { readonly percent: number },
): Bound {
  const columns = outputOf(plan);
  const drawn = b.project('drawn', random, FLOAT64, false);
  const numbered: LogicalPlan = {
    kind: 'project',
    input: plan,
    columns: [...columns.map(column => ({ column, expr: b.ref(column) })), drawn],
  };
  const sorted: LogicalPlan = {
    kind: 'sort',
    input: numbered,
    keys: [{ expr: b.ref(drawn.column), descending: false, nullsFirst: false }],
  };
  const input: LogicalPlan =
    'rows' in wanted
      ? { kind: 'limit', input: sorted, count: wanted.rows, offset: 0 }
      : { kind: 'limit-by', input: sorted, count: literal({ type: FLOAT64, value: wanted.percent }), percent: true };
  return { plan: { kind: 'project', input, columns: columns.map(column => ({ column, expr: b.ref(column) })) }, scope };
}

function sizeOf(b: Binder, { size }: SampleQuery): number {
  const value = constantOf(size, b.options);
  const n =
    value?.type.kind === 'decimal'
      ? Number(value.value) / 10 ** value.type.scale
      : value?.type.kind === 'int' || value?.type.kind === 'float'
        ? Number(value.value)
        : Number.NaN;
  if (!Number.isNaN(n)) return n;
  throw bindError('A sample size is a constant number', size.span);
}
