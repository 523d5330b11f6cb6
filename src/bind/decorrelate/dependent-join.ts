import { invariant } from '../../common/errors.ts';
import { idsOf, outputOf } from '../../plan/columns.ts';
import { filtered } from '../../plan/conjuncts.ts';
import type { BoundExpr, ColumnId } from '../../plan/expr.ts';
import type { LogicalPlan, PlanOf, ProjectColumn } from '../../plan/logical-plan.ts';
import { substitute } from '../../plan/rewrite.ts';
import { BOOLEAN } from '../../types/data-type.ts';
import type { Binder } from '../binder.ts';
import { FALSE } from '../constant.ts';
import { conjunction, makeCall } from '../exprs/bind-call.ts';
import { nullable } from '../nullability.ts';
import { isCorrelated, reads } from './correlation.ts';
import { joinOverDomain } from './join-over-domain.ts';
import { countsApart, type DependentJoin, isExistence, plainJoin } from './join-parts.ts';
import { equalitySides, pullPredicates, pullThroughAggregate } from './pull-predicates.ts';

/**
 * Makes an ordinary join of a dependent one. Columns of queries further out stay free: the joins around this one will
 * see to them. Simple correlations become join conditions and group keys; the rest is computed for the distinct outer
 * values ("domain") and joined back (Neumann and Kemper, "Unnesting Arbitrary Queries").
 */
export function dependentJoin(b: Binder, request: DependentJoin): LogicalPlan {
  const join = { ...request, condition: isTrue(request.condition) ? undefined : request.condition };
  if (join.type === 'left' || join.type === 'single') b.makeNullable(outputOf(join.right));
  const outer = idsOf(join.left);
  if (!isCorrelated(join.right, outer)) return plainJoin(join);
  const right = isExistence(join.type) && !usesRight(join) ? existenceOf(join.right) : join.right;
  const rewritten = { ...join, right };
  return (
    inlineRow(b, rewritten) ??
    joinScalarAggregate(b, rewritten, outer) ??
    joinPulled(b, rewritten, outer) ??
    joinProjected(b, rewritten, outer) ??
    joinOverDomain(b, rewritten)
  );
}

const isTrue = (e: BoundExpr | undefined): boolean => e?.kind === 'literal' && e.value.value === true;

function usesRight(join: DependentJoin): boolean {
  return join.condition !== undefined && reads(join.condition, idsOf(join.right));
}

/** The plan without what does not change whether it has rows. */
function existenceOf(plan: LogicalPlan): LogicalPlan {
  switch (plan.kind) {
    case 'project':
    case 'sort':
    case 'distinct-on':
    case 'window':
      return existenceOf(plan.input);
    case 'limit':
      return plan.offset === 0 && plan.count !== 0 ? existenceOf(plan.input) : plan;
    case 'aggregate':
      return plan.keys.length > 0 && plan.groupingSets === undefined ? existenceOf(plan.input) : plan;
    default:
      return plan;
  }
}

/** `select <exprs>` without FROM, and UNNEST: computed on the left rows themselves. */
function inlineRow(b: Binder, join: DependentJoin): LogicalPlan | undefined {
  if (isExistence(join.type)) return undefined;
  const { steps, base } = rowSteps(join.right);
  if (base.kind !== 'values' || base.rows.length !== 1) return undefined;
  const unnests = steps.some(s => s.kind === 'unnest');
  if (unnests ? !mayUnnestInline(join, steps) : join.condition !== undefined) return undefined;
  const result = extendedByRow(b, join.left, join.right, join.type === 'left');
  return join.condition === undefined ? result : filtered(result, [join.condition]);
}

/** The plan's rows with the columns of a chain of projections and UNNESTs of one constant row. */
export function extendedByRow(b: Binder, plan: LogicalPlan, oneRow: LogicalPlan, keepsEmpty = false): LogicalPlan {
  const { steps, base } = rowSteps(oneRow);
  invariant(base.kind === 'values' && base.rows.length === 1, 'a chain of projections of one row');
  const row = base.columns.map((column, i) => ({ column, expr: base.rows[0]![i]! }));
  return steps.reduce<LogicalPlan>(
    (input, step) =>
      step.kind === 'unnest'
        ? { ...step, input, keepsEmpty: keepsEmpty || step.keepsEmpty }
        : extended(b, input, step.columns),
    row.length === 0 ? plan : extended(b, plan, row),
  );
}

type RowStep = PlanOf<'project'> | PlanOf<'unnest'>;

/** Whether unnesting the left rows' lists is the join: a scalar subquery counts its rows, an outer join makes NULLs. */
function mayUnnestInline(join: DependentJoin, steps: readonly RowStep[]): boolean {
  if (join.type === 'inner') return true;
  if (join.type !== 'left' || join.condition !== undefined) return false;
  const at = steps.findIndex(s => s.kind === 'unnest');
  const unnest = steps[at] as PlanOf<'unnest'>;
  const elements = new Set(
    [...unnest.lists.map(l => l.column), ...(unnest.ordinality === undefined ? [] : [unnest.ordinality])].map(
      c => c.id,
    ),
  );
  // What stands above must be NULL where there are no elements.
  for (const step of steps.slice(at + 1)) {
    if (step.kind !== 'project') return false;
    for (const { column, expr } of step.columns) {
      if (expr.kind !== 'column' || !elements.has(expr.id)) return false;
      elements.add(column.id);
    }
  }
  return outputOf(join.right).every(c => elements.has(c.id));
}

/** A chain of projections and UNNESTs: the lowest first, and what they read. */
function rowSteps(plan: LogicalPlan): { steps: readonly RowStep[]; base: LogicalPlan } {
  const steps: RowStep[] = [];
  let base = plan;
  for (; base.kind === 'project' || base.kind === 'unnest'; base = base.input) steps.unshift(base);
  return { steps, base };
}

/** A chain of projections: the lowest first, and what they read. */
function projections(plan: LogicalPlan): { steps: readonly (readonly ProjectColumn[])[]; base: LogicalPlan } {
  const steps: (readonly ProjectColumn[])[] = [];
  let base = plan;
  for (; base.kind === 'project'; base = base.input) steps.unshift(base.columns);
  return { steps, base };
}

/** All of the plan's columns and some more. */
function extended(b: Binder, input: LogicalPlan, columns: readonly ProjectColumn[]): LogicalPlan {
  const own = new Set(columns.map(c => c.column.id));
  const kept = outputOf(input).filter(c => !own.has(c.id));
  return { kind: 'project', input, columns: [...kept.map(column => ({ column, expr: b.ref(column) })), ...columns] };
}

/**
 * A subquery that aggregates without keys gives one row for every outer row. With equalities as the only correlation:
 *
 *     left, (select f(count(*)) from s where s.k = left.k)
 *       ⇒ project f(coalesce(n, 0)): left join left with (select k, count(*) n from s group by k) on s.k = left.k
 */
function joinScalarAggregate(b: Binder, join: DependentJoin, outer: ReadonlySet<ColumnId>): LogicalPlan | undefined {
  if (isExistence(join.type) || (join.type === 'left' && join.condition !== undefined)) return undefined;
  const { steps, base } = projections(join.right);
  if (base.kind !== 'aggregate' || base.keys.length > 0 || base.groupingSets !== undefined) return undefined;
  const pulled = pullThroughAggregate({ b, outer }, base);
  if (pulled === undefined || pulled.predicates.length === 0 || pulled.plan.kind !== 'aggregate') return undefined;
  const grouped = countsApart(b, pulled.plan);
  b.makeNullable(outputOf(grouped.plan));
  const joined: LogicalPlan = {
    kind: 'join',
    type: 'left',
    left: join.left,
    right: grouped.plan,
    condition: conjunction(b, pulled.predicates)!,
  };
  const counted = grouped.counts.length === 0 ? joined : extended(b, joined, grouped.counts);
  const result = steps.reduce((plan, columns) => extended(b, plan, columns), counted);
  return join.condition === undefined ? result : filtered(result, [join.condition]);
}

/** Correlated predicates become the join's condition. */
function joinPulled(b: Binder, join: DependentJoin, outer: ReadonlySet<ColumnId>): LogicalPlan | undefined {
  const pulled = pullPredicates({ b, outer }, join.right);
  if (pulled === undefined) return undefined;
  const own = join.condition === undefined ? [] : [join.condition];
  if (join.type !== 'mark')
    return plainJoin({ ...join, right: pulled.plan, condition: conjunction(b, [...own, ...pulled.predicates]) });
  // Below the join a row that fails a predicate is absent, also when the predicate is unknown.
  const inner = idsOf(pulled.plan);
  const guards: BoundExpr[] = [];
  const strict = pulled.predicates.map(p => {
    const sides = equalitySides(p, outer, inner);
    if (sides === undefined || p.kind !== 'call' || p.fn !== '=')
      return nullable(b, p) ? ({ kind: 'coalesce', args: [p, FALSE], type: BOOLEAN } as const) : p;
    if (nullable(b, sides.inner)) guards.push(makeCall(b, 'is not null', [sides.inner]));
    return makeCall(b, 'is not distinct from', p.args, p.span);
  });
  return plainJoin({
    ...join,
    right: filtered(pulled.plan, guards),
    condition: conjunction(b, [...own, ...strict]),
  });
}

/** The topmost projections read outer columns: they are computed above the join, or put into its condition. */
function joinProjected(b: Binder, join: DependentJoin, outer: ReadonlySet<ColumnId>): LogicalPlan | undefined {
  if (join.type === 'left' || join.type === 'single' || join.right.kind !== 'project') return undefined;
  const { input, columns } = join.right;
  if (!columns.some(c => reads(c.expr, outer))) return undefined;
  const map = new Map(columns.map(c => [c.column.id, c.expr]));
  if (isExistence(join.type)) {
    if (join.type === 'mark' && !isCorrelated(input, outer)) {
      return plainJoin({ ...join, right: input, condition: join.condition && substitute(join.condition, map) });
    }
    return dependentJoin(b, { ...join, right: input, condition: join.condition && substitute(join.condition, map) });
  }
  const { condition, ...rest } = join;
  const joined = extended(b, dependentJoin(b, { ...rest, right: input }), columns);
  return condition === undefined ? joined : filtered(joined, [condition]);
}
