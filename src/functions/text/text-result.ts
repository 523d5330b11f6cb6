import type { Rows } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import { widthOf } from '../../types/physical.ts';
import type { EvalContext, ScalarCall } from '../function.ts';
import { validRows } from './valid-rows.ts';

/** A flat result vector of the call's type, which `fill` writes at the rows without NULL. */
export function textResult(ctx: EvalContext, call: ScalarCall, fill: (rows: Rows, out: number) => void): Vector {
  const { type, rows, validity } = call;
  const result = Vector.flat(type, rows.count, 0, validity);
  const out = ctx.arena.alloc(rows.count * widthOf(result.physical));
  fill(validRows(ctx, call), out);
  return Vector.flat(type, rows.count, out, validity);
}
