import type { Rows } from '../../batch/batch.ts';
import { selectValid } from '../../kernels/vectors.ts';
import type { EvalContext, ScalarCall } from '../function.ts';

/** The rows of a call without NULL arguments: refs at other positions are arbitrary, and kernels must not follow them. */
export const validRows = (ctx: EvalContext, call: ScalarCall): Rows => selectValid(ctx, call.validity, call.rows);
