import { idsOf } from '../../plan/columns.ts';
import { estimateRows, noteSharedPlans } from '../../plan/cardinality.ts';
import { filtered } from '../../plan/conjuncts.ts';
import { splitEquiPairs } from '../../plan/equi-pairs.ts';
import type { BoundExpr, CallOf, ColumnId, ColumnRef } from '../../plan/expr.ts';
import { exprKey } from '../../plan/expr-key.ts';
import { columnRef } from '../../plan/literals.ts';
import type { JoinPlan, LogicalPlan, PlanOf, ScanPlan, SharedId } from '../../plan/logical-plan.ts';
import { renewIds } from '../../plan/renew-ids.ts';
import { inputsOf, mapInputs, substitute } from '../../plan/rewrite.ts';
import type { Pass, RuleContext } from '../rule.ts';

/** Fewer rows to read than this are read twice sooner than kept. */
const MIN_ROWS = 20_000;
/** At most this part of a table's rows may have a partner. */
const MAX_KEPT = 0.25;
/** What the table is asked for at one place alone may leave out at most this part of what is asked for at both. */
const MAX_LEFT_OUT = 0.5;

/**
 * A table that meets the same few rows in two places is read once, for what the two keep of it: what a query says of
 * a table and again in its correlated subquery (TPC-H 2, 17).
 *
 *     join inner [t.k = p.k]                     shared $1
 *       scan t (6,000,000 rows)                    scan p (200 rows)
 *       shared $1                                  shared $2
 *         scan p (200 rows)                          join semi [t.k = p.k]
 *         join inner [k = p.k]                         scan t
 *           aggregate [k] [avg(x)]           ⇒         shared-ref $1
 *             join semi [t.k = p.k]                  join inner [t.k = p.k]
 *               scan t                                 shared-ref $2
 *               shared-ref $1                          join inner [k = p.k]
 *           shared-ref $1                                aggregate [k] [avg(x)]
 *                                                          shared-ref $2
 *                                                        shared-ref $1
 */
export const shareRestricted: Pass = {
  name: 'share-restricted',
  run: (plan, ctx) => {
    noteSharedPlans(plan);
    return visit(plan, ctx);
  },
};

function visit(plan: LogicalPlan, ctx: RuleContext): LogicalPlan {
  const below = mapInputs(plan, input => visit(input, ctx));
  if (below.kind !== 'join' || below.type !== 'inner') return below;
  return shareWith(below, 'right', ctx) ?? shareWith(below, 'left', ctx) ?? below;
}

/** Looks for the shared rows on one side of a join, and for another scan of a table that they restrict on the other. */
function shareWith(join: JoinPlan, side: 'left' | 'right', ctx: RuleContext): LogicalPlan | undefined {
  const asking = join[side];
  const other = side === 'right' ? join.left : join.right;
  const shared = sharedBelow(asking);
  if (shared === undefined) return undefined;
  for (const restricted of restrictedScans(shared.input, shared.id)) {
    const scan = twinOf(restricted, other, join, asking);
    const both = scan && commonScan(restricted.scan, scan, ctx);
    if (both === undefined || !isWorthwhile(both, restricted, scan!)) continue;
    const id = ctx.newSharedId();
    const definition = renewIds({ ...restricted.join, left: both.scan }, ctx.newColumnId);
    const read = (original: ScanPlan): LogicalPlan => {
      const source = original.columns.map(c => definition.ids.get(both.idAt.get(c.index)!)!);
      const columns = original.columns.map(c => c.column);
      return filtered({ kind: 'shared-ref', id, columns, source }, both.leftOf(original));
    };
    const reading = replace(other, scan!, read(scan!));
    const asked = replace(replace(asking, shared, shared.input), restricted.join, read(restricted.scan));
    const input: LogicalPlan =
      side === 'right' ? { ...join, left: reading, right: asked } : { ...join, left: asked, right: reading };
    return { ...shared, input: { kind: 'shared', id, definition: definition.plan, input } };
  }
  return undefined;
}

function sharedBelow(plan: LogicalPlan): PlanOf<'shared'> | undefined {
  if (plan.kind === 'shared') return plan;
  if (plan.kind === 'filter' || plan.kind === 'project') return sharedBelow(plan.input);
  if (plan.kind === 'join' && plan.type === 'inner') return sharedBelow(plan.left) ?? sharedBelow(plan.right);
  return undefined;
}

/** A table of which only rows are read whose columns equal some of a shared subplan's. */
type RestrictedScan = {
  readonly by: SharedId;
  readonly join: JoinPlan;
  readonly scan: ScanPlan;
  readonly keys: readonly { readonly fn: string; readonly index: number; readonly source: ColumnId }[];
};

function restrictedScans(plan: LogicalPlan, id: SharedId): readonly RestrictedScan[] {
  if (plan.kind === 'join' && plan.type === 'semi' && plan.left.kind === 'scan' && plan.right.kind === 'shared-ref') {
    const { left: scan, right: reference } = plan;
    const { pairs, rest } = splitEquiPairs(plan.condition, idsOf(scan), idsOf(reference));
    const keys = pairs.flatMap(({ left, right, condition }) => {
      const index = indexOf(scan, left);
      const source = right.kind === 'column' ? sourceOf(reference, right.id) : undefined;
      const { fn } = condition as CallOf<ColumnRef>;
      return index === undefined || source === undefined ? [] : [{ fn, index, source }];
    });
    const isWhole =
      reference.id === id && rest.length === 0 && keys.length === pairs.length && scan.limit === undefined;
    return isWhole ? [{ by: id, join: plan, scan, keys }] : [];
  }
  return inputsOf(plan).flatMap(input => restrictedScans(input, id));
}

const indexOf = (scan: ScanPlan, expr: BoundExpr): number | undefined =>
  expr.kind === 'column' ? scan.columns.find(c => c.column.id === expr.id)?.index : undefined;

function sourceOf({ columns, source }: PlanOf<'shared-ref'>, id: ColumnId): ColumnId | undefined {
  const at = columns.findIndex(c => c.id === id);
  return at < 0 ? undefined : source[at];
}

/** Another scan of the table, on the other side of a join, of which only rows with such partners come through the join. */
function twinOf(
  restricted: RestrictedScan,
  other: LogicalPlan,
  join: JoinPlan,
  asking: LogicalPlan,
): ScanPlan | undefined {
  const { scan, keys } = restricted;
  const { pairs } = splitEquiPairs(join.condition, idsOf(other), idsOf(asking));
  const ends = pairs.flatMap(({ left, right, condition }) => {
    if (left.kind !== 'column' || right.kind !== 'column') return [];
    const read = scanBehind(other, left.id);
    const asked = partnerBehind(asking, right.id, restricted);
    return read === undefined || asked === undefined || read.scan.source !== scan.source
      ? []
      : [{ ...read, ...asked, fn: (condition as CallOf<ColumnRef>).fn }];
  });
  const [first] = ends;
  if (first === undefined || first.scan.limit !== undefined) return undefined;
  // All of the keys, of the same row on either side; NULL has a partner only where both say so.
  const isMet = keys.every(k =>
    ends.some(
      e =>
        e.scan === first.scan &&
        e.partner === first.partner &&
        e.index === k.index &&
        e.source === k.source &&
        (e.fn === '=' || e.fn === k.fn),
    ),
  );
  return isMet ? first.scan : undefined;
}

/** The scan that a column comes from, through nothing that would be something else for fewer of its rows. */
function scanBehind(plan: LogicalPlan, id: ColumnId): { readonly scan: ScanPlan; readonly index: number } | undefined {
  switch (plan.kind) {
    case 'scan': {
      const column = plan.columns.find(c => c.column.id === id);
      return column && { scan: plan, index: column.index };
    }
    case 'filter':
      return scanBehind(plan.input, id);
    case 'project': {
      const expr = plan.columns.find(c => c.column.id === id)?.expr;
      return expr?.kind === 'column' ? scanBehind(plan.input, expr.id) : undefined;
    }
    case 'join': {
      const { type, left, right } = plan;
      if (idsOf(left).has(id)) return type === 'right' || type === 'full' ? undefined : scanBehind(left, id);
      return type === 'inner' || type === 'right' ? scanBehind(right, id) : undefined;
    }
    default:
      return undefined;
  }
}

/**
 * Where in a plan a column equals one of a shared subplan's, if it is not NULL: a reference to it, or the scan that it
 * restricts; and which column.
 */
function partnerBehind(
  plan: LogicalPlan,
  id: ColumnId,
  restricted: RestrictedScan,
): { readonly partner: LogicalPlan; readonly source: ColumnId } | undefined {
  switch (plan.kind) {
    case 'shared-ref': {
      const source = plan.id === restricted.by ? sourceOf(plan, id) : undefined;
      return source === undefined ? undefined : { partner: plan, source };
    }
    case 'scan': {
      const index = plan === restricted.scan ? plan.columns.find(c => c.column.id === id)?.index : undefined;
      const key = restricted.keys.find(k => k.index === index);
      return key && { partner: plan, source: key.source };
    }
    case 'filter':
    case 'shared':
      return partnerBehind(plan.input, id, restricted);
    case 'aggregate':
    case 'project': {
      const made = plan.kind === 'project' ? plan.columns : plan.keys;
      const expr = made.find(c => c.column.id === id)?.expr;
      return expr?.kind === 'column' ? partnerBehind(plan.input, expr.id, restricted) : undefined;
    }
    case 'join':
      return partnerBehind(idsOf(plan.left).has(id) ? plan.left : plan.right, id, restricted);
    default:
      return undefined;
  }
}

type CommonScan = {
  /** Reads the columns of both, for the conditions that both have. */
  readonly scan: ScanPlan;
  readonly idAt: ReadonlyMap<number, ColumnId>;
  /** Conditions that one of the two has alone. */
  readonly leftOf: (original: ScanPlan) => readonly BoundExpr[];
};

/** Undefined where a condition gives another answer each time. */
function commonScan(one: ScanPlan, two: ScanPlan, { effects }: RuleContext): CommonScan | undefined {
  if ([...one.filters, ...two.filters].some(f => effects.isVolatile(f))) return undefined;
  const idAt = new Map([...two.columns, ...one.columns].map(c => [c.index, c.column.id]));
  const columns = [...one.columns, ...two.columns.filter(c => one.columns.every(o => o.index !== c.index))];
  const keysOf = (scan: ScanPlan): readonly string[] => {
    const names = new Map(scan.columns.map(c => [c.column.id, columnRef({ ...c.column, id: idAt.get(c.index)! })]));
    return scan.filters.map(f => exprKey(substitute(f, names)));
  };
  const keys = new Map([one, two].map(scan => [scan, keysOf(scan)]));
  const isCommon = (key: string): boolean => [...keys.values()].every(of => of.includes(key));
  return {
    scan: { ...one, columns, filters: one.filters.filter((_, i) => isCommon(keys.get(one)![i]!)) },
    idAt,
    leftOf: original => original.filters.filter((_, i) => !isCommon(keys.get(original)![i]!)),
  };
}

function isWorthwhile({ scan }: CommonScan, restricted: RestrictedScan, twin: ScanPlan): boolean {
  const rows = estimateRows(scan);
  const least = Math.min(estimateRows(restricted.scan), estimateRows(twin));
  const kept = estimateRows({ ...restricted.join, left: scan });
  return rows >= MIN_ROWS && least >= rows * MAX_LEFT_OUT && kept <= rows * MAX_KEPT;
}

/** The plan with a node of it replaced. */
function replace(plan: LogicalPlan, node: LogicalPlan, by: LogicalPlan): LogicalPlan {
  return plan === node ? by : mapInputs(plan, input => replace(input, node, by));
}
