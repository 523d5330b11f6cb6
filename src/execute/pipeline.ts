import { invariant } from '../common/errors.ts';
import { operatorOf, type PhysicalNode } from '../operators/index.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';

/** An operator's place in a pipeline: its node, and the id by which its clones find their shared struct. */
export type PlacedNode = { readonly id: number; readonly node: PhysicalNode };

/**
 * A source, what its batches flow through, and where they end: run by one clone of each per partition.
 * Plain data: this is what a worker thread is sent.
 */
export type Pipeline = {
  readonly id: number;
  readonly source: PlacedNode;
  readonly transforms: readonly PlacedNode[];
  readonly sink: PlacedNode;
  readonly partitions: number;
  /** Clones of the same sink that earlier pipelines have; this pipeline's clones are numbered from here. */
  readonly firstClone: number;
  /** No later pipeline feeds the sink: it can be sealed when this one is done. */
  readonly lastOfSink: boolean;
};

/** A plan cut at the operators that must see all of their input, in an order in which they can run. */
export type Pipelines = {
  readonly pipelines: readonly Pipeline[];
  /** Clones that each sink has over all of its pipelines, by node id. */
  readonly sinkClones: Readonly<Record<number, number>>;
};

type Tail = { readonly transforms: readonly PlacedNode[]; readonly sink: PlacedNode };

/** Cuts a plan into pipelines; `sink` takes what the plan's root hands up. */
export function cutPipelines(plan: PhysicalPlan, sink: PlacedNode, partitions: number): Pipelines {
  const cut: { source: PlacedNode; tail: Tail }[] = [];
  visit(plan, { transforms: [], sink });

  function visit(p: PhysicalPlan, tail: Tail): void {
    const { node, inputs } = p;
    const placed = { id: p.id, node };
    if (node.kind === 'union-all') {
      for (const input of inputs) visit(input, tail);
      return;
    }
    const [first, second] = inputs;
    if (node.kind === 'shared') {
      invariant(first !== undefined && second !== undefined, 'a shared subplan has a definition and an input');
      visit(first, { transforms: [], sink: { id: node.shared, node: node.store } });
      visit(second, tail);
      return;
    }
    if (node.kind === 'materialized-scan') {
      cut.push({ source: { id: node.shared, node }, tail });
      return;
    }
    const op = operatorOf(node);
    if (first === undefined) {
      cut.push({ source: placed, tail });
    } else if (second !== undefined) {
      // A join: the second input is stored first, then the first streams past it.
      visit(second, { transforms: [], sink: placed });
      visit(first, { transforms: [placed, ...tail.transforms], sink: tail.sink });
      if (op.emitsAfterProbe?.(node) === true) cut.push({ source: placed, tail });
    } else if (op.transform !== undefined) {
      visit(first, { transforms: [placed, ...tail.transforms], sink: tail.sink });
    } else {
      visit(first, { transforms: [], sink: placed });
      cut.push({ source: placed, tail });
    }
  }

  return number(cut, partitions);
}

/** Gives pipelines their partitions, and their sinks' clones consecutive numbers. */
function number(cut: readonly { source: PlacedNode; tail: Tail }[], partitions: number): Pipelines {
  const sinkClones: Record<number, number> = {};
  const lastFeeder = new Map(cut.map((c, i) => [c.tail.sink.id, i]));
  const pipelines = cut.map(({ source, tail }, id): Pipeline => {
    const { sink } = tail;
    const count = operatorOf(source.node).source?.partitions?.(source.node) ?? partitions;
    const firstClone = sinkClones[sink.id] ?? 0;
    sinkClones[sink.id] = firstClone + count;
    const lastOfSink = lastFeeder.get(sink.id) === id;
    return { id, source, transforms: tail.transforms, sink, partitions: count, firstClone, lastOfSink };
  });
  return { pipelines, sinkClones };
}
