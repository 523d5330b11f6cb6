import type { Rows } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import { BOOLEAN } from '../../types/data-type.ts';
import type { EvalContext, ScalarCall, ScalarOverload } from '../function.ts';

/**
 * Runs a kernel of assembly/match.ts: writes booleans (asSelection 0), or the rows that pass (1) and returns how many.
 */
export type TextTest = (
  ctx: EvalContext,
  call: ScalarCall,
  operands: readonly [validity: number, sel: number, n: number, asSelection: number, out: number],
) => number;

/** The two ways to run an overload that tests texts. */
export function testing(test: TextTest): Required<Pick<ScalarOverload, 'run' | 'select'>> {
  return {
    run: (ctx, call) => {
      const { rows, validity } = call;
      const out = ctx.arena.alloc(rows.count);
      test(ctx, call, [validity, rows.selection, rows.selected, 0, out]);
      return Vector.flat(BOOLEAN, rows.count, out, validity);
    },
    select: (ctx, call): Rows => {
      const { rows, validity } = call;
      const out = ctx.arena.alloc((rows.selected + 1) * 2);
      const selected = test(ctx, call, [validity, rows.selection, rows.selected, 1, out]);
      return { count: rows.count, selection: out, selected };
    },
  };
}
