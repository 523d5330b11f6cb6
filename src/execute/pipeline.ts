import { invariant } from '../common/errors.ts';
import { operatorOf, type PhysicalNode } from '../operators/index.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import { hoistInvariant } from './hoist-invariant.ts';

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
  /** By transform: no later pipeline streams past its node. */
  readonly lastOfTransform: readonly boolean[];
  readonly sink: PlacedNode;
  readonly partitions: number;
  /** Clones of the same sink that earlier pipelines have; this pipeline's clones are numbered from here. */
  readonly firstClone: number;
  /** Clones that the sink has over all of its pipelines. */
  readonly sinkClones: number;
  /** No later pipeline feeds the sink: it can be sealed when this one is done. */
  readonly lastOfSink: boolean;
};

/** The rounds of a recursion: its body is run again and again, until a round makes no rows. */
export type Loop = {
  readonly kind: 'loop';
  /** The id of the recursion's struct. */
  readonly recursion: number;
  readonly body: readonly Work[];
  /** The same for one clone of each pipeline: for rounds over few rows. */
  readonly narrowBody: readonly Work[];
  readonly enough: number | undefined;
};

export type Work = Pipeline | Loop;

/** A plan cut at the operators that must see all of their input, in an order in which they can run. */
export type Pipelines = { readonly schedule: readonly Work[] };

export const isLoop = (work: Work): work is Loop => 'kind' in work;

/** All pipelines of some schedule, also those of loops. */
export const pipelinesOf = (schedule: readonly Work[]): readonly Pipeline[] =>
  schedule.flatMap(s => (isLoop(s) ? pipelinesOf(s.body) : [s]));

type Tail = { readonly transforms: readonly PlacedNode[]; readonly sink: PlacedNode };
/** A pipeline without its numbers. */
export type Cut = { readonly source: PlacedNode; readonly tail: Tail };
type CutLoop = {
  readonly kind: 'loop';
  readonly recursion: number;
  readonly body: readonly CutWork[];
  readonly enough: number | undefined;
};
export type CutWork = Cut | CutLoop;

/** Cuts a plan into pipelines; `sink` takes what the plan's root hands up. */
export function cutPipelines(plan: PhysicalPlan, sink: PlacedNode, partitions: number): Pipelines {
  const cut: CutWork[] = [];
  visit(plan, { transforms: [], sink }, cut);
  let nextId = 0;
  return { schedule: numbered(cut, partitions, () => nextId++) };
}

/** Adds a plan's pipelines to `cut`. */
function visit(p: PhysicalPlan, tail: Tail, cut: CutWork[]): void {
  const { node, inputs } = p;
  const placed = { id: p.id, node };
  if (node.kind === 'union-all') {
    for (const input of inputs) visit(input, tail, cut);
    return;
  }
  const [first, second] = inputs;
  if (node.kind === 'shared') {
    invariant(first !== undefined && second !== undefined, 'a shared subplan has a definition and an input');
    visit(first, { transforms: [], sink: { id: node.shared, node: node.store } }, cut);
    visit(second, tail, cut);
    return;
  }
  if (node.kind === 'recursive') {
    invariant(first !== undefined && second !== undefined, 'a recursion has a first part and a step');
    const { recursion, store, enough } = node;
    const kept: Tail = { transforms: [], sink: { id: recursion, node: store } };
    visit(first, kept, cut);
    const body: CutWork[] = [];
    visit(second, kept, body);
    const { before, rest } = hoistInvariant(body, recursion);
    cut.push(...before, { kind: 'loop', recursion, body: rest, enough });
    const all = { kind: 'recursion-scan', recursion, rows: 'all', types: p.types } as const;
    cut.push({ source: { id: recursion, node: all }, tail });
    return;
  }
  if (node.kind === 'materialized-scan' || node.kind === 'recursion-scan') {
    const id = node.kind === 'recursion-scan' ? node.recursion : node.shared;
    cut.push({ source: { id, node }, tail });
    return;
  }
  const op = operatorOf(node);
  if (first === undefined) {
    cut.push({ source: placed, tail });
  } else if (second !== undefined) {
    // A join: the second input is stored first, then the first streams past it.
    visit(second, { transforms: [], sink: placed }, cut);
    visit(first, { transforms: [placed, ...tail.transforms], sink: tail.sink }, cut);
    if (op.emitsAfterProbe?.(node) === true) cut.push({ source: placed, tail });
  } else if (op.transform !== undefined) {
    visit(first, { transforms: [placed, ...tail.transforms], sink: tail.sink }, cut);
  } else {
    visit(first, { transforms: [], sink: placed }, cut);
    cut.push({ source: placed, tail });
  }
}

/** Gives pipelines their partitions, and their sinks' clones consecutive numbers: in a loop's rounds anew. */
function numbered(cut: readonly CutWork[], partitions: number, newId: () => number): Work[] {
  const countOf = ({ source }: Cut): number => operatorOf(source.node).source?.partitions?.(source.node) ?? partitions;
  const clones = new Map<number, number>();
  const feeders = new Map<number, Cut>();
  const streams = new Map<number, Cut>();
  for (const c of cut) {
    if ('kind' in c) continue;
    const { id } = c.tail.sink;
    clones.set(id, (clones.get(id) ?? 0) + countOf(c));
    feeders.set(id, c);
    for (const t of c.tail.transforms) streams.set(t.id, c);
  }
  const next = new Map<number, number>();
  return cut.map((c): Work => {
    if ('kind' in c) {
      const body = numbered(c.body, partitions, newId);
      return { ...c, body, narrowBody: partitions === 1 ? body : numbered(c.body, 1, newId) };
    }
    const { source, tail } = c;
    const { sink, transforms } = tail;
    const count = countOf(c);
    const firstClone = next.get(sink.id) ?? 0;
    next.set(sink.id, firstClone + count);
    return {
      id: newId(),
      source,
      transforms,
      lastOfTransform: transforms.map(t => streams.get(t.id) === c),
      sink,
      partitions: count,
      firstClone,
      sinkClones: clones.get(sink.id)!,
      lastOfSink: feeders.get(sink.id) === c,
    };
  });
}
