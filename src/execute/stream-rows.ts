import type { Batch } from '../batch/batch.ts';
import { RingReader } from '../operators/deliver.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import { waitAlive } from './event-loop.ts';
import { QueryRun } from './query-run.ts';
import type { RunOptions, Runtime } from './runtime.ts';

/**
 * Runs a plan and hands on its rows while it runs, in order; at most a few batches wait for the reader. A batch is
 * valid until the next one is asked for. Leaving the loop cancels the rest.
 */
export async function* streamRows(
  runtime: Runtime,
  plan: PhysicalPlan,
  options: RunOptions = {},
): AsyncGenerator<Batch, void, undefined> {
  const { memory } = runtime.machine;
  const run = await QueryRun.open(runtime, plan, { kind: 'deliver', types: plan.types }, options);
  let failure: { readonly error: unknown } | undefined;
  const running = run.finish().catch((error: unknown) => {
    failure = { error };
  });
  const reader = new RingReader(memory, plan.types, run.struct, run.groups);
  try {
    for (;;) {
      const events = reader.events;
      const batch = reader.next();
      if (batch !== undefined) yield batch;
      else if (failure !== undefined) throw failure.error;
      else if (reader.atEnd) {
        // A failure ends the rows before it is told: without this look, the part before it would pass for all.
        await waitAlive(running);
        if (failure === undefined) return;
      } else await waitAlive(Promise.race([running, reader.toldSince(events)]));
    }
  } finally {
    run.cancel();
    reader.unblock();
    await waitAlive(running);
    reader.release();
    run.release();
  }
}
