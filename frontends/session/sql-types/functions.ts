import type { List, NonNull, NumTag } from '../../dataframe/column-types.ts';
import type { MedianOf, SumOf } from '../../dataframe/promotion.ts';
import type { Common, Nulls, Remainder, Settled } from './operators.ts';
import type { Opaque, SqlError } from './scope.ts';

/** The functions whose results are worked out. */
export type Known =
  | keyof Counts
  | keyof Aggregates<unknown>
  | keyof NullableAggregates<unknown>
  | keyof Ranks
  | Neighbours
  | keyof Same
  | keyof Fixed
  | keyof OfCalendar
  | ('coalesce' | 'ifnull' | 'greatest' | 'least' | 'if' | 'mod' | 'nullif' | 'concat' | 'length' | 'len' | 'repeat');

/** The result of a call that is no window's. @template Args the arguments' types @template Grouped see `Scope` */
export type Call<Name extends string, Args extends readonly unknown[], Grouped extends boolean> =
  Extract<Args[number], SqlError> extends infer E
    ? [E] extends [never]
      ? Name extends keyof Counts
        ? Counts[Name]
        : Name extends keyof Aggregates<unknown>
          ? Args extends readonly [infer A]
            ? Of<Aggregates<Settled<NonNull<A>>>[Name], Grouped extends true ? Nulls<A> : null>
            : Opaque
          : Name extends keyof NullableAggregates<unknown>
            ? Args extends readonly [infer A, ...unknown[]]
              ? Of<NullableAggregates<Settled<NonNull<A>>>[Name], null>
              : Opaque
            : RowCall<Name, Args>
      : E
    : never;

/** The result of a call with OVER. @template Whole whether no frame is without the current row */
export type WindowCall<Name extends string, Args extends readonly unknown[], Whole extends boolean> =
  Extract<Args[number], SqlError> extends infer E
    ? [E] extends [never]
      ? Name extends keyof Ranks
        ? Ranks[Name]
        : Name extends Neighbours
          ? Args extends readonly [infer A, ...unknown[]]
            ? Of<Settled<NonNull<A>>, null>
            : Opaque
          : Call<Name, Args, Whole>
      : E
    : never;

/** Opaque stays opaque, errors stay errors. */
type Of<T, Null> = [T] extends [Opaque | SqlError] ? T : T | Null;

interface Counts {
  count: 'int64';
  grouping: 'int64';
  approx_count_distinct: 'int64';
}

/** Aggregates that are NULL only of no values. */
interface Aggregates<A> {
  sum: A extends NumTag
    ? SumOf[A]
    : A extends 'boolean'
      ? 'int128'
      : A extends Opaque
        ? Opaque
        : SqlError<'sum() wants a number'>;
  avg: A extends NumTag ? 'float64' : Opaque;
  mean: A extends NumTag ? 'float64' : Opaque;
  min: A;
  max: A;
  any_value: A;
}

/** Aggregates that may be NULL of values, or of which it is not worked out. */
interface NullableAggregates<A> {
  first: A;
  last: A;
  mode: A;
  arg_min: A;
  arg_max: A;
  min_by: A;
  max_by: A;
  median: A extends NumTag ? MedianOf[A] : Opaque;
  string_agg: 'string';
  group_concat: 'string';
  stddev: 'float64';
  stddev_pop: 'float64';
  stddev_samp: 'float64';
  variance: 'float64';
  var_pop: 'float64';
  var_samp: 'float64';
  corr: 'float64';
  bool_and: 'boolean';
  bool_or: 'boolean';
}

interface Ranks {
  row_number: 'int64';
  rank: 'int64';
  dense_rank: 'int64';
  ntile: 'int64' | null;
  percent_rank: 'float64';
  cume_dist: 'float64';
}
type Neighbours = 'lag' | 'lead' | 'first_value' | 'last_value' | 'nth_value';

type RowCall<Name extends string, Args extends readonly unknown[]> = Name extends 'coalesce' | 'ifnull'
  ? Coalesced<Args>
  : Name extends 'greatest' | 'least'
    ? Of<Settled<CommonOf<Args>>, null>
    : Name extends 'if'
      ? Args extends readonly [unknown, infer A, infer B]
        ? Settled<Common<A, B>>
        : Opaque
      : Name extends 'mod'
        ? Args extends readonly [infer A, infer B]
          ? Remainder<A, B>
          : Opaque
        : Name extends 'nullif'
          ? Args extends readonly [infer A, unknown]
            ? Of<Settled<A>, null>
            : Opaque
          : Name extends keyof Same
            ? Args extends readonly [infer A, ...unknown[]]
              ? NonNull<Settled<A>> extends Same[Name]
                ? Settled<A> | Nulls<Args[number]>
                : Opaque
              : Opaque
            : Name extends keyof Fixed
              ? Fixed[Name] | Nulls<Args[number]>
              : Name extends keyof OfCalendar
                ? Args extends readonly [...unknown[], infer A]
                  ? NonNull<A> extends 'date' | 'timestamp'
                    ? OfCalendar[Name] | Nulls<Args[number]>
                    : Opaque
                  : Opaque
                : Name extends 'concat'
                  ? Opaque extends Args[number]
                    ? Opaque
                    : Extract<NonNull<Args[number]>, List> extends never
                      ? 'string'
                      : Opaque
                  : Name extends 'length' | 'len'
                    ? NonNull<Args[0]> extends 'string' | List
                      ? 'int64' | Nulls<Args[0]>
                      : Opaque
                    : Name extends 'repeat'
                      ? NonNull<Args[0]> extends 'string'
                        ? 'string' | Nulls<Args[number]>
                        : Opaque
                      : Opaque;

/** The first value that is not NULL: it is NULL only if all are. */
type Coalesced<Args extends readonly unknown[]> =
  CommonOf<Args> extends infer T
    ? [T] extends [Opaque | SqlError]
      ? T
      : Settled<NonNull<T>> | (Args[number] extends infer A ? (AnyKnown<Args> extends true ? never : Nulls<A>) : never)
    : never;
type AnyKnown<Args extends readonly unknown[]> = Args extends readonly [infer A, ...infer Rest]
  ? [Nulls<A>] extends [never]
    ? true
    : AnyKnown<Rest>
  : false;

/** All values' common type. */
export type CommonOf<Args extends readonly unknown[]> = Args extends readonly [infer A, infer B, ...infer Rest]
  ? CommonOf<[Common<A, B>, ...Rest]>
  : Args extends readonly [infer A]
    ? A
    : Opaque;

/** Functions of the type of their first argument, for these types. */
interface Same {
  abs: NumTag;
  round: Exclude<NumTag, `uint${string}`>;
}

/** Functions of a type of their own, NULL only of NULLs. */
interface Fixed {
  lower: 'string';
  upper: 'string';
  trim: 'string';
  ltrim: 'string';
  rtrim: 'string';
  substring: 'string';
  substr: 'string';
  left: 'string';
  right: 'string';
  lpad: 'string';
  rpad: 'string';
  replace: 'string';
  reverse: 'string';
  translate: 'string';
  initcap: 'string';
  md5: 'string';
  regexp_replace: 'string';
  strftime: 'string' | null;
  monthname: 'string' | null;
  dayname: 'string' | null;
  typeof: 'string';
  sha256: 'string';
  regexp_matches: 'boolean';
  starts_with: 'boolean';
  ends_with: 'boolean';
  prefix: 'boolean';
  suffix: 'boolean';
  isnan: 'boolean';
  strpos: 'int64';
  strlen: 'int64';
  ascii: 'int32';
  instr: 'int64';
  sqrt: 'float64';
  cbrt: 'float64';
  exp: 'float64';
  ln: 'float64';
  log: 'float64';
  log2: 'float64';
  log10: 'float64';
  pow: 'float64';
  power: 'float64';
  sin: 'float64';
  cos: 'float64';
  tan: 'float64';
  degrees: 'float64';
  radians: 'float64';
  pi: 'float64';
  random: 'float64';
  today: 'date';
  make_date: 'date';
}

/** Functions of a type of their own whose last argument is a date or a timestamp; infinite ones have no parts. */
interface OfCalendar {
  year: 'int64' | null;
  quarter: 'int64' | null;
  month: 'int64' | null;
  week: 'int64' | null;
  day: 'int64' | null;
  dayofweek: 'int64' | null;
  dayofyear: 'int64' | null;
  hour: 'int64' | null;
  minute: 'int64' | null;
  second: 'int64' | null;
  date_trunc: 'timestamp';
  last_day: 'date' | null;
  date_diff: 'int64' | null;
  datediff: 'int64' | null;
}
