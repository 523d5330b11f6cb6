import type { DataType } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { ScalarOverload } from '../function.ts';
import { fixed } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

/** An overload that JavaScript computes row by row, for functions that are rare on many rows. It may fail. */
export const rowOverload = (
  key: string,
  args: readonly DataType[],
  returns: DataType,
  compute: (...args: never[]) => RawValue,
): ScalarOverload =>
  fixed(key, args, returns, (ctx, call) => mapRows(ctx, call, compute as (...args: RawValue[]) => RawValue), {
    canFail: true,
  });
