import { cancellation } from '../../common/cancellation.ts';
import { invariant, RayexecError } from '../../common/errors.ts';
import type { Machine } from '../../execute/runtime.ts';
import type { PhysicalPlan } from '../../operators/physical-plan.ts';
import type { ReceiveRequest } from '../../protocol/exchange-port.ts';
import type { ClusterOptions } from '../cluster.ts';
import type { RootStage } from '../local/run-stages.ts';
import { runTask, taskMessage } from '../run-task.ts';
import type { Stage } from '../stage.ts';
import { TaskPort } from '../task-port.ts';
import type { Attempt } from '../transport.ts';
import { MemoryTransport } from '../transports/memory-transport.ts';
import { ArrivingBlocks } from './arriving-blocks.ts';
import { exchangeOf, objectsOf } from './choose-exchange.ts';
import { encodeFrame, encodeJson, readFrames } from './frames.ts';
import { PROTOCOL } from './gateway.ts';
import { runsOf } from './task-reports.ts';
import { type ShippedModule, shippedValue } from './user-modules.ts';

/** Bytes of tables in memory that a query may take to the cluster. */
const BROUGHT = 64 * 2 ** 20;

/** A gateway that was started: what it is asked with, and how. */
export type Gateway = {
  readonly bundle: string;
  /** Modules of users' functions that the bundle has, by where they are here. */
  readonly shipped: ReadonlyMap<string, ShippedModule>;
  ask(frames: readonly Uint8Array[], signal: AbortSignal | undefined): AsyncIterable<Uint8Array>;
};

/** What Node processes are told of a stage, for all its tasks. Plain data. */
export type StageMessage = {
  readonly stage: Stage;
  readonly batchRows: number | undefined;
  readonly analyze: boolean;
};

/**
 * Starts all stages but the last on a Ray cluster; those that read this process's memory run here first, and their rows go
 * with the query.
 * @throws RayexecError what such a stage ran into; `unsupported` when tables in memory are too large to be sent along
 */
export async function runOnRay(
  stages: readonly Stage[],
  gateway: Gateway,
  client: Machine,
  options: ClusterOptions,
): Promise<RootStage> {
  const { batchRows, signal, profile, shuffle } = options;
  const root = stages.at(-1)!;
  const attempt: Attempt = { stage: root.id, task: 0, attempt: 0 };
  const arrow = await import('apache-arrow');
  if (stages.length === 1) return { plan: root.plan, exchange: new TaskPort(arrow, new MemoryTransport(), attempt) };
  const brought = new BroughtBlocks();
  const given = stages.filter(s => s.onClient && s.send !== undefined);
  for (const stage of given) {
    invariant(stage.reads.length === 0, 'what is read in memory is sent on at once');
    for (let task = 0; task < stage.tasks; task++) {
      await runTask(client, taskMessage(stage, task, 0, batchRows), brought, options);
    }
  }
  const reads = readsOf(root.plan);
  const query = encodeJson('run', {
    protocol: PROTOCOL,
    bundle: gateway.bundle,
    analyze: profile !== undefined,
    given: given.map(({ id, tasks }) => ({ stage: id, tasks })),
    stages: stages
      .slice(0, -1)
      .filter(stage => !stage.onClient)
      .map(stage => ({
        id: stage.id,
        tasks: stage.tasks,
        reads: onceEach(readsOf(stage.plan)),
        receivers: stage.send!.receivers,
        objects: objectsOf(stage),
        exchange: reads.some(r => r.stage === stage.id) ? 'store' : exchangeOf(stage, shuffle),
        text: JSON.stringify(
          { stage, batchRows, analyze: profile !== undefined } satisfies StageMessage,
          shippedValue.bind(undefined, gateway.shipped),
        ),
      })),
    root: onceEach(reads),
  });
  const isReadOnce = (stage: number): boolean => reads.filter(r => r.stage === stage).length === 1;
  const frames = readFrames(explained(gateway.ask([...query, ...brought.frames], signal), signal));
  const arriving = new ArrivingBlocks(frames, isReadOnce, options.onProgress);
  return {
    plan: root.plan,
    exchange: new TaskPort(arrow, arriving, attempt),
    finish: async () => {
      if (profile === undefined) return;
      const told = await arriving.finish();
      profile.tasks.push(...runsOf(told));
      for (const { task, nodes } of told.tasks) profile.add(nodes.map(n => ({ ...n, partition: task })));
    },
    close: () => arriving.close(),
  };
}

/** The same bytes; what a signal ended ends as its reason. */
async function* explained(bytes: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined) {
  try {
    yield* bytes;
  } catch (error) {
    throw signal?.aborted ? cancellation(signal) : error;
  }
}

/** What the readers in a plan ask for. */
function readsOf({ node, inputs }: PhysicalPlan): readonly ReceiveRequest[] {
  const own = node.kind === 'receive' ? [{ stage: node.stage, senders: node.senders, part: node.part }] : [];
  return [...own, ...inputs.flatMap(readsOf)];
}

/** Each stage once. */
function onceEach(reads: readonly ReceiveRequest[]): readonly ReceiveRequest[] {
  return reads.filter((r, i) => reads.findIndex(other => other.stage === r.stage) === i);
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
