import type { Batch } from '../../src/batch/batch.ts';
import { columnReader } from '../../src/batch/read.ts';
import type { Vector } from '../../src/batch/vector.ts';
import { throwIfCancelled } from '../../src/common/cancellation.ts';
import type { Pieces } from '../../src/common/pieces.ts';
import { runPieces, Slices } from '../../src/common/slices.ts';
import type { QueryRows } from '../../src/execute/collect-rows.ts';
import type { LinearMemory } from '../../src/memory/linear-memory.ts';
import type { Schema } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { TimeZone } from '../../src/types/time-zone.ts';
import type { ResultSet } from '../dataframe/result.ts';
import type { Host } from './host.ts';
import type { Session } from './session.ts';

/** The rows of a query that has run in a session. Releases them. */
export async function takeResult(
  { host, settings }: Pick<Session, 'host' | 'settings'>,
  schema: Schema,
  rows: QueryRows,
  signal: AbortSignal | undefined,
): Promise<ResultSet> {
  const result = await takeRows(host, rows, signal, memory => readResult(memory, schema, rows.batches));
  return { ...result, timeZone: TimeZone.find(settings.timezone) };
}

/** Reads the rows of a query that has run, in slices: they may be many. Releases them. */
export async function takeRows<R>(
  { readyMachine: { memory }, closed }: Host,
  rows: QueryRows,
  signal: AbortSignal | undefined,
  read: (memory: LinearMemory) => Pieces<R>,
): Promise<R> {
  try {
    return await runPieces(read(memory), new Slices(), () => {
      throwIfCancelled(signal);
      throwIfCancelled(closed);
    });
  } finally {
    rows.release();
  }
}

/** Values that are read between two looks at the clock. */
const CHUNK = 2048;

/** Copies a result out of the linear memory, column by column; numbers without NULLs become typed arrays. */
export function* readResult(memory: LinearMemory, schema: Schema, batches: readonly Batch[]): Pieces<ResultSet> {
  const rowCount = batches.reduce((sum, b) => sum + b.selected, 0);
  const columns: ArrayLike<RawValue>[] = [];
  for (const i of schema.keys()) columns.push(yield* readResultColumn(memory, batches, i, rowCount));
  return { schema, rowCount, column: index => columns[index]! };
}

type Numbers = Int32Array | Float64Array | BigInt64Array;

function* readResultColumn(
  memory: LinearMemory,
  batches: readonly Batch[],
  index: number,
  rowCount: number,
): Pieces<ArrayLike<RawValue>> {
  const typed = typedColumn(memory, batches, index, rowCount);
  if (typed !== undefined) return typed;
  const values = new Array<RawValue>(rowCount);
  let at = 0;
  for (const batch of batches) {
    const { columns, selection, selected } = batch;
    const read = columnReader(memory, columns[index]!, batch);
    for (let j = 0; j < selected; j++) {
      values[at++] = read(selection === 0 ? j : memory.u16[(selection >>> 1) + j]!);
      if (at % CHUNK === 0) yield;
    }
  }
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
