import { Arena } from '../memory/arena.ts';
import type { LinearMemory, Owner } from '../memory/linear-memory.ts';
import type { SpillPlace } from '../memory/spill-store.ts';
import { operatorOf } from '../operators/index.ts';
import { FILTER_SLOT } from '../operators/lib/filters/filter-slot.ts';
import type { RuntimeFilterId } from '../protocol/operator.ts';
import { isLoop, type Pipeline, type Work } from './pipeline.ts';

/** What the threads of one query share: the owner of its memory, and where each node's shared struct lies. Plain data. */
export type SharedState = {
  /** The query, or a round of one of its recursions. */
  readonly owner: Owner;
  readonly structs: Readonly<Record<number, number>>;
  /** The slots of runtime filters. */
  readonly filters: Readonly<Record<RuntimeFilterId, number>>;
  /** Who owns each struct: around a recursion's rounds for what it keeps over them. */
  readonly owners: Readonly<Record<number, Owner>>;
  /** A u32 that is 1 once the query is cancelled. */
  readonly cancelWord: number;
  /** Absent where there are no temporary files. */
  readonly spill?: SpillPlace | undefined;
};

/** Where temporary files of queries go, and how many. */
export type SpillOptions = Omit<SpillPlace, 'counter'>;

const ALIGNMENT = 64;

/** Allocates and zeroes the shared structs of a plan's nodes, apart from those that each round of a loop has anew. */
export function allocateShared(
  memory: LinearMemory,
  owner: Owner,
  schedule: readonly Work[],
  spill?: SpillOptions,
): SharedState {
  const arena = new Arena(memory, owner);
  const cancelWord = align(arena.allocZeroed(3 * ALIGNMENT));
  const place = spill && { ...spill, counter: cancelWord + ALIGNMENT };
  return withStructs(arena, schedule, { owner, structs: {}, filters: {}, owners: {}, cancelWord, spill: place });
}

/** The same for a round of a loop: what its body alone uses is new. */
export function allocateRound(
  memory: LinearMemory,
  owner: Owner,
  around: SharedState,
  body: readonly Work[],
): SharedState {
  return withStructs(new Arena(memory, owner), body, { ...around, owner });
}

const ownPipelines = (schedule: readonly Work[]): readonly Pipeline[] => schedule.flatMap(s => (isLoop(s) ? [] : [s]));

/** Adds structs of the nodes that have none. */
function withStructs(arena: Arena, schedule: readonly Work[], given: SharedState): SharedState {
  const pipelines = ownPipelines(schedule);
  const structs: Record<number, number> = { ...given.structs };
  const filters: Record<RuntimeFilterId, number> = { ...given.filters };
  const owners: Record<number, Owner> = { ...given.owners };
  const sinkClones = new Map(pipelines.map(p => [p.sink.id, p.sinkClones]));
  const place = (id: number, node: Parameters<typeof operatorOf>[0], clones: number): void => {
    const op = operatorOf(node);
    const bytes = op.sharedBytes?.(node, clones) ?? 0;
    // Each in cache lines of its own: threads count in them at the same time.
    if (bytes === 0 || structs[id] !== undefined) return;
    structs[id] = align(arena.allocZeroed(bytes + 2 * ALIGNMENT));
    owners[id] = given.owner;
    for (const filter of op.makesFilters?.(node) ?? []) filters[filter] = arena.allocZeroed(FILTER_SLOT.bytes);
  };
  for (const p of pipelines) place(p.sink.id, p.sink.node, p.sinkClones);
  for (const p of pipelines)
    for (const t of [p.source, ...p.transforms]) place(t.id, t.node, sinkClones.get(t.id) ?? p.partitions);
  return { ...given, structs, filters, owners };
}

const align = (address: number): number => Math.ceil(address / ALIGNMENT) * ALIGNMENT;
