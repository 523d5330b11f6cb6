import { RayexecError, type SerializedError } from '../../common/errors.ts';
import { PartitionDriver } from '../../execute/driver.ts';
import { yieldToEventLoop } from '../../execute/event-loop.ts';
import { contextsOf, isCancelled } from '../../execute/open-context.ts';
import { Profile } from '../../execute/profile.ts';
import type { Machine } from '../../execute/runtime.ts';
import { Arena } from '../../memory/arena.ts';
import type { Reply, Request } from './messages.ts';

/** After so long other queries' partitions and messages get a turn. */
const SLICE_MILLISECONDS = 8;

type RunRequest = Extract<Request, { kind: 'run' }>;
type QueryState = { readonly drivers: Map<number, PartitionDriver[]>; readonly profile: Profile | undefined };

/** What one worker thread has of the running queries: the drivers of its partitions, by sink. */
export class WorkerQueries {
  readonly #machine: Machine;
  readonly #queries = new Map<number, QueryState>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Does what is asked; errors are part of the reply. */
  async handle(request: Request): Promise<Reply> {
    const { call } = request;
    try {
      // Another thread may have grown the memory since this one last looked.
      this.#machine.memory.refresh();
      switch (request.kind) {
        case 'run':
          await this.#run(request);
          return { call };
        case 'complete':
          for (const d of this.#drivers(request)) d.complete();
          return { call };
        case 'close':
          return { call, profile: this.#close(request.query) };
      }
    } catch (error) {
      return { call, error: serialize(error) };
    }
  }

  #drivers({ query, sink }: { readonly query: number; readonly sink: number }): readonly PartitionDriver[] {
    return this.#queries.get(query)?.drivers.get(sink) ?? [];
  }

  async #run({ query, pipeline, partition, sinkClones, shared, batchRows, profiled }: RunRequest): Promise<void> {
    const state = this.#queries.get(query) ?? { drivers: new Map(), profile: profiled ? new Profile() : undefined };
    this.#queries.set(query, state);
    const arena = new Arena(this.#machine.memory, shared.owner);
    const contexts = contextsOf(this.#machine, shared, arena, batchRows);
    const driver = new PartitionDriver(pipeline, partition, sinkClones, contexts, arena, state.profile);
    const feeders = state.drivers.get(pipeline.sink.id) ?? [];
    state.drivers.set(pipeline.sink.id, [...feeders, driver]);
    try {
      let until = performance.now() + SLICE_MILLISECONDS;
      for (let turn = driver.turn(); turn !== 'done'; turn = driver.turn()) {
        if (isCancelled(this.#machine, shared)) throw new RayexecError('cancelled', 'the query was cancelled');
        if (turn !== 'more') await turn;
        else if (performance.now() < until) continue;
        else await yieldToEventLoop();
        until = performance.now() + SLICE_MILLISECONDS;
      }
      driver.finish();
    } finally {
      driver.closeInput();
    }
  }

  #close(query: number): Reply['profile'] {
    const state = this.#queries.get(query);
    this.#queries.delete(query);
    for (const drivers of state?.drivers.values() ?? []) for (const d of drivers) d.closeSink();
    return state?.profile?.nodes;
  }
}

function serialize(error: unknown): SerializedError {
  if (error instanceof RayexecError) return error.toJSON();
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'internal', summary: message };
}
