import type { Vector } from '../../../batch/vector.ts';
import { constantVector, type VectorContext } from '../../../kernels/vectors.ts';
import type { PhysicalExpr } from '../../../plan/expr.ts';
import { denseRows, gatherField } from '../rows/gather-rows.ts';
import { fieldOf, type WindowLayout } from './window-layout.ts';

/** Whole partitions that are computed together: sorted rows by address, with marks of where partitions and peers begin. */
export class WindowUnit {
  readonly rows: number;
  readonly marks: number;
  readonly count: number;
  /** Its arena lives as long as the unit. */
  readonly ctx: VectorContext;
  readonly #layout: WindowLayout;
  readonly #columns = new Map<number, Vector>();
  #groups: { readonly starts: number; readonly count: number } | undefined;

  constructor(ctx: VectorContext, layout: WindowLayout, rows: number, marks: number, count: number) {
    this.ctx = ctx;
    this.#layout = layout;
    this.rows = rows;
    this.marks = marks;
    this.count = count;
  }

  /** An expression's values of all rows, flat or constant, by row number. */
  column(expr: PhysicalExpr): Vector {
    const field = fieldOf(this.#layout, expr);
    if (field === undefined) return this.#constant(this.ctx, expr, this.count);
    let column = this.#columns.get(field);
    if (column === undefined) {
      column = gatherField(this.ctx, this.#layout.rows.payload.fields[field]!, denseRows(this.rows, this.count));
      this.#columns.set(field, column);
    }
    return column;
  }

  /** An expression's values of some consecutive rows, flat or constant, in `ctx.arena`. */
  values(ctx: VectorContext, expr: PhysicalExpr, from: number, count: number): Vector {
    const field = fieldOf(this.#layout, expr);
    if (field === undefined) return this.#constant(ctx, expr, count);
    return gatherField(ctx, this.#layout.rows.payload.fields[field]!, denseRows(this.rows + 4 * from, count));
  }

  /** The first rows of all groups of peers (u32). */
  get groups(): { readonly starts: number; readonly count: number } {
    if (this.#groups === undefined) {
      const starts = this.ctx.arena.alloc(this.count * 4);
      this.#groups = { starts, count: this.ctx.kernels.window_group_starts(this.marks, this.count, starts) };
    }
    return this.#groups;
  }

  #constant(ctx: VectorContext, expr: PhysicalExpr, count: number): Vector {
    if (expr.kind !== 'literal') throw new Error('only constants have no field');
    return constantVector(ctx, expr.value, count);
  }
}
