import type { UserFunction } from '../functions/user/user-function.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { Platform } from '../platform/platform.ts';
import type { ExchangePort } from '../protocol/exchange-port.ts';
import type { Pipelines } from './pipeline.ts';
import type { Profile } from './profile.ts';
import type { SharedState, SpillOptions } from './query-memory.ts';

/** What physical plans run on: one thread's view of the memory, and its kernels. */
export type Machine = { readonly memory: LinearMemory; readonly kernels: Kernels; readonly platform: Platform };

export type SpillSettings = Omit<SpillOptions, 'folder'> & {
  /** Files go into a folder of this process below this one. */
  readonly parent?: string | undefined;
};

export type RunOptions = {
  /** Positions of a batch at most; default `BATCH_ROWS`. */
  readonly batchRows?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly profile?: Profile | undefined;
  /** Where temporary files go. Default: into the platform's folder, as many as fit there. */
  readonly spill?: SpillSettings | undefined;
  /** Where `send` and `receive` put and find rows; for inline runs of a stage's task. */
  readonly exchange?: ExchangePort | undefined;
  /** Functions of the program that the plan calls; their modules are loaded wherever it runs. */
  readonly functions?: readonly UserFunction[] | undefined;
  /** Told now and then which part of the scans' splits has been started, from 0 to 1. */
  readonly onProgress?: ((part: number) => void) | undefined;
};

/** A place where pipelines run. */
export type Runtime = {
  readonly machine: Machine;
  /** Clones of each pipeline. */
  readonly partitions: number;
  /**
   * Runs pipelines to their end; when it settles, nothing works on the query's memory any more.
   * @throws RayexecError what the query ran into; `cancelled` or `timeout` when the signal fired
   */
  readonly run: (pipelines: Pipelines, shared: SharedState, options: RunOptions) => Promise<void>;
};
