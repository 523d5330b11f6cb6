import { outputOf } from '../../plan/columns.ts';
import type { BoundExpr } from '../../plan/expr.ts';
import type { Column, LogicalPlan, PlanOf } from '../../plan/logical-plan.ts';
import { mapAggregate, substitute } from '../../plan/rewrite.ts';
import { INT64 } from '../../types/data-type.ts';
import type { Binder } from '../binder.ts';
import { integerOf, literal, nullOf } from '../constant.ts';
import { sharedPlan } from './shared-plan.ts';

/**
 * An aggregate whose grouping sets include the whole, `()`, as the union of the other sets and an aggregate without
 * keys for each `()`, over an input that is computed once.
 */
export function wholeApart(b: Binder, plan: PlanOf<'aggregate'>): LogicalPlan {
  const shared = sharedPlan(b, plan.input);
  /** The input under ids of its own, and expressions over it. */
  const read = () => {
    const { plan: input, columns } = shared.read();
    const map = new Map(outputOf(plan.input).map((c, i): [Column['id'], BoundExpr] => [c.id, b.ref(columns[i]!)]));
    return { input, expr: (e: BoundExpr) => substitute(e, map) };
  };
  const renewed = (c: Column): Column => b.newColumn(c.name, c.type, b.isNullable(c.id));
  const aggregates = (expr: (e: BoundExpr) => BoundExpr) =>
    plan.aggregates.map(a => ({ column: renewed(a.column), aggregate: mapAggregate(a.aggregate, expr) }));
  const sets = plan.groupingSets ?? [];
  const others = sets.filter(s => s.length > 0);
  const branches: LogicalPlan[] = [];
  if (others.length > 0) {
    const { input, expr } = read();
    branches.push({
      kind: 'aggregate',
      input,
      keys: plan.keys.map(k => ({ column: renewed(k.column), expr: expr(k.expr) })),
      groupingSets: others,
      ...(plan.groupingId === undefined ? {} : { groupingId: renewed(plan.groupingId) }),
      aggregates: aggregates(expr),
    });
  }
  for (let n = others.length; n < sets.length; n++) {
    const { input, expr } = read();
    const whole: LogicalPlan = { kind: 'aggregate', input, keys: [], aggregates: aggregates(expr) };
    const keys = plan.keys.map(k => ({ column: renewed(k.column), expr: nullOf(k.column.type) }));
    const allBits = literal(integerOf(INT64, 2n ** BigInt(plan.keys.length) - 1n));
    const groupingId = plan.groupingId === undefined ? [] : [{ column: renewed(plan.groupingId), expr: allBits }];
    const values = outputOf(whole).map(column => ({ column, expr: b.ref(column) }));
    branches.push({ kind: 'project', input: whole, columns: [...keys, ...values, ...groupingId] });
  }
  const output = outputOf(plan);
  const [first, ...rest] = branches;
  const union = rest.reduce<LogicalPlan>((left, right, i) => {
    const isLast = i === rest.length - 1;
    return { kind: 'set-op', op: 'union', all: true, left, right, columns: isLast ? output : output.map(renewed) };
  }, first!);
  const input: LogicalPlan =
    rest.length > 0
      ? union
      : {
          kind: 'project',
          input: union,
          columns: output.map((column, i) => ({ column, expr: b.ref(outputOf(union)[i]!) })),
        };
  return shared.define(input);
}
