import { batchOf } from '../batch/batch.ts';
import { ExprEvaluator } from '../functions/evaluate.ts';
import type { PhysicalExpr } from '../plan/expr.ts';
import { explainExpr } from '../plan/physical-expr.ts';
import type { Operator, Transform } from '../protocol/operator.ts';
import { ready } from '../protocol/step.ts';

/** Computes one column per expression; a plain input is handed on as it is. */
export type ProjectNode = { readonly kind: 'project'; readonly exprs: readonly PhysicalExpr[] };

const transform: Transform<ProjectNode, readonly ExprEvaluator[]> = {
  open: (node, ctx) => node.exprs.map(e => new ExprEvaluator(e, ctx)),
  push(evaluators, batch) {
    const columns = evaluators.map(e => e.evaluate(batch.columns, batch));
    return ready(batchOf(batch, columns, batch.split));
  },
  close(evaluators) {
    for (const e of evaluators) e.close();
  },
};

export const project: Operator<ProjectNode> = {
  kind: 'project',
  transform,
  explain: node => [['columns', node.exprs.map(e => explainExpr(e)).join(', ')]],
};
