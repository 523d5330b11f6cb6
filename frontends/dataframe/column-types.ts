/**
 * `any`, for the places where the design wants exactly it: constraints of kinds (a wrong operand must give one error,
 * not two), and frames without a schema (`Dynamic`), on which everything compiles.
 */
// biome-ignore lint/suspicious/noExplicitAny: this alias is the one deliberate `any` of the frontend
export type Any = any;

export type IntTag =
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'int128'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'uint128';
export type FloatTag = 'float32' | 'float64';
/** The types with arithmetic. Decimals keep no precision and scale in their static type: the JS value is the same. */
export type NumTag = IntTag | FloatTag | 'decimal';
/** The types with a calendar date. */
export type TimeTag = 'date' | 'timestamp' | 'timestamptz';
/** A column's SQL type as a string: cheap for the compiler, readable when hovered over. */
export type Tag =
  | NumTag
  | TimeTag
  | 'boolean'
  | 'string'
  | 'binary'
  | 'bit'
  | 'time'
  | 'timetz'
  | 'interval'
  | 'uuid'
  | 'json'
  | 'null';

/** A list whose elements are of type T. */
export interface List<T = Any> {
  readonly list: T;
}
/** A struct with fields F, from name to type. */
export interface Struct<F = Any> {
  readonly struct: F;
}
/** A map from keys of type K to values of type V. */
export interface MapOf<K = Any, V = Any> {
  readonly key: K;
  readonly value: V;
}
/** A string out of a fixed set V. */
export interface Enum<V extends string = string> {
  readonly enum: V;
}

/** The static type of a column without NULLs. */
export type ColumnType = Tag | List | Struct | MapOf | Enum;
/** The static type of a column; `| null` when it may hold NULLs. */
export type Column = ColumnType | null;
/** The columns of a frame, from name to type, in no order. */
export type Columns = { readonly [name: string]: Column };
/** The schema of a frame whose columns the compiler does not know: every name compiles, values are `any`. */
export type Dynamic = Record<string, Any>;

/** T without null. */
export type NonNull<T> = Exclude<T, null>;
/** `null` if T includes it, else never. */
export type NullIn<T> = Extract<T, null>;
/** The tags that compare with T without a cast. */
export type Family<T> = NonNull<T> extends NumTag ? NumTag : NonNull<T> extends TimeTag ? TimeTag : NonNull<T>;
/** The fields of a struct type. */
export type FieldsOf<T> = NonNull<T> extends Struct<infer F> ? F : never;
