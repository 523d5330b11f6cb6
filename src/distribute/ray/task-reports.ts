import type { NodeProfile, TaskRun } from '../../execute/profile.ts';

/** What a worker's Node process tells of a task that is done. */
export type TaskDone = {
  /** Bytes of the blocks that it sent and read. */
  readonly sent: number;
  readonly received: number;
  readonly nodes: readonly NodeProfile[];
};

/** A run of a task that has begun; times are seconds since 1970. */
type Begun = {
  readonly run: string;
  readonly stage: number;
  readonly task: number;
  readonly host: string;
  readonly pid: number;
  readonly start: number;
};

/** What a gateway tells at the end of a query: of runs of tasks that are done, and of all that have begun. */
export type Told = {
  readonly tasks: readonly (Begun & TaskDone & { readonly end: number })[];
  readonly begun: readonly Begun[];
};

/** All runs of tasks, by stage and task, in the order in which they began. */
export function runsOf({ tasks, begun }: Told): readonly TaskRun[] {
  const done = new Set(tasks.map(t => t.run));
  const others = begun.filter(b => !done.has(b.run)).map(b => ({ ...b, end: undefined, sent: 0, received: 0 }));
  return [...tasks, ...others]
    .map(({ stage, task, host, pid, start, end, sent, received }) => ({
      ...{ stage, task, host, pid, sent, received, start: start * 1000 },
      end: end === undefined ? undefined : end * 1000,
    }))
    .sort((a, b) => a.stage - b.stage || a.task - b.task || a.start - b.start);
}
