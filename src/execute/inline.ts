import { throwIfCancelled } from '../common/cancellation.ts';
import { runPieces, Slices } from '../common/slices.ts';
import { Arena } from '../memory/arena.ts';
import type { Owner } from '../memory/linear-memory.ts';
import { operatorOf } from '../operators/index.ts';
import { PartitionDriver } from './driver.ts';
import { LastingStates } from './lasting-states.ts';
import { loadPipeline } from './load-pipeline.ts';
import { narrowPipeline } from './narrow-pipeline.ts';
import { contextsOf } from './open-context.ts';
import type { Pipeline, Pipelines } from './pipeline.ts';
import type { SharedState } from './query-memory.ts';
import { runSchedule } from './run-schedule.ts';
import type { Machine, RunOptions, Runtime } from './runtime.ts';

/** Runs plans on this thread; several partitions take turns, batch by batch. */
export class InlineRuntime implements Runtime {
  readonly machine: Machine;
  readonly partitions: number;

  constructor(machine: Machine, partitions = 1) {
    this.machine = machine;
    this.partitions = partitions;
  }

  /** One pipeline after the other; each sink is sealed after the last pipeline that feeds it. */
  async run({ schedule }: Pipelines, shared: SharedState, options: RunOptions): Promise<void> {
    const states = Array.from({ length: this.partitions }, (_, p) => new LastingStates(p, this.partitions));
    /** By sink, the drivers whose sinks are open. */
    const fed = new Map<number, PartitionDriver[]>();
    const close = (sink: number): void => {
      for (const d of fed.get(sink) ?? []) d.closeSink();
      fed.delete(sink);
    };
    const slices = new Slices();
    const check = (): void => throwIfCancelled(options.signal);
    const runPipeline = async (wide: Pipeline, at: SharedState): Promise<void> => {
      const pipeline = narrowPipeline(wide, this.machine.memory, at);
      const { sink } = pipeline;
      const feeders = fed.get(sink.id) ?? [];
      fed.set(sink.id, feeders);
      await loadPipeline(pipeline);
      const drivers = this.#openDrivers(pipeline, at, states, options, feeders);
      await drive(drivers, slices, check, options.signal);
      for (const d of drivers) {
        d.closeInput();
        await runPieces(d.finish(), slices, check);
      }
      if (!pipeline.lastOfSink) return;
      const sealing = operatorOf(sink.node).sink?.seal?.(sink.node, feeders[0]!.sinkContext);
      if (sealing !== undefined) await runPieces(sealing, slices, check);
      for (const d of feeders) await runPieces(d.complete(), slices, check);
    };
    const endRound = async (sinks: readonly number[], owner: Owner): Promise<void> => {
      for (const sink of sinks) close(sink);
      for (const s of states) s.drop(owner);
    };
    try {
      await runSchedule({ machine: this.machine, runPipeline, endRound }, schedule, shared);
    } finally {
      for (const sink of [...fed.keys()]) close(sink);
    }
  }

  #openDrivers(
    pipeline: Pipeline,
    shared: SharedState,
    states: readonly LastingStates[],
    options: RunOptions,
    open: PartitionDriver[],
  ): PartitionDriver[] {
    return Array.from({ length: pipeline.partitions }, (_, partition) => {
      const arena = new Arena(this.machine.memory, shared.owner);
      const contexts = contextsOf(this.machine, shared, arena, states[partition]!, options);
      const driver = new PartitionDriver(pipeline, partition, contexts, arena, options.profile);
      open.push(driver);
      return driver;
    });
  }
}

/** Gives the drivers turns until all are through; lets the event loop run between slices. */
async function drive(
  drivers: readonly PartitionDriver[],
  slices: Slices,
  check: () => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  let active = [...drivers];
  const waiting = new Map<PartitionDriver, Promise<void>>();
  while (active.length > 0) {
    check();
    let worked = false;
    for (const driver of active) {
      if (waiting.has(driver)) continue;
      const turn = driver.turn();
      worked = true;
      if (turn === 'done') active = active.filter(d => d !== driver);
      else if (turn !== 'more') {
        const woken = turn.finally(() => waiting.delete(driver));
        waiting.set(driver, woken);
      }
    }
    if (!worked) await firstOf([...waiting.values()], signal);
    if (slices.isOver) await slices.next();
  }
}

/** Waits until one driver can go on, or the query is cancelled. */
async function firstOf(waiting: readonly Promise<void>[], signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return Promise.race(waiting);
  let stop = (): void => undefined;
  const aborted = new Promise<void>(resolve => {
    stop = resolve;
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    await Promise.race([...waiting, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
