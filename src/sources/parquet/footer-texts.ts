import { numberAt, type ThriftStruct } from './thrift.ts';

/** A number of a footer as the digits that constants of BIGINT are; NULL when it is absent. */
export const digits = (n: number | undefined): string | null => (n === undefined ? null : String(n));

/** The number in a field, as digits. */
export const digitsAt = (struct: ThriftStruct | undefined, id: number): string | null =>
  digits(struct && numberAt(struct, id));

/** What the format calls a number, or the number itself when it is newer than the names. */
export const named = (names: readonly string[], n: number | undefined): string | null =>
  n === undefined ? null : (names[n] ?? String(n));
