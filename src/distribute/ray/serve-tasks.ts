import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { RayexecError } from '../../common/errors.ts';
import type { Machine } from '../../execute/runtime.ts';
import { runTask, type TaskMessage } from '../run-task.ts';
import type { Attempt, Transport } from '../transport.ts';
import { decodeJson, encodeFrame, encodeJson, readFrames } from './frames.ts';

/** Runs the tasks that come as frames, one after another: their blocks, then what to run. Ends with the input. */
export async function serveTasks(machine: Machine, input: Readable, output: Writable): Promise<void> {
  let transport = new PipeTransport(output);
  for await (const frame of readFrames(input)) {
    if (frame.kind === 'block') {
      const [stage, sender] = frame.numbers;
      transport.add(stage, sender, frame.bytes);
      continue;
    }
    try {
      await runTask(machine, decodeJson(frame) as TaskMessage, transport);
    } catch (error) {
      const known = error instanceof RayexecError ? error : new RayexecError('internal', String(error));
      await write(output, encodeJson('error', known.toJSON()));
    }
    transport = new PipeTransport(output);
  }
}

/** What a task reads, which came before it; what it sends goes out as it comes. */
class PipeTransport implements Transport {
  readonly #output: Writable;
  readonly #read = new Map<string, Uint8Array[]>();

  constructor(output: Writable) {
    this.#output = output;
  }

  /** A block for the task that comes next. */
  add(stage: number, sender: number, bytes: Uint8Array): void {
    const key = `${stage}.${sender}`;
    const blocks = this.#read.get(key);
    if (blocks === undefined) this.#read.set(key, [bytes]);
    else blocks.push(bytes);
  }

  send(_: Attempt, receiver: number, bytes: Uint8Array): void {
    for (const part of encodeFrame('block', [receiver, 0, 0], bytes)) this.#output.write(part);
  }

  drained(): Promise<void> | undefined {
    return this.#output.writableNeedDrain ? once(this.#output, 'drain').then(() => undefined) : undefined;
  }

  async commit(): Promise<void> {
    await write(this.#output, encodeFrame('done'));
  }

  async *read(stage: number, task: number): AsyncGenerator<Uint8Array, void, undefined> {
    yield* this.#read.get(`${stage}.${task}`) ?? [];
  }
}

async function write(output: Writable, parts: readonly Uint8Array[]): Promise<void> {
  for (const part of parts) {
    if (!output.write(part)) await once(output, 'drain');
  }
}
