import type { Any } from './column-types.ts';
import type { ExprOf } from './expr.ts';
import type { Js } from './js-values.ts';
import type { KindOf, Like, TypeOf } from './operands.ts';
import type { ColumnLiteral, ColumnsOfLiteral } from './schema-literal.ts';

/** How a function of the program is called. */
export interface FunctionOptions {
  /** With whole columns, numbers without NULLs in typed arrays, and the number of rows; it returns an array. */
  readonly vectorized?: boolean;
  /** It gives other results for the same arguments: it is called for every row, and where the query says. */
  readonly volatile?: boolean;
  /** How 64 and 128 bit integers are handed to it. Default 'number': an error beyond 2^53 - 1. */
  readonly int64?: 'number' | 'bigint';
}

/** A function that a module exports under a name, by default 'default'. */
export interface ModuleCode {
  readonly module: URL | string;
  readonly export?: string;
}

type ColumnOf<L> = ColumnsOfLiteral<{ readonly column: L }>['column'];
/** How functions get values, whatever rows look like. */
type Handed<O> = {
  readonly int64: O extends { readonly int64: 'bigint' } ? 'bigint' : 'number';
  readonly decimal: 'number';
  readonly date: 'date';
  readonly timestamp: 'date';
};
type JsResult<T> = Js<T, Handed<object>> | (Js<T, Handed<object>> extends number | null ? bigint : never);
type Result<R> = JsResult<ColumnOf<R>>;

/** The code for arguments of types A and a result of type R. */
export type FunctionCode<A extends readonly ColumnLiteral[], R, O> = O extends { readonly vectorized: true }
  ? (...columns: [...{ [I in keyof A]: VectorOf<ColumnOf<A[I]>, Handed<O>> }, rows: number]) => ArrayLike<Result<R>>
  : (...values: { [I in keyof A]: Js<ColumnOf<A[I]>, Handed<O>> }) => Result<R>;
type VectorOf<T, O> = ArrayLike<Js<T, O>>;

/** A call in an expression: NULL in an argument without a question mark gives NULL. */
export type FunctionCall<A extends readonly ColumnLiteral[], R> = <
  const V extends { [I in keyof A]: Like<ColumnOf<A[I]>> | null },
>(
  ...values: V
) => ExprOf<ColumnOf<R> | NullOfArguments<A, V>, KindOf<V[number]>>;

type NullOfArguments<A extends readonly ColumnLiteral[], V> = {
  [I in keyof A]: null extends ColumnOf<A[I]> ? never : I extends keyof V ? Extract<TypeOf<V[I]>, null> : never;
}[number];

/** Code whose types the compiler has checked. */
export type AnyCode = (...args: Any[]) => unknown;
