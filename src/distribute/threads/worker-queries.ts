import { RayexecError, type SerializedError } from '../../common/errors.ts';
import { runPieces, Slices } from '../../common/slices.ts';
import { PartitionDriver } from '../../execute/driver.ts';
import { LastingStates } from '../../execute/lasting-states.ts';
import { loadPipeline } from '../../execute/load-pipeline.ts';
import { contextsOf, isCancelled } from '../../execute/open-context.ts';
import { Profile } from '../../execute/profile.ts';
import type { SharedState } from '../../execute/query-memory.ts';
import type { Machine } from '../../execute/runtime.ts';
import { loadModules } from '../../functions/user/user-code.ts';
import { Arena } from '../../memory/arena.ts';
import type { Reply, Request, RequestBody } from './messages.ts';

type RunRequest = Extract<RequestBody, { kind: 'run' }>;
type CompleteRequest = Extract<RequestBody, { kind: 'complete' }>;
type EndRoundRequest = Extract<RequestBody, { kind: 'end-round' }>;
type QueryState = {
  readonly drivers: Map<number, PartitionDriver[]>;
  readonly states: LastingStates;
  readonly profile: Profile | undefined;
};

/** What one thread has of the running queries: the drivers of its partitions, by sink. */
export class WorkerQueries {
  readonly #machine: Machine;
  readonly #queries = new Map<number, QueryState>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Does what another thread asks; errors are part of the reply. */
  async handle(request: Request): Promise<Reply> {
    const { call } = request;
    try {
      return { call, profile: await this.perform(request) };
    } catch (error) {
      return { call, error: serialize(error) };
    }
  }

  /** Does what is asked; answers with the profile of a query that is closed. @throws RayexecError what the query ran into */
  async perform(request: RequestBody): Promise<Reply['profile']> {
    if (request.kind === 'run') await loadPipeline(request.pipeline);
    switch (request.kind) {
      case 'run':
        await this.#run(request);
        return undefined;
      case 'complete':
        await this.#complete(request);
        return undefined;
      case 'end-round':
        this.#endRound(request);
        return undefined;
      case 'close':
        return this.#close(request.query);
    }
  }

  async #run(request: RunRequest): Promise<void> {
    const { query, pipeline, partition, partitions, shared, batchRows, profiled, functions } = request;
    if (functions !== undefined) await loadModules(functions);
    const state = this.#queries.get(query) ?? {
      drivers: new Map(),
      states: new LastingStates(partition, partitions),
      profile: profiled ? new Profile() : undefined,
    };
    this.#queries.set(query, state);
    const arena = new Arena(this.#machine.memory, shared.owner);
    const contexts = contextsOf(this.#machine, shared, arena, state.states, { batchRows });
    const driver = new PartitionDriver(pipeline, partition, contexts, arena, state.profile);
    const feeders = state.drivers.get(pipeline.sink.id) ?? [];
    state.drivers.set(pipeline.sink.id, [...feeders, driver]);
    try {
      const slices = new Slices();
      const check = (): void => this.#check(shared);
      for (let turn = driver.turn(); turn !== 'done'; turn = driver.turn()) {
        check();
        if (turn !== 'more') await turn;
        // Also after a wait: what ended it may be work of this thread, before anything else had its turn.
        if (slices.isOver) await slices.next();
      }
      await runPieces(driver.finish(), slices, check);
    } finally {
      driver.closeInput();
    }
  }

  async #complete({ query, sink, shared }: CompleteRequest): Promise<void> {
    const slices = new Slices();
    for (const d of this.#queries.get(query)?.drivers.get(sink) ?? []) {
      await runPieces(d.complete(), slices, () => this.#check(shared));
    }
  }

  #endRound({ query, sinks, owner }: EndRoundRequest): void {
    const state = this.#queries.get(query);
    if (state === undefined) return;
    for (const sink of sinks) {
      for (const d of state.drivers.get(sink) ?? []) d.closeSink();
      state.drivers.delete(sink);
    }
    state.states.drop(owner);
  }

  #check(shared: SharedState): void {
    if (isCancelled(this.#machine, shared)) throw new RayexecError('cancelled', 'the query was cancelled');
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
