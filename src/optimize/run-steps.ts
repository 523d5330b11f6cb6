import { invariant, RayexecError } from '../common/errors.ts';
import { noteSharedPlans } from '../plan/cardinality.ts';
import { checkPlan } from '../plan/check.ts';
import { outputOf } from '../plan/columns.ts';
import { type BoundExpr, type ColumnId, type ColumnRef, type PhysicalExpr, typeOf } from '../plan/expr.ts';
import { hasKind } from '../plan/has-kind.ts';
import type { BoundQuery, Column, LogicalPlan, SharedId } from '../plan/logical-plan.ts';
import { maxIds } from '../plan/max-ids.ts';
import { inputsOfExpr } from '../plan/physical-expr.ts';
import { mapExprInputs, mapExprs, mapInputs, topDown } from '../plan/rewrite.ts';
import { toBound, toPhysical } from '../plan/to-physical.ts';
import { type DataType, sameType } from '../types/data-type.ts';
import type { Scalar } from '../types/scalar.ts';
import { Effects, type FunctionFinder } from './effects.ts';
import { integerRanges } from './integer-ranges.ts';
import type { Rule, RuleContext, Step } from './rule.ts';

export type StepOptions = {
  /** Names of rules to leave out. */
  readonly disabledRules?: ReadonlySet<string> | undefined;
  /** Told of the plan after each rule that changed it. */
  readonly observe?: ((rule: string, plan: LogicalPlan) => void) | undefined;
  /**
   * Check the plan after each rule (default), so that a mistake is blamed on the rule that made it. When false the
   * plan is checked once, after the last: checking takes as long as all rules together.
   */
  readonly verify?: boolean | undefined;
  /** Refuse rules that undo each other's work, instead of going on with what they have done. For tests. */
  readonly strict?: boolean | undefined;
  /** Computes an expression without columns; without it only what needs no kernels is folded. */
  readonly evaluate?: ((expr: BoundExpr) => Scalar | undefined) | undefined;
  /** Tells which calls may fail or vary; unknown ones count as if they did both. */
  readonly functions: FunctionFinder;
  readonly steps: readonly Step[];
};

/** A group of rules that still changes the plan after so many rounds swings between two forms. */
const MAX_ROUNDS = 16;

/**
 * Rewrites a query's plan by steps of rules.
 * @throws RayexecError `internal` when a rule breaks the plan; with `strict` also when a step does not come to an end
 */
export function runSteps(query: BoundQuery, options: StepOptions): BoundQuery {
  const { disabledRules, observe, verify = true, strict = false, steps } = options;
  const ctx = contextFor(query.plan, options);
  const output = new Set(query.output.map(c => c.id));
  let plan = query.plan;
  /** By rule, the plan for which it has found nothing to do: it would find nothing again. */
  const settled = new Map<Rule, LogicalPlan>();
  const simplest = new Map<Rule, Set<BoundExpr>>();
  for (const step of steps) {
    const rules = step.rules.filter(r => disabledRules?.has(r.name) !== true);
    for (let round = 0, before: LogicalPlan | undefined; before !== plan; round++) {
      if (round === MAX_ROUNDS) {
        invariant(!strict, `the rules of ${step.name} come to no end`);
        break;
      }
      before = plan;
      for (const rule of rules) {
        if (settled.get(rule) === plan) continue;
        const rewritten = applyRule(rule, plan, ctx, output, simplest);
        if (rewritten === plan) {
          settled.set(rule, plan);
          continue;
        }
        plan = rewritten;
        if (verify) checkAfter(rule.name, plan, query.output);
        observe?.(rule.name, plan);
      }
      if (step.once === true) break;
    }
  }
  if (!verify && plan !== query.plan) checkAfter('a rule', plan, query.output);
  noteSharedPlans(plan);
  return plan === query.plan ? query : { ...query, plan };
}

/** @param simplest by rule, the expressions that it leaves as they are: filters keep theirs wherever they go */
function applyRule(
  rule: Rule,
  plan: LogicalPlan,
  ctx: RuleContext,
  output: ReadonlySet<ColumnId>,
  simplest: Map<Rule, Set<BoundExpr>>,
): LogicalPlan {
  if ('run' in rule) return rule.run(plan, ctx, output);
  if ('simplify' in rule) {
    const known = simplest.get(rule) ?? new Set();
    simplest.set(rule, known);
    const simplify = (e: BoundExpr): BoundExpr => {
      if (e.kind === 'column' || e.kind === 'literal' || known.has(e)) return e;
      const simplified = rule.simplify(inBody(mapExprInputs(e, simplify), ctx, simplify), ctx);
      if (simplified === e) known.add(e);
      return simplified;
    };
    return topDown(plan, node => mapExprs(node, simplify));
  }
  // Each rule names the kind that it takes, which TypeScript can't follow through the union.
  const apply = rule.apply as (node: LogicalPlan, ctx: RuleContext) => LogicalPlan | undefined;
  const visit = (node: LogicalPlan): LogicalPlan =>
    hasKind(node, rule.on) ? mapInputs(node.kind === rule.on ? (apply(node, ctx) ?? node) : node, visit) : node;
  return visit(plan);
}

/** A call whose lambda, if it has one, is simplified: over columns in the place of its parameters and what it captures. */
function inBody(expr: BoundExpr, ctx: RuleContext, simplify: (e: BoundExpr) => BoundExpr): BoundExpr {
  if (expr.kind !== 'call' || expr.lambda === undefined) return expr;
  const inputs = new Map<number, ColumnRef>();
  const visit = (e: PhysicalExpr): void => {
    if (e.kind !== 'input') inputsOfExpr(e).forEach(visit);
    else if (!inputs.has(e.index)) inputs.set(e.index, { kind: 'column', id: ctx.newColumnId(), type: e.type });
  };
  visit(expr.lambda.body);
  const columns = Array.from({ length: Math.max(-1, ...inputs.keys()) + 1 }, (_, i) => inputs.get(i)!);
  const body = toBound(expr.lambda.body, columns);
  const simplified = simplify(body);
  if (simplified === body) return expr;
  const at = new Map([...inputs].map(([index, column]) => [column.id, index]));
  return { ...expr, lambda: { ...expr.lambda, body: toPhysical(simplified, at) } };
}

function checkAfter(rule: string, plan: LogicalPlan, output: readonly Column[]): void {
  try {
    checkPlan(plan);
  } catch (e) {
    throw new RayexecError('internal', `${rule} broke the plan: ${e instanceof Error ? e.message : String(e)}`, {
      cause: e,
    });
  }
  const types = new Map(outputOf(plan).map(c => [c.id, c.type]));
  for (const c of output) {
    const type = types.get(c.id);
    invariant(type !== undefined && sameType(type, c.type), `${rule} lost the output column ${c.name}`);
  }
}

function contextFor(plan: LogicalPlan, { evaluate, functions }: StepOptions): RuleContext {
  let last: { column: number; shared: number } | undefined;
  const ids = () => (last ??= { ...maxIds(plan) });
  return {
    effects: new Effects(functions, () => integerRanges(plan)),
    evaluate: evaluate ?? (() => undefined),
    call: (fn, args, type) => callOf(functions, fn, args, type),
    newColumnId: () => ++ids().column as ColumnId,
    newSharedId: () => ++ids().shared as SharedId,
  };
}

function callOf(
  functions: FunctionFinder,
  fn: string,
  args: readonly BoundExpr[],
  type: DataType,
): BoundExpr | undefined {
  const types = args.map(typeOf);
  for (const overload of functions.scalar(fn)?.overloads ?? []) {
    const found = overload.fit(types);
    if (found === undefined || found.cost > 0 || !sameType(found.returns, type)) continue;
    if (found.args.every((t, i) => sameType(t, types[i]!)))
      return { kind: 'call', fn, overload: overload.key, args, type };
  }
  return undefined;
}
