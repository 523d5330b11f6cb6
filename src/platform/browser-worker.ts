import type { StartWorker, WorkerPort } from './worker-host.ts';

/** Files that a page has registered, by the names under which queries read them. */
export type PageFiles = ReadonlyMap<string, Blob>;

type First = { readonly data: unknown; readonly files: PageFiles };

/**
 * Starts a module worker of a page, which must be cross-origin isolated: only then may threads share memory. Such
 * workers never keep a page open.
 * @param ownWorker starts the worker of the package
 */
export const startBrowserWorker =
  (files: PageFiles, ownWorker: () => Worker): StartWorker =>
  (url, data) => {
    const worker = url === undefined ? ownWorker() : new Worker(url, { type: 'module' });
    worker.postMessage({ data, files } satisfies First);
    return {
      post: message => worker.postMessage(message),
      onMessage: listener => worker.addEventListener('message', event => listener(event.data)),
      onExit: listener =>
        worker.addEventListener(
          'error',
          event => {
            worker.terminate();
            listener(new Error(event.message || `the module ${url?.href ?? 'of the worker'} can't be loaded`));
          },
          { once: true },
        ),
      ref: () => {},
      unref: () => {},
      terminate: () => worker.terminate(),
    };
  };

/** What a worker of a page uses of its global scope. */
type WorkerScope = {
  readonly postMessage: (message: unknown) => void;
  readonly addEventListener: (type: 'message', listener: (event: MessageEvent<unknown>) => void) => void;
};

/** The port of the worker that this code runs in, and the page's files. */
export function browserWorkerPort(): Promise<{ readonly port: WorkerPort; readonly files: PageFiles }> {
  const scope = globalThis as unknown as WorkerScope;
  return new Promise(resolve => {
    let isStarted = false;
    let listener: ((message: unknown) => void) | undefined;
    // Messages are lost when nobody listens: those that come too early wait.
    const early: unknown[] = [];
    scope.addEventListener('message', event => {
      if (isStarted) {
        if (listener === undefined) early.push(event.data);
        else listener(event.data);
        return;
      }
      isStarted = true;
      const { data, files } = event.data as First;
      const port: WorkerPort = {
        data,
        post: message => scope.postMessage(message),
        onMessage: added => {
          listener = added;
          for (const message of early.splice(0)) added(message);
        },
      };
      resolve({ port, files });
    });
  });
}

/** Threads to use: none where memory can't be shared. */
export function defaultBrowserThreads(): number {
  const threads = globalThis.crossOriginIsolated === true ? navigator.hardwareConcurrency : 0;
  return threads > 1 ? threads : 0;
}
