import type { Any, Enum, List, MapOf, NonNull, NullIn, NumTag, Struct } from './column-types.ts';
import type { TypeOfNumber, UnifyWithNumber } from './number-type.ts';
import type { Kind, TypeOf } from './operands.ts';
import type { Promote, Unify } from './promotion.ts';

/** A number or text of the program, which takes the type of what it meets where SQL's would. */
export interface Constant<out V extends Value = Value> {
  readonly constant: V;
}

type Value = number | bigint | string;

/** What a branch of CASE is until it has met the others: a column type or a constant. */
export type Branch<V> = 0 extends 1 & V ? Any : V extends Value ? Constant<V> : TypeOf<V>;

/** Branches that no type holds together. */
interface NoCommonType {
  readonly noCommonType: true;
}

/** The type of a branch that met all others. */
export type Settled<T> = 0 extends 1 & T
  ? Any
  : T extends NoCommonType
    ? never
    : T extends Constant<infer V>
      ? TypeOf<V>
      : T;

/** The kind of an expression whose branches of kinds K meet in T. */
export type KindOfCommon<T, K extends Kind> = 0 extends 1 & T
  ? K
  : Extract<T, NoCommonType> extends never
    ? K
    : K | 'values without a common type';

/** What two branches have in common. */
export type Common<A, B> = 0 extends (1 & A) | (1 & B)
  ? Any
  : CommonNonNull<NonNull<A>, NonNull<B>> | NullIn<A> | NullIn<B>;

/** What branches have in common, which meet from the left as the engine's do. */
export type CommonOfAll<B extends readonly unknown[]> = B extends readonly [infer First, infer Second, ...infer Rest]
  ? CommonOfAll<[Common<First, Second>, ...Rest]>
  : B[0];

type CommonNonNull<A, B> = [A] extends [never]
  ? B
  : [B] extends [never]
    ? A
    : Extract<A | B, NoCommonType> extends never
      ? [A] extends [Constant<infer V>]
        ? [B] extends [Constant<infer W>]
          ? OfConstants<V, W>
          : WithConstant<B, V>
        : [B] extends [Constant<infer W>]
          ? WithConstant<A, W>
          : OrNone<Unify<A, B>>
      : NoCommonType;
type OrNone<T> = [T] extends [never] ? NoCommonType : T;

/** Constants that meet are of their own types. */
type OfConstants<V extends Value, W extends Value> = [V, W] extends [string, string]
  ? 'string'
  : [V, W] extends [number | bigint, number | bigint]
    ? Promote<NumberTag<V>, NumberTag<W>>
    : NoCommonType;
type NumberTag<V> = V extends number ? TypeOfNumber<V> : 'int64';

type WithConstant<T, V> = V extends number | bigint
  ? T extends NumTag
    ? UnifyWithNumber<T, V>
    : T extends 'boolean'
      ? OrNone<Exclude<NumberTag<V>, 'decimal' | 'float64'>>
      : NoCommonType
  : T extends NumTag | 'boolean' | List | Struct | MapOf
    ? NoCommonType
    : T extends Enum<infer Values>
      ? V extends Values
        ? T
        : 'string'
      : T;
