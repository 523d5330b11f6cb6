import type { DataType } from './data-type.ts';

/**
 * A constant, JSON-safe, so that plans can be shipped: what JSON can't hold exactly is a string.
 *
 * | type | `value` |
 * |---|---|
 * | boolean | boolean |
 * | int ≤ 32 bits | number |
 * | int 64, 128 | decimal digits, `'-42'` |
 * | float | number, or `'NaN'`, `'Infinity'`, `'-Infinity'`, `'-0'` |
 * | decimal | the unscaled integer's digits: 1.25 as DECIMAL(3,2) is `'125'` |
 * | utf8, json, enum, uuid, bit | string |
 * | binary | base64 |
 * | date | days since 1970-01-01 |
 * | time | microseconds since midnight, digits |
 * | timetz | the number that it is stored as (`packZonedTime`), digits |
 * | timestamp | count of its unit since the epoch, digits |
 * | interval | `{ months, days, micros }`, micros as digits |
 * | list, array | array of values; struct: array in field order; map: array of [key, value]; union: `[memberIndex, value]` |
 */
export type ScalarValue =
  | null
  | boolean
  | number
  | string
  | readonly ScalarValue[]
  | { readonly months: number; readonly days: number; readonly micros: string };

export type Scalar = { readonly type: DataType; readonly value: ScalarValue };
