import { invariant } from '../common/errors.ts';
import { estimateRows } from '../plan/cardinality.ts';
import { idsOf } from '../plan/columns.ts';
import type { BoundExpr, ColumnId, PhysicalExpr } from '../plan/expr.ts';
import type { JoinPlan } from '../plan/logical-plan.ts';
import { toPhysical } from '../plan/to-physical.ts';
import { BOOLEAN, type DataType } from '../types/data-type.ts';
import type { JoinType } from '../types/join-type.ts';
import { type JoinCondition, splitCondition } from './join-condition.ts';
import type { Lowered, Lowering } from './lower.ts';
import { columnsOf, positionsOf } from './positions.ts';

/** A join type seen from the other side. */
const MIRRORED: Partial<Record<JoinType, JoinType>> = { inner: 'inner', left: 'right', right: 'left', full: 'full' };

/**
 * Chooses the algorithm (hash where an equality between the sides exists, else nested loops) and the side that is
 * stored, where the join's type leaves the choice.
 */
export function lowerJoin(plan: JoinPlan, required: ReadonlySet<ColumnId>, lowering: Lowering): Lowered {
  const left = idsOf(plan.left);
  const right = idsOf(plan.right);
  const condition = splitCondition(plan.condition, left, right);
  const needed = new Set([...required, ...columnsOf(plan.condition === undefined ? [] : [plan.condition])]);
  const sides = {
    left: lowering.lower(plan.left, intersection(needed, left)),
    right: lowering.lower(plan.right, intersection(needed, right)),
  };
  const prefersLeft = storesLeft(plan, lowering);
  return condition.pairs.length > 0
    ? hashJoin(plan, condition, sides, prefersLeft, required, lowering)
    : nestedLoopJoin(plan, condition.residual, sides, prefersLeft, required, lowering);
}

/** Whether the left side is the better one to store. In a recursion that is a side that is the same in all rounds. */
function storesLeft({ left, right }: JoinPlan, lowering: Lowering): boolean {
  const leftVaries = lowering.readsRound(left);
  const rightVaries = lowering.readsRound(right);
  return leftVaries === rightVaries ? estimateRows(left) < estimateRows(right) : rightVaries;
}

type Sides = { readonly left: Lowered; readonly right: Lowered };

function hashJoin(
  plan: JoinPlan,
  { pairs, residual }: JoinCondition,
  sides: Sides,
  prefersLeft: boolean,
  required: ReadonlySet<ColumnId>,
  lowering: Lowering,
): Lowered {
  const mirrored = prefersLeft ? MIRRORED[plan.type] : undefined;
  const keepsOneSide = plan.type === 'semi' || plan.type === 'anti';
  const buildLeft = mirrored !== undefined || (prefersLeft && keepsOneSide);
  const probe = buildLeft ? sides.right : sides.left;
  const build = buildLeft ? sides.left : sides.right;
  const probeAt = positionsOf(probe.columns);
  const buildAt = positionsOf(build.columns);
  const columns = handedUp(plan, keepsOneSide ? (buildLeft ? build : probe) : undefined, probe, build);
  const output = columns.flatMap((id, i) => (required.has(id) ? [i] : []));
  const types = typesOf(plan, keepsOneSide ? (buildLeft ? build : probe) : undefined, probe, build);
  return {
    columns: output.map(i => columns[i]!),
    plan: lowering.node(
      {
        kind: 'hash-join',
        joinType: mirrored ?? plan.type,
        probeKeys: pairs.map(p => toPhysical(buildLeft ? p.right : p.left, probeAt)),
        buildKeys: pairs.map(p => toPhysical(buildLeft ? p.left : p.right, buildAt)),
        nullsEqual: pairs.map(p => p.nullsEqual),
        residual: conjunction(residual, probe, build),
        probeTypes: probe.plan.types,
        buildTypes: build.plan.types,
        output,
        buildSideKept: keepsOneSide && buildLeft,
        ...(plan.span === undefined ? {} : { span: plan.span }),
      },
      [probe.plan, build.plan],
      output.map(i => types[i]!),
      estimateRows(plan),
    ),
  };
}

function nestedLoopJoin(
  plan: JoinPlan,
  residual: readonly BoundExpr[],
  sides: Sides,
  prefersLeft: boolean,
  required: ReadonlySet<ColumnId>,
  lowering: Lowering,
): Lowered {
  // The stored side is read again for each outer batch, so it should be the smaller one.
  const swap = prefersLeft && plan.type === 'inner';
  const outer = swap ? sides.right : sides.left;
  const inner = swap ? sides.left : sides.right;
  const kept = plan.type === 'semi' || plan.type === 'anti' ? outer : undefined;
  const columns = handedUp(plan, kept, outer, inner);
  const types = typesOf(plan, kept, outer, inner);
  const joined: Lowered = {
    columns,
    plan: lowering.node(
      {
        kind: 'nested-loop-join',
        joinType: plan.type,
        predicate: conjunction(residual, outer, inner),
        leftTypes: outer.plan.types,
        rightTypes: inner.plan.types,
        ...(plan.span === undefined ? {} : { span: plan.span }),
      },
      [outer.plan, inner.plan],
      types,
      estimateRows(plan),
    ),
  };
  return lowering.keep(joined, required);
}

/** The columns that the operator hands up before pruning: of one side only, or probe, build and mark. */
function handedUp(plan: JoinPlan, kept: Lowered | undefined, probe: Lowered, build: Lowered): readonly ColumnId[] {
  if (kept !== undefined) return kept.columns;
  if (plan.type !== 'mark') return [...probe.columns, ...build.columns];
  invariant(plan.mark !== undefined, 'a mark join has a mark column');
  return [...probe.columns, plan.mark.id];
}

function typesOf(plan: JoinPlan, kept: Lowered | undefined, probe: Lowered, build: Lowered): readonly DataType[] {
  if (kept !== undefined) return kept.plan.types;
  return [...probe.plan.types, ...(plan.type === 'mark' ? [BOOLEAN] : build.plan.types)];
}

/** The conjuncts as one expression over the columns of the streamed side followed by those of the stored side. */
function conjunction(conjuncts: readonly BoundExpr[], probe: Lowered, build: Lowered): PhysicalExpr | undefined {
  if (conjuncts.length === 0) return undefined;
  const at = new Map([...positionsOf(probe.columns), ...positionsOf(build.columns, probe.columns.length)]);
  const args = conjuncts.map(c => toPhysical(c, at));
  return args.length === 1 ? args[0] : { kind: 'and', args };
}

function intersection<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): Set<T> {
  return new Set([...a].filter(x => b.has(x)));
}
