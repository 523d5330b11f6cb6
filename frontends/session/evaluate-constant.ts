import { allRows } from '../../src/batch/batch.ts';
import { readColumn } from '../../src/batch/read.ts';
import type { Machine } from '../../src/execute/runtime.ts';
import { ExprEvaluator } from '../../src/functions/evaluate.ts';
import { Arena } from '../../src/memory/arena.ts';
import { type BoundExpr, type PhysicalExpr, typeOf } from '../../src/plan/expr.ts';
import { rawToScalar } from '../../src/types/raw-value.ts';
import type { Scalar } from '../../src/types/scalar.ts';

/** The value of an expression without columns; undefined when it fails, so that it fails where and if it is run. */
export function evaluateConstant(expr: BoundExpr, { memory, kernels }: Machine): Scalar | undefined {
  const owner = memory.newOwner();
  try {
    const ctx = { memory, kernels, arena: new Arena(memory, owner), owner };
    const vector = new ExprEvaluator(expr as PhysicalExpr, ctx).evaluate([], allRows(1));
    return rawToScalar(typeOf(expr), readColumn(memory, vector, allRows(1))[0]!);
  } catch {
    return undefined;
  } finally {
    memory.freeOwner(owner);
  }
}
