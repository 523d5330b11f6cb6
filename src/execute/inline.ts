import { BATCH_ROWS } from '../batch/batch.ts';
import { RayexecError } from '../common/errors.ts';
import { Arena } from '../memory/arena.ts';
import { collectedBatches, collectedRows } from '../operators/collect.ts';
import { operatorOf } from '../operators/index.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import type { OpenContext } from '../protocol/context.ts';
import { type ContextOf, PartitionDriver } from './driver.ts';
import { yieldToEventLoop } from './event-loop.ts';
import { cutPipelines, type Pipeline, type Pipelines } from './pipeline.ts';
import { allocateShared, type SharedState } from './query-memory.ts';
import type { Machine, QueryRows, RunOptions, Runtime } from './runtime.ts';

/** After so long the thread's other work gets a turn. */
const SLICE_MILLISECONDS = 8;
const COLLECT_ID = -1;

/** Runs plans on this thread; several partitions take turns, batch by batch. */
export class InlineRuntime implements Runtime {
  readonly partitions: number;
  readonly #machine: Machine;

  constructor(machine: Machine, partitions = 1) {
    this.#machine = machine;
    this.partitions = partitions;
  }

  async run(plan: PhysicalPlan, options: RunOptions = {}): Promise<QueryRows> {
    const { memory } = this.#machine;
    const collect = { kind: 'collect', types: plan.types, owner: options.resultOwner } as const;
    const cut = cutPipelines(plan, { id: COLLECT_ID, node: collect }, options.partitions ?? this.partitions);
    const owner = memory.newOwner();
    const release = (): void => memory.freeOwner(owner);
    try {
      const shared = allocateShared(memory, owner, cut);
      await runPipelines(this.#machine, cut, shared, options);
      const struct = shared.structs[COLLECT_ID]!;
      const clones = cut.sinkClones[COLLECT_ID]!;
      const batches = collectedBatches(memory, plan.types, struct, clones);
      return { rowCount: collectedRows(memory, struct, clones), batches, release };
    } catch (error) {
      release();
      if (options.resultOwner !== undefined) memory.freeOwner(options.resultOwner);
      throw error;
    }
  }
}

/** Runs pipelines one after the other; each sink is sealed after the last pipeline that feeds it. */
async function runPipelines(machine: Machine, cut: Pipelines, shared: SharedState, options: RunOptions): Promise<void> {
  const fed = new Map<number, PartitionDriver[]>();
  const open: PartitionDriver[] = [];
  const slice = { until: performance.now() + SLICE_MILLISECONDS };
  try {
    for (const pipeline of cut.pipelines) {
      const { sink } = pipeline;
      const drivers = openDrivers(machine, pipeline, cut.sinkClones[sink.id]!, shared, options);
      open.push(...drivers);
      await drive(drivers, slice, options.signal);
      for (const d of drivers) d.closeInput();
      const feeders = [...(fed.get(sink.id) ?? []), ...drivers];
      fed.set(sink.id, feeders);
      if (!pipeline.lastOfSink) continue;
      for (const d of feeders) d.finish();
      operatorOf(sink.node).sink?.seal?.(sink.node, feeders[0]!.sinkContext);
      for (const d of feeders) d.complete();
    }
  } finally {
    for (const d of open) d.closeSink();
  }
}

function openDrivers(
  machine: Machine,
  pipeline: Pipeline,
  sinkClones: number,
  shared: SharedState,
  options: RunOptions,
): PartitionDriver[] {
  return Array.from({ length: pipeline.partitions }, (_, partition) => {
    const arena = new Arena(machine.memory, shared.owner);
    const contextOf = contextMaker(machine, shared, arena, options);
    return new PartitionDriver(pipeline, partition, sinkClones, contextOf, arena, options.profile);
  });
}

function contextMaker(machine: Machine, shared: SharedState, arena: Arena, options: RunOptions): ContextOf {
  const { memory, kernels, platform } = machine;
  return (placed, clone, clones): OpenContext => ({
    memory,
    kernels,
    platform,
    owner: shared.owner,
    arena,
    partition: clone,
    partitions: clones,
    batchRows: options.batchRows ?? BATCH_ROWS,
    shared: shared.structs[placed.id] ?? 0,
    cancelled: () => options.signal?.aborted === true,
  });
}

/** Gives the drivers turns until all are through; lets the event loop run between slices. */
async function drive(drivers: readonly PartitionDriver[], slice: { until: number }, signal: AbortSignal | undefined): Promise<void> {
  let active = [...drivers];
  const waiting = new Map<PartitionDriver, Promise<void>>();
  while (active.length > 0) {
    let worked = false;
    for (const driver of active) {
      if (waiting.has(driver)) continue;
      const turn = driver.turn();
      worked = true;
      if (turn === 'done') active = active.filter(d => d !== driver);
      else if (turn !== 'more') waiting.set(driver, turn.finally(() => waiting.delete(driver)));
    }
    if (!worked) await Promise.race(waiting.values());
    if (performance.now() >= slice.until) {
      await yieldToEventLoop();
      slice.until = performance.now() + SLICE_MILLISECONDS;
    }
    if (signal?.aborted) throw cancellation(signal);
  }
}

/** Why a signal ended a query. */
export function cancellation(signal: AbortSignal): RayexecError {
  const reason: unknown = signal.reason;
  if (reason instanceof RayexecError) return reason;
  const timedOut = reason instanceof DOMException && reason.name === 'TimeoutError';
  return timedOut
    ? new RayexecError('timeout', 'the query took longer than its time-out', { cause: reason })
    : new RayexecError('cancelled', 'the query was cancelled', { cause: reason });
}
