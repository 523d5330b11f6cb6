import { Vector } from '../../batch/vector.ts';
import type { Arena } from '../../memory/arena.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import { INT64 } from '../../types/data-type.ts';
import type { ColumnReader } from './column-reader.ts';
import type { ReadEnvironment } from './read-environment.ts';

/** The numbers of a row group's rows in their file. */
export class RowNumberReader implements ColumnReader {
  readonly pages = [];
  readonly #memory: LinearMemory;
  readonly #numbers: number;
  #next: number;

  /** @param arena holds a batch of numbers. @param before rows of the file before the row group */
  constructor({ memory, batchRows }: ReadEnvironment, arena: Arena, before: number) {
    this.#memory = memory;
    this.#numbers = arena.alloc(batchRows * 8);
    this.#next = before;
  }

  start(): void {}

  read(rows: number): Vector {
    const at = this.#numbers >>> 3;
    for (let i = 0; i < rows; i++) this.#memory.i64[at + i] = BigInt(this.#next + i);
    this.#next += rows;
    return Vector.flat(INT64, rows, this.#numbers);
  }

  skip(rows: number): void {
    this.#next += rows;
  }

  finish(): void {}
}
