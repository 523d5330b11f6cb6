import { estimateRows, noteSharedPlans } from '../../plan/cardinality.ts';
import { collectColumns, idsOf, outputOf } from '../../plan/columns.ts';
import { allOf } from '../../plan/conjuncts.ts';
import { type EquiPair, splitEquiPairs } from '../../plan/equi-pairs.ts';
import type { BoundExpr, CallOf, ColumnId, ColumnRef } from '../../plan/expr.ts';
import type { AggregatePlan, JoinPlan, LogicalPlan } from '../../plan/logical-plan.ts';
import { renewIds } from '../../plan/renew-ids.ts';
import { mapInputs, substitute } from '../../plan/rewrite.ts';
import type { Pass, RuleContext } from '../rule.ts';

/** Aggregates over fewer rows are not worth another join. */
const MIN_ROWS = 20_000;
/** At most this part of the groups may be wanted … */
const MAX_WANTED = 0.2;
/** … by a side with at most this part of the rows that are grouped. */
const MAX_SIDE = 0.1;

/**
 * Of groups that are joined with few rows, only those are made that the rows ask for (TPC-H 2, 17, 20).
 *
 *     join inner [k = p.k]                      shared $1
 *       aggregate [k] [avg(x)]                    scan p (200 rows)
 *         scan t (6,000,000 rows)         ⇒       join inner [k = p.k]
 *       scan p (200 rows)                           aggregate [k] [avg(x)]
 *                                                     join semi [t.k = p.k]
 *                                                       scan t
 *                                                       shared-ref $1
 *                                                   shared-ref $1
 */
export const restrictGroups: Pass = {
  name: 'restrict-groups',
  run: (plan, ctx) => {
    noteSharedPlans(plan);
    return restrict(plan, ctx);
  },
};

function restrict(plan: LogicalPlan, ctx: RuleContext): LogicalPlan {
  const below = mapInputs(plan, input => restrict(input, ctx));
  if (below.kind !== 'join') return below;
  return restrictSide(below, 'right', ctx) ?? restrictSide(below, 'left', ctx) ?? below;
}

function restrictSide(join: JoinPlan, grouped: 'left' | 'right', ctx: RuleContext): LogicalPlan | undefined {
  const asks = grouped === 'right' ? ASKS_RIGHT : ASKS_LEFT;
  if (!asks.has(join.type)) return undefined;
  const other = grouped === 'right' ? join.left : join.right;
  const aggregate = aggregateBelow(join[grouped]);
  if (aggregate === undefined || isRestricted(aggregate.input) || readsShared(other)) return undefined;
  const { pairs } = splitEquiPairs(join.condition, idsOf(join[grouped]), idsOf(other));
  const wanted = pairs.flatMap(p => wantedKey(p, join[grouped], ctx) ?? []);
  if (wanted.length === 0 || !isWorthwhile(aggregate, other)) return undefined;
  const id = ctx.newSharedId();
  const definition = renewIds(other, ctx.newColumnId);
  const used = new Set(wanted.flatMap(w => [...collectColumns(w.other)]));
  const read = outputOf(other).filter(c => used.has(c.id));
  const asked = renewIds(
    { kind: 'shared-ref', id, columns: read, source: read.map(c => definition.ids.get(c.id)!) },
    ctx.newColumnId,
  );
  const renamed = new Map<ColumnId, BoundExpr>(
    read.map(c => [c.id, { kind: 'column', id: asked.ids.get(c.id)!, type: c.type }]),
  );
  const condition = wanted.map(w => ({ ...w.condition, args: [w.key, substitute(w.other, renamed)] }));
  const restricted = mapAggregate(join[grouped], a => ({ ...a, input: semiJoined(a.input, asked.plan, condition) }));
  const columns = outputOf(other);
  const kept: LogicalPlan = { kind: 'shared-ref', id, columns, source: columns.map(c => definition.ids.get(c.id)!) };
  const input =
    grouped === 'right' ? { ...join, left: kept, right: restricted } : { ...join, left: restricted, right: kept };
  return { kind: 'shared', id, definition: definition.plan, input };
}

/** Join types for which rows of the grouped side without a match don't show. */
const ASKS_RIGHT: ReadonlySet<string> = new Set(['inner', 'left', 'single', 'semi', 'anti']);
const ASKS_LEFT: ReadonlySet<string> = new Set(['inner', 'right', 'semi']);

/** The aggregate of a plan that only filters and projects groups. */
function aggregateBelow(plan: LogicalPlan): AggregatePlan | undefined {
  if (plan.kind === 'filter' || plan.kind === 'project') return aggregateBelow(plan.input);
  return plan.kind === 'aggregate' && plan.groupingSets === undefined ? plan : undefined;
}

function mapAggregate(plan: LogicalPlan, f: (a: AggregatePlan) => LogicalPlan): LogicalPlan {
  return plan.kind === 'aggregate' ? f(plan) : mapInputs(plan, input => mapAggregate(input, f));
}

type WantedKey = {
  readonly condition: CallOf<ColumnRef>;
  /** What the aggregate groups by, over its input. */
  readonly key: BoundExpr;
  /** What it is compared with, over the other side. */
  readonly other: BoundExpr;
};

/** An equality with a group key; undefined for one with anything else. */
function wantedKey(
  { left, right, condition }: EquiPair,
  grouped: LogicalPlan,
  { effects }: RuleContext,
): WantedKey | undefined {
  let key: BoundExpr | undefined = left;
  let plan = grouped;
  for (; key?.kind === 'column' && plan.kind !== 'aggregate'; plan = inputOf(plan)) {
    const { id }: ColumnRef = key;
    if (plan.kind === 'project') key = plan.columns.find(c => c.column.id === id)?.expr;
  }
  if (key?.kind !== 'column' || plan.kind !== 'aggregate' || condition.kind !== 'call') return undefined;
  const { id } = key;
  const expr = plan.keys.find(k => k.column.id === id)?.expr;
  if (expr === undefined || [expr, right].some(e => effects.mayFail(e) || effects.isVolatile(e))) return undefined;
  return { condition, key: expr, other: right };
}

const inputOf = (plan: LogicalPlan): LogicalPlan => ('input' in plan ? plan.input : plan);

function isWorthwhile(aggregate: AggregatePlan, other: LogicalPlan): boolean {
  const input = estimateRows(aggregate.input);
  const side = estimateRows(other);
  return input >= MIN_ROWS && side <= input * MAX_SIDE && side <= estimateRows(aggregate) * MAX_WANTED;
}

/** The rows with a partner, looked for as far down as the keys' columns come from. */
function semiJoined(plan: LogicalPlan, asked: LogicalPlan, condition: readonly CallOf<ColumnRef>[]): LogicalPlan {
  const keys = collectColumns(allOf(condition.map(c => c.args[0]!))!);
  const has = (input: LogicalPlan): boolean => {
    const ids = idsOf(input);
    return [...keys].every(id => ids.has(id));
  };
  if (plan.kind === 'filter' && has(plan.input)) return { ...plan, input: semiJoined(plan.input, asked, condition) };
  if (plan.kind === 'join') {
    const { type } = plan;
    if (type !== 'right' && type !== 'full' && has(plan.left))
      return { ...plan, left: semiJoined(plan.left, asked, condition) };
    if ((type === 'inner' || type === 'right') && has(plan.right))
      return { ...plan, right: semiJoined(plan.right, asked, condition) };
  }
  return { kind: 'join', type: 'semi', left: plan, right: asked, condition: allOf(condition) };
}

/** Has been restricted before, or by the query itself. */
function isRestricted(plan: LogicalPlan): boolean {
  if (plan.kind === 'filter') return isRestricted(plan.input);
  if (plan.kind !== 'join') return false;
  return (
    (plan.type === 'semi' && plan.right.kind === 'shared-ref') || isRestricted(plan.left) || isRestricted(plan.right)
  );
}

/** Sharing what reads something shared, or defines it, is left alone. */
function readsShared(plan: LogicalPlan): boolean {
  if (plan.kind === 'shared' || plan.kind === 'shared-ref') return true;
  let found = false;
  mapInputs(plan, input => {
    found ||= readsShared(input);
    return input;
  });
  return found;
}
