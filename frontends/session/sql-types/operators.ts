import type { FloatTag, IntTag, NonNull, NullIn, NumTag } from '../../dataframe/column-types.ts';
import type { PromoteSum, Unify } from '../../dataframe/promotion.ts';
import type { Opaque, SqlError } from './scope.ts';

/** An integer literal of at most nine digits: it takes the type of what it meets. */
export interface SmallInteger {
  readonly smallInteger: true;
}

/** NULL where one of the values may be NULL. */
export type Nulls<T> = NullIn<T> | (Opaque extends T ? null : never);

/** The type of a value that stands alone. */
export type Settled<T> = T extends SmallInteger ? 'int32' : T;

/** Two values' common type; opaque where the rules are not known here. */
export type Common<A, B> = [A] extends [SqlError]
  ? A
  : [B] extends [SqlError]
    ? B
    : Opaque extends A | B
      ? Opaque
      : [NonNull<A>] extends [never]
        ? B | null
        : [NonNull<B>] extends [never]
          ? A | null
          : NonNull<A> extends SmallInteger
            ? NonNull<B> extends SmallInteger
              ? A | B
              : Adapted<B> | NullIn<A>
            : NonNull<B> extends SmallInteger
              ? Adapted<A> | NullIn<B>
              : [NonNull<A>, NonNull<B>] extends ['json', 'string'] | ['string', 'json']
                ? // A text literal becomes JSON, other texts do not.
                  Opaque
                : [Unify<A, B>] extends [infer U]
                  ? [NonNull<U>] extends [never]
                    ? Opaque
                    : U
                  : never;

/** The type of a number that met a small integer literal. */
type Adapted<T> = NonNull<T> extends 'int32' | 'int64' | 'int128' | FloatTag | 'decimal' ? T : Opaque;

/** `a + b`. */
export type Sum<A, B> = Arithmetic<A, B, Calendar<NonNull<A>, NonNull<B>>>;
/** `a - b`. */
export type Difference<A, B> = Arithmetic<
  A,
  B,
  NonNull<A> extends 'date'
    ? NonNull<B> extends 'date'
      ? 'int64'
      : NonNull<B> extends SmallInteger | 'int32'
        ? 'date'
        : Calendar<NonNull<A>, NonNull<B>>
    : NonNull<A> extends 'timestamp'
      ? NonNull<B> extends 'timestamp'
        ? 'interval'
        : Calendar<NonNull<A>, NonNull<B>>
      : NonNull<B> extends 'interval'
        ? Calendar<NonNull<A>, NonNull<B>>
        : Opaque
>;
/** `a * b`. */
export type Product<A, B> = Arithmetic<A, B, Opaque>;
/** `a % b`: decimals and numbers of 128 bits meet as doubles. */
export type Remainder<A, B> =
  Product<A, B> extends infer T
    ? 'decimal' extends A | B | T
      ? Extract<A | B, 'int128' | 'uint128'> extends never
        ? T
        : 'float64' | Nulls<A | B>
      : T
    : never;
/** `a // b`: of whole numbers one, else as `a / b`. */
export type WholeQuotient<A, B> =
  NonNull<A> extends IntTag | SmallInteger
    ? NonNull<B> extends IntTag | SmallInteger
      ? Product<A, B>
      : Quotient<A, B>
    : Quotient<A, B>;
/** `a / b` is never of integers or decimals. */
export type Quotient<A, B> = [A] extends [SqlError]
  ? A
  : [B] extends [SqlError]
    ? B
    : NonNull<A> extends IntTag | 'decimal' | 'float64' | SmallInteger
      ? NonNull<B> extends IntTag | 'decimal' | 'float64' | SmallInteger
        ? 'float64' | Nulls<A | B>
        : Opaque
      : Opaque;

type Arithmetic<A, B, Otherwise> = [A] extends [SqlError]
  ? A
  : [B] extends [SqlError]
    ? B
    : [NonNull<A>] extends [never]
      ? Opaque
      : [NonNull<B>] extends [never]
        ? Opaque
        : NonNull<A> extends NumTag | SmallInteger
          ? NonNull<B> extends NumTag | SmallInteger
            ? Numeric<NonNull<A>, NonNull<B>> | Nulls<A | B>
            : Otherwise extends Opaque
              ? Opaque
              : Otherwise | Nulls<A | B>
          : Otherwise extends Opaque
            ? Opaque
            : Otherwise | Nulls<A | B>;

type Numeric<A, B> = A extends SmallInteger
  ? B extends SmallInteger
    ? 'int32'
    : Adapted<B>
  : B extends SmallInteger
    ? Adapted<A>
    : A extends NumTag
      ? B extends NumTag
        ? PromoteSum<A, B>
        : Opaque
      : Opaque;

/** Dates and times with an interval or days. */
type Calendar<A, B> = A extends 'date' | 'timestamp'
  ? B extends 'interval'
    ? 'timestamp'
    : A extends 'date'
      ? B extends SmallInteger | 'int32'
        ? 'date'
        : Opaque
      : Opaque
  : A extends 'interval'
    ? B extends 'interval'
      ? 'interval'
      : B extends 'date' | 'timestamp'
        ? 'timestamp'
        : Opaque
    : Opaque;

/** A condition on values. */
export type Condition<A, B = A> = [Extract<A | B, SqlError>] extends [never]
  ? 'boolean' | Nulls<A | B>
  : Extract<A | B, SqlError>;
