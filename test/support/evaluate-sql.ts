import { allRows } from '../../src/batch/batch.ts';
import { readColumn } from '../../src/batch/read.ts';
import { ExprEvaluator } from '../../src/functions/evaluate.ts';
import { type BoundExpr, type PhysicalExpr, typeOf } from '../../src/plan/expr.ts';
import type { LogicalPlan } from '../../src/plan/logical-plan.ts';
import { formatRaw } from '../../src/types/format-raw.ts';
import { typeName } from '../../src/types/type-name.ts';
import { bound } from './bind.ts';
import { testContext } from './engine.ts';

/** The type and text of an SQL expression without columns, by the real parser and binder and the evaluator alone. */
export async function evaluateSql(sql: string): Promise<{ readonly type: string; readonly text: string }> {
  const expr = firstColumn((await bound(`select ${sql}`)).plan);
  const ctx = testContext();
  const evaluator = new ExprEvaluator(expr as PhysicalExpr, ctx);
  const type = typeOf(expr);
  const [value] = readColumn(ctx.memory, evaluator.evaluate([], allRows(1)), allRows(1));
  evaluator.close();
  return { type: typeName(type), text: formatRaw(type, value!) };
}

function firstColumn(plan: LogicalPlan): BoundExpr {
  if (plan.kind !== 'project') throw new Error(`${plan.kind} is no projection`);
  const { expr } = plan.columns[0]!;
  // The output's projection may pass on what the one below computes.
  return expr.kind === 'column' ? firstColumn(plan.input) : expr;
}
