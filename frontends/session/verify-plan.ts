import type { Batch } from '../../src/batch/batch.ts';
import { readColumn } from '../../src/batch/read.ts';
import { RayexecError } from '../../src/common/errors.ts';
import type { LinearMemory } from '../../src/memory/linear-memory.ts';
import type { Schema } from '../../src/types/data-type.ts';
import { formatRaw } from '../dataframe/index.ts';

/** Fails unless two results have the same rows, in any order; doubles may differ in their last digits. */
export function compareResults(
  memory: LinearMemory,
  schema: Schema,
  optimized: readonly Batch[],
  plain: readonly Batch[],
): void {
  const [a, b] = [rowTexts(memory, schema, optimized), rowTexts(memory, schema, plain)];
  if (a.length !== b.length) {
    throw new RayexecError('internal', `the optimized plan gives ${a.length} rows, the plan as bound ${b.length}`);
  }
  const at = a.findIndex((row, i) => row !== b[i]);
  if (at >= 0) {
    throw new RayexecError('internal', `the optimized plan gives the row (${a[at]}), the plan as bound (${b[at]})`);
  }
}

function rowTexts(memory: LinearMemory, schema: Schema, batches: readonly Batch[]): string[] {
  return batches
    .flatMap(batch => {
      const columns = schema.map(({ type }, c) =>
        readColumn(memory, batch.columns[c]!, batch).map(v =>
          typeof v === 'number' && type.kind === 'float' ? v.toPrecision(9) : formatRaw(type, v),
        ),
      );
      return Array.from({ length: batch.selected }, (_, row) => columns.map(c => c[row]).join(', '));
    })
    .sort();
}
