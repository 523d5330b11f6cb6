import { outputOf } from '../../plan/columns.ts';
import { type BoundAggregate, type BoundExpr, type LiteralExpr, typeOf } from '../../plan/expr.ts';
import { exprKey } from '../../plan/expr-key.ts';
import { columnRef } from '../../plan/literals.ts';
import type { AggregatePlan, Column } from '../../plan/logical-plan.ts';
import { INT64, INT128, sameType } from '../../types/data-type.ts';
import type { PlanRule, RuleContext } from '../rule.ts';

type NamedAggregate = AggregatePlan['aggregates'][number];
/** `sum(base + constant)` or `sum(base - constant)`; without a constant `sum(base)`. */
type ShiftedSum = {
  readonly sum: NamedAggregate;
  readonly base: BoundExpr;
  readonly shift?: { readonly op: string; readonly constant: LiteralExpr };
};

/**
 * Sums of an integer plus constants are one sum and one count, from three of them on. DuckDB's sum rewriter does the
 * same. A value of `x + 1` outside of its type is no error then: the sum's type has room for it.
 *
 *     aggregate [sum(x), sum(x + 1), sum(x + 2)]      project [s, s + 1 * n, s + 2 * n]
 *       scan t                                    ⇒     aggregate [sum(x) as s, count(x) as n]
 *                                                         scan t
 */
export const splitSums: PlanRule<'aggregate'> = {
  name: 'split-sums',
  on: 'aggregate',
  apply(plan, ctx) {
    const values = new Map<NamedAggregate, BoundExpr>();
    const added: NamedAggregate[] = [];
    for (const sums of groupsOfSums(plan)) {
      const { sum, base } = sums[0]!;
      const { aggregate } = sum;
      const total = { column: { ...sum.column, id: ctx.newColumnId() }, aggregate: { ...aggregate, args: [base] } };
      const count = { column: countColumn(ctx), aggregate: countLike(aggregate, base) };
      for (const s of sums) {
        const value = shiftedTotal(s, total.column, count.column, ctx);
        if (value === undefined) return undefined;
        values.set(s.sum, value);
      }
      added.push(total, count);
    }
    if (added.length === 0) return undefined;
    const kept = plan.aggregates.filter(a => !values.has(a));
    const input = { ...plan, aggregates: [...kept, ...added] };
    const news = new Set(added.map(a => a.column.id));
    const passed = outputOf(input).filter(c => !news.has(c.id));
    return {
      kind: 'project',
      input,
      columns: [
        ...passed.map(column => ({ column, expr: columnRef(column) })),
        ...[...values].map(([{ column }, expr]) => ({ column, expr })),
      ],
    };
  },
};

/** The sums of each value of which there are enough to be worth it. */
function groupsOfSums({ aggregates }: AggregatePlan): readonly (readonly ShiftedSum[])[] {
  const groups = new Map<string, ShiftedSum[]>();
  for (const named of aggregates) {
    const sum = shiftedSum(named);
    if (sum === undefined) continue;
    const { filter } = named.aggregate;
    const key = `${exprKey(sum.base)} ${filter === undefined ? '' : exprKey(filter)}`;
    groups.set(key, [...(groups.get(key) ?? []), sum]);
  }
  return [...groups.values()].filter(sums => sums.length > 2 && sums.some(s => s.shift !== undefined));
}

function shiftedSum(sum: NamedAggregate): ShiftedSum | undefined {
  const { fn, args, distinct, orderBy, type } = sum.aggregate;
  const [arg] = args;
  if (fn !== 'sum' || arg === undefined || distinct || orderBy !== undefined || !sameType(type, INT128))
    return undefined;
  const argType = typeOf(arg);
  // Sums of 128-bit integers may leave the range, which they must or must not do as written.
  if (argType.kind !== 'int' || argType.bits > 64) return undefined;
  if (arg.kind === 'call' && (arg.fn === '+' || arg.fn === '-')) {
    const [left, right] = arg.args;
    if (left === undefined || right === undefined) return { sum, base: arg };
    // Of the sum's argument's type, so that the same overload adds it up.
    if (isConstant(right) && sameType(typeOf(left), argType))
      return { sum, base: left, shift: { op: arg.fn, constant: right } };
    if (arg.fn === '+' && isConstant(left) && sameType(typeOf(right), argType))
      return { sum, base: right, shift: { op: '+', constant: left } };
  }
  return { sum, base: arg };
}

const isConstant = (e: BoundExpr): e is LiteralExpr =>
  e.kind === 'literal' && e.value.type.kind === 'int' && e.value.value !== null;

function countColumn(ctx: RuleContext): Column {
  return { id: ctx.newColumnId(), name: 'count', type: INT64, nullable: false };
}

function countLike({ filter }: BoundAggregate, base: BoundExpr): BoundAggregate {
  return { fn: 'count', overload: 'any', args: [base], distinct: false, filter, type: INT64, nullable: false };
}

/** A sum by the total and the count of what it adds up; undefined where there is no arithmetic for it. */
function shiftedTotal({ shift }: ShiftedSum, total: Column, count: Column, ctx: RuleContext): BoundExpr | undefined {
  if (shift === undefined) return columnRef(total);
  const constant = { kind: 'literal', value: { type: INT128, value: String(shift.constant.value.value) } } as const;
  const wide = { kind: 'cast', input: columnRef(count), type: INT128, try: false } as const;
  const product = ctx.call('*', [wide, constant], INT128);
  return product && ctx.call(shift.op, [columnRef(total), product], INT128);
}
