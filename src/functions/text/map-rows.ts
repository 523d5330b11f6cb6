import { buildVector } from '../../batch/builder.ts';
import { valueReader } from '../../batch/read.ts';
import type { Vector } from '../../batch/vector.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { EvalContext, ScalarCall } from '../function.ts';
import { validRows } from './valid-rows.ts';

/** Computes a call row by row in JavaScript: for functions that are too rare for a kernel. NULL may be answered. */
export function mapRows(ctx: EvalContext, call: ScalarCall, compute: (...args: RawValue[]) => RawValue): Vector {
  const readers = call.args.map(arg => valueReader(ctx.memory, arg));
  const rows = validRows(ctx, call);
  const values = new Array<RawValue>(rows.count).fill(null);
  for (let j = 0; j < rows.selected; j++) {
    const i = rows.selection === 0 ? j : ctx.memory.u16[(rows.selection >>> 1) + j]!;
    values[i] = compute(...readers.map(read => read(i)));
  }
  return buildVector(ctx, call.type, values);
}
