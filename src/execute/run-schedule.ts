import { BATCH_ROWS } from '../batch/batch.ts';
import { RayexecError } from '../common/errors.ts';
import type { Owner } from '../memory/linear-memory.ts';
import { beginRound, recursionRows } from '../operators/lib/recursion-rounds.ts';
import { isCancelled } from './open-context.ts';
import { isLoop, type Loop, type Pipeline, pipelinesOf, type Work } from './pipeline.ts';
import { allocateRound, type SharedState } from './query-memory.ts';
import type { Machine } from './runtime.ts';

/** What a runtime does for the schedule of a plan. */
export type ScheduleRunner = {
  readonly machine: Machine;
  /** Runs a pipeline to the end of its input; after the last one of a sink, seals and completes it. */
  readonly runPipeline: (pipeline: Pipeline, shared: SharedState) => Promise<void>;
  /** Closes the sinks that a round opened, whose memory (the owner's) is freed next. */
  readonly endRound: (sinks: readonly number[], owner: Owner) => Promise<void>;
};

/** Runs schedule one after the other. @throws RayexecError what they ran into */
export async function runSchedule(
  runner: ScheduleRunner,
  schedule: readonly Work[],
  shared: SharedState,
): Promise<void> {
  for (const work of schedule) {
    if (isLoop(work)) await runLoop(runner, work, shared);
    else await runner.runPipeline(work, shared);
  }
}

/** Runs rounds until one makes no rows, or there are enough. What a round allocates is freed at its end. */
async function runLoop(runner: ScheduleRunner, loop: Loop, shared: SharedState): Promise<void> {
  const { recursion, enough } = loop;
  const { machine } = runner;
  const { memory } = machine;
  const struct = shared.structs[recursion]!;
  const sinks = [...new Set(pipelinesOf(loop.body).map(p => p.sink.id))];
  let before = 0;
  for (let round = 1; ; round++) {
    const rows = recursionRows(memory, struct);
    if (rows === before || (enough !== undefined && rows >= enough)) return;
    if (isCancelled(machine, shared)) throw new RayexecError('cancelled', 'the query was cancelled');
    const body = rows - before <= BATCH_ROWS ? loop.narrowBody : loop.body;
    before = rows;
    beginRound(memory, struct);
    const owner = memory.newOwner();
    try {
      await runSchedule(runner, body, allocateRound(memory, owner, shared, body));
    } catch (error) {
      throw endless(error, rows, round);
    } finally {
      await runner.endRound(sinks, owner).finally(() => memory.freeOwner(owner));
    }
  }
}

/** Tells of a recursion that ran out of memory how far it came. */
function endless(error: unknown, rows: number, round: number): unknown {
  if (!(error instanceof RayexecError) || error.code !== 'memory' || error.hint?.startsWith('the recursion'))
    return error;
  const hint = `the recursion has ${rows} rows after ${round} rounds; does it come to an end?`;
  return new RayexecError('memory', error.summary, { hint, where: error.where, cause: error });
}
