import type { Rows } from '../batch/batch.ts';
import { buildVector } from '../batch/builder.ts';
import type { RawValue } from '../batch/raw-value.ts';
import { readColumn } from '../batch/read.ts';
import { Vector } from '../batch/vector.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { bitmapBytes, selectValid, validityOf } from '../kernels/vectors.ts';
import type { DataType } from '../types/data-type.ts';
import { physicalType, widthOf } from '../types/physical.ts';
import {
  type Columns,
  type EvalEnv,
  type EvalNode,
  nullConstant,
  operand,
  selectTrue,
  withoutRows,
} from './eval-node.ts';
import { maskOf } from './operand.ts';

/** CASE: each branch's result is computed on the rows that its condition chose first. */
export class CaseNode implements EvalNode {
  readonly type: DataType;
  readonly isConstant: boolean;
  readonly #env: EvalEnv;
  readonly #branches: readonly { readonly when: EvalNode; readonly result: EvalNode }[];
  readonly #otherwise: EvalNode;

  constructor(
    env: EvalEnv,
    branches: readonly { when: EvalNode; result: EvalNode }[],
    otherwise: EvalNode,
    type: DataType,
  ) {
    this.#env = env;
    this.#branches = branches;
    this.#otherwise = otherwise;
    this.type = type;
    this.isConstant = otherwise.isConstant && branches.every(b => b.when.isConstant && b.result.isConstant);
  }

  evaluate(columns: Columns, rows: Rows): Vector {
    const merge = new Merge(this.#env, this.type, rows);
    let open = rows;
    for (const { when, result } of this.#branches) {
      if (open.selected === 0) break;
      const hits = when.select(columns, open);
      if (hits.selected === 0) continue;
      const values = result.evaluate(columns, hits);
      if (hits.selected === rows.selected) return values;
      merge.put(values, hits);
      open = withoutRows(this.#env, open, hits);
    }
    if (open.selected === rows.selected) return this.#otherwise.evaluate(columns, rows);
    if (open.selected > 0) merge.put(this.#otherwise.evaluate(columns, open), open);
    return merge.result();
  }

  select(columns: Columns, rows: Rows): Rows {
    return selectTrue(this.#env, this.evaluate(columns, rows), rows);
  }
}

/** COALESCE: each argument is computed on the rows where all before it are NULL. */
export class CoalesceNode implements EvalNode {
  readonly type: DataType;
  readonly isConstant: boolean;
  readonly #env: EvalEnv;
  readonly #args: readonly EvalNode[];

  constructor(env: EvalEnv, args: readonly EvalNode[], type: DataType) {
    this.#env = env;
    this.#args = args;
    this.type = type;
    this.isConstant = args.every(a => a.isConstant);
  }

  evaluate(columns: Columns, rows: Rows): Vector {
    const merge = new Merge(this.#env, this.type, rows);
    let open = rows;
    for (const arg of this.#args) {
      if (open.selected === 0) break;
      const values = arg.evaluate(columns, open);
      const valid = selectValid(this.#env, validityOf(this.#env, values, open), open);
      if (valid.selected === rows.selected) return values;
      if (valid.selected === 0) continue;
      merge.put(values, valid);
      open = withoutRows(this.#env, open, valid);
    }
    if (open.selected === rows.selected) return nullConstant(this.#env, this.type, rows.count);
    if (open.selected > 0) merge.put(nullConstant(this.#env, this.type, rows.count), open);
    return merge.result();
  }

  select(columns: Columns, rows: Rows): Rows {
    return selectTrue(this.#env, this.evaluate(columns, rows), rows);
  }
}

/** Puts one vector together from parts, each for some of the rows. */
class Merge {
  readonly #env: EvalEnv;
  readonly #type: DataType;
  readonly #rows: Rows;
  readonly #width: number;
  #data = 0;
  #validity = 0;
  /** Values of nested types, whose parts have children of their own. */
  #nested: RawValue[] | undefined;

  constructor(env: EvalEnv, type: DataType, rows: Rows) {
    this.#env = env;
    this.#type = type;
    this.#rows = rows;
    this.#width = widthOf(physicalType(type));
  }

  put(vector: Vector, rows: Rows): void {
    const { arena, kernels, memory } = this.#env;
    if (this.#isNested()) {
      this.#putNested(vector, rows);
      return;
    }
    const { count } = this.#rows;
    const part = operand(this.#env, vector, rows);
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
    if (this.#nested !== undefined) return buildVector(this.#env, this.#type, this.#nested);
    return Vector.flat(this.#type, this.#rows.count, this.#data, this.#validity);
  }

  #isNested(): boolean {
    const physical = physicalType(this.#type);
    return physical === 'list' || physical === 'struct';
  }

  #putNested(vector: Vector, rows: Rows): void {
    this.#nested ??= Array.from({ length: this.#rows.count }, () => null);
    const values = readColumn(this.#env.memory, vector, rows);
    const { u16 } = this.#env.memory;
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
