import type { Any, Enum, List, NonNull, NullIn, NumTag, Struct, Tag } from './column-types.ts';
import type { Branch, Common, CommonOfAll, KindOfCommon, Settled } from './common-type.ts';
import type {
  AggregateKind,
  Arithmetic,
  Cast,
  CastTarget,
  Condition,
  Duration,
  Filled,
  IntegerDivision,
  Kind,
  KindOf,
  KindOfMembers,
  Like,
  Members,
  NullIfEmpty,
  NullInMembers,
  NumValue,
  Quotient,
  Remainder,
  Rounded,
  RoundedTo,
  TimeUnit,
  TypeOf,
  Value,
  WithTime,
} from './operands.ts';
import type { MedianOf, SumOf } from './promotion.ts';
import type { Order, OrderOptions } from './sort-key.ts';
import type { NullIfFrameEmpty, Over } from './window.ts';

declare const TYPE: unique symbol;
declare const KIND: unique symbol;

/** An expression over columns: its value is of type T, and it depends on things of kind K. Immutable. */
export interface Expr<out T = Any, out K extends Kind = Kind> {
  readonly [TYPE]: T;
  readonly [KIND]: K;
}

/** For each tag the interface, so that exactly the methods that SQL allows on the type are offered. */
interface Families<T, K extends Kind> {
  int8: NumExpr<T, K>;
  int16: NumExpr<T, K>;
  int32: NumExpr<T, K>;
  int64: NumExpr<T, K>;
  int128: NumExpr<T, K>;
  uint8: NumExpr<T, K>;
  uint16: NumExpr<T, K>;
  uint32: NumExpr<T, K>;
  uint64: NumExpr<T, K>;
  uint128: NumExpr<T, K>;
  float32: NumExpr<T, K>;
  float64: NumExpr<T, K>;
  decimal: NumExpr<T, K>;
  string: StrExpr<T, K>;
  boolean: BoolExpr<T, K>;
  date: TimeExpr<T, K>;
  timestamp: TimeExpr<T, K>;
  timestamptz: TimeExpr<T, K>;
  binary: AnyExpr<T, K>;
  bit: AnyExpr<T, K>;
  time: AnyExpr<T, K>;
  timetz: AnyExpr<T, K>;
  interval: AnyExpr<T, K>;
  uuid: AnyExpr<T, K>;
  json: AnyExpr<T, K>;
  null: AnyExpr<T, K>;
}
/** The expression interface of a column of type T; `any` for one of an unknown type. */
export type ExprOf<T, K extends Kind> = 0 extends 1 & T
  ? T
  : [NonNull<T>] extends [never]
    ? AnyExpr<T, K>
    : NonNull<T> extends Tag
      ? Families<T, K>[NonNull<T>]
      : NonNull<T> extends List<infer I>
        ? ListExpr<T, I, K>
        : NonNull<T> extends Struct<infer F>
          ? StructExpr<T, F, K>
          : NonNull<T> extends Enum
            ? StrExpr<T, K>
            : AnyExpr<T, K>;

/**
 * What every expression can do. NULL operands give NULL, as in SQL, unless said otherwise. (Return types
 * are spelled out, because aliases would hide the kind in error messages.)
 */
export interface AnyExpr<T, K extends Kind> extends Expr<T, K> {
  eq<R extends Like<T>>(value: R): BoolExpr<'boolean' | NullIn<T> | NullIn<TypeOf<R>>, K | KindOf<R>>;
  ne<R extends Like<T>>(value: R): BoolExpr<'boolean' | NullIn<T> | NullIn<TypeOf<R>>, K | KindOf<R>>;
  lt<R extends Like<T>>(value: R): BoolExpr<'boolean' | NullIn<T> | NullIn<TypeOf<R>>, K | KindOf<R>>;
  lte<R extends Like<T>>(value: R): BoolExpr<'boolean' | NullIn<T> | NullIn<TypeOf<R>>, K | KindOf<R>>;
  gt<R extends Like<T>>(value: R): BoolExpr<'boolean' | NullIn<T> | NullIn<TypeOf<R>>, K | KindOf<R>>;
  gte<R extends Like<T>>(value: R): BoolExpr<'boolean' | NullIn<T> | NullIn<TypeOf<R>>, K | KindOf<R>>;
  /** `low <= this and this <= high` */
  between<A extends Like<T>, B extends Like<T>>(
    low: A,
    high: B,
  ): BoolExpr<'boolean' | NullIn<T> | NullIn<TypeOf<A | B>>, K | KindOf<A | B>>;
  /** Membership in a list of values or in a column: `t.k.in(['a', 'b'])`, `t.k.in(other.column('k'))`. */
  in<const M extends Members<T>>(members: M): BoolExpr<'boolean' | NullIn<T> | NullInMembers<M>, K | KindOfMembers<M>>;
  notIn<const M extends Members<T>>(
    members: M,
  ): BoolExpr<'boolean' | NullIn<T> | NullInMembers<M>, K | KindOfMembers<M>>;
  isNull(): BoolExpr<'boolean', K>;
  isNotNull(): BoolExpr<'boolean', K>;
  /** Not equal, where NULL equals NULL; never NULL itself. */
  isDistinctFrom<R extends Like<T> | null>(value: R): BoolExpr<'boolean', K | KindOf<R>>;
  isNotDistinctFrom<R extends Like<T> | null>(value: R): BoolExpr<'boolean', K | KindOf<R>>;
  /** This, or `value` where this is NULL. */
  fillNull<R extends Like<T>>(
    value: R,
  ): ExprOf<Filled<T, R>, Exclude<K, NullIfEmpty> | (NullIfEmpty extends K ? 'aggregate' : never) | KindOf<R>>;
  /** NULL where this equals `value`. */
  nullIf<R extends Like<T>>(value: R): ExprOf<T | null, K | KindOf<R>>;
  /** This as another type; a value that does not convert is an error when the query runs. */
  cast<To extends CastTarget>(to: To): ExprOf<Cast<To> | NullIn<T>, K>;
  /** This as another type; a value that does not convert becomes NULL. */
  tryCast<To extends CastTarget>(to: To): ExprOf<Cast<To> | null, K>;
  /** For `sort`. */
  asc(options?: OrderOptions): Order<K>;
  desc(options?: OrderOptions): Order<K>;
  /** How many values are not NULL. */
  count(): NumExpr<'int64', AggregateKind<K, 'aggregate'>>;
  countDistinct(): NumExpr<'int64', AggregateKind<K, 'aggregate'>>;
  min(): ExprOf<T, AggregateKind<K, NullIfEmpty>>;
  max(): ExprOf<T, AggregateKind<K, NullIfEmpty>>;
  /** The first value in input order, NULL or not. */
  first(): ExprOf<T, AggregateKind<K, NullIfEmpty>>;
  last(): ExprOf<T, AggregateKind<K, NullIfEmpty>>;
  /** All values of the group, NULLs too. */
  collectList(): ListExpr<List<T>, T, AggregateKind<K, NullIfEmpty>>;
  /** The value `n` rows earlier in the window, or `otherwise` (NULL) before its first row; needs `.over`. */
  lag<R extends Like<T> | null = null>(
    n?: number,
    otherwise?: R,
  ): WindowFunction<T | (null extends R ? null : NullIn<TypeOf<R>>)>;
  /** The value `n` rows later in the window, or `otherwise` (NULL) after its last row; needs `.over`. */
  lead<R extends Like<T> | null = null>(
    n?: number,
    otherwise?: R,
  ): WindowFunction<T | (null extends R ? null : NullIn<TypeOf<R>>)>;
  /** The value of row number `n` (from 1) of the window's frame, NULL when it has fewer; needs `.over`. */
  nth(n: number): WindowFunction<T | null>;
  /** This aggregate over the rows that hold `condition` only: `sum(x) FILTER (WHERE …)`. */
  filterWhere(condition: Expr<'boolean' | null, 'row'>): ExprOf<T | (NullIfEmpty extends K ? null : never), K>;
  /** This aggregate over a window: `.over(t.k)` (partition) or `.over({ partitionBy, orderBy, rows })`. */
  over<const W extends readonly Expr<Any, 'row'>[] | readonly [Over]>(
    ...by: W
  ): ExprOf<T | (NullIfEmpty extends K ? NullIfFrameEmpty<W> : never), 'window'>;
}

/** A function that has a meaning in a window only: `rowNumber().over({ orderBy: t.x })`. */
export interface WindowFunction<T> {
  /** Rows where the value is NULL do not count. */
  ignoreNulls(): WindowFunction<T | null>;
  over(...by: readonly Expr<Any, 'row'>[] | readonly [Over]): ExprOf<T, 'window'>;
}

export interface NumExpr<T, K extends Kind> extends AnyExpr<T, K> {
  add<R extends NumValue>(value: R): NumExpr<Arithmetic<T, R>, K | KindOf<R>>;
  sub<R extends NumValue>(value: R): NumExpr<Arithmetic<T, R>, K | KindOf<R>>;
  mul<R extends NumValue>(value: R): NumExpr<Arithmetic<T, R>, K | KindOf<R>>;
  /** SQL's `/`: a double, or a float where one meets no double. */
  div<R extends NumValue>(value: R): NumExpr<Quotient<T, R>, K | KindOf<R>>;
  /** SQL's `//`: integers stay integers, rounded towards zero. */
  intDiv<R extends NumValue>(value: R): NumExpr<IntegerDivision<T, R>, K | KindOf<R>>;
  /** The remainder, with the sign of this. */
  mod<R extends NumValue>(value: R): NumExpr<Remainder<T, R>, K | KindOf<R>>;
  neg(): NumExpr<T, K>;
  abs(): NumExpr<T, K>;
  /** Halves are rounded away from zero. */
  round(digits?: number): NumExpr<RoundedTo<T>, K>;
  floor(): NumExpr<Rounded<T>, K>;
  ceil(): NumExpr<Rounded<T>, K>;
  sqrt(): NumExpr<'float64' | NullIn<T>, K>;
  ln(): NumExpr<'float64' | NullIn<T>, K>;
  pow<R extends NumValue>(exponent: R): NumExpr<'float64' | NullIn<T> | NullIn<TypeOf<R>>, K | KindOf<R>>;
  sum(): NumExpr<(NonNull<T> extends NumTag ? SumOf[NonNull<T>] : never) | NullIn<T>, AggregateKind<K, NullIfEmpty>>;
  avg(): NumExpr<'float64' | NullIn<T>, AggregateKind<K, NullIfEmpty>>;
  /** The sample standard deviation; NULL of fewer than two values. */
  std(): NumExpr<'float64' | null, AggregateKind<K, NullIfEmpty>>;
  /** The sample variance; NULL of fewer than two values. */
  variance(): NumExpr<'float64' | null, AggregateKind<K, NullIfEmpty>>;
  median(): NumExpr<
    (NonNull<T> extends NumTag ? MedianOf[NonNull<T>] : never) | NullIn<T>,
    AggregateKind<K, NullIfEmpty>
  >;
  /** The value below which the fraction `q` of the values lies, interpolated. */
  quantile(
    q: number,
  ): NumExpr<(NonNull<T> extends NumTag ? MedianOf[NonNull<T>] : never) | NullIn<T>, AggregateKind<K, NullIfEmpty>>;
}

export interface StrExpr<T, K extends Kind> extends AnyExpr<T, K> {
  lower(): StrExpr<'string' | NullIn<T>, K>;
  upper(): StrExpr<'string' | NullIn<T>, K>;
  /** Without spaces at both ends. */
  trim(): StrExpr<'string' | NullIn<T>, K>;
  /** In code points. */
  length(): NumExpr<'int64' | NullIn<T>, K>;
  /** SQL's SUBSTRING: `start` counts from 1; a negative one from the end. */
  substring(start: number, length?: number): StrExpr<'string' | NullIn<T>, K>;
  startsWith<R extends Like<'string'>>(prefix: R): BoolExpr<'boolean' | NullIn<T> | NullIn<TypeOf<R>>, K | KindOf<R>>;
  endsWith<R extends Like<'string'>>(suffix: R): BoolExpr<'boolean' | NullIn<T> | NullIn<TypeOf<R>>, K | KindOf<R>>;
  contains<R extends Like<'string'>>(part: R): BoolExpr<'boolean' | NullIn<T> | NullIn<TypeOf<R>>, K | KindOf<R>>;
  /** SQL's LIKE: `%` is any text, `_` one character. */
  like<R extends Like<'string'>>(pattern: R): BoolExpr<'boolean' | NullIn<T> | NullIn<TypeOf<R>>, K | KindOf<R>>;
  notLike<R extends Like<'string'>>(pattern: R): BoolExpr<'boolean' | NullIn<T> | NullIn<TypeOf<R>>, K | KindOf<R>>;
  /** LIKE without regard to case. */
  ilike<R extends Like<'string'>>(pattern: R): BoolExpr<'boolean' | NullIn<T> | NullIn<TypeOf<R>>, K | KindOf<R>>;
  /** Whether a part matches the regular expression (RE2 syntax; the flags i, m and s count). */
  matches(pattern: RegExp | string): BoolExpr<'boolean' | NullIn<T>, K>;
  /** Every occurrence of a string replaced; of a RegExp the first, or every one with the flag g. */
  replace(from: string | RegExp, to: string): StrExpr<'string' | NullIn<T>, K>;
  split(separator: string): ListExpr<List<'string'> | NullIn<T>, 'string', K>;
  /** SQL's CONCAT: NULLs count as empty. */
  concat<V extends readonly Value[]>(...values: V): StrExpr<'string', K | KindOf<V[number]>>;
}

export interface BoolExpr<T, K extends Kind> extends AnyExpr<T, K> {
  and<R extends readonly Condition[]>(...conditions: R): BoolExpr<T | NullIn<TypeOf<R[number]>>, K | KindOf<R[number]>>;
  or<R extends readonly Condition[]>(...conditions: R): BoolExpr<T | NullIn<TypeOf<R[number]>>, K | KindOf<R[number]>>;
  not(): BoolExpr<T, K>;
  /** `yes` where this is true, `no` where it is false or NULL. */
  ifElse<const A extends Value, const B extends Value>(
    yes: A,
    no: B,
  ): ExprOf<
    Settled<Common<Branch<A>, Branch<B>>>,
    KindOfCommon<Common<Branch<A>, Branch<B>>, K | KindOf<A> | KindOf<B>>
  >;
  /** Whether it is true in any row of the group. */
  any(): BoolExpr<T, AggregateKind<K, NullIfEmpty>>;
  /** Whether it is true in all rows of the group. */
  all(): BoolExpr<T, AggregateKind<K, NullIfEmpty>>;
}

export interface TimeExpr<T, K extends Kind> extends AnyExpr<T, K> {
  // Infinite dates have no year, month and so on: these are NULL.
  year(): NumExpr<'int64' | null, K>;
  quarter(): NumExpr<'int64' | null, K>;
  month(): NumExpr<'int64' | null, K>;
  day(): NumExpr<'int64' | null, K>;
  hour(): NumExpr<'int64' | null, K>;
  minute(): NumExpr<'int64' | null, K>;
  second(): NumExpr<'int64' | null, K>;
  /** 0 is Sunday. */
  dayOfWeek(): NumExpr<'int64' | null, K>;
  /** The start of the year, quarter, … that this lies in. */
  trunc(unit: TimeUnit): TimeExpr<WithTime<T>, K>;
  plus(duration: Duration): TimeExpr<WithTime<T>, K>;
  minus(duration: Duration): TimeExpr<WithTime<T>, K>;
  /** How many borders of `unit` lie between `other` and this; positive if this is later; NULL if one is infinite. */
  diff<R extends Like<T>>(other: R, unit: TimeUnit): NumExpr<'int64' | null, K | KindOf<R>>;
  /** As text, by a strftime pattern: `'%Y-%m'`. */
  format(pattern: string): StrExpr<'string' | NullIn<T>, K>;
}

export interface ListExpr<T, I, K extends Kind> extends AnyExpr<T, K> {
  len(): NumExpr<'int64' | NullIn<T>, K>;
  /** The element at an index that counts from 0, or from the end if negative; NULL outside. */
  at(index: number): ExprOf<I | null, K>;
  contains<R extends Like<I>>(value: R): BoolExpr<'boolean' | NullIn<T> | NullIn<TypeOf<R>>, K | KindOf<R>>;
  join(separator: string): StrExpr<'string' | NullIn<T>, K>;
  map<R extends Expr>(f: (x: ExprOf<I, K>) => R): ListExpr<List<TypeOf<R>> | NullIn<T>, TypeOf<R>, K | KindOf<R>>;
  filter(f: (x: ExprOf<I, K>) => Condition): ListExpr<T, I, K>;
}

export interface StructExpr<T, F, K extends Kind> extends AnyExpr<T, K> {
  field<N extends keyof F & string>(name: N): ExprOf<F[N] | NullIn<T>, K>;
}

/** `when(c, v).when(…).otherwise(v)`: CASE, waiting for its last branch. @template B the branches so far */
export interface When<B extends readonly unknown[], K extends Kind> {
  when<C extends Condition, const V extends Value>(
    condition: C,
    value: V,
  ): When<[...B, Branch<V>], K | KindOf<C> | KindOf<V>>;
  otherwise<const V extends Value>(
    value: V,
  ): ExprOf<Settled<CommonOfAll<[Branch<V>, ...B]>>, KindOfCommon<CommonOfAll<[Branch<V>, ...B]>, K | KindOf<V>>>;
  /** Without a last branch: NULL where no condition holds. */
  end(): ExprOf<Settled<CommonOfAll<[null, ...B]>>, KindOfCommon<CommonOfAll<[null, ...B]>, K>>;
}
