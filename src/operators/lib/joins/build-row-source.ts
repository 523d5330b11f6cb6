import { allRows, type Batch, batchOf } from '../../../batch/batch.ts';
import { constantVector } from '../../../kernels/vectors.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { EXHAUSTED, ready, type Step } from '../../../protocol/step.ts';
import { denseRows, gatherField } from '../rows/gather-rows.ts';
import type { RowSpan } from '../rows/row-blocks.ts';
import { claim } from '../shared-parts.ts';
import { buildSpans, JOIN_SHARED } from './join-index.ts';
import { type HashJoinNode, type JoinShape, joinShape } from './join-shape.ts';

/** Hands on the build rows that had no match (semi joins: that had one), with NULLs for the probe side. */
export class BuildRowSource {
  readonly #node: HashJoinNode;
  readonly #ctx: OpenContext;
  readonly #shape: JoinShape;
  readonly #spans: readonly RowSpan[];
  #span: RowSpan | undefined;
  #position = 0;

  constructor(node: HashJoinNode, ctx: OpenContext) {
    this.#node = node;
    this.#ctx = ctx;
    this.#shape = joinShape(node);
    this.#spans = [...buildSpans(ctx, 'rows'), ...buildSpans(ctx, 'null-rows')];
  }

  pull(): Step {
    const { kernels, arena, memory, shared, batchRows, cancelled } = this.#ctx;
    const { rowBytes } = this.#shape;
    const wanted = this.#node.joinType === 'semi' ? 1 : 0;
    const out = arena.alloc(batchRows * 4);
    for (;;) {
      if (this.#span === undefined || this.#position >= this.#span.count) {
        this.#span = this.#spans[claim(memory, shared + JOIN_SHARED.nextClaim)];
        if (this.#span === undefined || cancelled()) return EXHAUSTED;
        this.#position = 0;
      }
      const { address, count } = this.#span;
      const n = Math.min(batchRows, count - this.#position);
      const found = kernels.join_collect(address + this.#position * rowBytes, rowBytes, n, wanted, out);
      this.#position += n;
      if (found > 0) return ready(this.#batch(out, found));
    }
  }

  #batch(rows: number, count: number): Batch {
    const { probeTypes, buildSideKept } = this.#node;
    const width = buildSideKept === true ? 0 : probeTypes.length;
    const columns = this.#shape.output.map(i =>
      i < width
        ? constantVector(this.#ctx, { type: probeTypes[i]!, value: null }, count)
        : gatherField(this.#ctx, this.#shape.fields.get(i - width)!, denseRows(rows, count)),
    );
    return batchOf(allRows(count), columns, 0);
  }
}
