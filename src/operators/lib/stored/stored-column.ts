import { allRows, type Rows } from '../../../batch/batch.ts';
import { Vector } from '../../../batch/vector.ts';
import {
  bitmapBytes,
  compactBits,
  compactValues,
  flatten,
  type VectorContext,
  validityOf,
} from '../../../kernels/vectors.ts';
import type { Arena } from '../../../memory/arena.ts';
import type { DataType } from '../../../types/data-type.ts';
import { physicalType, widthOf } from '../../../types/physical.ts';
import type { TextDictionary } from './text-dictionary.ts';

/** A column of a segment that is being filled: room for a fixed number of rows, in the segment's arena. */
export type StoredColumn = {
  /** Copies the rows behind those before. */
  append(vector: Vector, rows: Rows): void;
  /** All rows so far. */
  vector(): Vector;
};

/** Bits of a column's rows, made when the first NULL comes. */
class StoredValidity {
  readonly #ctx: VectorContext;
  readonly #arena: Arena;
  readonly #capacity: number;
  address = 0;

  constructor(ctx: VectorContext, arena: Arena, capacity: number) {
    this.#ctx = ctx;
    this.#arena = arena;
    this.#capacity = capacity;
  }

  /** Clears the bits of NULLs. @param validity of the rows one behind the other; 0: none is NULL */
  append(at: number, validity: number, rows: number): void {
    if (validity === 0) return;
    const { memory, kernels } = this.#ctx;
    if (this.address === 0) {
      const bytes = bitmapBytes(this.#capacity);
      this.address = this.#arena.alloc(bytes);
      memory.u8.fill(0xff, this.address, this.address + bytes);
    }
    kernels.bitmap_clear(validity, rows, this.address, at);
  }
}

/** Values as they are; texts are copied. */
export class FlatColumn implements StoredColumn {
  readonly #ctx: VectorContext;
  readonly #arena: Arena;
  readonly #type: DataType;
  readonly #data: number;
  readonly #validity: StoredValidity;
  #rows = 0;

  constructor(ctx: VectorContext, arena: Arena, type: DataType, capacity: number) {
    this.#ctx = ctx;
    this.#arena = arena;
    this.#type = type;
    this.#data = arena.alloc(capacity * widthOf(physicalType(type)));
    this.#validity = new StoredValidity(ctx, arena, capacity);
  }

  append(vector: Vector, rows: Rows): void {
    const { kernels } = this.#ctx;
    const flat = flatten(this.#ctx, vector, rows);
    const count = rows.selected;
    const { physical } = flat;
    const to = this.#data + this.#rows * widthOf(physical);
    compactValues(this.#ctx, flat.data, widthOf(physical), rows, to);
    const validity = compactBits(this.#ctx, flat.validity, rows);
    if (physical === 'ref') {
      const heap = this.#arena.alloc(kernels.stored_text_bytes(to, validity, count) >>> 0);
      kernels.stored_text(to, validity, count, heap);
    }
    this.#validity.append(this.#rows, validity, count);
    this.#rows += count;
  }

  vector(): Vector {
    return Vector.flat(this.#type, this.#rows, this.#data, this.#validity.address);
  }
}

/** Texts as codes of a dictionary. */
export class CodedColumn implements StoredColumn {
  readonly #ctx: VectorContext;
  readonly #arena: Arena;
  readonly #dictionary: TextDictionary;
  readonly #capacity: number;
  readonly #codes: number;
  readonly #validity: StoredValidity;
  #rows = 0;

  /** @param dictionary may have texts of other columns too */
  constructor(ctx: VectorContext, arena: Arena, dictionary: TextDictionary, capacity: number) {
    this.#ctx = ctx;
    this.#arena = arena;
    this.#dictionary = dictionary;
    this.#capacity = capacity;
    this.#codes = arena.alloc(capacity * 4);
    this.#validity = new StoredValidity(ctx, arena, capacity);
  }

  append(vector: Vector, rows: Rows): void {
    this.#dictionary.encode(vector, rows, this.#codes + 4 * this.#rows);
    const validity = compactBits(this.#ctx, validityOf(this.#ctx, vector, rows), rows);
    this.#validity.append(this.#rows, validity, rows.selected);
    this.#rows += rows.selected;
  }

  vector(): Vector {
    return Vector.coded(this.#dictionary.stored(this.#arena), this.#rows, this.#codes, this.#validity.address);
  }

  /** The same rows as a flat column. */
  decoded(): FlatColumn {
    const values = this.#dictionary.values();
    const column = new FlatColumn(this.#ctx, this.#arena, values.type, this.#capacity);
    column.append(Vector.coded(values, this.#rows, this.#codes, this.#validity.address), allRows(this.#rows));
    return column;
  }
}
