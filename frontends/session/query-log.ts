import type { OperatorProfile, QueryProfile } from '../../src/bind/system/query-profiles.ts';
import type { Profile } from '../../src/execute/profile.ts';
import type { PhysicalPlan } from '../../src/operators/physical-plan.ts';

/** Queries that are remembered. */
const KEPT = 100;

/** What was measured of the last queries: what `query_info()` and its like read. */
export class QueryLog {
  readonly #queries: QueryProfile[] = [];
  #count = 0;

  get queries(): readonly QueryProfile[] {
    return this.#queries;
  }

  add(query: Omit<QueryProfile, 'id'>): void {
    this.#queries.push({ id: ++this.#count, ...query });
    if (this.#queries.length > KEPT) this.#queries.shift();
  }
}

/** Times between marks, in milliseconds. */
export class StopWatch {
  #last = performance.now();

  /** The time since the last mark. */
  lap(): number {
    const now = performance.now();
    const passed = now - this.#last;
    this.#last = now;
    return passed;
  }
}

/** What the clones of a plan's operators did, in the plan's order. */
export function operatorProfiles(plan: PhysicalPlan, profile: Profile): readonly OperatorProfile[] {
  const own = profile.nodes
    .filter(n => n.node === plan.id)
    .map(n => ({
      node: n.node,
      operator: plan.node.kind,
      partition: n.partition,
      rows: n.rows,
      batches: n.batches,
      bytes: n.bytes,
      milliseconds: n.milliseconds,
    }));
  return [...own, ...plan.inputs.flatMap(input => operatorProfiles(input, profile))];
}
