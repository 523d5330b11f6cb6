import { availableParallelism } from 'node:os';
import type { MessagePort } from 'node:worker_threads';
import { invariant } from '../common/errors.ts';
import type { StartWorker, WorkerPort } from './worker-host.ts';

/** Loaded when first needed: programs that run small queries start no thread. */
const threads = (): typeof import('node:worker_threads') => process.getBuiltinModule('node:worker_threads');

/** What a worker is started with: a port of its own, as that of `Worker` can't be asked whether a message has come. */
type Start = { readonly data: unknown; readonly port: MessagePort };

/** Starts a thread of Node (Deno and Bun have the same module). */
export const startNodeWorker: StartWorker = (url, data) => {
  invariant(url !== undefined, 'connect() knows where the worker is');
  const { Worker, MessageChannel } = threads();
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(url, {
    workerData: { data, port: port2 } satisfies Start,
    transferList: [port2],
    ...workerOptions(process.execArgv),
  });
  worker.unref();
  let reason: Error | undefined;
  worker.on('error', error => {
    reason = error as Error;
  });
  return {
    post: message => port1.postMessage(message),
    onMessage: listener => {
      port1.on('message', listener);
      // The worker alone says whether the process goes on.
      port1.unref();
    },
    poll: polling(port1),
    onExit: listener => void worker.on('exit', () => listener(reason)),
    ref: () => worker.ref(),
    unref: () => worker.unref(),
    terminate: () => void worker.terminate(),
  };
};

/** A worker runs a file: what `node --input-type=module -e …` was told about its program would stop it. */
function workerOptions(execArgv: readonly string[]): { readonly execArgv?: string[] } {
  if (!execArgv.some(a => a.startsWith('--input-type'))) return {};
  const inline = execArgv.findIndex(a => /^(-e|-p|-pe|--eval|--print)$/.test(a));
  const kept = inline < 0 ? execArgv : [...execArgv.slice(0, inline), ...execArgv.slice(inline + 2)];
  return { execArgv: kept.filter(a => !/^--(input-type|eval|print)\b/.test(a)) };
}

/** The port of the thread that this code runs in. */
export function nodeWorkerPort(): WorkerPort {
  const { data, port } = threads().workerData as Start;
  return {
    data,
    post: message => port.postMessage(message),
    onMessage: listener => void port.on('message', listener),
    poll: polling(port),
  };
}

function polling(port: MessagePort): () => unknown {
  const { receiveMessageOnPort } = threads();
  return () => receiveMessageOnPort(port)?.message;
}

/** Threads that this machine runs at once; one thread gains nothing over none. */
export function defaultThreads(): number {
  const threads = availableParallelism();
  return threads > 1 ? threads : 0;
}
