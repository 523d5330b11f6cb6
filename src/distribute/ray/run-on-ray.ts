import { cancellation } from '../../common/cancellation.ts';
import { invariant, RayexecError, type SerializedError } from '../../common/errors.ts';
import type { Machine, RunOptions } from '../../execute/runtime.ts';
import type { PhysicalPlan } from '../../operators/physical-plan.ts';
import type { ReceiveRequest } from '../../protocol/exchange-port.ts';
import type { RootStage } from '../local/run-stages.ts';
import { runTask, taskMessage } from '../run-task.ts';
import type { Stage } from '../stage.ts';
import { TaskPort } from '../task-port.ts';
import type { Attempt } from '../transport.ts';
import { MemoryTransport } from '../transports/memory-transport.ts';
import { decodeJson, encodeFrame, encodeJson, readFrames } from './frames.ts';
import type { LocalRay } from './local-ray.ts';

/** Bytes of tables in memory that a query may take to the cluster. */
const BROUGHT = 64 * 2 ** 20;

/**
 * Runs all stages but the last on a Ray cluster; those that read this process's memory here first, and their rows go with
 * the query.
 * @throws RayexecError what a task ran into; `unsupported` when tables in memory are too large to be sent along
 */
export async function runOnRay(
  stages: readonly Stage[],
  ray: LocalRay,
  client: Machine,
  options: Pick<RunOptions, 'batchRows' | 'signal' | 'profile'>,
): Promise<RootStage> {
  const root = stages.at(-1)!;
  const transport = new MemoryTransport();
  const exchange = new TaskPort(await import('apache-arrow'), transport, { stage: root.id, task: 0, attempt: 0 });
  if (stages.length === 1) return { plan: root.plan, exchange };
  const brought = new BroughtBlocks();
  const given = stages.filter(s => s.onClient && s.send !== undefined);
  for (const stage of given) {
    invariant(stage.reads.length === 0, 'what is read in memory is sent on at once');
    for (let task = 0; task < stage.tasks; task++) {
      await runTask(client, taskMessage(stage, task, 0, options.batchRows), brought, options);
    }
  }
  const query = encodeJson('run', {
    protocol: 1,
    given: given.map(({ id, tasks }) => ({ stage: id, tasks })),
    stages: stages.slice(0, -1).flatMap(stage => (stage.onClient ? [] : [stageMessage(stage, options.batchRows)])),
    root: readsOf(root.plan),
  });
  const { signal } = options;
  try {
    await receive(ray.query([...query, ...brought.frames], signal), transport);
  } catch (error) {
    throw signal?.aborted ? cancellation(signal) : error;
  }
  for (const { stage, senders } of readsOf(root.plan)) {
    for (let task = 0; task < senders; task++) await transport.commit({ stage, task, attempt: 0 });
  }
  return { plan: root.plan, exchange };
}

/** Tasks are told as text, which Python hands on as it is. */
function stageMessage(stage: Stage, batchRows: number | undefined) {
  const messages = Array.from({ length: stage.tasks }, (_, task) =>
    JSON.stringify(taskMessage(stage, task, 0, batchRows)),
  );
  return { id: stage.id, reads: readsOf(stage.plan), messages };
}

/** What the readers in a plan ask for, each stage once. */
function readsOf({ node, inputs }: PhysicalPlan): readonly ReceiveRequest[] {
  const own = node.kind === 'receive' ? [{ stage: node.stage, senders: node.senders, part: node.part }] : [];
  const all = [...own, ...inputs.flatMap(readsOf)];
  return all.filter((r, i) => all.findIndex(other => other.stage === r.stage) === i);
}

async function receive(bytes: AsyncIterable<Uint8Array>, transport: MemoryTransport): Promise<void> {
  for await (const frame of readFrames(bytes)) {
    if (frame.kind === 'done') return;
    if (frame.kind === 'error') throw RayexecError.fromJSON(decodeJson(frame) as SerializedError);
    const [stage, task] = frame.numbers;
    transport.send({ stage, task, attempt: 0 }, 0, frame.bytes.slice());
  }
  throw new RayexecError('io', 'the gateway ended its answer too early');
}

/** Takes the blocks that go along with a query. */
class BroughtBlocks extends MemoryTransport {
  readonly frames: Uint8Array[] = [];
  #bytes = 0;

  override send({ stage, task }: Attempt, receiver: number, bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    if (this.#bytes > BROUGHT) {
      throw new RayexecError('unsupported', 'tables in memory of more than 64 MiB are not sent to a cluster', {
        hint: 'write them to Parquet files, and query these',
      });
    }
    this.frames.push(...encodeFrame('block', [stage, task, receiver], bytes));
  }
}
