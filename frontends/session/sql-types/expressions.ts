import type { List, NonNull, NumTag } from '../../dataframe/column-types.ts';
import type { Arguments } from './calls.ts';
import type { Depth } from './depth.ts';
import type { Operand } from './operands.ts';
import type {
  Condition,
  Difference,
  Nulls,
  Product,
  Quotient,
  Remainder,
  SmallInteger,
  Sum,
  WholeQuotient,
} from './operators.ts';
import type { Opaque, Scope, SqlError } from './scope.ts';
import type { Group, Has } from './token-groups.ts';
import type { Converted, TypeName } from './type-names.ts';

/** The infix operators that bind at least as tightly as …, by their first token. */
export type Postfix = ':' | '[' | 'collate' | 'at';
type Power = '^' | Postfix;
type Multiplicative = '*' | '/' | '%' | Power;
type Additive = '+' | '-' | Multiplicative;
type Other = '|' | '&' | '~' | '@' | Additive;
export type Comparison =
  | '='
  | '<'
  | '>'
  | '!'
  | 'like'
  | 'ilike'
  | 'glob'
  | 'similar'
  | 'in'
  | 'between'
  | 'not'
  | Is
  | Other;
type Is = 'is' | 'isnull' | 'notnull';
type And = 'and' | Comparison;
export type AnyOperator = 'or' | And;

/** [the type of the expression at the start of `T`, what is behind it]. @template Ops operators that may go on with it */
export type Expression<S extends Scope, T extends string[], Ops extends string, D extends Depth> =
  Operand<S, T, D> extends [infer Left, infer Rest extends string[]] ? Infix<S, Left, Rest, Ops, D> : never;

type Infix<S extends Scope, Left, T extends string[], Ops extends string, D extends Depth> = T extends [
  infer Head extends string,
  ...infer Rest extends string[],
]
  ? Lowercase<Head> extends Ops
    ? Operator<S, Left, Lowercase<Head>, Rest, Ops, D>
    : Head extends `.${string}`
      ? Infix<S, Opaque, Rest, Ops, D>
      : [Left, T]
  : [Left, T];

type Operator<
  S extends Scope,
  Left,
  Op extends string,
  T extends string[],
  Ops extends string,
  D extends Depth,
> = Op extends 'and'
  ? Right<S, Left, T, Comparison, Ops, D, 'condition'>
  : Op extends 'or'
    ? Right<S, Left, T, And, Ops, D, 'condition'>
    : Op extends '+'
      ? Right<S, Left, T, Multiplicative, Ops, D, '+'>
      : Op extends '-'
        ? T extends ['>', ...string[]]
          ? Right<S, Left, AfterSymbols<T>, Additive, Ops, D, 'opaque'>
          : Right<S, Left, T, Multiplicative, Ops, D, '-'>
        : Op extends '*'
          ? T extends ['*', ...infer Rest extends string[]]
            ? Right<S, Left, Rest, Postfix, Ops, D, 'opaque'>
            : Right<S, Left, T, Power, Ops, D, '*'>
          : Op extends '/'
            ? T extends ['/', ...infer Rest extends string[]]
              ? Right<S, Left, Rest, Power, Ops, D, '//'>
              : Right<S, Left, T, Power, Ops, D, '/'>
            : Op extends '%'
              ? Right<S, Left, T, Power, Ops, D, '%'>
              : Op extends '^'
                ? Right<S, Left, T, Postfix, Ops, D, 'opaque'>
                : Op extends '=' | '<' | '>' | '!'
                  ? Compared<S, Left, Op, T, Ops, D>
                  : Op extends '|'
                    ? T extends ['|', ...infer Rest extends string[]]
                      ? Right<S, Left, Rest, Additive, Ops, D, '||'>
                      : Right<S, Left, AfterSymbols<T>, Additive, Ops, D, 'opaque'>
                    : Op extends '&' | '~' | '@'
                      ? Right<S, Left, AfterSymbols<T>, Additive, Ops, D, 'opaque'>
                      : Op extends ':'
                        ? T extends [':', ...infer Rest extends string[]]
                          ? TypeName<Rest> extends [infer To, infer After extends string[]]
                            ? Infix<S, Converted<Left, To>, After, Ops, D>
                            : never
                          : [Opaque, T]
                        : Op extends '['
                          ? Group<T> extends [infer Inside extends string[], infer After extends string[]]
                            ? Infix<S, Element<Left, Inside>, After, Ops, D>
                            : never
                          : WordOperator<S, Left, Op, T, Ops, D>;

type WordOperator<
  S extends Scope,
  Left,
  Op extends string,
  T extends string[],
  Ops extends string,
  D extends Depth,
> = Op extends 'isnull' | 'notnull'
  ? Infix<S, Condition<Exclude<Left, null>>, T, Ops, D>
  : Op extends 'is'
    ? IsCondition<S, Left, Folded<T>, T, Ops, D>
    : Op extends 'not'
      ? T extends [infer Next extends string, ...infer Rest extends string[]]
        ? Lowercase<Next> extends 'in' | 'like' | 'ilike' | 'glob' | 'similar' | 'between'
          ? WordOperator<S, Left, Lowercase<Next>, Rest, Ops, D>
          : [Opaque, T]
        : [Opaque, T]
      : Op extends 'like' | 'ilike' | 'glob'
        ? Right<S, Left, T, Other, Ops | 'escape', D, 'condition'>
        : Op extends 'escape'
          ? Right<S, Left, T, Other, Ops, D, 'condition'>
          : Op extends 'similar'
            ? T extends [string, ...infer Rest extends string[]]
              ? Right<S, Left, Rest, Other, Ops | 'escape', D, 'condition'>
              : [Opaque, T]
            : Op extends 'between'
              ? Expression<S, T, Other, D> extends [
                  infer Low,
                  [infer Word extends string, ...infer Rest extends string[]],
                ]
                ? Lowercase<Word> extends 'and'
                  ? Right<S, Condition<Left, Low>, Rest, Other, Ops, D, 'condition'>
                  : [Opaque, T]
                : [Opaque, T]
              : Op extends 'in'
                ? T extends ['(', ...infer Rest extends string[]]
                  ? Group<Rest> extends [infer Inside extends string[], infer After extends string[]]
                    ? Infix<S, Condition<Left, MemberNulls<S, Inside, D>>, After, Ops, D>
                    : never
                  : Right<S, Left, T, Other, Ops, D, 'opaque'>
                : Op extends 'collate'
                  ? T extends [string, ...infer Rest extends string[]]
                    ? Infix<S, Left, Rest, Ops, D>
                    : [Opaque, T]
                  : Op extends 'at'
                    ? T extends [string, string, ...infer Rest extends string[]]
                      ? Right<S, Left, Rest, Postfix, Ops, D, 'opaque'>
                      : [Opaque, T]
                    : [Opaque, T];

/** Reads the right operand and goes on with both. */
type Right<
  S extends Scope,
  Left,
  T extends string[],
  Tighter extends string,
  Ops extends string,
  D extends Depth,
  How extends string,
> =
  Expression<S, T, Tighter, D> extends [infer R, infer Rest extends string[]]
    ? Infix<S, Combined<How, Left, R>, Rest, Ops, D>
    : never;

type Combined<How extends string, A, B> = How extends '+'
  ? Sum<A, B>
  : How extends '-'
    ? Difference<A, B>
    : How extends '*'
      ? Product<A, B>
      : How extends '//'
        ? WholeQuotient<A, B>
        : How extends '%'
          ? Remainder<A, B>
          : How extends '/'
            ? Quotient<A, B>
            : How extends 'condition'
              ? Condition<A, B>
              : How extends 'distinct'
                ? Condition<Exclude<A, null | Opaque>, Exclude<B, null | Opaque>>
                : How extends '||'
                  ? Joined<A, B>
                  : [A] extends [SqlError]
                    ? A
                    : [B] extends [SqlError]
                      ? B
                      : Opaque;

/** `a || b`. */
type Joined<A, B> = [A] extends [SqlError]
  ? A
  : [B] extends [SqlError]
    ? B
    : NonNull<A> extends 'string'
      ? NonNull<B> extends 'string' | NumTag | SmallInteger | 'date'
        ? 'string' | Nulls<A | B>
        : Opaque
      : NonNull<A> extends NumTag | SmallInteger | 'date'
        ? NonNull<B> extends 'string'
          ? 'string' | Nulls<A | B>
          : Opaque
        : Opaque;

type Compared<
  S extends Scope,
  Left,
  Op extends string,
  T extends string[],
  Ops extends string,
  D extends Depth,
> = T extends [infer Next extends string, ...infer Rest extends string[]]
  ? Next extends '='
    ? Right<S, Left, Rest, Other, Ops, D, 'condition'>
    : Next extends '>'
      ? Op extends '<'
        ? Right<S, Left, Rest, Other, Ops, D, 'condition'>
        : Right<S, Left, AfterSymbols<T>, Other, Ops, D, 'opaque'>
      : Next extends '<' | '~' | '@'
        ? Right<S, Left, AfterSymbols<T>, Other, Ops, D, 'opaque'>
        : Next extends '-'
          ? Rest extends ['>', ...string[]]
            ? Right<S, Left, AfterSymbols<T>, Other, Ops, D, 'opaque'>
            : Right<S, Left, T, Other, Ops, D, 'condition'>
          : Op extends '!'
            ? // A factorial.
              Infix<S, Opaque, T, Ops, D>
            : Right<S, Left, T, Other, Ops, D, 'condition'>
  : [Opaque, T];

type AfterSymbols<T extends string[]> = T extends [infer Head extends string, ...infer Rest extends string[]]
  ? Head extends '<' | '>' | '=' | '~' | '@' | '&' | '|' | '*' | '!' | '-'
    ? AfterSymbols<Rest>
    : T
  : T;

/** The first tokens in lower case. */
type Folded<T extends string[]> = T extends [
  infer A extends string,
  infer B extends string,
  infer C extends string,
  ...string[],
]
  ? [Lowercase<A>, Lowercase<B>, Lowercase<C>]
  : T extends [infer A extends string, infer B extends string]
    ? [Lowercase<A>, Lowercase<B>, '']
    : T extends [infer A extends string]
      ? [Lowercase<A>, '', '']
      : ['', '', ''];

type Constant = 'null' | 'true' | 'false' | 'unknown';
type IsCondition<
  S extends Scope,
  Left,
  Words,
  T extends string[],
  Ops extends string,
  D extends Depth,
> = Words extends [Constant, string, string]
  ? T extends [string, ...infer Rest extends string[]]
    ? Infix<S, Condition<Exclude<Left, null | Opaque>>, Rest, Ops, D>
    : never
  : Words extends ['not', Constant, string]
    ? T extends [string, string, ...infer Rest extends string[]]
      ? Infix<S, Condition<Exclude<Left, null | Opaque>>, Rest, Ops, D>
      : never
    : Words extends ['distinct', 'from', string]
      ? T extends [string, string, ...infer Rest extends string[]]
        ? Right<S, Exclude<Left, null>, Rest, Other, Ops, D, 'distinct'>
        : never
      : Words extends ['not', 'distinct', 'from']
        ? T extends [string, string, string, ...infer Rest extends string[]]
          ? Right<S, Exclude<Left, null>, Rest, Other, Ops, D, 'distinct'>
          : never
        : [Opaque, T];

/** NULL where a member of `in (…)` may be NULL. */
type MemberNulls<S extends Scope, Inside extends string[], D extends Depth> =
  IsQuery<Inside> extends true
    ? null
    : Arguments<S, Inside, D>[number] extends infer M
      ? Extract<M, SqlError> extends infer E
        ? [E] extends [never]
          ? Nulls<M>
          : E
        : never
      : never;

/** Whether a parenthesis holds a query. */
export type IsQuery<Inside extends string[]> = Inside extends [infer Head extends string, ...string[]]
  ? Lowercase<Head> extends 'select' | 'with' | 'from' | 'values' | 'table' | '('
    ? Lowercase<Head> extends '('
      ? Inside extends ['(', ...infer Rest extends string[]]
        ? IsQuery<Rest>
        : false
      : true
    : false
  : false;

type Element<Left, Inside extends string[]> = [Left] extends [SqlError]
  ? Left
  : Has<Inside, ':'> extends true
    ? Opaque
    : NonNull<Left> extends List<infer T>
      ? T | null
      : Opaque;
