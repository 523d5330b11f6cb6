/** A worker thread as the engine sees it, whatever the runtime calls it. */
export type WorkerHandle = {
  readonly post: (message: unknown) => void;
  /** Called with each message of the worker. */
  readonly onMessage: (listener: (message: unknown) => void) => void;
  /** The next message, if it is there: then nobody else is called with it. Absent where that can't be asked. */
  readonly poll?: (() => unknown) | undefined;
  /** Called once when the worker ends, with the reason if it died. */
  readonly onExit: (listener: (reason: Error | undefined) => void) => void;
  /** While referenced, the worker keeps the process alive. */
  readonly ref: () => void;
  readonly unref: () => void;
  readonly terminate: () => void;
};

/** Starts a worker thread that runs the module at `url`, or the package's own, and is sent `data` first. */
export type StartWorker = (url: URL | undefined, data: unknown) => WorkerHandle;

/** The other side: how code inside a worker talks to its host. */
export type WorkerPort = {
  readonly data: unknown;
  readonly post: (message: unknown) => void;
  readonly onMessage: (listener: (message: unknown) => void) => void;
  readonly poll?: (() => unknown) | undefined;
};
