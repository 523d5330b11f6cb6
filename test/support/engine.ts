import { allRows, type Rows } from '../../src/batch/batch.ts';
import { buildConstant, buildVector } from '../../src/batch/builder.ts';
import { readColumn } from '../../src/batch/read.ts';
import type { Vector } from '../../src/batch/vector.ts';
import { wasm } from '../../src/kernels/generated/checked-kernels.ts';
import { type Kernels, loadKernels } from '../../src/kernels/kernels.ts';
import { unpackBytes } from '../../src/kernels/packed-bytes.ts';
import { Arena } from '../../src/memory/arena.ts';
import { LinearMemory, type Owner } from '../../src/memory/linear-memory.ts';
import type { DataType } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';

/** A memory with the checked kernels, and an arena to build in; each test has its own. */
export type TestContext = {
  readonly memory: LinearMemory;
  readonly kernels: Kernels;
  readonly arena: Arena;
  readonly owner: Owner;
};

const module = new WebAssembly.Module(unpackBytes(wasm));

export function testContext({ limit }: { limit?: number } = {}): TestContext {
  const memory = LinearMemory.create({ limit });
  const owner = memory.newOwner();
  return { memory, kernels: loadKernels(memory, module), arena: new Arena(memory, owner), owner };
}

/** A flat vector of raw values (see `RawValue`). */
export function vectorOf(ctx: TestContext, type: DataType, values: readonly RawValue[]): Vector {
  return buildVector(ctx, type, values);
}

/** A constant vector. */
export function constantOf(ctx: TestContext, type: DataType, value: RawValue, length: number): Vector {
  return buildConstant(ctx, type, value, length);
}

/** A selection of positions, in increasing order, of `count`. */
export function rowsOf(ctx: TestContext, count: number, positions: readonly number[]): Rows {
  const selection = ctx.arena.alloc((positions.length + 1) * 2);
  ctx.memory.u16.set(positions, selection >>> 1);
  return { count, selection, selected: positions.length };
}

/** The positions of rows. */
export function positionsOf(ctx: TestContext, rows: Rows): number[] {
  if (rows.selection === 0) return Array.from({ length: rows.count }, (_, i) => i);
  return [...ctx.memory.u16.subarray(rows.selection >>> 1, (rows.selection >>> 1) + rows.selected)];
}

/** The values of a vector, or of the rows of it. */
export function valuesOf(ctx: TestContext, vector: Vector, rows: Rows = allRows(vector.length)): RawValue[] {
  return readColumn(ctx.memory, vector, rows);
}
