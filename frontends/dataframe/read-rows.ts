import type { Pieces } from '../../src/common/pieces.ts';
import { columnArray } from '../../src/types/column-array.ts';
import { valueReader } from '../../src/types/raw-to-js.ts';
import type { ValueOptions } from '../../src/types/value-options.ts';
import type { ResultBatch } from './result.ts';

/** Values that are read between two looks at the clock. */
const CHUNK = 2048;

/** The rows as plain objects. Of columns with the same name the last one counts. */
export function* readRows(batch: ResultBatch, options: ValueOptions): Pieces<Record<string, unknown>[]> {
  const { schema, rowCount } = batch;
  const names = schema.map(field => field.name);
  const columns: unknown[][] = [];
  for (const i of names.keys()) columns.push(yield* readValues(batch, i, options));
  const rows = new Array<Record<string, unknown>>(rowCount);
  for (let row = 0; row < rowCount; row++) {
    const object: Record<string, unknown> = {};
    for (let i = 0; i < names.length; i++) setOwn(object, names[i]!, columns[i]![row]);
    rows[row] = object;
    if (row % CHUNK === CHUNK - 1) yield;
  }
  return rows;
}

/** The values of a column by its position. */
export function* readValues(batch: ResultBatch, index: number, options: ValueOptions): Pieces<unknown[]> {
  const { name, type } = batch.schema[index]!;
  const read = valueReader(name, type, options);
  const raw = batch.column(index);
  const { rowCount } = batch;
  const values = new Array<unknown>(rowCount);
  for (let row = 0; row < rowCount; row++) {
    values[row] = read(raw[row] ?? null);
    if (row % CHUNK === CHUNK - 1) yield;
  }
  return values;
}

/** All columns by name, numbers without NULLs as typed arrays. */
export function* readColumns(batch: ResultBatch, options: ValueOptions): Pieces<Record<string, unknown>> {
  const columns: Record<string, unknown> = {};
  for (const [i, { name, type }] of batch.schema.entries()) {
    setOwn(columns, name, columnArray(type, yield* readValues(batch, i, options)));
  }
  return columns;
}

/** Sets a property even if it is called `__proto__`, which an assignment would not. */
function setOwn(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[name] = value;
  }
}
