import type { NumTag } from './column-types.ts';
import type { Promote, PromoteSum } from './promotion.ts';

/**
 * The type of a number of the program: as in SQL a whole one is an INTEGER or BIGINT by its size, a fractional one a DECIMAL,
 * one with an exponent a DOUBLE. Of a variable the compiler knows none of this.
 */
export type TypeOfNumber<N extends number> = number extends N
  ? 'int32' | 'int64' | 'decimal' | 'float64'
  : `${N}` extends `${bigint}`
    ? TypeOfWhole<Digits<N>>
    : `${N}` extends `${string}e${string}`
      ? 'float64'
      : 'decimal';

/** The type of `T + R`: a whole number takes the column's type if it fits in. */
export type SumWithNumber<T extends NumTag, R extends number | bigint> = T extends Narrow | SmallerThan<R>
  ? FitsIn<T, R> extends infer Fits
    ? Fits extends true
      ? T
      : PromoteSum<T, WideTypeOf<R>>
    : never
  : PromoteSum<T, WideTypeOf<R>>;

/** The common type of T and a number of the program, which takes the column's type if it fits in. */
export type UnifyWithNumber<T extends NumTag, R extends number | bigint> = T extends Narrow | SmallerThan<R>
  ? FitsIn<T, R> extends infer Fits
    ? Fits extends true
      ? T
      : Promote<T, WideTypeOf<R>>
    : never
  : Promote<T, WideTypeOf<R>>;

/** Types that numbers of the program have none of their own to fit in. */
type Narrow = 'int8' | 'int16' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'uint128';
/** A bigint is a BIGINT, whatever its size. */
type SmallerThan<R> = R extends bigint ? 'int32' : never;

type WideTypeOf<R extends number | bigint> = R extends number ? TypeOfNumber<R> : 'int64';

type Digits<N extends number | bigint> = `${N}` extends `-${infer D}` ? D : `${N}`;

/** The limits of INTEGER lie among the numbers of ten digits that begin with 2, those of BIGINT among those of 19. */
type TypeOfWhole<D extends string> =
  Behind10<D> extends infer More
    ? More extends undefined
      ? 'int32'
      : More extends ''
        ? D extends `1${string}`
          ? 'int32'
          : D extends `2${string}`
            ? 'int32' | 'int64'
            : 'int64'
        : Behind8<More> extends undefined
          ? 'int64'
          : 'int64' | 'float64'
    : never;

/** Whether a number is one of the type: `boolean` where its digits would have to be compared. */
type FitsIn<T extends Narrow | 'int32', N extends number | bigint> = number extends N
  ? boolean
  : bigint extends N
    ? boolean
    : `${N}` extends `${bigint}`
      ? `${N}` extends `-${string}`
        ? T extends `u${string}`
          ? false
          : Fitting<DigitsBehind<Digits<N>>[T]>
        : Fitting<DigitsBehind<Digits<N>>[T]>
      : false;
/** Of digits beyond those that the type's limits have: none left is undecided. */
type Fitting<More> = More extends undefined ? true : More extends '' ? boolean : false;

/** What is left of digits beyond as many as a type's limits have; undefined if there are fewer. */
interface DigitsBehind<D extends string> {
  int8: Behind3<D>;
  uint8: Behind3<D>;
  int16: Behind5<D>;
  uint16: Behind5<D>;
  int32: Behind10<D>;
  uint32: Behind10<D>;
  uint64: Behind19<D>;
  uint128: undefined;
}
type Behind3<D extends string> = D extends `${infer _1}${infer _2}${infer _3}${infer More}` ? More : undefined;
type Behind5<D extends string> = D extends `${infer _1}${infer _2}${infer _3}${infer _4}${infer _5}${infer More}`
  ? More
  : undefined;
type Behind8<D> = D extends `${infer _1}${infer _2}${infer _3}${infer More}` ? Behind5<More> : undefined;
type Behind10<D extends string> = D extends `${infer _1}${infer _2}${infer _3}${infer _4}${infer _5}${infer More}`
  ? Behind5<More>
  : undefined;
type Behind19<D extends string> = Behind10<D> extends infer More extends string ? Behind9<More> : undefined;
type Behind9<D extends string> = D extends `${infer _1}${infer More}` ? Behind8<More> : undefined;
