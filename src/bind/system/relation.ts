import type { DataType } from '../../types/data-type.ts';
import { BOOLEAN, FLOAT64, INT32, INT64, list, UTF8 } from '../../types/data-type.ts';
import type { ScalarValue } from '../../types/scalar.ts';
import type { Binder } from '../binder.ts';

/** A relation that tells about the catalog: its columns, and its rows now. */
export type SystemRelation = {
  readonly columns: readonly (readonly [name: string, type: DataType])[];
  readonly rows: (b: Binder) => readonly (readonly ScalarValue[])[];
};

/** A column of a system relation: its name, its type, and its value for an item. */
export type SystemColumn<T> = readonly [name: string, type: DataType, value: (item: T, b: Binder) => ScalarValue];

/** A relation with a row for each item; then its columns. */
export const relation =
  <T>(items: (b: Binder) => readonly T[]) =>
  (columns: readonly SystemColumn<T>[]): SystemRelation => ({
    columns: columns.map(([name, type]) => [name, type]),
    rows: b => items(b).map(item => columns.map(([, , value]) => value(item, b))),
  });

export const text = <T>(name: string, value: SystemColumn<T>[2]): SystemColumn<T> => [name, UTF8, value];
export const flag = <T>(name: string, value: SystemColumn<T>[2]): SystemColumn<T> => [name, BOOLEAN, value];
export const number = <T>(name: string, value: (item: T, b: Binder) => number | null): SystemColumn<T> => [
  name,
  INT32,
  value,
];
/** A BIGINT. */
export const count = <T>(name: string, value: (item: T, b: Binder) => number | bigint | null): SystemColumn<T> => [
  name,
  INT64,
  (item, b) => {
    const found = value(item, b);
    return found === null ? null : String(found);
  },
];
/** A DOUBLE. */
export const decimals = <T>(name: string, value: (item: T) => number): SystemColumn<T> => [name, FLOAT64, value];
export const texts = <T>(name: string, value: (item: T, b: Binder) => readonly (string | null)[]): SystemColumn<T> => [
  name,
  list(UTF8),
  value,
];

/** Columns that people expect and that have nothing to tell here. */
export const empty = <T>(type: DataType, ...names: readonly string[]): readonly SystemColumn<T>[] =>
  names.map(name => [name, type, () => null]);
