import type { Interval, TemporalLike } from '../../src/types/value-options.ts';
import type { Enum, List, MapOf, Struct, Tag } from './column-types.ts';

/** The JavaScript type of each tag under default options. */
interface JsTypes {
  boolean: boolean;
  int8: number;
  int16: number;
  int32: number;
  int64: number;
  int128: number;
  uint8: number;
  uint16: number;
  uint32: number;
  uint64: number;
  uint128: number;
  float32: number;
  float64: number;
  decimal: number;
  string: string;
  binary: Uint8Array;
  uuid: string;
  json: string;
  null: null;
  date: Date;
  timestamp: Date;
  timestamptz: Date;
  bit: string;
  time: string;
  timetz: string;
  interval: Interval;
}

type Wide = { number: number; bigint: bigint; string: string };
type Instant = { date: Date; string: string; temporal: TemporalLike; micros: bigint };
/** For each tag that an option governs: that option's name, and what its values give. */
interface Governed {
  int64: { option: 'int64'; gives: Wide };
  int128: { option: 'int64'; gives: Wide };
  uint64: { option: 'int64'; gives: Wide };
  uint128: { option: 'int64'; gives: Wide };
  decimal: { option: 'decimal'; gives: { number: number; exact: number; string: string } };
  date: { option: 'date'; gives: { date: Date; string: string; temporal: TemporalLike; days: number } };
  timestamp: { option: 'timestamp'; gives: Instant };
  timestamptz: { option: 'timestamp'; gives: Instant };
}

/**
 * How rows hold values where `collect` and its like don't say. Empty, and open for declaration merging: what is declared here
 * is what `connect({ values })` must be given.
 * @example declare module 'rayexec' { interface RowValues { int64: 'bigint' } }
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled by declaration merging
export interface RowValues {}

type Declared<Option> = Option extends keyof RowValues ? RowValues[Option] : 'default';

type JsOfTag<T extends Tag, O> = T extends keyof Governed
  ? Governed[T]['option'] extends keyof O
    ? Governed[T]['gives'][O[Governed[T]['option']] & keyof Governed[T]['gives']]
    : Declared<Governed[T]['option']> extends infer As extends keyof Governed[T]['gives']
      ? Governed[T]['gives'][As]
      : JsTypes[T]
  : JsTypes[T];

/** The JavaScript type of a column of type T, read under options O. */
export type Js<T, O = unknown> = 0 extends 1 & T
  ? T
  : T extends null
    ? null
    : T extends Tag
      ? JsOfTag<T, O>
      : T extends List<infer E>
        ? Js<E, O>[]
        : T extends Struct<infer F>
          ? { [K in keyof F]: Js<F[K], O> }
          : T extends Enum<infer V>
            ? V
            : T extends MapOf<infer K, infer V>
              ? Map<Js<K, O>, Js<V, O>>
              : never;

/** The typed array of a column without NULLs. */
interface Arrays {
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  uint8: Uint8Array;
  uint16: Uint16Array;
  uint32: Uint32Array;
  float32: Float32Array;
  float64: Float64Array;
}
type ArrayOf<T, J> = T extends keyof Arrays ? Arrays[T] : J extends number ? Float64Array : never;
/** A column as `toColumns` gives it: numbers in a typed array unless there are NULLs, all else in a plain array. */
export type JsColumn<T, O = unknown> = 0 extends 1 & T
  ? T
  : [Exclude<T, null>] extends [keyof Arrays | 'int64' | 'int128' | 'uint64' | 'uint128' | 'decimal']
    ? Js<Exclude<T, null>, O> extends number
      ? ArrayOf<Exclude<T, null>, Js<Exclude<T, null>, O>> | (null extends T ? (number | null)[] : never)
      : Js<T, O>[]
    : Js<T, O>[];

/** The column type that a JavaScript value becomes. */
export type FromJs<V> = 0 extends 1 & V
  ? V
  : V extends null | undefined
    ? null
    : V extends boolean
      ? 'boolean'
      : V extends number
        ? 'float64'
        : V extends bigint
          ? 'int64'
          : V extends string
            ? 'string'
            : V extends Date
              ? 'timestamp'
              : V extends Uint8Array
                ? 'binary'
                : V extends readonly (infer E)[]
                  ? List<FromJs<E>>
                  : V extends object
                    ? Struct<{ [K in keyof V]-?: FromJs<V[K]> }>
                    : 'json';
/** The schema of rows R: an optional property is a column with NULLs. */
export type SchemaOf<R> = { -readonly [K in keyof R]-?: FromJs<R[K]> };
