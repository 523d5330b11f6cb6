import type { LogicalPlan } from '../../plan/logical-plan.ts';

/** What `select 1` reads: one row without columns. */
export const ONE_ROW: LogicalPlan = { kind: 'values', columns: [], rows: [[]] };
