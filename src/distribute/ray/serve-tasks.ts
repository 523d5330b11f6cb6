import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { invariant, RayexecError } from '../../common/errors.ts';
import { Profile } from '../../execute/profile.ts';
import type { Machine } from '../../execute/runtime.ts';
import { loadModules } from '../../functions/user/user-code.ts';
import { userFunctionsIn } from '../../functions/user/user-function.ts';
import type { Block, ReceiveRequest } from '../../protocol/exchange-port.ts';
import { runTask, taskMessage } from '../run-task.ts';
import type { Attempt, BlockSource, BlockWriter, Transport } from '../transport.ts';
import { type FileOutput, FileSource, type FileTable, FileWriter } from './file-exchange.ts';
import { decodeJson, encodeJson, type Frame } from './frames.ts';
import { LostBlocks } from './lost-blocks.ts';
import { PipeSource, PipeWriter } from './pipe-exchange.ts';
import type { StageMessage } from './run-on-ray.ts';
import type { TaskDone } from './task-reports.ts';
import { shippedUrl } from './user-modules.ts';

/** What a worker is told of tasks of a stage. */
type StageOrder = {
  readonly stage: StageMessage;
  /** Stages that are read from files; others are asked for. */
  readonly files: Readonly<Record<number, FileTable>>;
};

/** What a worker is told of one of them. */
type TaskOrder = {
  readonly task: number;
  readonly attempt: number;
  /** Default: what it sends goes to the parent. */
  readonly output: FileOutput | null;
};

/** Runs the tasks that come as frames, one after another. Ends with them. @param modules the folder of users' modules */
export async function serveTasks(
  machine: Machine,
  frames: AsyncIterator<Frame, void, undefined>,
  output: Writable,
  modules: string,
): Promise<void> {
  let order: Promise<Order> | undefined;
  for (;;) {
    const { done, value } = await frames.next();
    if (done === true) return;
    if (value.kind === 'run') {
      order = readOrder(value, modules);
      // It is the error of the task that follows.
      order.catch(() => undefined);
    } else {
      invariant(value.kind === 'task' && order !== undefined, 'a task comes after what its stage is');
      await write(output, await answer(machine, order, value, frames, output));
    }
  }
}

type Order = { readonly message: StageMessage; readonly tables: ReadonlyMap<number, FileSource> };

async function readOrder(frame: Frame, modules: string): Promise<Order> {
  const { stage: message, files } = decodeJson(frame) as StageOrder;
  await loadModules(userFunctionsIn(message.stage.plan), fn => shippedUrl(modules, fn));
  return { message, tables: new Map(Object.entries(files).map(([id, table]) => [Number(id), new FileSource(table)])) };
}

/** Runs a task. @returns the last frame of its answer */
async function answer(
  machine: Machine,
  order: Promise<Order>,
  frame: Frame,
  frames: AsyncIterator<Frame, void, undefined>,
  output: Writable,
): Promise<readonly Uint8Array[]> {
  const source = new PipeSource(frames, output);
  let file: FileWriter | undefined;
  try {
    const { message, tables } = await order;
    const { stage, batchRows, analyze } = message;
    const { task, attempt, output: place } = decodeJson(frame) as TaskOrder;
    const profile = analyze ? new Profile() : undefined;
    if (place !== null) file = new FileWriter(place);
    const transport = new CountingTransport(id => tables.get(id) ?? source, file ?? new PipeWriter(output));
    await runTask(machine, taskMessage(stage, task, attempt, batchRows), transport, { profile });
    const { sent, received } = transport;
    return encodeJson('done', { sent, received, nodes: profile?.nodes ?? [] } satisfies TaskDone);
  } catch (error) {
    if (error instanceof LostBlocks) return encodeJson('lost', error.senders, error.stage);
    const known = error instanceof RayexecError ? error : new RayexecError('internal', String(error));
    return encodeJson('error', known.toJSON());
  } finally {
    await file?.close();
    await source.settled();
  }
}

/** Knows how much goes through. */
class CountingTransport implements Transport {
  readonly #sourceOf: (stage: number) => BlockSource;
  readonly #writer: BlockWriter;
  sent = 0;
  received = 0;

  constructor(sourceOf: (stage: number) => BlockSource, writer: BlockWriter) {
    this.#sourceOf = sourceOf;
    this.#writer = writer;
  }

  send(from: Attempt, receiver: number, bytes: Uint8Array): void {
    this.sent += bytes.length;
    this.#writer.send(from, receiver, bytes);
  }

  drained(from: Attempt): Promise<void> | undefined {
    return this.#writer.drained(from);
  }

  commit(from: Attempt): Promise<void> {
    return this.#writer.commit(from);
  }

  async *read(request: ReceiveRequest, task: number): AsyncGenerator<Block, void, undefined> {
    for await (const block of this.#sourceOf(request.stage).read(request, task)) {
      this.received += block.bytes.length;
      yield block;
    }
  }
}

async function write(output: Writable, parts: readonly Uint8Array[]): Promise<void> {
  for (const part of parts) {
    if (!output.write(part)) await once(output, 'drain');
  }
}
