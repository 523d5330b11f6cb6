import { estimateRows } from '../../plan/cardinality.ts';
import { outputOf } from '../../plan/columns.ts';
import type { ColumnId } from '../../plan/expr.ts';
import type { BoundSource, LogicalPlan, SharedId } from '../../plan/logical-plan.ts';
import { renewIds } from '../../plan/renew-ids.ts';
import { inputsOf, mapInputs } from '../../plan/rewrite.ts';
import { rowsRead } from '../../plan/rows-read.ts';
import { Fingerprints } from '../fingerprint.ts';
import type { Pass, RuleContext } from '../rule.ts';

/** Fewer rows to read than this are read twice sooner than kept. */
const MIN_ROWS = 10_000;

/**
 * Subplans that compute the same are computed once, where that is work and its result is smaller than what it reads.
 *
 *     join …                              shared $1
 *       aggregate (join a b)                join a b
 *       aggregate (join a b)        ⇒       join …
 *                                             aggregate (shared-ref $1)
 *                                             aggregate (shared-ref $1)
 */
export const shareCommonSubplans: Pass = {
  name: 'share-common-subplans',
  run: (plan, ctx) => {
    if (plan.kind === 'insert' || plan.kind === 'copy') return mapInputs(plan, input => share(input, ctx));
    return share(plan, ctx);
  },
};

type Shared = { readonly id: SharedId; readonly definition: LogicalPlan; readonly source: readonly ColumnId[] };

function share(plan: LogicalPlan, ctx: RuleContext): LogicalPlan {
  const repeated = repeatedSources(plan);
  if (repeated.size === 0) return plan;
  const fingerprints = new Fingerprints(ctx.effects);
  const counts = new Map<number, number>();
  const count = (node: LogicalPlan): void => {
    const number = isWorthwhile(node, repeated) ? fingerprints.of(node) : undefined;
    if (number !== undefined) counts.set(number, (counts.get(number) ?? 0) + 1);
    // What stands twice below a plan that stands twice is shared with it.
    if (number === undefined || counts.get(number) === 1) for (const input of inputsOf(node)) count(input);
  };
  count(plan);
  const shared = new Map<number, Shared>();
  const replace = (node: LogicalPlan): LogicalPlan => {
    const number = isWorthwhile(node, repeated) ? fingerprints.of(node) : undefined;
    if (number === undefined || counts.get(number)! < 2) return mapInputs(node, replace);
    const known = shared.get(number) ?? defined(node, ctx);
    shared.set(number, known);
    return { kind: 'shared-ref', id: known.id, columns: outputOf(node), source: known.source };
  };
  const replaced = replace(plan);
  return [...shared.values()].reduceRight<LogicalPlan>(
    (input, { id, definition }) => ({ kind: 'shared', id, definition, input }),
    replaced,
  );
}

/** The subplan under new ids: the reference in its place hands up the old ones. */
function defined(plan: LogicalPlan, ctx: RuleContext): Shared {
  const renewed = renewIds(plan, ctx.newColumnId);
  return { id: ctx.newSharedId(), definition: renewed.plan, source: outputOf(renewed.plan).map(c => c.id) };
}

/** What is scanned in several places: a subplan that stands twice scans nothing else. */
function repeatedSources(plan: LogicalPlan): ReadonlySet<BoundSource> {
  const [once, repeated] = [new Set<BoundSource>(), new Set<BoundSource>()];
  const visit = (node: LogicalPlan): void => {
    if (node.kind === 'scan') (once.has(node.source) ? repeated : once).add(node.source);
    for (const input of inputsOf(node)) visit(input);
  };
  visit(plan);
  return repeated;
}

const scansOnly = (plan: LogicalPlan, sources: ReadonlySet<BoundSource>): boolean =>
  plan.kind === 'scan' ? sources.has(plan.source) : inputsOf(plan).every(input => scansOnly(input, sources));

function isWorthwhile(plan: LogicalPlan, repeated: ReadonlySet<BoundSource>): boolean {
  if ((plan.kind !== 'join' && plan.kind !== 'aggregate') || !scansOnly(plan, repeated)) return false;
  const read = rowsRead(plan);
  return read >= MIN_ROWS && estimateRows(plan) * 2 <= read;
}
