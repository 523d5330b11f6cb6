import type { Rows } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import { selectValid, validityOf } from '../../kernels/vectors.ts';
import type { Field } from '../../types/data-type.ts';
import { ChunkValues, type PageEnd } from './chunk-values.ts';
import type { ColumnEncoder, LeafChunk } from './column-encoder.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import type { WriteEnvironment } from './write-environment.ts';

/** Collects a flat column: a bit a row says whether its value is there. */
export class FlatEncoder implements ColumnEncoder, LeafChunk {
  readonly values: ChunkValues;
  readonly hasLevels: boolean;
  readonly leaves: readonly LeafChunk[] = [this];
  readonly #env: WriteEnvironment;
  /** One bit a row, 1 = not NULL; empty for columns without NULLs. */
  readonly #levels: GrowingBuffer;
  #rows = 0;

  /** @param groupRows rows of a row group */
  constructor(env: WriteEnvironment, field: Field, groupRows: number) {
    this.#env = env;
    this.hasLevels = field.nullable;
    this.values = new ChunkValues(env, field.type, field.name, groupRows);
    this.#levels = new GrowingBuffer(env);
  }

  get rows(): number {
    return this.#rows;
  }

  get entries(): number {
    return this.#rows;
  }

  clear(): void {
    this.values.clear();
    this.#levels.clear();
    this.#rows = 0;
  }

  add(vector: Vector, rows: Rows): void {
    const env = this.#env;
    env.arena.reset();
    const validity = validityOf(env, vector, rows);
    const valid = selectValid(env, validity, rows);
    if (this.hasLevels) this.#addLevels(validity, rows, valid.selected < rows.selected);
    this.values.add(vector, valid);
    this.#rows += rows.selected;
    this.values.endLargePage(this.#rows, this.#rows);
  }

  levelBytes(from: PageEnd, to: PageEnd): number {
    return (to.entries - from.entries) / 8 + 64;
  }

  writeLevels(from: PageEnd, to: PageEnd, out: number): number {
    const { kernels, memory } = this.#env;
    const n = to.entries - from.entries;
    const end = kernels.hybrid_write_bits(this.#levels.address, from.entries, n, to.values - from.values, out + 4);
    new DataView(memory.memory.buffer).setUint32(out, end - out - 4, true);
    return end;
  }

  #addLevels(validity: number, { selection, selected }: Rows, hasNulls: boolean): void {
    const { kernels } = this.#env;
    // Eight bytes behind the bits are written too.
    this.#levels.grow(((this.#rows + selected + 7) >> 3) - this.#levels.bytes);
    const { address } = this.#levels;
    if (!hasNulls) kernels.bits_fill(address, this.#rows, selected, 1);
    else if (selection === 0) kernels.bits_copy(validity, 0, selected, address, this.#rows);
    else kernels.append_validity(validity, selection, selected, address, this.#rows);
  }
}
