import type { Rows } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import { ExprEvaluator } from '../../functions/evaluate.ts';
import { combineValidity, flatten, selectValid, type VectorContext } from '../../kernels/vectors.ts';
import type { Owner } from '../../memory/linear-memory.ts';
import type { PhysicalExpr } from '../../plan/expr.ts';

type Computed = { readonly rows: Rows; readonly vector: Vector };

/** Expressions over the batches of one input; an expression that occurs several times is evaluated once per batch. */
export class BatchExprs {
  readonly #ctx: VectorContext & { readonly owner: Owner };
  readonly #exprs: PhysicalExpr[] = [];
  readonly #byText = new Map<string, number>();
  readonly #evaluators = new Map<number, ExprEvaluator>();
  #columns: readonly Vector[] = [];
  #computed = new Map<number, Computed>();
  #valid = new Map<string, { readonly rows: Rows; readonly valid: Rows }>();

  constructor(ctx: VectorContext & { readonly owner: Owner }) {
    this.#ctx = ctx;
  }

  /** Names an expression; equal ones get the same number. */
  add(expr: PhysicalExpr): number {
    const text = JSON.stringify(expr);
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const index = this.#exprs.push(expr) - 1;
    this.#byText.set(text, index);
    if (expr.kind !== 'input') this.#evaluators.set(index, new ExprEvaluator(expr, this.#ctx));
    return index;
  }

  /** Goes on to another batch. */
  start(columns: readonly Vector[]): void {
    this.#columns = columns;
    this.#computed.clear();
    this.#valid.clear();
  }

  /** The value of an expression on some rows of the batch, in any form; other positions are undefined. */
  vector(index: number, rows: Rows): Vector {
    const expr = this.#exprs[index]!;
    if (expr.kind === 'input') return this.#columns[expr.index]!;
    const known = this.#computed.get(index);
    if (known !== undefined && known.rows === rows) return known.vector;
    const vector = this.#evaluators.get(index)!.evaluate(this.#columns, rows);
    this.#computed.set(index, { rows, vector });
    return vector;
  }

  /** Like `vector`, but never a dictionary. */
  plain(index: number, rows: Rows): Vector {
    const vector = this.vector(index, rows);
    if (vector.form !== 'dictionary') return vector;
    const known = this.#computed.get(~index);
    if (known !== undefined && known.rows === rows) return known.vector;
    const flat = flatten(this.#ctx, vector, rows);
    this.#computed.set(~index, { rows, vector: flat });
    return flat;
  }

  /** The rows where none of the expressions is NULL. */
  valid(indexes: readonly number[], rows: Rows): Rows {
    if (indexes.length === 0) return rows;
    const key = indexes.join();
    const known = this.#valid.get(key);
    if (known !== undefined && known.rows === rows) return known.valid;
    const vectors = indexes.map(i => this.plain(i, rows));
    const valid = selectValid(this.#ctx, combineValidity(this.#ctx, vectors, rows), rows);
    this.#valid.set(key, { rows, valid });
    return valid;
  }

  /** The rows where a boolean expression is true. */
  select(index: number, rows: Rows): Rows {
    return this.#evaluators.get(index)?.select(this.#columns, rows) ?? this.#selectInput(index, rows);
  }

  close(): void {
    for (const e of this.#evaluators.values()) e.close();
  }

  /** A bare column has no evaluator until it is used as a condition. */
  #selectInput(index: number, rows: Rows): Rows {
    const evaluator = new ExprEvaluator(this.#exprs[index]!, this.#ctx);
    this.#evaluators.set(index, evaluator);
    return evaluator.select(this.#columns, rows);
  }
}
