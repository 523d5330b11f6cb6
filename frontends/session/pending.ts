import { PENDING, type PendingQuery } from '../../src/bind/statements/pending-rows.ts';
import type { BoundQuery, LogicalPlan } from '../../src/plan/logical-plan.ts';
import { mapInputs } from '../../src/plan/rewrite.ts';
import type { TableVersion } from '../../src/storage/table-version.ts';
import { scanOfRows } from './tables.ts';

/** The query with these rows in the place of the pending ones. */
export function withPending(query: PendingQuery, rows: TableVersion): BoundQuery {
  const fill = (plan: LogicalPlan): LogicalPlan => {
    if (plan.kind !== 'scan' || plan.source.state !== PENDING) return mapInputs(plan, fill);
    const { label, schema } = plan.source;
    return { ...plan, source: scanOfRows(label, schema, rows) };
  };
  return { ...query, plan: fill(query.plan) };
}
