import { explainExpr } from '../plan/physical-expr.ts';
import { LITTLE_ROWS, type Operator, type Sink, type Source, type Transform } from '../protocol/operator.ts';
import { EXHAUSTED, NEED_MORE } from '../protocol/step.ts';
import { BuildRowSource } from './lib/joins/build-row-source.ts';
import { JoinBuild } from './lib/joins/join-build.ts';
import { isJoinSpilled, JOIN_SHARED, joinRows, sealJoin } from './lib/joins/join-index.ts';
import { JoinProbe } from './lib/joins/join-probe.ts';
import { emitsBuildRows, type HashJoinNode, joinShape } from './lib/joins/join-shape.ts';
import { SpilledProbe } from './lib/joins/spilled-probe.ts';

export type { HashJoinNode } from './lib/joins/join-shape.ts';

const sink: Sink<HashJoinNode, JoinBuild> = {
  open: (node, ctx) => new JoinBuild(node, ctx),
  push(state, batch) {
    const busy = state.makeRoom();
    if (busy !== undefined) return busy;
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

const transform: Transform<HashJoinNode, JoinProbe | SpilledProbe> = {
  open: (node, ctx) => (isJoinSpilled(ctx) ? new SpilledProbe(node, ctx) : new JoinProbe(node, ctx)),
  push: (state, batch) => (state.isEmpty ? EXHAUSTED : state.push(batch)),
  resume: state => (state instanceof JoinProbe ? state.resume() : NEED_MORE),
  drain: (state, isLast) => (state instanceof SpilledProbe ? state.drain(isLast) : EXHAUSTED),
  abandon(state) {
    if (state instanceof SpilledProbe) state.abandon();
  },
  close: state => state.close(),
};

const source: Source<HashJoinNode, BuildRowSource> = {
  open: (node, ctx) => new BuildRowSource(node, ctx),
  pull: state => state.pull(),
  extent: (_, at) => (joinRows(at) <= LITTLE_ROWS && !isJoinSpilled(at) ? 'little' : 'much'),
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
