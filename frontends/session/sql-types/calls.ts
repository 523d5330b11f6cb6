import type { Deeper, Depth } from './depth.ts';
import type { AnyOperator, Expression } from './expressions.ts';
import type { Call, Known, WindowCall } from './functions.ts';
import type { Opaque, Scope, SqlError } from './scope.ts';
import type { Group, Has } from './token-groups.ts';
import type { Converted, TypeName } from './type-names.ts';

/** A call, and what may follow its parenthesis. */
export type Called<
  S extends Scope,
  Name extends string,
  Inside extends string[],
  T extends string[],
  D extends Depth,
> = Name extends 'cast' | 'try_cast'
  ? [Cast<S, Name, Inside, D>, T]
  : Name extends 'exists'
    ? ['boolean', T]
    : Name extends 'extract'
      ? [Extracted<S, Inside, D>, T]
      : Name extends 'date' | 'timestamp' | 'interval' | 'any' | 'all' | 'some' | 'row' | 'struct' | 'list_value'
        ? [Opaque, T]
        : Name extends Known
          ? Suffixes<T> extends [infer Filtered extends boolean, infer Over, infer Rest extends string[]]
            ? [
                Over extends 'within'
                  ? Opaque
                  : Over extends 'none'
                    ? Call<Name, Arguments<S, Inside, D>, Filtered extends true ? false : S['grouped']>
                    : WindowCall<
                        Name,
                        Arguments<S, Inside, D>,
                        Filtered extends true
                          ? false
                          : Over extends 'whole'
                            ? S['grouped'] extends true
                              ? false
                              : true
                            : false
                      >,
                Rest,
              ]
            : never
          : [Opaque, Suffixes<T>[2]];

/** [whether there is a FILTER, whether and how there is a window, the rest]. */
type Suffixes<T extends string[], Filtered extends boolean = false> = T extends [
  infer Head extends string,
  ...infer Rest extends string[],
]
  ? Lowercase<Head> extends 'filter'
    ? Rest extends ['(', ...infer Inside extends string[]]
      ? Suffixes<Group<Inside>[1], true>
      : [Filtered, 'none', T]
    : Lowercase<Head> extends 'within'
      ? Rest extends [string, '(', ...infer Inside extends string[]]
        ? [Filtered, 'within', Suffixes<Group<Inside>[1]>[2]]
        : [Filtered, 'none', T]
      : Lowercase<Head> extends 'over'
        ? Rest extends ['(', ...infer Inside extends string[]]
          ? Group<Inside> extends [infer Window extends string[], infer After extends string[]]
            ? [Filtered, Window extends [] ? 'whole' : IsWhole<Window>, After]
            : never
          : Rest extends [string, ...infer After extends string[]]
            ? [Filtered, 'framed', After]
            : [Filtered, 'none', T]
        : [Filtered, 'none', T]
  : [Filtered, 'none', T];

/** A window that starts from a named one, or has a frame, may leave the current row out. */
type IsWhole<Window extends string[]> = Window extends [infer Head extends string, ...string[]]
  ? Lowercase<Head> extends 'partition' | 'order'
    ? Has<Window, 'rows' | 'range' | 'groups'> extends true
      ? 'framed'
      : 'whole'
    : 'framed'
  : 'whole';

type Cast<
  S extends Scope,
  Name extends string,
  Inside extends string[],
  D extends Depth,
> = Deeper[D] extends infer Next extends Depth
  ? Expression<S, Inside, AnyOperator, Next> extends [
      infer A,
      [infer Word extends string, ...infer Rest extends string[]],
    ]
    ? Lowercase<Word> extends 'as'
      ? TypeName<Rest> extends [infer To, []]
        ? Name extends 'try_cast'
          ? Converted<A, To> extends infer C
            ? [C] extends [Opaque | SqlError]
              ? C
              : C | null
            : never
          : Converted<A, To>
        : Opaque
      : Opaque
    : Opaque
  : Opaque;

type Extracted<S extends Scope, Inside extends string[], D extends Depth> = Inside extends [
  infer Part extends string,
  string,
  ...infer Rest extends string[],
]
  ? Deeper[D] extends infer Next extends Depth
    ? Expression<S, Rest, AnyOperator, Next> extends [infer A, []]
      ? [A] extends [SqlError]
        ? A
        : Lowercase<Part> extends
              | 'year'
              | 'quarter'
              | 'month'
              | 'week'
              | 'day'
              | 'hour'
              | 'minute'
              | 'second'
              | 'dow'
              | 'doy'
          ? 'int64' | null
          : Opaque
      : Opaque
    : Opaque
  : Opaque;

/** The types of arguments between commas. */
export type Arguments<S extends Scope, T extends string[], D extends Depth, Done extends unknown[] = []> = T extends []
  ? Done
  : T extends ['*']
    ? Done
    : T extends [infer Head extends string, ...infer Rest extends string[]]
      ? Lowercase<Head> extends 'distinct' | 'all'
        ? Arguments<S, Rest, D, Done>
        : Expression<S, T, AnyOperator, D> extends [infer A, infer After extends string[]]
          ? After extends [',', ...infer More extends string[]]
            ? Arguments<S, More, D, [...Done, A]>
            : After extends []
              ? [...Done, A]
              : After extends [infer Word extends string, ...string[]]
                ? Lowercase<Word> extends 'order' | 'ignore' | 'respect'
                  ? [...Done, A]
                  : [...Done, [A] extends [SqlError] ? Opaque : A, Opaque]
                : never
          : never
      : never;
