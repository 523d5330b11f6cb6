import type { Rows } from '../batch/batch.ts';
import { selectValid } from '../kernels/vectors.ts';
import type { EvalContext, ScalarCall } from './function.ts';

/**
 * Runs a kernel whose values can't fail but which may stumble over what NULL rows hold, which is arbitrary: then once
 * more on the valid rows alone. Returns the kernel's status (negative: -1 - position).
 */
export function onValidRows(ctx: EvalContext, { rows, validity }: ScalarCall, kernel: (rows: Rows) => number): number {
  const status = kernel(rows);
  return status >= 0 || validity === 0 ? status : kernel(selectValid(ctx, validity, rows));
}
