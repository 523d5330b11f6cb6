/** What one clone of one operator did; times are of this thread, in milliseconds, without its neighbours. */
export type NodeProfile = {
  readonly node: number;
  readonly partition: number;
  milliseconds: number;
  /** When its first step began and its last one ended, in milliseconds since 1970; absent before. */
  began?: number | undefined;
  ended?: number | undefined;
  batches: number;
  /** Rows handed on. */
  rows: number;
  /** Bytes of the vectors handed on; texts count as references. */
  bytes: number;
  /** Rows taken by a sink. */
  rowsIn: number;
  /** Bytes written to temporary files. */
  spilled: number;
  /** What a source has to tell beyond these, by name. */
  counts?: Readonly<Record<string, number>> | undefined;
};

/** A run of a task of a stage in another process. */
export type TaskRun = {
  readonly stage: number;
  readonly task: number;
  readonly host: string;
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly start: number;
  /** Absent when it died, or ran for rows that were lost later: nobody has asked how it ended. */
  readonly end: number | undefined;
  /** Bytes of the blocks that it sent and read. */
  readonly sent: number;
  readonly received: number;
};

/** Rows and times per operator and partition, for EXPLAIN ANALYZE. */
export class Profile {
  readonly nodes: NodeProfile[] = [];
  /** Where memories are separate: what ran elsewhere, by stage and task, in the order in which it began. */
  readonly tasks: TaskRun[] = [];

  /** The record of a clone; roles of one node in one partition share it. */
  node(node: number, partition: number): NodeProfile {
    const known = this.nodes.find(n => n.node === node && n.partition === partition);
    if (known !== undefined) return known;
    const made: NodeProfile = {
      node,
      partition,
      milliseconds: 0,
      batches: 0,
      rows: 0,
      bytes: 0,
      rowsIn: 0,
      spilled: 0,
    };
    this.nodes.push(made);
    return made;
  }

  /** Adds what another thread recorded. */
  add(other: readonly NodeProfile[]): void {
    this.nodes.push(...other);
  }
}
