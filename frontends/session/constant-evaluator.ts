import { newBinder } from '../../src/bind/bind.ts';
import type { BindOptions } from '../../src/bind/binder.ts';
import { bindExpr } from '../../src/bind/exprs/bind-expr.ts';
import { EMPTY_SCOPE } from '../../src/bind/scope.ts';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { RayexecError } from '../../src/common/errors.ts';
import type { Machine } from '../../src/execute/runtime.ts';
import type { Expr } from '../../src/query/expr.ts';
import type { Scalar } from '../../src/types/scalar.ts';
import { evaluateConstant } from './evaluate-constant.ts';

/**
 * Evaluates expressions without columns while a statement is resolved and bound: arguments of table functions, LIMIT.
 * An expression has one value in all of the statement, also where it would have another each time.
 */
export function constantEvaluator(
  catalog: Catalog,
  options: BindOptions,
  machine: Machine,
): (expr: Expr) => Scalar | undefined {
  const known = new Map<Expr, Scalar | undefined>();
  return expr => {
    if (!known.has(expr)) known.set(expr, evaluated(catalog, options, machine, expr));
    return known.get(expr);
  };
}

function evaluated(catalog: Catalog, options: BindOptions, machine: Machine, expr: Expr): Scalar | undefined {
  const binder = newBinder({ catalog, sources: new Map() }, options);
  const env = { scope: EMPTY_SCOPE, outer: undefined, ctes: undefined, clause: 'constant', joins: [] };
  try {
    const bound = bindExpr(binder, env, expr);
    return env.joins.length > 0 ? undefined : evaluateConstant(bound, machine);
  } catch (error) {
    // What is no constant is for its place to tell.
    if (error instanceof RayexecError) return undefined;
    throw error;
  }
}
