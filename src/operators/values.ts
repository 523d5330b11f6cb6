import { allRows, batchOf } from '../batch/batch.ts';
import { buildVector } from '../batch/builder.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { Operator, Source } from '../protocol/operator.ts';
import { EXHAUSTED, ready, type Step } from '../protocol/step.ts';
import type { DataType } from '../types/data-type.ts';
import { explainScalar } from '../types/explain-scalar.ts';
import { scalarToRaw } from '../types/raw-value.ts';
import type { ScalarValue } from '../types/scalar.ts';

/** Constant rows. With no columns each row counts all the same: `select 1` reads one. */
export type ValuesNode = {
  readonly kind: 'values';
  readonly types: readonly DataType[];
  readonly rows: readonly (readonly ScalarValue[])[];
};

type ValuesState = { readonly node: ValuesNode; readonly ctx: OpenContext; next: number };

const source: Source<ValuesNode, ValuesState> = {
  open: (node, ctx) => ({ node, ctx, next: 0 }),
  pull(state): Step {
    const { node, ctx, next } = state;
    const count = Math.min(ctx.batchRows, node.rows.length - next);
    if (count <= 0) return EXHAUSTED;
    state.next += count;
    const rows = node.rows.slice(next, next + count);
    const columns = node.types.map((type, c) =>
      buildVector(
        ctx,
        type,
        rows.map(row => scalarToRaw({ type, value: row[c] ?? null })),
      ),
    );
    return ready(batchOf(allRows(count), columns, 0));
  },
  partitions: () => 1,
};

export const values: Operator<ValuesNode> = {
  kind: 'values',
  source,
  explain: node => [
    ['rows', String(node.rows.length)],
    ...(node.rows.length === 1 && node.types.length > 0
      ? [['row', node.types.map((type, i) => explainScalar({ type, value: node.rows[0]![i]! })).join(', ')] as const]
      : []),
  ],
};
