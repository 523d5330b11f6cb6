import type { Batch } from '../batch/batch.ts';

/**
 * What an operator answers. A batch belongs to the partition's batch arena: it is valid until the driver pulls the
 * next source batch.
 * - `need-more`: nothing to hand on; push the next batch.
 * - `ready`: here is a batch; push (pull) the next.
 * - `has-more`: here is a batch, and more come from the same input: call `resume` before the next push.
 * - `exhausted`: no more input is wanted (limit), or a source has ended.
 * - `pending`: waiting for I/O; repeat the same call when `wake` has resolved.
 */
export type Step =
  | { readonly status: 'need-more' }
  | { readonly status: 'ready'; readonly batch: Batch }
  | { readonly status: 'has-more'; readonly batch: Batch }
  | { readonly status: 'exhausted'; readonly batch?: Batch | undefined }
  | { readonly status: 'pending'; readonly wake: Promise<void> };

export const NEED_MORE: Step = { status: 'need-more' };
export const EXHAUSTED: Step = { status: 'exhausted' };
export const ready = (batch: Batch): Step => ({ status: 'ready', batch });
export const hasMore = (batch: Batch): Step => ({ status: 'has-more', batch });
