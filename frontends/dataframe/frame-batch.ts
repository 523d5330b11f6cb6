import { RayexecError } from '../../src/common/errors.ts';
import { didYouMean } from '../../src/common/suggest.ts';
import type { Schema } from '../../src/types/data-type.ts';
import { columnArray } from './column-array.ts';
import type { Js, JsColumn, ValueOptions } from './js-values.ts';
import type { ResultBatch } from './result.ts';
import { valueReader } from './values.ts';

/** Rows of a result, read as JavaScript values under the options they were asked for with. */
export class FrameBatch<in out S, in out O = object> {
  readonly #batch: ResultBatch;
  readonly #options: ValueOptions;

  constructor(batch: ResultBatch, options: ValueOptions) {
    this.#batch = batch;
    this.#options = options;
  }

  get rowCount(): number {
    return this.#batch.rowCount;
  }

  /** The columns with their full SQL types. */
  get schema(): Schema {
    return this.#batch.schema;
  }

  /** The rows as plain objects. Of columns with the same name the last one counts. */
  rows(): { [K in keyof S]: Js<S[K], O> }[] {
    const { schema, rowCount } = this.#batch;
    const names = schema.map(field => field.name);
    const columns = schema.map((_, i) => this.columnAt(i));
    const rows = new Array(rowCount);
    for (let row = 0; row < rowCount; row++) {
      const object: Record<string, unknown> = {};
      for (let i = 0; i < names.length; i++) setOwn(object, names[i]!, columns[i]![row]);
      rows[row] = object;
    }
    return rows;
  }

  /** The values of a column by its name. */
  column<N extends keyof S & string>(name: N): Js<S[N], O>[] {
    const names = this.#batch.schema.map(field => field.name);
    const index = names.lastIndexOf(name);
    if (index < 0) {
      throw new RayexecError('invalid-argument', `there is no column '${name}'`, { hint: didYouMean(name, names) });
    }
    return this.columnAt(index) as Js<S[N], O>[];
  }

  /** The values of a column by its position. */
  columnAt(index: number): unknown[] {
    const { name, type } = this.#batch.schema[index]!;
    const read = valueReader(name, type, this.#options);
    const raw = this.#batch.column(index);
    const { rowCount } = this.#batch;
    const values = new Array<unknown>(rowCount);
    for (let row = 0; row < rowCount; row++) values[row] = read(raw[row] ?? null);
    return values;
  }

  /** All columns by name, numbers without NULLs as typed arrays. */
  toColumns(): { [K in keyof S]: JsColumn<S[K], O> } {
    const columns: Record<string, unknown> = {};
    this.#batch.schema.forEach(({ name, type }, i) => {
      setOwn(columns, name, columnArray(type, this.columnAt(i)));
    });
    return columns as { [K in keyof S]: JsColumn<S[K], O> };
  }
}

/** Sets a property even if it is called `__proto__`, which an assignment would not. */
function setOwn(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[name] = value;
  }
}
