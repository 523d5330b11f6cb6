import type { Rows } from '../batch/batch.ts';
import { Vector } from '../batch/vector.ts';
import { bitmapBytes } from '../kernels/vectors.ts';
import { BOOLEAN } from '../types/data-type.ts';
import { AdaptiveOrder } from './adaptive-order.ts';
import { type Columns, type EvalEnv, type EvalNode, operand, withoutRows } from './eval-node.ts';
import { maskOf } from './operand.ts';

/**
 * AND and OR under three-valued logic: each argument sees only the rows that the ones before it left open. Of those that
 * are steady, the rows where all are true are looked for in the order that turns out to be quickest.
 */
export class LogicNode implements EvalNode {
  readonly type = BOOLEAN;
  readonly isConstant: boolean;
  readonly #env: EvalEnv;
  readonly #args: readonly EvalNode[];
  readonly #kind: 'and' | 'or';
  readonly #order: AdaptiveOrder;

  /** @param isSteady which arguments neither fail nor vary */
  constructor(env: EvalEnv, kind: 'and' | 'or', args: readonly EvalNode[], isSteady: readonly boolean[]) {
    this.#env = env;
    this.#kind = kind;
    this.#args = args;
    this.#order = new AdaptiveOrder(isSteady);
    this.isConstant = args.every(a => a.isConstant);
  }

  evaluate(columns: Columns, rows: Rows): Vector {
    const { arena, kernels, memory } = this.#env;
    const decisive = this.#kind === 'and' ? 0 : 1;
    const states = arena.alloc(rows.count);
    memory.u8.fill(1 - decisive, states, states + rows.count);
    let open = rows;
    for (const arg of this.#args) {
      if (open.selected === 0) break;
      const value = operand(this.#env, arg.evaluate(columns, open), open);
      const out = arena.alloc((open.selected + 1) * 2);
      const { data, validity } = value;
      const left = kernels.logic_step(
        decisive,
        states,
        data,
        maskOf(value),
        validity,
        open.selection,
        open.selected,
        out,
      );
      if (left < open.selected) open = { count: rows.count, selection: out, selected: left };
    }
    const validity = arena.alloc(bitmapBytes(rows.count));
    const unknown = kernels.logic_result(states, rows.selection, rows.selected, validity);
    return Vector.flat(BOOLEAN, rows.count, states, unknown === 0 ? 0 : validity);
  }

  select(columns: Columns, rows: Rows): Rows {
    if (this.#kind === 'and') return this.#order.select(rows, (arg, left) => this.#args[arg]!.select(columns, left));
    let found: Rows | undefined;
    let open = rows;
    for (const arg of this.#args) {
      if (open.selected === 0) break;
      const hits = arg.select(columns, open);
      open = withoutRows(this.#env, open, hits);
      found = found === undefined ? hits : this.#union(found, hits);
    }
    // Nothing left open: all rows, which may have no selection.
    return open.selected === 0 ? rows : found!;
  }

  #union(a: Rows, b: Rows): Rows {
    if (a.selected === 0) return b;
    if (b.selected === 0) return a;
    const selection = this.#env.arena.alloc((a.selected + b.selected) * 2);
    const selected = this.#env.kernels.select_union(a.selection, a.selected, b.selection, b.selected, selection);
    return { count: a.count, selection, selected };
  }
}
