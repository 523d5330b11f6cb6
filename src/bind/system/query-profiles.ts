import type { SystemRelation } from './relation.ts';
import { count, decimals, number, relation, text } from './relation.ts';

/** What was measured of a query that ran while `enable_profiling` was on; times are milliseconds. */
export type QueryProfile = {
  readonly id: number;
  /** The SQL text that it came from; absent for data frames. */
  readonly source: string | undefined;
  readonly rows: number;
  /** Steps from the bound query to its rows, in order. */
  readonly steps: readonly { readonly step: string; readonly milliseconds: number }[];
  /** Optimizer rules that changed the plan, in order; each with the time since the one before. */
  readonly rules: readonly { readonly rule: string; readonly milliseconds: number }[];
  /** What the clones of its operators did. */
  readonly operators: readonly OperatorProfile[];
};

export type OperatorProfile = {
  readonly node: number;
  readonly operator: string;
  readonly partition: number;
  readonly rows: number;
  readonly batches: number;
  readonly bytes: number;
  readonly milliseconds: number;
};

const parts = <T extends object>(of: (q: QueryProfile) => readonly T[]) =>
  relation(b =>
    (b.options.queryProfiles?.() ?? []).flatMap(q =>
      of(q).map((part, i) => ({ ...part, query: q.id, position: i + 1 })),
    ),
  );

/** The last queries that ran with `SET enable_profiling = true`, and where their time went. */
export const QUERY_PROFILES: Readonly<Record<string, SystemRelation>> = {
  query_info: relation(b => b.options.queryProfiles?.() ?? [])([
    number('query_id', q => q.id),
    text('query', q => q.source ?? null),
    count('row_count', q => q.rows),
    decimals('milliseconds', q => q.steps.reduce((sum, s) => sum + s.milliseconds, 0)),
  ]),
  planning_profile: parts(q => q.steps)([
    number('query_id', s => s.query),
    number('position', s => s.position),
    text('step', s => s.step),
    decimals('milliseconds', s => s.milliseconds),
  ]),
  optimizer_profile: parts(q => q.rules)([
    number('query_id', r => r.query),
    number('position', r => r.position),
    text('rule', r => r.rule),
    decimals('milliseconds', r => r.milliseconds),
  ]),
  execution_profile: parts(q => q.operators)([
    number('query_id', o => o.query),
    number('node', o => o.node),
    text('operator', o => o.operator),
    number('partition', o => o.partition),
    count('row_count', o => o.rows),
    count('batches', o => o.batches),
    count('bytes', o => o.bytes),
    decimals('milliseconds', o => o.milliseconds),
  ]),
};
