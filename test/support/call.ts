import type { Rows } from '../../src/batch/batch.ts';
import { allRows } from '../../src/batch/batch.ts';
import type { Vector } from '../../src/batch/vector.ts';
import { ExprEvaluator } from '../../src/functions/evaluate.ts';
import { builtinFunctions } from '../../src/functions/registry.ts';
import { type PhysicalExpr, typeOf } from '../../src/plan/expr.ts';
import { literalType } from '../../src/types/coercion.ts';
import { type DataType, sameType } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { rawToScalar } from '../../src/types/raw-value.ts';
import type { ScalarValue } from '../../src/types/scalar.ts';
import { type TestContext, testContext, valuesOf, vectorOf } from './engine.ts';

/** An input column as an expression. */
export const input = (index: number, type: DataType): PhysicalExpr => ({ kind: 'input', index, type });

export const literal = (type: DataType, value: ScalarValue): PhysicalExpr => ({
  kind: 'literal',
  value: { type, value },
});

/** A constant of a raw value. */
export const constant = (type: DataType, value: RawValue): PhysicalExpr => ({
  kind: 'literal',
  value: rawToScalar(type, value),
});

/** A cast, unless the type is right already. */
export function castTo(expr: PhysicalExpr, type: DataType, isTry = false): PhysicalExpr {
  return sameType(typeOf(expr), type) ? expr : { kind: 'cast', input: expr, type, try: isTry };
}

/** A call as the binder makes it: overload found, arguments cast. */
export function call(fn: string, ...args: readonly PhysicalExpr[]): PhysicalExpr {
  const types = args.map(a => (a.kind === 'literal' ? literalType(a.value) : typeOf(a)));
  const { overload, fit } = builtinFunctions.resolveCall(fn, types);
  const inputs = args.map((a, i) => castTo(a, fit.args[i]!));
  return { kind: 'call', fn, overload: overload.key, args: inputs, type: fit.returns };
}

/** The values of an expression over columns, for the rows. */
export function evaluate(ctx: TestContext, expr: PhysicalExpr, columns: readonly Vector[], rows?: Rows): RawValue[] {
  const evaluator = new ExprEvaluator(expr, ctx);
  const all = rows ?? allRows(columns[0]?.length ?? 1);
  const values = valuesOf(ctx, evaluator.evaluate(columns, all), all);
  evaluator.close();
  return values;
}

/** The value of an expression without columns. */
export function evaluateConstant(expr: PhysicalExpr): RawValue {
  return evaluate(testContext(), expr, [])[0]!;
}

/** A function's values over columns of raw values, NULL among them. */
export function callOn(fn: string, ...columns: readonly (readonly [DataType, readonly RawValue[]])[]): RawValue[] {
  const ctx = testContext();
  const vectors = columns.map(([type, values]) => vectorOf(ctx, type, values));
  return evaluate(ctx, call(fn, ...columns.map(([type], i) => input(i, type))), vectors);
}
