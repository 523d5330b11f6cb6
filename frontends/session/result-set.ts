import type { Batch } from '../../src/batch/batch.ts';
import { readColumn } from '../../src/batch/read.ts';
import type { Vector } from '../../src/batch/vector.ts';
import type { LinearMemory } from '../../src/memory/linear-memory.ts';
import type { Schema } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import type { ResultSet } from '../dataframe/result.ts';

/** Copies a result out of the linear memory, column by column; numbers without NULLs become typed arrays. */
export function readResult(memory: LinearMemory, schema: Schema, batches: readonly Batch[]): ResultSet {
  const rowCount = batches.reduce((sum, b) => sum + b.selected, 0);
  const columns = schema.map((_, i) => readResultColumn(memory, batches, i, rowCount));
  return { schema, rowCount, column: index => columns[index]! };
}

type Numbers = Int32Array | Float64Array | BigInt64Array;

function readResultColumn(
  memory: LinearMemory,
  batches: readonly Batch[],
  index: number,
  rowCount: number,
): ArrayLike<RawValue> {
  const typed = typedColumn(memory, batches, index, rowCount);
  if (typed !== undefined) return typed;
  const only = batches.length === 1 ? batches[0] : undefined;
  if (only !== undefined) return readColumn(memory, only.columns[index]!, only);
  const values: RawValue[] = [];
  for (const b of batches) for (const v of readColumn(memory, b.columns[index]!, b)) values.push(v);
  return values;
}

/** The column as a typed array, if all of its vectors are plain numbers without NULLs and selections. */
function typedColumn(
  memory: LinearMemory,
  batches: readonly Batch[],
  index: number,
  rowCount: number,
): Numbers | undefined {
  const first = batches[0]?.columns[index];
  if (first === undefined) return undefined;
  const plain = (b: Batch): boolean => {
    const v = b.columns[index]!;
    return v.form === 'flat' && v.validity === 0 && b.selection === 0 && v.type.kind !== 'boolean';
  };
  if (!batches.every(plain)) return undefined;
  const copy = <A extends Numbers>(out: A, view: A, shift: number): A => {
    let at = 0;
    for (const b of batches) {
      const from = b.columns[index]!.data >>> shift;
      out.set(view.subarray(from, from + b.selected) as never, at);
      at += b.selected;
    }
    return out;
  };
  switch (physicalOf(first)) {
    case 'i32':
      return copy(new Int32Array(rowCount), memory.i32, 2);
    case 'f64':
      return copy(new Float64Array(rowCount), memory.f64, 3);
    case 'i64':
      return copy(new BigInt64Array(rowCount), memory.i64, 3);
    default:
      return undefined;
  }
}

const physicalOf = (v: Vector): string => v.physical;
