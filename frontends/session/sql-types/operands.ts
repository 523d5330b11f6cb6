import type { NonNull } from '../../dataframe/column-types.ts';
import type { Called } from './calls.ts';
import type { Deeper, Depth } from './depth.ts';
import type { AnyOperator, Comparison, Expression, IsQuery, Postfix } from './expressions.ts';
import type { CommonOf } from './functions.ts';
import type { Condition, Settled, SmallInteger } from './operators.ts';
import type { QueryOf, QueryResult } from './query.ts';
import type { Opaque, Reference, Scope, SqlError } from './scope.ts';
import type { Group } from './token-groups.ts';

/** The type of an operand: what stands between operators. */
export type Operand<S extends Scope, T extends string[], D extends Depth> = T extends [
  infer Head extends string,
  ...infer Rest extends string[],
]
  ? Head extends "'"
    ? ['string', Rest]
    : Head extends '('
      ? Group<Rest> extends [infer Inside extends string[], infer After extends string[]]
        ? [Parenthesised<S, Inside, D>, After]
        : never
      : Head extends '[' | '{'
        ? [Opaque, Group<Rest>[1]]
        : Head extends '-' | '+' | '~' | '@'
          ? Expression<S, Rest, Postfix, D> extends [infer A, infer After extends string[]]
            ? [Head extends '-' | '+' ? Signed<A> : [A] extends [SqlError] ? A : Opaque, After]
            : never
          : Head extends `${number}`
            ? [NumberLiteral<Head>, Rest]
            : Rest extends ['(', ...infer Arguments extends string[]]
              ? Group<Arguments> extends [infer Inside extends string[], infer After extends string[]]
                ? Called<S, Lowercase<Head>, Inside, After, D>
                : never
              : WordOperand<S, Head, Lowercase<Head>, Rest, D>
  : [Opaque, T];

type Signed<A> =
  NonNull<A> extends
    | SmallInteger
    | 'int8'
    | 'int16'
    | 'int32'
    | 'int64'
    | 'int128'
    | 'float32'
    | 'float64'
    | 'decimal'
    | 'interval'
    ? A
    : [A] extends [SqlError]
      ? A
      : Opaque;

type NumberLiteral<Text extends string> = Text extends `${string}${'x' | 'X' | 'b' | 'o'}${string}`
  ? Opaque
  : Text extends `${string}${'e' | 'E'}${string}`
    ? 'float64'
    : Text extends `${string}.${string}`
      ? 'decimal'
      : Text extends `${infer _1}${infer _2}${infer _3}${infer _4}${infer _5}${infer _6}${infer _7}${infer _8}${infer _9}${infer More}`
        ? More extends ''
          ? SmallInteger
          : Opaque
        : SmallInteger;

/** Words that end an operand's place: nothing was found there. */
type Structural =
  | ')'
  | ','
  | ';'
  | 'from'
  | 'as'
  | 'then'
  | 'when'
  | 'else'
  | 'end'
  | 'and'
  | 'or'
  | 'where'
  | 'group'
  | 'order'
  | 'by';

type WordOperand<
  S extends Scope,
  Head extends string,
  Word extends string,
  T extends string[],
  D extends Depth,
> = Word extends 'null'
  ? [null, T]
  : Word extends 'true' | 'false'
    ? ['boolean', T]
    : Word extends 'current_date'
      ? ['date', T]
      : Word extends 'current_timestamp' | 'localtimestamp' | 'current_time' | 'default' | Structural
        ? [Opaque, Word extends Structural ? [Head, ...T] : T]
        : Word extends 'not'
          ? Expression<S, T, Comparison, D> extends [infer A, infer Rest extends string[]]
            ? [Condition<A>, Rest]
            : never
          : Word extends 'case'
            ? Case<S, T, D, []>
            : Word extends 'interval'
              ? Interval<S, T, D>
              : T extends ["'", ...infer Rest extends string[]]
                ? Word extends 'date'
                  ? ['date', Rest]
                  : Word extends 'timestamp'
                    ? ['timestamp', Rest]
                    : [Opaque, T]
                : T extends ['[' | '{', ...infer Rest extends string[]]
                  ? Word extends 'array' | 'map'
                    ? [Opaque, Group<Rest>[1]]
                    : [Reference<S, Head>, T]
                  : Head extends `${string}.`
                    ? T extends [`"${infer Name}`, ...infer Rest extends string[]]
                      ? [Reference<S, `${Head}${Name}`>, Rest]
                      : [Opaque, T]
                    : Head extends `"${string}`
                      ? T extends [`.${infer Name}`, ...infer Rest extends string[]]
                        ? Name extends ''
                          ? Rest extends [`"${infer Quoted}`, ...infer After extends string[]]
                            ? [Reference<S, `${Head}.${Quoted}`>, After]
                            : [Opaque, T]
                          : [Reference<S, `${Head}.${Name}`>, Rest]
                        : [Reference<S, Head>, T]
                      : [Reference<S, Head>, T];

type Interval<S extends Scope, T extends string[], D extends Depth> =
  Operand<S, T, D> extends [unknown, infer Rest extends string[]]
    ? Rest extends [infer Unit extends string, ...infer After extends string[]]
      ? Lowercase<Unit> extends `${'microsecond' | 'millisecond' | 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year'}${'' | 's'}`
        ? ['interval', After]
        : ['interval', Rest]
      : ['interval', Rest]
    : never;

/** After CASE: operand and branches until END. @template Values the branches' types */
type Case<S extends Scope, T extends string[], D extends Depth, Values extends unknown[]> = T extends [
  infer Head extends string,
  ...infer Rest extends string[],
]
  ? Lowercase<Head> extends 'when'
    ? Expression<S, Rest, AnyOperator, D> extends [
        infer C,
        [infer Word extends string, ...infer After extends string[]],
      ]
      ? Lowercase<Word> extends 'then'
        ? Expression<S, After, AnyOperator, D> extends [infer V, infer More extends string[]]
          ? Case<S, More, D, [...Values, [C] extends [SqlError] ? C : V]>
          : never
        : [Opaque, []]
      : [Opaque, []]
    : Lowercase<Head> extends 'else'
      ? Expression<S, Rest, AnyOperator, D> extends [
          infer V,
          [infer Word extends string, ...infer After extends string[]],
        ]
        ? Lowercase<Word> extends 'end'
          ? [Settled<CommonOf<[...Values, V]>>, After]
          : [Opaque, []]
        : [Opaque, []]
      : Lowercase<Head> extends 'end'
        ? [Settled<CommonOf<[...Values, null]>>, Rest]
        : Expression<S, T, AnyOperator, D> extends [infer C, infer More extends string[]]
          ? Values extends []
            ? More extends T
              ? [Opaque, []]
              : Case<S, More, D, [C] extends [SqlError] ? [C] : []>
            : [Opaque, []]
          : never
  : [Opaque, []];

type Parenthesised<S extends Scope, Inside extends string[], D extends Depth> = Deeper[D] extends infer Next extends
  Depth
  ? IsQuery<Inside> extends true
    ? Scalar<QueryOf<S['relations'], Inside, S, Next>>
    : Expression<S, Inside, AnyOperator, Next> extends [infer A, infer Rest]
      ? Rest extends []
        ? A
        : Opaque
      : never
  : Opaque;

/** A query's one value. */
type Scalar<Q> = Q extends SqlError
  ? Q
  : Q extends QueryResult
    ? Q['list'] extends [infer Only]
      ? Only[keyof Only] | null
      : Opaque
    : Opaque;
