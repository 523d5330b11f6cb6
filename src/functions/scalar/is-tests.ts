import type { Rows } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import { selectValid, validityOf } from '../../kernels/vectors.ts';
import { plainType } from '../../types/coercion.ts';
import { BOOLEAN, type DataType } from '../../types/data-type.ts';
import { noRows } from '../eval-node.ts';
import type { EvalContext, ScalarCall, ScalarFunction } from '../function.ts';
import { generic } from '../overload.ts';

const anyOne = (args: readonly DataType[]) =>
  args.length === 1 ? { args: [plainType(args[0]!)], returns: BOOLEAN, cost: 0 } : undefined;

function nullTest(
  name: string,
  aliases: readonly string[],
  wanted: 'null' | 'valid',
  summary: string,
  example: readonly [string, string],
): ScalarFunction {
  const run = (ctx: EvalContext, { args, rows }: ScalarCall): Vector => {
    const out = ctx.arena.alloc(rows.count);
    ctx.kernels.bits_to_bools(validityOf(ctx, args[0]!, rows), wanted === 'null' ? 1 : 0, rows.count, out);
    return Vector.flat(BOOLEAN, rows.count, out);
  };
  const select = (ctx: EvalContext, { args, rows }: ScalarCall): Rows => {
    const validity = validityOf(ctx, args[0]!, rows);
    if (wanted === 'valid') return selectValid(ctx, validity, rows);
    if (validity === 0) return noRows(ctx, rows);
    const out = ctx.arena.alloc((rows.selected + 1) * 2);
    const selected = ctx.kernels.select_null(validity, rows.selection, rows.selected, out);
    return { count: rows.count, selection: out, selected };
  };
  return {
    name,
    aliases,
    doc: { summary, args: ['x'], examples: [example], category: 'logic' },
    overloads: [generic('any', '(ANY) -> BOOLEAN', anyOne, run, { nulls: 'handles', takesDictionaries: true, select })],
  };
}

export const nullTests: readonly ScalarFunction[] = [
  nullTest('is null', ['is_null'], 'null', 'Whether the value is NULL.', ['NULL is null', 'true']),
  nullTest('is not null', ['is_not_null'], 'valid', 'Whether the value is not NULL.', ['NULL is not null', 'false']),
];
