import type { Any, NonNull, NullIn } from './column-types.ts';
import type { Branch, CommonOfAll, KindOfCommon, Settled } from './common-type.ts';
import type { BoolExpr, ExprOf, NumExpr, When, WindowFunction } from './expr.ts';
import { combine, condition, ExprImpl, wrap } from './expr-impl.ts';
import { call, name, nodeOf } from './expr-node.ts';
import { integer } from './literal.ts';
import type { ArithmeticOfTwo, Condition, KindOf, NumValue, Quotient, TypeOf, Value } from './operands.ts';

/** A JavaScript value as an expression. `lit(1).sub(t.x)` */
export function lit<const V extends Value>(value: V): ExprOf<TypeOf<V>, KindOf<V>> {
  return wrap(nodeOf(value));
}

/** A column by a name that the compiler does not check. */
export function col(column: string): Any {
  return wrap(name(column));
}

/** How many rows there are. */
export function count(): NumExpr<'int64', 'aggregate'> {
  return wrap(call('count'));
}

/** `condition ? value : …`, to be continued with `.when` or `.otherwise`. */
export function when<C extends Condition, const V extends Value>(
  condition: C,
  value: V,
): When<[Branch<V>], KindOf<C> | KindOf<V>> {
  return whenBranches([{ when: nodeOf(condition), result: nodeOf(value) }]) as never;
}

type CaseBranch = { readonly when: ReturnType<typeof nodeOf>; readonly result: ReturnType<typeof nodeOf> };

function whenBranches(branches: readonly CaseBranch[]): object {
  return {
    when: (condition: unknown, value: unknown) =>
      whenBranches([...branches, { when: nodeOf(condition), result: nodeOf(value) }]),
    otherwise: (value: unknown) => new ExprImpl({ kind: 'case', branches, otherwise: nodeOf(value) }),
    end: () => new ExprImpl({ kind: 'case', branches }),
  };
}

/** Whether all conditions hold. */
export function and<R extends readonly Condition[]>(
  ...conditions: R
): BoolExpr<'boolean' | NullIn<TypeOf<R[number]>>, KindOf<R[number]>> {
  return combine('and', conditions) as never;
}

/** Whether at least one condition holds. */
export function or<R extends readonly Condition[]>(
  ...conditions: R
): BoolExpr<'boolean' | NullIn<TypeOf<R[number]>>, KindOf<R[number]>> {
  return combine('or', conditions) as never;
}

/** Whether the condition does not hold. */
export function not<R extends Condition>(operand: R): BoolExpr<TypeOf<R>, KindOf<R>> {
  return condition(call('not', nodeOf(operand))) as never;
}

/** The first value that is not NULL. */
export function coalesce<const V extends readonly [Value, ...Value[]]>(
  ...values: V
): ExprOf<Settled<Coalesced<V>>, KindOfCommon<Coalesced<V>, KindOf<V[number]>>> {
  return wrap(call('coalesce', ...values.map(nodeOf)));
}

/** NULL only if all are; the common type of all. */
type Coalesced<V extends readonly unknown[]> =
  CommonOfAll<{ [I in keyof V]: Branch<V[I]> }> extends infer All
    ? MayAllBeNull<V> extends true
      ? All
      : NonNull<All>
    : never;
type MayAllBeNull<V> = V extends readonly [infer First, ...infer Rest]
  ? null extends TypeOf<First>
    ? MayAllBeNull<Rest>
    : false
  : true;

/** `a + b`, for when the literal comes first. */
export function add<A extends NumValue, B extends NumValue>(
  a: A,
  b: B,
): NumExpr<ArithmeticOfTwo<A, B>, KindOf<A> | KindOf<B>> {
  return wrap(call('+', nodeOf(a), nodeOf(b)));
}

/** `a - b`: `sub(1, t.discount)`. */
export function sub<A extends NumValue, B extends NumValue>(
  a: A,
  b: B,
): NumExpr<ArithmeticOfTwo<A, B>, KindOf<A> | KindOf<B>> {
  return wrap(call('-', nodeOf(a), nodeOf(b)));
}

/** `a * b` */
export function mul<A extends NumValue, B extends NumValue>(
  a: A,
  b: B,
): NumExpr<ArithmeticOfTwo<A, B>, KindOf<A> | KindOf<B>> {
  return wrap(call('*', nodeOf(a), nodeOf(b)));
}

/** `a / b`, as a double. */
export function div<A extends NumValue, B extends NumValue>(
  a: A,
  b: B,
): NumExpr<Quotient<TypeOf<A>, B>, KindOf<A> | KindOf<B>> {
  return wrap(call('/', nodeOf(a), nodeOf(b)));
}

/** 1, 2, 3, … within the window. */
export function rowNumber(): WindowFunction<'int64'> {
  return wrap(call('row_number'));
}

/** 1, 2, 2, 4, …: rows that the order does not tell apart share a rank. */
export function rank(): WindowFunction<'int64'> {
  return wrap(call('rank'));
}

/** 1, 2, 2, 3, … */
export function denseRank(): WindowFunction<'int64'> {
  return wrap(call('dense_rank'));
}

/** `(rank - 1) / (rows - 1)` */
export function percentRank(): WindowFunction<'float64'> {
  return wrap(call('percent_rank'));
}

/** The fraction of rows at or before this one. */
export function cumeDist(): WindowFunction<'float64'> {
  return wrap(call('cume_dist'));
}

/** The number, from 1, of the bucket that the row falls in when the window is cut into `buckets` of equal size. */
export function ntile(buckets: number): WindowFunction<'int64'> {
  return wrap(call('ntile', integer(buckets)));
}
