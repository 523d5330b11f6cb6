import { buildVector } from '../batch/builder.ts';
import { valueReader } from '../batch/read.ts';
import type { Vector } from '../batch/vector.ts';
import type { RawValue } from '../types/raw-value.ts';
import type { EvalContext, ScalarCall } from './function.ts';

/** A result computed value by value in JavaScript: for functions that are rare on many rows. */
export function mapValues(
  ctx: EvalContext,
  { args, rows, type }: ScalarCall,
  f: (...values: RawValue[]) => RawValue,
): Vector {
  const { memory } = ctx;
  const readers = args.map(a => valueReader(memory, a));
  const values: RawValue[] = Array.from({ length: rows.count }, () => null);
  for (let j = 0; j < rows.selected; j++) {
    const i = rows.selection === 0 ? j : memory.u16[(rows.selection >>> 1) + j]!;
    const inputs = readers.map(read => read(i));
    if (!inputs.includes(null)) values[i] = f(...inputs);
  }
  return buildVector(ctx, type, values);
}
