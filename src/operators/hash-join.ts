import { allRows } from '../batch/batch.ts';
import { constantVector } from '../kernels/vectors.ts';
import { explainExpr } from '../plan/physical-expr.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { Operator, Sink, Source, Transform } from '../protocol/operator.ts';
import { EXHAUSTED, NEED_MORE, ready, type Step } from '../protocol/step.ts';
import { JoinBuild } from './lib/joins/join-build.ts';
import { buildSpans, JOIN_SHARED, sealJoin } from './lib/joins/join-index.ts';
import { JoinProbe } from './lib/joins/join-probe.ts';
import { emitsBuildRows, type HashJoinNode, type JoinShape, joinShape } from './lib/joins/join-shape.ts';
import { denseRows, gatherField } from './lib/rows/gather-rows.ts';
import type { RowSpan } from './lib/rows/row-blocks.ts';
import { claim } from './lib/shared-parts.ts';

export type { HashJoinNode } from './lib/joins/join-shape.ts';

const sink: Sink<HashJoinNode, JoinBuild> = {
  open: (node, ctx) => new JoinBuild(node, ctx),
  push(state, batch) {
    state.push(batch);
    return NEED_MORE;
  },
  finish(state) {
    state.finish();
    return undefined;
  },
  seal: (node, ctx) => sealJoin(node, joinShape(node), ctx),
  complete: state => state.complete(),
  close: state => state.close(),
};

const transform: Transform<HashJoinNode, JoinProbe> = {
  open: (node, ctx) => new JoinProbe(node, ctx),
  push: (state, batch) => (state.isEmpty ? EXHAUSTED : state.push(batch)),
  resume: state => state.resume(),
  close: state => state.close(),
};

/** Hands on the build rows that had no match (semi joins: that had one), with NULLs for the probe side. */
class BuildRowSource {
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

  #batch(rows: number, count: number) {
    const { probeTypes, buildSideKept } = this.#node;
    const width = buildSideKept === true ? 0 : probeTypes.length;
    const columns = this.#shape.output.map(i =>
      i < width
        ? constantVector(this.#ctx, { type: probeTypes[i]!, value: null }, count)
        : gatherField(this.#ctx, this.#shape.fields.get(i - width)!, denseRows(rows, count)),
    );
    return { ...allRows(count), columns, split: 0 };
  }
}

const source: Source<HashJoinNode, BuildRowSource> = {
  open: (node, ctx) => new BuildRowSource(node, ctx),
  pull: state => state.pull(),
};

export const hashJoin: Operator<HashJoinNode> = {
  kind: 'hash-join',
  sink,
  transform,
  source,
  emitsAfterProbe: emitsBuildRows,
  sharedBytes: () => JOIN_SHARED.bytes,
  makesFilters: node => node.filters?.map(f => f.id) ?? [],
  explain(node) {
    const names = node.buildTypes.map((_, i) => `#${node.probeTypes.length + i}`);
    const keys = node.probeKeys.map((k, i) => {
      const operator = node.nullsEqual[i] === true ? 'is not distinct from' : '=';
      return `${explainExpr(k)} ${operator} ${explainExpr(node.buildKeys[i]!, names)}`;
    });
    const lines: [string, string][] = [
      ['type', node.buildSideKept === true ? `${node.joinType}, keeping the stored side` : node.joinType],
      ['condition', keys.join(' and ')],
    ];
    if (node.residual !== undefined) lines.push(['and', explainExpr(node.residual)]);
    if (node.filters !== undefined) {
      const made = node.filters.map(f => `${f.id} of ${explainExpr(node.buildKeys[f.key]!, names)}`);
      lines.push(['makes filters', made.join(', ')]);
    }
    return lines;
  },
};
