import type { Kernels } from '../../kernels/kernels.ts';
import type { Arena } from '../../memory/arena.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { PageBuffers } from './page-buffers.ts';

/** What the encoders of one file's columns share. */
export type WriteEnvironment = {
  readonly memory: LinearMemory;
  readonly kernels: Kernels;
  readonly buffers: PageBuffers;
  /** For one call of an encoder. */
  readonly arena: Arena;
};
