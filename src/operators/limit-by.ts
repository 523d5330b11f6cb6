import { readColumn } from '../batch/read.ts';
import { RayexecError } from '../common/errors.ts';
import { ExprEvaluator } from '../functions/evaluate.ts';
import type { PhysicalExpr } from '../plan/expr.ts';
import { explainExpr } from '../plan/physical-expr.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { Operator, Sink, Source } from '../protocol/operator.ts';
import type { DataType } from '../types/data-type.ts';
import { BatchParts } from './lib/batch-parts.ts';
import { KeptRows, type RowRange } from './lib/sorts/kept-rows.ts';

/**
 * A limit whose numbers come with the rows: every row has the same `count` (BIGINT, or DOUBLE for a percentage of all
 * rows) and `offset` (BIGINT). NULL is no limit. Keeps all rows, and cuts them in source order.
 */
export type LimitByNode = {
  readonly kind: 'limit-by';
  readonly count?: PhysicalExpr | undefined;
  readonly offset?: PhysicalExpr | undefined;
  readonly percent: boolean;
  readonly types: readonly DataType[];
};

const sink: Sink<LimitByNode, BatchParts> = {
  open: (_, ctx) => new BatchParts(ctx, ctx.shared),
  push: (kept, batch) => kept.push(batch),
  finish(kept) {
    kept.finish();
    return undefined;
  },
};

const source: Source<LimitByNode, KeptRows> = {
  open(node, ctx) {
    const kept = new KeptRows(ctx, node.types);
    kept.cut(rangeOf(node, ctx, kept));
    return kept;
  },
  pull: kept => kept.pull(),
  close: kept => kept.close(),
  partitions: () => 1,
};

/** @throws RayexecError `invalid-argument` for negative numbers and percentages above 100 */
function rangeOf({ count, offset, percent }: LimitByNode, ctx: OpenContext, { rows, first }: KeptRows): RowRange {
  const value = (expr: PhysicalExpr | undefined): number | undefined => {
    if (expr === undefined || first === undefined) return undefined;
    const evaluator = new ExprEvaluator(expr, ctx);
    const [raw] = readColumn(ctx.memory, evaluator.evaluate(first.columns, first), first);
    evaluator.close();
    return raw === null || raw === undefined ? undefined : Number(raw);
  };
  const given = value(count);
  const skipped = value(offset) ?? 0;
  if (skipped < 0) throw new RayexecError('invalid-argument', 'OFFSET cannot be negative');
  if (given === undefined) return { offset: skipped };
  if (!percent && given < 0) throw new RayexecError('invalid-argument', 'LIMIT cannot be negative');
  if (!percent) return { offset: skipped, count: given };
  if (!(given >= 0 && given <= 100))
    throw new RayexecError('invalid-argument', `LIMIT ${given}% is not between 0 and 100 percent`);
  return { offset: skipped, count: Math.floor((rows * given) / 100) };
}

export const limitBy: Operator<LimitByNode> = {
  kind: 'limit-by',
  sink,
  source,
  sharedBytes: () => 8,
  explain({ count, offset, percent }) {
    const lines: [string, string][] = [];
    if (count !== undefined) lines.push(['count', `${explainExpr(count)}${percent ? ' percent' : ''}`]);
    if (offset !== undefined) lines.push(['offset', explainExpr(offset)]);
    return lines;
  },
};
