import { collectColumns, exprsOf, idsOf, outputOf } from '../../plan/columns.ts';
import { conjunctsOf, filtered } from '../../plan/conjuncts.ts';
import { type BoundExpr, type ColumnId, typeOf } from '../../plan/expr.ts';
import { exprKey } from '../../plan/expr-key.ts';
import type { LogicalPlan, PlanOf, ProjectColumn } from '../../plan/logical-plan.ts';
import type { Binder } from '../binder.ts';
import { conjunction } from '../exprs/bind-call.ts';
import { nullable } from '../nullability.ts';
import { isCorrelated, reads } from './correlation.ts';

/** A plan that reads nothing from outside any more, and the predicates it was freed of: they read its output and the outside. */
export type Pulled = { readonly plan: LogicalPlan; readonly predicates: readonly BoundExpr[] };

export type PullContext = {
  readonly b: Binder;
  /** The outer columns to get rid of. */
  readonly outer: ReadonlySet<ColumnId>;
};

/**
 * Lifts the predicates that read outer columns out of a subquery, so that they can become a join's condition:
 *
 *     project x                          join condition: s.k = outer.k
 *       filter s.k = outer.k       ⇒       project x, s.k
 *         scan s                             scan s
 *
 * Aggregates let equalities through: the inner side becomes a key. Undefined when outer columns are used otherwise.
 */
export function pullPredicates(ctx: PullContext, plan: LogicalPlan): Pulled | undefined {
  if (!isCorrelated(plan, ctx.outer)) return { plan, predicates: [] };
  switch (plan.kind) {
    case 'filter': {
      const below = pullPredicates(ctx, plan.input);
      if (below === undefined) return undefined;
      const { correlated, rest } = split(ctx, plan.predicate);
      return { plan: filtered(below.plan, rest), predicates: [...below.predicates, ...correlated] };
    }
    case 'project':
      return pullThroughProject(ctx, plan);
    case 'join':
      return pullThroughJoin(ctx, plan);
    case 'aggregate':
      // Without keys it gives a row for no rows, which a join does not.
      return plan.keys.length === 0 || plan.groupingSets !== undefined ? undefined : pullThroughAggregate(ctx, plan);
    case 'window':
      return pullThroughWindow(ctx, plan);
    case 'sort':
      return pullPredicates(ctx, plan.input);
    case 'unnest': {
      if (plan.lists.some(l => reads(l.expr, ctx.outer))) return undefined;
      const below = pullPredicates(ctx, plan.input);
      return below && { ...below, plan: { ...plan, input: below.plan } };
    }
    case 'shared': {
      if (isCorrelated(plan.definition, ctx.outer)) return undefined;
      const below = pullPredicates(ctx, plan.input);
      return below && { ...below, plan: { ...plan, input: below.plan } };
    }
    default:
      return undefined;
  }
}

function split(ctx: PullContext, predicate: BoundExpr): { correlated: BoundExpr[]; rest: BoundExpr[] } {
  const correlated: BoundExpr[] = [];
  const rest: BoundExpr[] = [];
  for (const c of conjunctsOf(predicate)) (reads(c, ctx.outer) ? correlated : rest).push(c);
  return { correlated, rest };
}

function pullThroughProject(ctx: PullContext, plan: PlanOf<'project'>): Pulled | undefined {
  if (plan.columns.some(c => reads(c.expr, ctx.outer))) return undefined;
  const below = pullPredicates(ctx, plan.input);
  if (below === undefined) return undefined;
  return {
    plan: { ...plan, input: below.plan, columns: [...plan.columns, ...passedOn(ctx.b, below, idsOf(plan))] },
    predicates: below.predicates,
  };
}

/** The columns that predicates above need and that the node would not hand up. */
function passedOn(b: Binder, below: Pulled, has: ReadonlySet<ColumnId>): ProjectColumn[] {
  const needed = new Set<ColumnId>();
  for (const p of below.predicates) collectColumns(p, needed);
  return outputOf(below.plan)
    .filter(c => needed.has(c.id) && !has.has(c.id))
    .map(column => ({ column, expr: b.ref(column) }));
}

function pullThroughJoin(ctx: PullContext, plan: PlanOf<'join'>): Pulled | undefined {
  const { b } = ctx;
  const left = pullPredicates(ctx, plan.left);
  if (left === undefined) return undefined;
  if (plan.type === 'inner') {
    const right = pullPredicates(ctx, plan.right);
    if (right === undefined) return undefined;
    const { correlated, rest } =
      plan.condition === undefined ? { correlated: [], rest: [] } : split(ctx, plan.condition);
    const { condition: _, ...join } = plan;
    const condition = conjunction(b, rest);
    return {
      plan: { ...join, left: left.plan, right: right.plan, ...(condition === undefined ? {} : { condition }) },
      predicates: [...left.predicates, ...right.predicates, ...correlated],
    };
  }
  // What the other joins do with rows without a match depends on the right side and the condition as they are.
  if (plan.type === 'right' || plan.type === 'full') return undefined;
  if (isCorrelated(plan.right, ctx.outer) || (plan.condition !== undefined && reads(plan.condition, ctx.outer)))
    return undefined;
  return { plan: { ...plan, left: left.plan }, predicates: left.predicates };
}

/** Equalities between an inner and an outer expression become keys; anything else stops here. */
export function pullThroughAggregate(ctx: PullContext, plan: PlanOf<'aggregate'>): Pulled | undefined {
  const { b } = ctx;
  if (plan.keys.some(k => reads(k.expr, ctx.outer))) return undefined;
  const aggregateOnly: LogicalPlan = { ...plan, input: { kind: 'empty', columns: outputOf(plan.input) } };
  if (isCorrelated(aggregateOnly, ctx.outer)) return undefined;
  const below = pullPredicates(ctx, plan.input);
  if (below === undefined) return undefined;
  const inner = idsOf(below.plan);
  const keys = [...plan.keys];
  const predicates: BoundExpr[] = [];
  for (const p of below.predicates) {
    const sides = equalitySides(p, ctx.outer, inner);
    if (sides === undefined || p.kind !== 'call') return undefined;
    const text = exprKey(sides.inner);
    let key = keys.find(k => exprKey(k.expr) === text);
    if (key === undefined) {
      // A column keeps its id unless the node hands that up already.
      const { inner: expr } = sides;
      const column = expr.kind === 'column' ? b.column(expr.id) : b.newColumn('key', typeOf(expr), nullable(b, expr));
      key = {
        column: keys.some(k => k.column.id === column.id)
          ? b.newColumn(column.name, column.type, column.nullable)
          : column,
        expr,
      };
      keys.push(key);
    }
    const ref = b.ref(key.column);
    predicates.push({ ...p, args: sides.innerFirst ? [ref, sides.outer] : [sides.outer, ref] });
  }
  return { plan: { ...plan, input: below.plan, keys }, predicates };
}

/** Rows that equalities give to different outer rows are in different partitions. */
function pullThroughWindow(ctx: PullContext, plan: PlanOf<'window'>): Pulled | undefined {
  if (exprsOf(plan).some(e => reads(e, ctx.outer))) return undefined;
  const below = pullPredicates(ctx, plan.input);
  if (below === undefined) return undefined;
  const inner = idsOf(below.plan);
  const sides = below.predicates.map(p => equalitySides(p, ctx.outer, inner));
  const known = new Set(plan.partitionBy.map(exprKey));
  const added: BoundExpr[] = [];
  for (const side of sides) {
    if (side === undefined) return undefined;
    if (!known.has(exprKey(side.inner))) added.push(side.inner);
  }
  const partitionBy = [...plan.partitionBy, ...added];
  return { plan: { ...plan, input: below.plan, partitionBy }, predicates: below.predicates };
}

/** The sides of `inner = outer`, if the predicate is one. */
export function equalitySides(
  p: BoundExpr,
  outer: ReadonlySet<ColumnId>,
  inner: ReadonlySet<ColumnId>,
): { inner: BoundExpr; outer: BoundExpr; innerFirst: boolean } | undefined {
  if (p.kind !== 'call' || (p.fn !== '=' && p.fn !== 'is not distinct from')) return undefined;
  const [l, r] = p.args as [BoundExpr, BoundExpr];
  const isInner = (e: BoundExpr) => [...collectColumns(e)].every(id => inner.has(id));
  const isOuter = (e: BoundExpr) => !reads(e, inner) && reads(e, outer);
  if (isInner(l) && isOuter(r)) return { inner: l, outer: r, innerFirst: true };
  if (isInner(r) && isOuter(l)) return { inner: r, outer: l, innerFirst: false };
  return undefined;
}
