import type { Rows } from '../batch/batch.ts';
import type { Vector } from '../batch/vector.ts';
import { selectValid, validityOf } from '../kernels/vectors.ts';
import type { DataType } from '../types/data-type.ts';
import { type Columns, type EvalEnv, type EvalNode, nullConstant, selectTrue, withoutRows } from './eval-node.ts';
import { MergedVector } from './merged-vector.ts';

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
    const merge = new MergedVector(this.#env, this.type, rows);
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
    const merge = new MergedVector(this.#env, this.type, rows);
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
