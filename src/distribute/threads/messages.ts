import type { SerializedError } from '../../common/errors.ts';
import type { Pipeline } from '../../execute/pipeline.ts';
import type { NodeProfile } from '../../execute/profile.ts';
import type { SharedState } from '../../execute/query-memory.ts';
import type { UserFunction } from '../../functions/user/user-function.ts';
import type { Owner } from '../../memory/linear-memory.ts';

/** What a worker thread is started with. */
export type WorkerStart = {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
};

/** From the coordinator to a worker. Each is answered by one `Reply` with the same `call`. */
export type Request = {
  readonly call: number;
  readonly query: number;
} /** Opens a partition of a pipeline and runs it to the end of its input. */ & (
  | {
      readonly kind: 'run';
      readonly pipeline: Pipeline;
      readonly partition: number;
      /** Partitions of the query. */
      readonly partitions: number;
      readonly shared: SharedState;
      readonly batchRows: number | undefined;
      readonly profiled: boolean;
      /** Functions of the program that the plan calls. */
      readonly functions: readonly UserFunction[] | undefined;
    }
  /** Lets this worker's clones of a sealed sink build their part of what it shares. */
  | { readonly kind: 'complete'; readonly sink: number; readonly shared: SharedState }
  /** Closes the sinks of a recursion's round, whose memory is freed next. */
  | { readonly kind: 'end-round'; readonly sinks: readonly number[]; readonly owner: Owner }
  /** Closes all that the worker has of the query. */
  | { readonly kind: 'close' }
);

export type RequestBody = Request extends infer R ? (R extends Request ? Omit<R, 'call'> : never) : never;

export type Reply = {
  readonly call: number;
  readonly error?: SerializedError | undefined;
  readonly profile?: readonly NodeProfile[] | undefined;
};
