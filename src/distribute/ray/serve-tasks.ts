import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { invariant, RayexecError } from '../../common/errors.ts';
import { Profile } from '../../execute/profile.ts';
import type { Machine } from '../../execute/runtime.ts';
import { programFunction, userFunctionsIn } from '../../functions/user/user-function.ts';
import type { Block, ReceiveRequest } from '../../protocol/exchange-port.ts';
import { runTask, taskMessage } from '../run-task.ts';
import type { Attempt, BlockSource, BlockWriter, Transport } from '../transport.ts';
import { type FileOutput, FileSource, type FileTable, FileWriter } from './file-exchange.ts';
import { decodeJson, encodeJson, type Frame, readFrames } from './frames.ts';
import { LostBlocks } from './lost-blocks.ts';
import { PipeSource, PipeWriter } from './pipe-exchange.ts';
import type { StageMessage } from './run-on-ray.ts';
import type { TaskDone } from './task-reports.ts';

/** What a worker is told of one task. */
type TaskOrder = {
  readonly stage: StageMessage;
  readonly told: {
    readonly task: number;
    readonly attempt: number;
    /** Stages that are read from files; others are asked for. */
    readonly files: Readonly<Record<number, FileTable>>;
    /** Default: what it sends goes to the parent. */
    readonly output: FileOutput | null;
  };
};

/** Runs the tasks that come as frames, one after another. Ends with the input. */
export async function serveTasks(machine: Machine, input: Readable, output: Writable): Promise<void> {
  const frames = readFrames(input);
  for (;;) {
    const { done, value } = await frames.next();
    if (done === true) return;
    invariant(value.kind === 'run', 'a task starts with what to do');
    await write(output, await answer(machine, value, frames, output));
  }
}

/** Runs a task. @returns the last frame of its answer */
async function answer(
  machine: Machine,
  frame: Frame,
  frames: AsyncIterator<Frame, void, undefined>,
  output: Writable,
): Promise<readonly Uint8Array[]> {
  const source = new PipeSource(frames, output);
  let file: FileWriter | undefined;
  try {
    const { stage: message, told } = decodeJson(frame) as TaskOrder;
    const { stage, batchRows, analyze } = message;
    // A plan must not name code to load: it may come from anyone who has the token.
    const [fn] = userFunctionsIn(stage.plan);
    if (fn !== undefined) throw programFunction(fn.name);
    const profile = analyze ? new Profile() : undefined;
    if (told.output !== null) file = new FileWriter(told.output);
    const tables = new Map(Object.entries(told.files).map(([id, table]) => [Number(id), new FileSource(table)]));
    const transport = new CountingTransport(id => tables.get(id) ?? source, file ?? new PipeWriter(output));
    await runTask(machine, taskMessage(stage, told.task, told.attempt, batchRows), transport, { profile });
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
