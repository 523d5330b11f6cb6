import { RayexecError } from '../../src/common/errors.ts';
import { didYouMean } from '../../src/common/suggest.ts';
import * as types from '../../src/types/data-type.ts';
import type { Tag } from './column-types.ts';

/** The SQL type of each tag. A decimal without a precision is SQL's: DECIMAL(18,3). */
const TYPES: { readonly [T in Tag]: types.DataType } = {
  int8: types.INT8,
  int16: types.INT16,
  int32: types.INT32,
  int64: types.INT64,
  int128: types.INT128,
  uint8: types.UINT8,
  uint16: types.UINT16,
  uint32: types.UINT32,
  uint64: types.UINT64,
  uint128: types.UINT128,
  float32: types.FLOAT32,
  float64: types.FLOAT64,
  decimal: types.decimal(18, 3),
  boolean: types.BOOLEAN,
  string: types.UTF8,
  binary: types.BINARY,
  date: types.DATE,
  bit: types.BIT,
  time: types.TIME,
  timetz: types.TIMETZ,
  timestamp: types.TIMESTAMP,
  timestamptz: types.TIMESTAMPTZ,
  interval: types.INTERVAL,
  uuid: types.UUID,
  json: types.JSON_TYPE,
  null: types.NULL,
};

/** The SQL type that a tag names; throws 'invalid-argument' for another string. */
export function tagType(tag: string): types.DataType {
  if (Object.hasOwn(TYPES, tag)) return TYPES[tag as Tag];
  const sized = /^decimal\((\d{1,2}), ?(\d{1,2})\)$/.exec(tag);
  if (sized) {
    const [precision, scale] = [Number(sized[1]), Number(sized[2])];
    if (precision >= 1 && precision <= 38 && scale <= precision) return types.decimal(precision, scale);
  }
  throw new RayexecError('invalid-argument', `there is no type '${tag}'`, {
    hint: didYouMean(tag, Object.keys(TYPES)),
  });
}
