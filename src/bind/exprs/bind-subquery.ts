import type { Span } from '../../common/errors.ts';
import type { BoundExpr } from '../../plan/expr.ts';
import type { Expr } from '../../query/expr.ts';
import type { Query } from '../../query/query.ts';
import { BOOLEAN } from '../../types/data-type.ts';
import { type Binder, bindError } from '../binder.ts';
import { isOneRow } from '../decorrelate/join-parts.ts';
import { type ExprEnv, type QueryEnv, subqueryEnv } from '../env.ts';
import { nullable } from '../nullability.ts';
import type { Bound } from '../scope.ts';
import { logic, makeCall } from './bind-call.ts';

type InQuery = { readonly input: Expr; readonly query: Query; readonly negated: boolean };

/** `(query)` as a value: a join that adds its one column, NULL for no row. */
export function bindScalarQuery(b: Binder, env: ExprEnv, query: Query, span: Span | undefined): BoundExpr {
  const [value] = bindRowQuery(b, env, query, 1, span);
  return value!;
}

/** A query of at most one row as a row of values. */
export function bindRowQuery(
  b: Binder,
  env: ExprEnv,
  query: Query,
  width: number,
  span: Span | undefined,
): readonly BoundExpr[] {
  const { plan, scope } = bindWidth(b, env, query, width, span);
  const oneRow = isOneRow(plan);
  // Exactly one row: no need to look out for more, nor for none.
  env.joins.push({ type: oneRow ? 'inner' : 'single', plan, span: query.span ?? span });
  if (!oneRow) b.makeNullable(scope.columns.map(c => c.column));
  return scope.columns.map(c => b.ref(c.column, span));
}

/** What a subquery sees. @throws RayexecError `bind` in a lambda, whose parameters no join knows */
function surroundings(env: ExprEnv, span: Span | undefined): QueryEnv {
  if (env.isLambda === true)
    throw bindError(
      'subqueries in lambda expressions are not supported',
      span,
      'compute the value in a FROM (SELECT …)',
    );
  return subqueryEnv(env);
}

function bindWidth(b: Binder, env: ExprEnv, query: Query, width: number, span: Span | undefined): Bound {
  const bound = b.query(b, query, surroundings(env, query.span ?? span));
  const found = bound.scope.columns.length;
  if (found !== width)
    throw bindError(
      `Subquery returns ${found} columns - expected ${width}`,
      query.span ?? span,
      width === 1
        ? 'select one column, or several as a row: (a, b)'
        : `select ${width} columns, one for each value of the row`,
    );
  return bound;
}

/** EXISTS as a value: a mark. */
export function bindExists(b: Binder, env: ExprEnv, query: Query): BoundExpr {
  const { plan } = b.query(b, query, surroundings(env, query.span));
  const mark = b.newColumn('exists', BOOLEAN, false);
  env.joins.push({ type: 'mark', plan, mark, span: query.span });
  return b.ref(mark);
}

/** `x IN (query)` as a value: true, false, or NULL when unknown. */
export function bindInQuery(b: Binder, env: ExprEnv, expr: InQuery, span: Span | undefined): BoundExpr {
  const { plan, condition } = membership(b, env, expr, span);
  const mark = markJoin(b, env, plan, condition, expr.query.span);
  return expr.negated ? makeCall(b, 'not', [mark], span) : mark;
}

function markJoin(
  b: Binder,
  env: ExprEnv,
  plan: Bound['plan'],
  condition: BoundExpr,
  span: Span | undefined,
): BoundExpr {
  const mark = b.newColumn('mark', BOOLEAN, nullable(b, condition));
  env.joins.push({ type: 'mark', plan, condition, mark, span });
  return b.ref(mark);
}

function membership(
  b: Binder,
  env: ExprEnv,
  { input, query }: InQuery,
  span: Span | undefined,
): { plan: Bound['plan']; condition: BoundExpr } {
  const items = input.kind === 'row' ? input.items : [input];
  const { plan, scope } = bindWidth(b, env, query, items.length, span);
  const equal = items.map((item, i) => makeCall(b, '=', [b.expr(b, env, item), b.ref(scope.columns[i]!.column)], span));
  return { plan, condition: logic(b, 'and', equal) };
}

const OPPOSITE: Readonly<Record<string, string>> = { '=': '<>', '<>': '=', '<': '>=', '<=': '>', '>': '<=', '>=': '<' };

/** `x < ANY (query)`; `x < ALL (query)` is NOT (x >= ANY (query)). */
export function bindQuantified(
  b: Binder,
  env: ExprEnv,
  expr: Extract<Expr, { kind: 'quantified' }>,
  span: Span | undefined,
): BoundExpr {
  const op = expr.op === '!=' ? '<>' : expr.op;
  const opposite = OPPOSITE[op];
  if (opposite === undefined)
    throw bindError(
      `${expr.op} does not go with ${expr.quantifier.toUpperCase()}`,
      span,
      'comparisons do: =, <>, <, <=, >, >=',
    );
  const isAny = expr.quantifier === 'any';
  if ((isAny ? op : opposite) === '=')
    return bindInQuery(b, env, { input: expr.input, query: expr.query, negated: !isAny }, span);
  const left = b.expr(b, env, expr.input);
  const { plan, scope } = bindWidth(b, env, expr.query, 1, span);
  const right = b.ref(scope.columns[0]!.column);
  const mark = markJoin(b, env, plan, makeCall(b, isAny ? op : opposite, [left, right], span), expr.query.span);
  return isAny ? mark : makeCall(b, 'not', [mark], span);
}

/**
 * A conjunct of WHERE that is EXISTS or IN (or their negation), as the semi or anti join that does it; the predicate
 * that is left to filter by, if any. Undefined when the conjunct is something else.
 */
export function bindAsSemiJoin(
  b: Binder,
  env: ExprEnv,
  expr: Expr,
  negated = false,
): { readonly filter?: BoundExpr } | undefined {
  if (expr.kind === 'call' && expr.fn.toLowerCase() === 'not' && expr.args.length === 1)
    return bindAsSemiJoin(b, env, expr.args[0]!, !negated);
  if (expr.kind === 'exists') {
    const { plan } = b.query(b, expr.query, surroundings(env, expr.query.span));
    env.joins.push({ type: negated ? 'anti' : 'semi', plan, span: expr.query.span });
    return {};
  }
  if (expr.kind !== 'in-query') return undefined;
  const { plan, condition } = membership(b, env, expr, expr.span);
  const { span } = expr.query;
  if (expr.negated === negated) {
    env.joins.push({ type: 'semi', plan, condition, span });
    return {};
  }
  // NOT IN is an anti join only where no NULL can make it unknown.
  if (!nullable(b, condition)) {
    env.joins.push({ type: 'anti', plan, condition, span });
    return {};
  }
  return { filter: makeCall(b, 'not', [markJoin(b, env, plan, condition, span)], expr.span) };
}
