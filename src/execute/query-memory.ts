import { Arena } from '../memory/arena.ts';
import type { LinearMemory, Owner } from '../memory/linear-memory.ts';
import { operatorOf } from '../operators/index.ts';
import type { Pipelines } from './pipeline.ts';

/** What the threads of one query share: the owner of its memory, and where each node's shared struct lies. Plain data. */
export type SharedState = {
  readonly owner: Owner;
  readonly structs: Readonly<Record<number, number>>;
  /** A u32 that is 1 once the query is cancelled. */
  readonly cancelWord: number;
};

const ALIGNMENT = 64;

/** Allocates and zeroes the shared structs of a plan's nodes. */
export function allocateShared(memory: LinearMemory, owner: Owner, { pipelines, sinkClones }: Pipelines): SharedState {
  const arena = new Arena(memory, owner);
  const structs: Record<number, number> = {};
  const place = (id: number, node: Parameters<typeof operatorOf>[0], clones: number): void => {
    const bytes = operatorOf(node).sharedBytes?.(node, clones) ?? 0;
    // Each in cache lines of its own: threads count in them at the same time.
    if (bytes > 0 && structs[id] === undefined) structs[id] = align(arena.allocZeroed(bytes + 2 * ALIGNMENT));
  };
  for (const p of pipelines) place(p.sink.id, p.sink.node, sinkClones[p.sink.id]!);
  for (const p of pipelines)
    for (const t of [p.source, ...p.transforms]) place(t.id, t.node, sinkClones[t.id] ?? p.partitions);
  const cancelWord = align(arena.allocZeroed(2 * ALIGNMENT));
  return { owner, structs, cancelWord };
}

const align = (address: number): number => Math.ceil(address / ALIGNMENT) * ALIGNMENT;
