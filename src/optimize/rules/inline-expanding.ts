import { estimateRows, noteSharedPlans } from '../../plan/cardinality.ts';
import type { LogicalPlan, PlanOf } from '../../plan/logical-plan.ts';
import { renewIds } from '../../plan/renew-ids.ts';
import { inputsOf, mapInputs } from '../../plan/rewrite.ts';
import { rowsRead } from '../../plan/rows-read.ts';
import { Fingerprints } from '../fingerprint.ts';
import type { Pass, RuleContext } from '../rule.ts';
import { countReferences, replaceReferences, underIdsOf } from '../shared-references.ts';

/** Smaller results are kept at no cost. */
const MIN_ROWS = 100_000;
/** More readers than this together read more than a result that is made once. */
const MAX_READERS = 3;

/**
 * A shared join that makes more rows than it reads is made by each of its readers: they may ask for few of its rows,
 * and to keep them all costs more than to make them (TPC-DS 95). Not where the query says AS MATERIALIZED.
 *
 *     shared $1                      join semi
 *       join inner [a.k = b.k]         scan c
 *         scan a                       join inner [a.k = b.k]
 *         scan b                ⇒        scan a
 *       join semi                        scan b
 *         scan c
 *         shared-ref $1
 */
export const inlineExpanding: Pass = {
  name: 'inline-expanding',
  run: (plan, ctx) => {
    noteSharedPlans(plan);
    return inline(plan, ctx);
  },
};

function inline(plan: LogicalPlan, ctx: RuleContext): LogicalPlan {
  if (plan.kind !== 'shared' || !isExpanding(plan, ctx)) return mapInputs(plan, input => inline(input, ctx));
  const replaced = replaceReferences(plan.input, plan.id, reference => {
    const copy = renewIds(plan.definition, ctx.newColumnId);
    return underIdsOf(reference, copy.plan, id => copy.ids.get(id)!);
  });
  return inline(replaced, ctx);
}

function isExpanding({ id, definition, input, isDemanded }: PlanOf<'shared'>, ctx: RuleContext): boolean {
  if (isDemanded || countReferences(input, id) > MAX_READERS || !isJoinOfScans(definition)) return false;
  const rows = estimateRows(definition);
  return rows >= MIN_ROWS && rows >= rowsRead(definition) && isRepeatable(definition, ctx);
}

/** Nothing but joins, filters and projections of scans: rows made one by one. */
function isJoinOfScans(plan: LogicalPlan): boolean {
  switch (plan.kind) {
    case 'scan':
      return plan.limit === undefined;
    case 'join':
    case 'filter':
    case 'project':
      return inputsOf(plan).every(isJoinOfScans);
    default:
      return false;
  }
}

const isRepeatable = (plan: LogicalPlan, { effects }: RuleContext): boolean =>
  new Fingerprints(effects).of(plan) !== undefined;
