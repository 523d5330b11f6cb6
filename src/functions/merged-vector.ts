import type { Rows } from '../batch/batch.ts';
import { buildVector } from '../batch/builder.ts';
import { readColumn } from '../batch/read.ts';
import { Vector } from '../batch/vector.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { bitmapBytes, flatten } from '../kernels/vectors.ts';
import type { DataType } from '../types/data-type.ts';
import { physicalType, widthOf } from '../types/physical.ts';
import type { RawValue } from '../types/raw-value.ts';
import type { EvalContext } from './function.ts';
import { maskOf } from './operand.ts';

/** Puts one vector together from parts, each for some of the rows. */
export class MergedVector {
  readonly #ctx: EvalContext;
  readonly #type: DataType;
  readonly #rows: Rows;
  readonly #width: number;
  #data = 0;
  #validity = 0;
  /** Values of nested types, whose parts have children of their own. */
  #nested: RawValue[] | undefined;

  constructor(ctx: EvalContext, type: DataType, rows: Rows) {
    this.#ctx = ctx;
    this.#type = type;
    this.#rows = rows;
    this.#width = widthOf(physicalType(type));
  }

  put(vector: Vector, rows: Rows): void {
    const { arena, kernels, memory } = this.#ctx;
    if (this.#isNested()) {
      this.#putNested(vector, rows);
      return;
    }
    const { count } = this.#rows;
    const part = vector.form === 'dictionary' ? flatten(this.#ctx, vector, rows) : vector;
    if (this.#data === 0) this.#data = arena.alloc(count * this.#width);
    blendKernel(kernels, this.#width)(part.data, maskOf(part), rows.selection, rows.selected, this.#data);
    if (part.validity === 0) return;
    if (this.#validity === 0) {
      this.#validity = arena.alloc(bitmapBytes(count));
      memory.u8.fill(255, this.#validity, this.#validity + bitmapBytes(count));
    }
    kernels.blend_bits(part.validity, maskOf(part), rows.selection, rows.selected, this.#validity);
  }

  result(): Vector {
    if (this.#nested !== undefined) return buildVector(this.#ctx, this.#type, this.#nested);
    return Vector.flat(this.#type, this.#rows.count, this.#data, this.#validity);
  }

  #isNested(): boolean {
    const physical = physicalType(this.#type);
    return physical === 'list' || physical === 'struct';
  }

  #putNested(vector: Vector, rows: Rows): void {
    this.#nested ??= Array.from({ length: this.#rows.count }, () => null);
    const values = readColumn(this.#ctx.memory, vector, rows);
    const { u16 } = this.#ctx.memory;
    for (const [j, value] of values.entries()) {
      this.#nested[rows.selection === 0 ? j : u16[(rows.selection >>> 1) + j]!] = value;
    }
  }
}

function blendKernel(kernels: Kernels, width: number): Kernels['blend_8'] {
  switch (width) {
    case 1:
      return kernels.blend_8;
    case 2:
      return kernels.blend_16;
    case 4:
      return kernels.blend_32;
    case 8:
      return kernels.blend_64;
    default:
      return kernels.blend_128;
  }
}
