import { InlineRuntime } from '../execute/inline.ts';
import { QueryRun } from '../execute/query-run.ts';
import type { Machine, RunOptions } from '../execute/runtime.ts';
import { loadModules } from '../functions/user/user-code.ts';
import { userFunctionsIn } from '../functions/user/user-function.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import type { SendNode } from '../operators/send.ts';
import { planOfTask, type Stage } from './stage.ts';
import { TaskPort } from './task-port.ts';
import type { Attempt, Transport } from './transport.ts';

/** All that a task's process is told: plain JSON-safe data. */
export type TaskMessage = Attempt & {
  readonly plan: PhysicalPlan;
  readonly send: SendNode;
  readonly batchRows?: number | undefined;
};

/** What a task of a stage (not of the last one) is told. Every attempt is told the same. */
export function taskMessage(stage: Stage, task: number, attempt: number, batchRows?: number): TaskMessage {
  return { stage: stage.id, task, attempt, plan: planOfTask(stage, task), send: stage.send!, batchRows };
}

/**
 * Runs one attempt at a task on this thread, in the machine's memory, which it leaves as it was.
 * @throws RayexecError what the task ran into; nothing it sent is seen then
 */
export async function runTask(
  machine: Machine,
  message: TaskMessage,
  transport: Transport,
  { signal, profile }: Pick<RunOptions, 'signal' | 'profile'> = {},
): Promise<void> {
  const { plan, send, batchRows } = message;
  await loadModules(userFunctionsIn(plan));
  const exchange = new TaskPort(await import('apache-arrow'), transport, message, transport);
  const run = await QueryRun.open(new InlineRuntime(machine), plan, send, { batchRows, signal, profile, exchange });
  try {
    await run.finish();
  } finally {
    run.release();
  }
  await transport.commit(message);
}
