import { batchOf } from '../batch/batch.ts';
import { ExprEvaluator } from '../functions/evaluate.ts';
import type { PhysicalExpr } from '../plan/expr.ts';
import { explainExpr } from '../plan/physical-expr.ts';
import type { Operator, Transform } from '../protocol/operator.ts';
import { NEED_MORE, ready } from '../protocol/step.ts';

/** Keeps the rows where the predicate is true: narrows the batch's selection, copies nothing. */
export type FilterNode = { readonly kind: 'filter'; readonly predicate: PhysicalExpr };

const transform: Transform<FilterNode, ExprEvaluator> = {
  open: (node, ctx) => new ExprEvaluator(node.predicate, ctx),
  push(evaluator, batch) {
    const rows = evaluator.select(batch.columns, batch);
    return rows.selected === 0 ? NEED_MORE : ready(batchOf(rows, batch.columns, batch.split));
  },
  close: evaluator => evaluator.close(),
};

export const filter: Operator<FilterNode> = {
  kind: 'filter',
  transform,
  explain: node => [['predicate', explainExpr(node.predicate)]],
};
