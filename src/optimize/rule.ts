import type { BoundExpr, ColumnId } from '../plan/expr.ts';
import type { LogicalPlan, PlanKind, PlanOf, SharedId } from '../plan/logical-plan.ts';
import type { DataType } from '../types/data-type.ts';
import type { Scalar } from '../types/scalar.ts';
import type { Effects } from './effects.ts';

/** What rules may ask and take, beside the plan. */
export type RuleContext = {
  readonly effects: Effects;
  /** The value of an expression without columns; undefined when it can't be computed (or fails: that is left for the run). */
  readonly evaluate: (expr: BoundExpr) => Scalar | undefined;
  /** A call of a scalar function whose arguments have just the types it takes; undefined when there is none. */
  readonly call: (fn: string, args: readonly BoundExpr[], type: DataType) => BoundExpr | undefined;
  readonly newColumnId: () => ColumnId;
  readonly newSharedId: () => SharedId;
};

/** Rewrites nodes of one kind where they have a certain shape. */
export type PlanRule<K extends PlanKind = PlanKind> = {
  readonly name: string;
  readonly on: K;
  /** What stands in the node's place; undefined when there is nothing to do. */
  readonly apply: (node: PlanOf<K>, ctx: RuleContext) => LogicalPlan | undefined;
};

/** Rewrites expressions wherever they stand. Works on one node of an expression whose sub-expressions are done. */
export type ExprRule = {
  readonly name: string;
  /** The same object when there is nothing to do. Not asked about columns and constants. */
  readonly simplify: (expr: BoundExpr, ctx: RuleContext) => BoundExpr;
};

/** Looks at the whole plan; the same object back when there is nothing to do. */
export type Pass = {
  readonly name: string;
  readonly run: (plan: LogicalPlan, ctx: RuleContext, output: ReadonlySet<ColumnId>) => LogicalPlan;
};

export type Rule = { [K in PlanKind]: PlanRule<K> }[PlanKind] | ExprRule | Pass;

/** A group of rules, run in turns until none of them changes anything, or each just once. */
export type Step = { readonly name: string; readonly rules: readonly Rule[]; readonly once?: boolean };
