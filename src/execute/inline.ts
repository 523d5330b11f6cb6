import { Arena } from '../memory/arena.ts';
import { operatorOf } from '../operators/index.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import { cancellation } from './cancellation.ts';
import { PartitionDriver } from './driver.ts';
import { yieldToEventLoop } from './event-loop.ts';
import { cancel, contextsOf } from './open-context.ts';
import { cutPipelines, type Pipeline, type Pipelines } from './pipeline.ts';
import { allocateShared, type SharedState } from './query-memory.ts';
import { COLLECT_ID, collectedRowsOf, collectNode } from './result.ts';
import type { Machine, QueryRows, RunOptions, Runtime } from './runtime.ts';

/** After so long the thread's other work gets a turn. */
const SLICE_MILLISECONDS = 8;

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
    const cut = cutPipelines(
      plan,
      { id: COLLECT_ID, node: collectNode(plan, options) },
      options.partitions ?? this.partitions,
    );
    const owner = memory.newOwner();
    try {
      if (options.signal?.aborted) throw cancellation(options.signal);
      const shared = allocateShared(memory, owner, cut);
      const stop = (): void => cancel(this.#machine, shared);
      options.signal?.addEventListener('abort', stop, { once: true });
      try {
        await runPipelines(this.#machine, cut, shared, options);
      } finally {
        options.signal?.removeEventListener('abort', stop);
      }
      return collectedRowsOf(memory, plan, cut, shared);
    } catch (error) {
      memory.freeOwner(owner);
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
    const contexts = contextsOf(machine, shared, arena, options.batchRows);
    return new PartitionDriver(pipeline, partition, sinkClones, contexts, arena, options.profile);
  });
}

/** Gives the drivers turns until all are through; lets the event loop run between slices. */
async function drive(
  drivers: readonly PartitionDriver[],
  slice: { until: number },
  signal: AbortSignal | undefined,
): Promise<void> {
  let active = [...drivers];
  const waiting = new Map<PartitionDriver, Promise<void>>();
  while (active.length > 0) {
    let worked = false;
    for (const driver of active) {
      if (waiting.has(driver)) continue;
      const turn = driver.turn();
      worked = true;
      if (turn === 'done') active = active.filter(d => d !== driver);
      else if (turn !== 'more')
        waiting.set(
          driver,
          turn.finally(() => waiting.delete(driver)),
        );
    }
    if (!worked) await Promise.race(waiting.values());
    if (performance.now() >= slice.until) {
      await yieldToEventLoop();
      slice.until = performance.now() + SLICE_MILLISECONDS;
    }
    if (signal?.aborted) throw cancellation(signal);
  }
}
