import type { CallExpr, Expr } from '../../src/query/expr.ts';
import { literal } from './literal.ts';

/** The brand of expressions, shared by all copies of the package in a process: `instanceof` would not be. */
export const NODE: unique symbol = Symbol.for('rayexec.expr');

/** Whether a value is an expression of this API. */
export function isExpr(value: unknown): value is { readonly [NODE]: Expr } {
  return typeof value === 'object' && value !== null && NODE in value;
}

/** The plain data of an expression, or of the literal that a JavaScript value becomes. */
export function nodeOf(value: unknown): Expr {
  return isExpr(value) ? value[NODE] : literal(value);
}

/** A column, `name('a')`, or one of a side of a join, `name('l', 'a')`. */
export function name(...path: string[]): Expr {
  return { kind: 'name', path };
}

/** A function or operator applied to expressions. */
export function call(fn: string, ...args: Expr[]): CallExpr {
  return { kind: 'call', fn, args };
}

/** `a and b and …`, left-deep; one condition is itself. */
export function conjunction(conditions: readonly Expr[]): Expr {
  return conditions.reduce((a, b) => call('and', a, b));
}
