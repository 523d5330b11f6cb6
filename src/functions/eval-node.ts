import type { Rows } from '../batch/batch.ts';
import { buildConstant } from '../batch/builder.ts';
import type { Vector } from '../batch/vector.ts';
import { flatten } from '../kernels/vectors.ts';
import type { Arena } from '../memory/arena.ts';
import type { DataType } from '../types/data-type.ts';
import type { EvalContext } from './function.ts';

/** The columns of a batch; those that an expression does not read may be absent. */
export type Columns = readonly (Vector | undefined)[];

/** An expression made ready to run on batches; belongs to one evaluator. */
export type EvalNode = {
  readonly type: DataType;
  /** The same value for all rows of all batches. */
  readonly isConstant: boolean;
  /** The values at the rows' positions, in any form. */
  evaluate(columns: Columns, rows: Rows): Vector;
  /** For booleans: the rows where the value is true. */
  select(columns: Columns, rows: Rows): Rows;
};

/** What nodes share: where batch results go, and arenas that live as long as the evaluator. */
export type EvalEnv = EvalContext & {
  readonly longLived: Arena;
  /** One more, for what is replaced from time to time. */
  readonly newArena: () => Arena;
};

/** No rows: an empty selection, which has an address, since selection 0 means all. */
export const noRows = (ctx: EvalContext, rows: Rows): Rows => ({
  count: rows.count,
  selection: rows.selection === 0 ? ctx.arena.alloc(2) : rows.selection,
  selected: 0,
});

/** A constant NULL. */
export function nullConstant(ctx: EvalContext, type: DataType, count: number): Vector {
  return buildConstant(ctx, type, null, count);
}

/** The rows where a boolean vector is true. */
export function selectTrue(ctx: EvalContext, vector: Vector, rows: Rows): Rows {
  const { kernels, arena, memory } = ctx;
  if (vector.form === 'constant') {
    return !vector.isNullConstant(memory) && memory.u8[vector.data] === 1 ? rows : noRows(ctx, rows);
  }
  const selection = arena.alloc((rows.selected + 1) * 2);
  const dictionary = vector.dictionary;
  const selected =
    dictionary === undefined
      ? kernels.select_true(vector.data, vector.validity, rows.selection, rows.selected, selection)
      : kernels.select_true_coded(
          vector.data,
          vector.validity,
          dictionary.data,
          dictionary.validity,
          rows.selection,
          rows.selected,
          selection,
        );
  return { count: rows.count, selection, selected };
}

/** The rows that are not in `taken`, a part of them. */
export function withoutRows(ctx: EvalContext, rows: Rows, taken: Rows): Rows {
  if (taken.selected === 0) return rows;
  if (taken.selected === rows.selected) return noRows(ctx, rows);
  const selection = ctx.arena.alloc((rows.selected + 1) * 2);
  const selected = ctx.kernels.select_difference(
    rows.selection,
    rows.selected,
    taken.selection,
    taken.selected,
    selection,
  );
  return { count: rows.count, selection, selected };
}

/** A flat or constant vector of the same values. */
export function operand(ctx: EvalContext, vector: Vector, rows: Rows): Vector {
  return vector.form === 'dictionary' ? flatten(ctx, vector, rows) : vector;
}
