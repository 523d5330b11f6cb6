import { RayexecError } from '../../common/errors.ts';
import type { Machine, RunOptions } from '../../execute/runtime.ts';
import type { PhysicalPlan } from '../../operators/physical-plan.ts';
import type { ExchangePort } from '../../protocol/exchange-port.ts';
import { runTask, type TaskMessage, taskMessage } from '../run-task.ts';
import type { Stage } from '../stage.ts';
import { TaskPort } from '../task-port.ts';
import type { Transport } from '../transport.ts';

/** Attempts at a task before its error is the query's. */
const ATTEMPTS = 3;

export type LocalStages = {
  readonly transport: Transport;
  /** The memory of the process that asks. */
  readonly client: Machine;
  /** The machine of a task: a memory that no other task uses meanwhile. */
  readonly machineOf: (task: number) => Promise<Machine>;
  readonly options: Pick<RunOptions, 'batchRows' | 'signal' | 'profile' | 'onProgress'>;
};

/** The last stage's plan, and where it reads: it runs wherever its rows are wanted. */
export type RootStage = {
  readonly plan: PhysicalPlan;
  readonly exchange: ExchangePort;
  /** Waits for what the other stages have to tell when all has been read; @throws RayexecError what they ran into */
  readonly finish?: (() => Promise<void>) | undefined;
  /** Ends what still runs for it. */
  readonly close?: (() => void) | undefined;
};

/**
 * Runs all stages but the last in this process, a task at a time, as if each task had a machine of its own: what it is
 * told has been through JSON, and rows come and go through the transport only.
 * @throws RayexecError what a task ran into; `cancelled` or `timeout` when the signal fired
 */
export async function runStages(stages: readonly Stage[], local: LocalStages): Promise<RootStage> {
  const root = stages.at(-1)!;
  const all = stages.reduce((sum, s) => sum + s.tasks, 0);
  let done = 0;
  for (const stage of stages.slice(0, -1)) {
    for (let task = 0; task < stage.tasks; task++) {
      await attempts(stage, task, local);
      local.options.onProgress?.(++done / all);
    }
  }
  const exchange = new TaskPort(await import('apache-arrow'), local.transport, { stage: root.id, task: 0, attempt: 0 });
  return { plan: root.plan, exchange };
}

/** Tries a task again when what failed was not the query. */
async function attempts(stage: Stage, task: number, local: LocalStages): Promise<void> {
  const { transport, client, machineOf, options } = local;
  for (let attempt = 0; ; attempt++) {
    const machine = stage.onClient ? client : await machineOf(task);
    const message = JSON.parse(JSON.stringify(taskMessage(stage, task, attempt, options.batchRows))) as TaskMessage;
    try {
      return await runTask(machine, message, transport, options);
    } catch (error) {
      const isOfQuery = !(error instanceof RayexecError) || error.code !== 'io';
      if (isOfQuery || attempt + 1 === ATTEMPTS) throw error;
    }
  }
}
