import type { Any, Enum, Family, IntTag, NonNull, NullIn, NumTag, Tag, TimeTag } from './column-types.ts';
import type { Expr } from './expr.ts';
import type { Branch, Common, Settled } from './common-type.ts';
import type { SumWithNumber, TypeOfNumber } from './number-type.ts';
import type { PromoteQuotient, PromoteSum, RoundedOf } from './promotion.ts';

/**
 * What an expression depends on. Kinds combine by union; a constant's is `never`. They are sentences because they *are*
 * the error text: "Type '"aggregate"' is not assignable to type '"row"'".
 */
export type Kind = 'row' | 'aggregate' | 'aggregate (null if empty)' | 'window' | 'nested aggregate' | NoCommonType;
/** What `coalesce` and branches are of values that no type holds together. */
type NoCommonType = 'values without a common type';
/** `sum` and its like: NULL over no rows, which a whole frame may have and a group may not. */
export type NullIfEmpty = 'aggregate (null if empty)';
/** The kind of an aggregate of kind A over an argument of kind K. */
export type AggregateKind<K extends Kind, A extends Kind> = [K] extends ['row']
  ? A
  : [K] extends ['row' | NoCommonType]
    ? NoCommonType
    : 'nested aggregate';

/** `'1998-09-02'`; the compiler refuses `'02/09/98'`. */
type IsoDate = `${number}-${number}-${number}`;
/** `'1998-09-02'`, `'1998-09-02 12:30:00'`, `'1998-09-02T12:30'`. */
type IsoTimestamp = IsoDate | `${IsoDate}${'T' | ' '}${string}`;

/** The JavaScript literals that may stand where a value of this type is wanted. */
interface Literals {
  boolean: boolean;
  string: string;
  binary: Uint8Array;
  uuid: string;
  json: string;
  bit: string;
  time: string;
  timetz: string;
  interval: Duration;
  null: null;
  date: Date | IsoDate;
  timestamp: Date | IsoTimestamp;
  timestamptz: Date | IsoTimestamp;
}
/** A number where arithmetic wants one. */
export type NumValue = number | bigint | Expr<NumTag | null, Any>;
/** A condition. */
export type Condition = Expr<'boolean' | null, Any>;
/** A value of any type: an expression, or a JavaScript value that becomes a literal. */
export type Value = Expr | string | number | boolean | bigint | Date | null;

/** What compares with a value of type T. */
export type Like<T> =
  NonNull<T> extends NumTag
    ? NumValue
    : NonNull<T> extends TimeTag
      ? Literals[NonNull<T>] | Expr<TimeTag | null, Any>
      : NonNull<T> extends Enum<infer V>
        ? V | Expr<'string' | Enum | null, Any>
        : NonNull<T> extends 'string'
          ? string | Expr<'string' | Enum | null, Any>
          : NonNull<T> extends keyof Literals
            ? Literals[NonNull<T>] | Expr<NonNull<T> | null, Any>
            : Expr<NonNull<T> | null, Any>;

/** The column type of an operand. */
export type TypeOf<V> = 0 extends 1 & V
  ? V
  : V extends Expr<infer T, Any>
    ? T
    : V extends string
      ? 'string'
      : V extends number
        ? TypeOfNumber<V>
        : V extends boolean
          ? 'boolean'
          : V extends null
            ? null
            : V extends bigint
              ? 'int64'
              : V extends Date
                ? 'timestamp'
                : never;
/** The kind of an operand; of an untyped one nothing is known, so nothing is refused. */
export type KindOf<V> = 0 extends 1 & V ? never : V extends Expr<Any, infer K> ? K : never;
/** The type of `T + R`, `T - R`, `T * R`. */
export type Arithmetic<T, R> = SumOfTwo<NonNull<T>, R, TypeOf<R>> | NullIn<T>;
type SumOfTwo<T, R, TypeOfR> = 0 extends 1 & TypeOfR
  ? Any
  :
      | (T extends NumTag
          ? R extends number | bigint
            ? SumWithNumber<T, R>
            : PromoteSum<T, Extract<TypeOfR, NumTag>>
          : never)
      | NullIn<TypeOfR>;
/** The type of `T % R`: decimals and numbers of 128 bits meet as doubles. */
export type Remainder<T, R> =
  | Arithmetic<T, R>
  | (Extract<T | TypeOf<R>, 'int128' | 'uint128'> extends never
      ? never
      : 'decimal' extends T | TypeOf<R>
        ? 'float64'
        : never);
/** The type of `T / R`. */
export type Quotient<T, R> = QuotientOf<T, TypeOf<R>>;
type QuotientOf<T, R> = 0 extends (1 & T) | (1 & R)
  ? Any
  : PromoteQuotient<Extract<T, NumTag>, Extract<R, NumTag>> | NullIn<T> | NullIn<R>;
/** The type of `T // R`: whole numbers stay what they are, all else is divided as by `/`. */
export type IntegerDivision<T, R> = [NonNull<T>, NonNull<TypeOf<R>>] extends [IntTag, IntTag]
  ? Arithmetic<T, R>
  : Quotient<T, R> | (Extract<TypeOf<R>, IntTag> extends never ? never : Extract<Arithmetic<T, R>, IntTag>);
/** The same where the number may come first: `sub(1, x)`. */
export type ArithmeticOfTwo<A, B> = A extends number | bigint ? Arithmetic<TypeOf<B>, A> : Arithmetic<TypeOf<A>, B>;

/** The type of `x.fillNull(R)` of a T. */
export type Filled<T, R> =
  | Settled<Common<NonNull<T>, R extends Date ? (T extends 'date' ? 'date' | 'timestamp' : NonNull<T>) : Branch<R>>>
  | NullIn<TypeOf<R>>;

/** The right side of `in`: a column of another frame, see `DataFrame.column`. */
export interface SubQuery<out T> {
  readonly [COLUMN]: T;
}
declare const COLUMN: unique symbol;
/** What `in` takes. */
export type Members<T> = readonly Like<T>[] | SubQuery<Family<T> | null>;
/** `null` if a member may be NULL, because then `x in (…)` may be. */
export type NullInMembers<M> =
  M extends SubQuery<infer C> ? NullIn<C> : M extends readonly (infer V)[] ? NullIn<TypeOf<V>> : never;
export type KindOfMembers<M> = M extends readonly (infer V)[] ? KindOf<V> : never;

export type TimeUnit = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second';
/** `{ days: 1, hours: 12 }` */
export type Duration = { readonly [U in `${TimeUnit}s`]?: number };
/** A date with a time of day added or cut off is a timestamp. */
export type WithTime<T> = NonNull<T> extends 'date' ? 'timestamp' | NullIn<T> : T;
/** Rounding down keeps a type that has fractions; integers go through double, as in SQL. */
export type Rounded<T> = NonNull<T> extends IntTag ? 'float64' | NullIn<T> : T;

/** The type of `round`. */
export type RoundedTo<T> = (NonNull<T> extends keyof RoundedOf ? RoundedOf[NonNull<T>] : never) | NullIn<T>;

/** What `cast` goes to; `'decimal'` alone is DECIMAL(18,3). */
export type CastTarget = Tag | `decimal(${number},${number})`;
export type Cast<To> = To extends Tag ? To : 'decimal';
