import type { Any, Enum, IntTag, List, MapOf, NonNull, NullIn, NumTag, Struct, TimeTag } from './column-types.ts';

/**
 * The smallest type that holds numbers of both, as the engine coerces. Nested interfaces and one indexed access cost the
 * compiler a fraction of what a chain of conditional types does.
 */
interface Promotion {
  int8: WithInt8;
  int16: WithInt16;
  int32: WithInt32;
  int64: WithInt64;
  int128: WithInt128;
  uint8: WithUint8;
  uint16: WithUint16;
  uint32: WithUint32;
  uint64: WithUint64;
  uint128: WithUint128;
  float32: WithFloat32;
  float64: WithFloat64;
  decimal: WithDecimal;
}
/** The common type of two numbers. */
export type Promote<A extends NumTag, B extends NumTag> = Promotion[A][B];

/** The type of `a + b`: that of both, but for some small integers of which one is unsigned. */
export type PromoteSum<A extends NumTag, B extends NumTag> = Sums[A][B];
interface Sums extends Omit<Promotion, 'int8' | 'int16' | 'uint8' | 'uint16'> {
  int8: Omit<WithInt8, 'uint8' | 'uint16'> & { uint8: 'int64'; uint16: 'int64' };
  int16: Omit<WithInt16, 'uint16'> & { uint16: 'int64' };
  uint8: Omit<WithUint8, 'int8'> & { int8: 'int64' };
  uint16: Omit<WithUint16, 'int8' | 'int16'> & { int8: 'int64'; int16: 'int64' };
}
/** The type of `a / b`: a double, unless there is a float and no double. */
export type PromoteQuotient<A extends NumTag, B extends NumTag> = 'float32' extends A | B
  ? Promote<Extract<A, 'float32'> | Extract<B, 'float32'>, A | B>
  : 'float64';

interface WithInt8 {
  int8: 'int8';
  int16: 'int16';
  int32: 'int32';
  int64: 'int64';
  int128: 'int128';
  uint8: 'int16';
  uint16: 'int32';
  uint32: 'int64';
  uint64: 'int128';
  uint128: 'float64';
  float32: 'float32';
  float64: 'float64';
  decimal: 'decimal';
}
interface WithInt16 {
  int8: 'int16';
  int16: 'int16';
  int32: 'int32';
  int64: 'int64';
  int128: 'int128';
  uint8: 'int16';
  uint16: 'int32';
  uint32: 'int64';
  uint64: 'int128';
  uint128: 'float64';
  float32: 'float32';
  float64: 'float64';
  decimal: 'decimal';
}
interface WithInt32 {
  int8: 'int32';
  int16: 'int32';
  int32: 'int32';
  int64: 'int64';
  int128: 'int128';
  uint8: 'int32';
  uint16: 'int32';
  uint32: 'int64';
  uint64: 'int128';
  uint128: 'float64';
  float32: 'float32';
  float64: 'float64';
  decimal: 'decimal';
}
interface WithInt64 {
  int8: 'int64';
  int16: 'int64';
  int32: 'int64';
  int64: 'int64';
  int128: 'int128';
  uint8: 'int64';
  uint16: 'int64';
  uint32: 'int64';
  uint64: 'int128';
  uint128: 'float64';
  float32: 'float32';
  float64: 'float64';
  decimal: 'decimal';
}
interface WithInt128 {
  int8: 'int128';
  int16: 'int128';
  int32: 'int128';
  int64: 'int128';
  int128: 'int128';
  uint8: 'int128';
  uint16: 'int128';
  uint32: 'int128';
  uint64: 'int128';
  uint128: 'float64';
  float32: 'float32';
  float64: 'float64';
  decimal: 'decimal';
}
interface WithUint8 {
  int8: 'int16';
  int16: 'int16';
  int32: 'int32';
  int64: 'int64';
  int128: 'int128';
  uint8: 'uint8';
  uint16: 'uint16';
  uint32: 'uint32';
  uint64: 'uint64';
  uint128: 'uint128';
  float32: 'float32';
  float64: 'float64';
  decimal: 'decimal';
}
interface WithUint16 {
  int8: 'int32';
  int16: 'int32';
  int32: 'int32';
  int64: 'int64';
  int128: 'int128';
  uint8: 'uint16';
  uint16: 'uint16';
  uint32: 'uint32';
  uint64: 'uint64';
  uint128: 'uint128';
  float32: 'float32';
  float64: 'float64';
  decimal: 'decimal';
}
interface WithUint32 {
  int8: 'int64';
  int16: 'int64';
  int32: 'int64';
  int64: 'int64';
  int128: 'int128';
  uint8: 'uint32';
  uint16: 'uint32';
  uint32: 'uint32';
  uint64: 'uint64';
  uint128: 'uint128';
  float32: 'float32';
  float64: 'float64';
  decimal: 'decimal';
}
interface WithUint64 {
  int8: 'int128';
  int16: 'int128';
  int32: 'int128';
  int64: 'int128';
  int128: 'int128';
  uint8: 'uint64';
  uint16: 'uint64';
  uint32: 'uint64';
  uint64: 'uint64';
  uint128: 'uint128';
  float32: 'float32';
  float64: 'float64';
  decimal: 'decimal';
}
interface WithUint128 {
  int8: 'float64';
  int16: 'float64';
  int32: 'float64';
  int64: 'float64';
  int128: 'float64';
  uint8: 'uint128';
  uint16: 'uint128';
  uint32: 'uint128';
  uint64: 'uint128';
  uint128: 'uint128';
  float32: 'float32';
  float64: 'float64';
  decimal: 'decimal';
}
interface WithFloat32 {
  int8: 'float32';
  int16: 'float32';
  int32: 'float32';
  int64: 'float32';
  int128: 'float32';
  uint8: 'float32';
  uint16: 'float32';
  uint32: 'float32';
  uint64: 'float32';
  uint128: 'float32';
  float32: 'float32';
  float64: 'float64';
  decimal: 'float32';
}
interface WithFloat64 {
  int8: 'float64';
  int16: 'float64';
  int32: 'float64';
  int64: 'float64';
  int128: 'float64';
  uint8: 'float64';
  uint16: 'float64';
  uint32: 'float64';
  uint64: 'float64';
  uint128: 'float64';
  float32: 'float64';
  float64: 'float64';
  decimal: 'float64';
}
interface WithDecimal {
  int8: 'decimal';
  int16: 'decimal';
  int32: 'decimal';
  int64: 'decimal';
  int128: 'decimal';
  uint8: 'decimal';
  uint16: 'decimal';
  uint32: 'decimal';
  uint64: 'decimal';
  uint128: 'decimal';
  float32: 'float32';
  float64: 'float64';
  decimal: 'decimal';
}

/** The type of `sum(x)`: wide enough for any number of rows. */
export interface SumOf {
  int8: 'int128';
  int16: 'int128';
  int32: 'int128';
  int64: 'int128';
  int128: 'int128';
  uint8: 'int128';
  uint16: 'int128';
  uint32: 'int128';
  uint64: 'int128';
  uint128: 'float64';
  float32: 'float64';
  float64: 'float64';
  decimal: 'decimal';
}
/** The type of `median(x)` and `quantile(x)`: between two integers lies a fraction. */
export interface MedianOf {
  int8: 'float64';
  int16: 'float64';
  int32: 'float64';
  int64: 'float64';
  int128: 'float64';
  uint8: 'float64';
  uint16: 'float64';
  uint32: 'float64';
  uint64: 'float64';
  uint128: 'float64';
  float32: 'float32';
  float64: 'float64';
  decimal: 'decimal';
}

/** The type of `round(x)`: unsigned numbers go through signed ones. */
export interface RoundedOf {
  int8: 'int8';
  int16: 'int16';
  int32: 'int32';
  int64: 'int64';
  int128: 'int128';
  uint8: 'int64';
  uint16: 'int64';
  uint32: 'int64';
  uint64: 'int128';
  uint128: 'uint128';
  float32: 'float32';
  float64: 'float64';
  decimal: 'decimal';
}

/** The common type of two columns: of CASE's branches, of `coalesce`, of a union. Never, if there is none. */
export type Unify<A, B> = UnifyNonNull<NonNull<A>, NonNull<B>> | NullIn<A> | NullIn<B>;

type UnifyNonNull<A, B> = 0 extends (1 & A) | (1 & B)
  ? Any
  : [A] extends [never]
    ? B
    : [B] extends [never]
      ? A
      : [A] extends [B]
        ? B
        : [B] extends [A]
          ? A
          : A extends NumTag
            ? B extends NumTag
              ? Promote<A, B>
              : UnifyOthers<A, B>
            : UnifyOthers<A, B>;

/** Of two different types that are not both numbers. */
type UnifyOthers<A, B> = A extends TimeTag
  ? B extends TimeTag
    ? 'timestamptz' extends A | B
      ? 'timestamptz'
      : 'timestamp'
    : never
  : A extends 'string' | Enum
    ? B extends 'string' | Enum
      ? 'string'
      : B extends 'json'
        ? Extract<A, 'string'>
        : never
    : A extends List<infer I>
      ? B extends List<infer J>
        ? Unify<I, J> extends infer U
          ? [NonNull<U>] extends [never]
            ? never
            : List<U>
          : never
        : never
      : A extends Struct
        ? B extends Struct
          ? Any
          : never
        : A extends MapOf
          ? B extends MapOf
            ? Any
            : never
          : UnifyFlags<A, B>;

/** Truth values go with whole numbers, times without a zone with those that have one, JSON with texts. */
type UnifyFlags<A, B> = A extends 'boolean'
  ? Extract<B, IntTag>
  : B extends 'boolean'
    ? Extract<A, IntTag>
    : A extends 'time' | 'timetz'
      ? B extends 'time' | 'timetz'
        ? 'timetz'
        : never
      : A extends 'json'
        ? Extract<B, 'string'>
        : never;
