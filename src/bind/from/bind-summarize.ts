import { RayexecError } from '../../common/errors.ts';
import { type BoundExpr, typeOf } from '../../plan/expr.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import type { Expr } from '../../query/expr.ts';
import type { Query } from '../../query/query.ts';
import { type DataType, decimal, FLOAT64, INT32, INT64, UTF8 } from '../../types/data-type.ts';
import { typeName } from '../../types/type-name.ts';
import type { Binder } from '../binder.ts';
import { castTo } from '../coerce.ts';
import { integerOf, literal, nullOf, textLiteral } from '../constant.ts';
import type { ExprEnv, QueryEnv } from '../env.ts';
import { makeCall, makeCase } from '../exprs/bind-call.ts';
import { nullable } from '../nullability.ts';
import { type Bound, scopeColumn, unnamedScope } from '../scope.ts';
import { AggregateCollector } from '../select/aggregate-collector.ts';
import { groupedPlan } from '../select/bind-aggregate.ts';

const call = (fn: string, ...args: readonly Expr[]): Expr => ({ kind: 'call', fn, args });
const number = (value: number): Expr => ({ kind: 'literal', value: { type: FLOAT64, value } });
const COUNT = call('count');

/** What SUMMARIZE tells of a column: each an aggregate over it, NULL where its type has none. */
const FACTS: readonly (readonly [name: string, type: DataType, of: (x: Expr) => Expr, kinds?: RegExp])[] = [
  ['min', UTF8, x => call('min', x)],
  ['max', UTF8, x => call('max', x)],
  ['approx_unique', INT64, x => call('approx_count_distinct', x)],
  ['avg', UTF8, x => call('avg', x), /^(int|float|decimal|date|timestamp|time)$/],
  ['std', UTF8, x => call('stddev_samp', x), /^(int|float|decimal)$/],
  ...([25, 50, 75] as const).map(
    q =>
      [
        `q${q}`,
        UTF8,
        (x: Expr) => call('approx_quantile', x, number(q / 100)),
        /^(int|float|decimal|date|timestamp|time)$/,
      ] as const,
  ),
  ['count', INT64, () => COUNT],
  [
    'null_percentage',
    decimal(9, 2),
    x => call('/', call('*', number(100), call('-', COUNT, call('count', x))), call('nullif', COUNT, number(0))),
  ],
];

/** SUMMARIZE: one row of statistics for each column of a query, from one pass over its rows. */
export function bindSummarize(b: Binder, query: Extract<Query, { input: Query }>, env: QueryEnv): Bound {
  const { plan, scope } = b.query(b, query.input, env);
  const collector = new AggregateCollector();
  const inner = unnamedScope(scope.columns.map(({ column }, i) => ({ name: `c${i}`, column })));
  const at: ExprEnv = {
    scope: inner,
    outer: env.outer,
    ctes: env.ctes,
    clause: 'SUMMARIZE',
    aggregates: collector,
    joins: [],
  };
  const facts = scope.columns.map(({ column }, i) =>
    FACTS.map(([, type, of, kinds]) => {
      if (kinds !== undefined && !kinds.test(column.type.kind)) return nullOf(type);
      return castTo(b, attempt(b, at, of({ kind: 'name', path: [`c${i}`] })), type);
    }),
  );
  const grouped = groupedPlan(b, plan, { keys: [] }, collector);
  // One row holds the facts of all columns: it is repeated for every column, which takes its own.
  const index = b.newColumn('index', INT32, false);
  const rows = scope.columns.map((_, i) => [literal(integerOf(INT32, BigInt(i)))]);
  const repeated: LogicalPlan = {
    kind: 'join',
    type: 'inner',
    left: { kind: 'values', columns: [index], rows },
    right: grouped.plan,
  };
  const pick = (values: readonly BoundExpr[]): BoundExpr =>
    makeCase(
      b,
      values.slice(0, -1).map((result, i) => ({ when: makeCall(b, '=', [b.ref(index), rows[i]![0]!]), result })),
      values.at(-1)!,
    );
  const items: readonly (readonly [string, BoundExpr])[] = [
    ['column_name', pick(scope.columns.map(c => textLiteral(c.name)))],
    ['column_type', pick(scope.columns.map(c => textLiteral(typeName(c.column.type))))],
    ...FACTS.map(([name], f) => [name, pick(facts.map(of => grouped.regroup(of[f]!)))] as const),
  ];
  const columns = items.map(([name, expr]) => b.project(name, expr, typeOf(expr), nullable(b, expr)));
  const keys = [{ expr: b.ref(index), descending: false, nullsFirst: false }];
  const input: LogicalPlan = { kind: 'sort', input: repeated, keys };
  return { plan: { kind: 'project', input, columns }, scope: unnamedScope(columns.map(c => scopeColumn(c.column))) };
}

/** NULL where the column's type has no such aggregate. */
function attempt(b: Binder, env: ExprEnv, expr: Expr): BoundExpr {
  try {
    return b.expr(b, env, expr);
  } catch (error) {
    if (error instanceof RayexecError && error.code === 'bind') return nullOf(UTF8);
    throw error;
  }
}
