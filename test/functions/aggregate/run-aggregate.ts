import type { Rows } from '../../../src/batch/batch.ts';
import type { Vector } from '../../../src/batch/vector.ts';
import type { AggregateContext, AggregateFunction } from '../../../src/functions/function.ts';
import { combineValidity, selectValid } from '../../../src/kernels/vectors.ts';
import { Arena } from '../../../src/memory/arena.ts';
import type { DataType } from '../../../src/types/data-type.ts';
import type { RawValue } from '../../../src/types/raw-value.ts';
import { constantOf, rowsOf, testContext, valuesOf, vectorOf } from '../../support/engine.ts';

export type Column =
  | { readonly type: DataType; readonly values: readonly RawValue[] }
  | { readonly type: DataType; readonly constant: RawValue };

export type AggregateRun = {
  readonly columns: readonly Column[];
  readonly count: number;
  /** Group of each row; absent: one state for all rows (mask 0). */
  readonly groups?: readonly number[];
  readonly groupCount?: number;
  /** Rows that count; absent: all. */
  readonly positions?: readonly number[];
  /** Into how many parts the rows are dealt, each with its own states and heap, merged afterwards. */
  readonly parts?: number;
};

/** Runs an aggregate as the operators do: batches folded into states, parts merged, results read. One value a group. */
export function runAggregate(fn: AggregateFunction, run: AggregateRun): RawValue[] {
  const base = testContext();
  const { columns, count, groups, groupCount = 1, parts = 1 } = run;
  const types = columns.map(c => c.type);
  const fits = fn.overloads.map(overload => ({ overload, fit: overload.fit(types) })).filter(f => f.fit !== undefined);
  const { overload, fit } = fits.sort((a, b) => a.fit!.cost - b.fit!.cost)[0]!;
  const { returns, args: argTypes } = fit!;
  // States lie behind 16 bytes of a key, as in a hash table's rows.
  const offset = 16;
  const stride = offset + overload.stateBytes(argTypes, returns);
  const positions = run.positions ?? Array.from({ length: count }, (_, i) => i);
  const states: number[] = [];
  const contexts: AggregateContext[] = [];
  for (let part = 0; part < parts; part++) {
    const ctx: AggregateContext = { ...base, heap: new Arena(base.memory, base.owner) };
    contexts.push(ctx);
    const rows0 = base.arena.allocZeroed(stride * groupCount);
    states.push(rows0);
    const mine = positions.filter(p => p % parts === part);
    // Two batches a part, so that states are updated again.
    for (const half of [mine.slice(0, mine.length >> 1), mine.slice(mine.length >> 1)]) {
      const args = columns.map((c, i) => build(ctx, c, argTypes[i]!, count));
      let rows: Rows = rowsOf(base, count, half);
      if (half.length === count) rows = { count, selection: 0, selected: count };
      if (overload.skipsNulls) rows = selectValid(ctx, combineValidity(ctx, args, rows), rows);
      const addresses = base.arena.alloc(4 * (groups === undefined ? 1 : count));
      for (let i = 0; i < (groups === undefined ? 1 : count); i++) {
        base.memory.u32[(addresses >>> 2) + i] = rows0 + stride * (groups?.[i] ?? 0);
      }
      overload.update(ctx, {
        args,
        rows,
        states: addresses,
        statesMask: groups === undefined ? 0 : -1,
        offset,
        type: returns,
      });
    }
  }
  const list = (from: number): number => {
    const address = base.arena.alloc(4 * groupCount);
    for (let g = 0; g < groupCount; g++) base.memory.u32[(address >>> 2) + g] = from + stride * g;
    return address;
  };
  const call = { count: groupCount, offset, argTypes, type: returns };
  for (let part = 1; part < parts; part++) {
    overload.merge(contexts[0]!, { ...call, targets: list(states[0]!), sources: list(states[part]!) });
  }
  return valuesOf(base, overload.result(contexts[0]!, { ...call, states: list(states[0]!) }));
}

function build(ctx: AggregateContext, column: Column, type: DataType, count: number): Vector {
  const base = { ...ctx, owner: ctx.heap.owner };
  return 'constant' in column ? constantOf(base, type, column.constant, count) : vectorOf(base, type, column.values);
}
