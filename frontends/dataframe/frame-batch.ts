import { RayexecError } from '../../src/common/errors.ts';
import { finishPieces } from '../../src/common/pieces.ts';
import { didYouMean } from '../../src/common/suggest.ts';
import type { Schema } from '../../src/types/data-type.ts';
import type { ValueOptions } from '../../src/types/value-options.ts';
import type { Js, JsColumn } from './js-values.ts';
import { readColumns, readRows, readValues } from './read-rows.ts';
import type { ResultBatch } from './result.ts';

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
    return finishPieces(readRows(this.#batch, this.#options)) as { [K in keyof S]: Js<S[K], O> }[];
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
    return finishPieces(readValues(this.#batch, index, this.#options));
  }

  /** All columns by name, numbers without NULLs as typed arrays. */
  toColumns(): { [K in keyof S]: JsColumn<S[K], O> } {
    return finishPieces(readColumns(this.#batch, this.#options)) as { [K in keyof S]: JsColumn<S[K], O> };
  }
}
