import { explainExpr } from '../plan/physical-expr.ts';
import type { Operator, Sink, Source } from '../protocol/operator.ts';
import { NEED_MORE } from '../protocol/step.ts';
import { explainAggregate, explainMode } from './lib/explain-nodes.ts';
import { GROUP_SHARED, groupsExtent, type HashAggregateNode } from './lib/groups/group-shape.ts';
import { GroupSink, sealGroups } from './lib/groups/group-sink.ts';
import { GroupSource } from './lib/groups/group-source.ts';

export type { HashAggregateNode } from './lib/groups/group-shape.ts';

const sink: Sink<HashAggregateNode, GroupSink> = {
  open: (node, ctx) => new GroupSink(node, ctx),
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
  seal(node, ctx) {
    sealGroups(node, ctx);
    return undefined;
  },
  complete: state => state.complete(),
  close: state => state.close(),
};

const source: Source<HashAggregateNode, GroupSource> = {
  open: (node, ctx) => new GroupSource(node, ctx),
  pull: state => state.pull(),
  close: state => state.close(),
  extent: (_, at) => groupsExtent(at),
};

export const hashAggregate: Operator<HashAggregateNode> = {
  kind: 'hash-aggregate',
  sink,
  source,
  sharedBytes: () => GROUP_SHARED.bytes,
  explain(node) {
    const lines: [string, string][] = [
      ...explainMode(node.mode),
      ['keys', node.keys.map(k => explainExpr(k)).join(', ')],
    ];
    if (node.groupingSets !== undefined) {
      const sets = node.groupingSets.map(set => `(${set.map(i => explainExpr(node.keys[i]!)).join(', ')})`);
      lines.push(['grouping sets', sets.join(', ')]);
    }
    if (node.aggregates.length > 0) lines.push(['aggregates', node.aggregates.map(explainAggregate).join(', ')]);
    return lines;
  },
};
