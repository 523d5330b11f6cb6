import { throwIfCancelled } from '../common/cancellation.ts';
import { runPieces, Slices } from '../common/slices.ts';
import { Arena } from '../memory/arena.ts';
import { operatorOf } from '../operators/index.ts';
import { PartitionDriver } from './driver.ts';
import { contextsOf } from './open-context.ts';
import type { Pipeline, Pipelines } from './pipeline.ts';
import type { SharedState } from './query-memory.ts';
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
  async run({ pipelines, sinkClones }: Pipelines, shared: SharedState, options: RunOptions): Promise<void> {
    const fed = new Map<number, PartitionDriver[]>();
    const open: PartitionDriver[] = [];
    const slices = new Slices();
    const check = (): void => throwIfCancelled(options.signal);
    try {
      for (const pipeline of pipelines) {
        const { sink } = pipeline;
        const drivers = this.#openDrivers(pipeline, sinkClones[sink.id]!, shared, options, open);
        await drive(drivers, slices, check, options.signal);
        for (const d of drivers) {
          d.closeInput();
          await runPieces(d.finish(), slices, check);
        }
        const feeders = [...(fed.get(sink.id) ?? []), ...drivers];
        fed.set(sink.id, feeders);
        if (!pipeline.lastOfSink) continue;
        const sealing = operatorOf(sink.node).sink?.seal?.(sink.node, feeders[0]!.sinkContext);
        if (sealing !== undefined) await runPieces(sealing, slices, check);
        for (const d of feeders) await runPieces(d.complete(), slices, check);
      }
    } finally {
      for (const d of open) d.closeSink();
    }
  }

  #openDrivers(
    pipeline: Pipeline,
    sinkClones: number,
    shared: SharedState,
    options: RunOptions,
    open: PartitionDriver[],
  ): PartitionDriver[] {
    return Array.from({ length: pipeline.partitions }, (_, partition) => {
      const arena = new Arena(this.machine.memory, shared.owner);
      const contexts = contextsOf(this.machine, shared, arena, options);
      const driver = new PartitionDriver(pipeline, partition, sinkClones, contexts, arena, options.profile);
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
