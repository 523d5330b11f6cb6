import { allRows, type Rows } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import { valueKind } from '../../kernels/value-kind.ts';
import { selectValid } from '../../kernels/vectors.ts';
import { BOOLEAN, type DataType } from '../../types/data-type.ts';
import type { AggregateContext, MergeCall, PartialState, ResultCall, UpdateCall } from '../function.ts';
import { maskOf } from '../operand.ts';
import { mergeInChunks } from './merge-by-update.ts';
import { storedType } from './nested-value.ts';
import { stateValues } from './state-values.ts';

/** Which row a state keeps: that with the smallest value, the greatest, the first, the last. */
export const KEEP = { min: 0, max: 1, first: 2, last: 3 } as const;

/** A slot of the kernels in assembly/keep.ts: its size, and where it says that its value is valid, that it has a row. */
export const SLOT = { bytes: 40, valid: 16, seen: 32 } as const;

/** Folds rows into states of one slot. */
export function updateKept(rule: keyof typeof KEEP, ctx: AggregateContext, call: UpdateCall): void {
  const x = call.args[0]!;
  const { states, statesMask, offset, rows } = call;
  const dirty = ctx.arena.alloc(rows.selected * 4);
  const operand = [valueKind(x.physical), x.data, maskOf(x), x.validity] as const;
  const list = [states, statesMask, offset, rows.selection, rows.selected] as const;
  copyKept(ctx, dirty, ctx.kernels.keep_value(KEEP[rule], ...operand, ...list, dirty));
}

/** Copies the texts that slots borrowed from a batch into the heap. */
export function copyKept({ kernels, heap }: AggregateContext, dirty: number, count: number): void {
  if (count === 0) return;
  const bytes = kernels.keep_bytes(dirty, count);
  kernels.keep_copy(dirty, count, bytes === 0 ? 0 : heap.alloc(bytes));
}

/** Merges states of one slot. */
export function mergeKept(rule: keyof typeof KEEP, ctx: AggregateContext, call: MergeCall): void {
  const type = call.argTypes[0]!;
  mergeInChunks(call, (sources, update) => {
    const values = stateValues(ctx, sources, type, SLOT.valid);
    const seen = stateValues(ctx, sources, type, SLOT.seen);
    updateKept(rule, ctx, { ...update, args: [values], rows: selectValid(ctx, seen.validity, allRows(sources.count)) });
  });
}

/** States of one slot as {value, whether there is one: a kept NULL is none of those without rows}. */
export const partialKept = (rule: keyof typeof KEEP): PartialState => ({
  types: ([type]) => [storedType(type!), BOOLEAN],
  columns: (ctx, call) => {
    const seen = stateValues(ctx, { ...call, offset: call.offset + SLOT.seen }, BOOLEAN, -1);
    return [stateValues(ctx, call, storedType(call.argTypes[0]!), SLOT.valid), seen];
  },
  fold: (ctx, call) => {
    const [value, seen] = call.args;
    const rows = selectTrue(ctx, seen!, call.rows);
    if (rows.selected > 0) updateKept(rule, ctx, { ...call, args: [value!], rows });
  },
});

/** The rows where a boolean that is never NULL is true. */
function selectTrue({ memory, arena }: AggregateContext, column: Vector, rows: Rows): Rows {
  const selection = arena.alloc((rows.selected + 1) * 2);
  const { u8, u16 } = memory;
  let selected = 0;
  for (let j = 0; j < rows.selected; j++) {
    const i = rows.selection === 0 ? j : u16[(rows.selection >>> 1) + j]!;
    if (u8[column.data + (i & maskOf(column))] === 1) u16[(selection >>> 1) + selected++] = i;
  }
  return { count: rows.count, selection, selected };
}

/** The values of states of one slot. */
export const keptValues = (ctx: AggregateContext, call: ResultCall, type: DataType): Vector =>
  stateValues(ctx, call, type, SLOT.valid);
