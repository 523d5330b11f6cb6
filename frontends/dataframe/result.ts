import type { Schema } from '../../src/types/data-type.ts';

/**
 * One value as the engine hands it over, by its column's type; `cellValue` makes JavaScript values of them.
 *
 * | type | raw value |
 * |---|---|
 * | boolean | boolean |
 * | int up to 32 bits, float | number |
 * | int of 64 and 128 bits | bigint |
 * | decimal | bigint, the unscaled integer (a number if it is at most 2^53 - 1) |
 * | utf8, json, enum, uuid | string |
 * | binary | Uint8Array |
 * | date | number, days since 1970-01-01 |
 * | time | bigint, microseconds since midnight |
 * | timestamp | bigint, count of its unit since the epoch |
 * | interval | RawInterval |
 * | list, array | RawValue[] |
 * | struct | RawValue[], in field order |
 * | map | [key, value][] |
 * | union | [index of the member, value] |
 */
export type RawValue = null | boolean | number | bigint | string | Uint8Array | RawInterval | readonly RawValue[];
export interface RawInterval {
  readonly months: number;
  readonly days: number;
  readonly micros: bigint;
}

/** Rows by columns. Column names may repeat. */
export interface ResultBatch {
  readonly schema: Schema;
  readonly rowCount: number;
  /** The raw values of a column by its position, one a row. */
  column(index: number): ArrayLike<RawValue>;
}

/** All rows of a query. */
export interface ResultSet extends ResultBatch {}
