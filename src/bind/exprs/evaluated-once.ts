import { type AnyExpr, type BoundExpr, typeOf } from '../../plan/expr.ts';
import { partsOfExpr } from '../../plan/physical-expr.ts';
import type { Expr } from '../../query/expr.ts';
import type { Binder } from '../binder.ts';
import type { ExprEnv } from '../env.ts';
import { ONE_ROW } from '../from/one-row.ts';
import { nullable } from '../nullability.ts';

/** Whether an expression gives other values each time (`random()`), so that it must not be repeated. */
export function isVolatile(b: Binder, expr: AnyExpr): boolean {
  if (expr.kind === 'call') {
    const overload = b.catalog.functions.scalar(expr.fn)?.overloads.find(o => o.key === expr.overload);
    if (overload?.volatile === true) return true;
  }
  return partsOfExpr(expr).some(e => isVolatile(b, e));
}

/** The expression, for use in several places: what gives other values each time becomes a column below. */
export function evaluatedOnce(b: Binder, env: Pick<ExprEnv, 'joins'>, expr: BoundExpr): BoundExpr {
  if (!isVolatile(b, expr)) return expr;
  const column = b.project('value', expr, typeOf(expr), nullable(b, expr));
  env.joins.push({ type: 'extend', plan: { kind: 'project', input: ONE_ROW, columns: [column] } });
  return b.ref(column.column, b.spanOf(expr));
}

/** The place with an operand bound that the expression's parts share: a row's items, a collation's input. */
export function withOperand(b: Binder, env: ExprEnv, operand: Expr): ExprEnv {
  const parts = operand.kind === 'row' ? operand.items : [operand.kind === 'collate' ? operand.input : operand];
  const operands = new Map(env.operands);
  for (const part of parts) operands.set(part, evaluatedOnce(b, env, b.expr(b, env, part)));
  return { ...env, operands };
}
