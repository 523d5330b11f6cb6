import type { NonNull, NullIn, NumTag } from './column-types.ts';

/**
 * The type of `a + b`, as the engine coerces: the smallest type that holds both. Nested interfaces and one indexed
 * access cost the compiler a fraction of what a chain of conditional types does.
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
  uint128: 'int128';
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

/** The common type of two columns: of CASE's branches, of `coalesce`, of a union. Never, if there is none. */
export type Unify<A, B> = UnifyNonNull<NonNull<A>, NonNull<B>> | NullIn<A> | NullIn<B>;

type UnifyNonNull<A, B> = [A] extends [never]
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
            : never
          : A extends 'date' | 'timestamp'
            ? B extends 'date' | 'timestamp'
              ? 'timestamp'
              : never
            : never;
