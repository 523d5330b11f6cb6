import type { Batch } from '../batch/batch.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { Platform } from '../platform/platform.ts';

/** Writes batches to a file, which appears under its name when it is finished. */
export type FileWriter = {
  /** Takes the batch's rows; its memory may be reused when this returns or resolves. */
  readonly write: (batch: Batch) => void | Promise<void>;
  /** Completes the file. Returns how many rows it has. @throws RayexecError `io` */
  readonly finish: () => Promise<number>;
  /** Leaves no file behind. */
  readonly abort: () => Promise<void>;
};

/** What writers use of the engine. */
export type WriterMachine = {
  readonly memory: LinearMemory;
  readonly kernels: Kernels;
  readonly platform: Platform;
};
