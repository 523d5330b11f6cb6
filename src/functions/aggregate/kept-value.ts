import { allRows } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import { selectValid } from '../../kernels/vectors.ts';
import type { DataType } from '../../types/data-type.ts';
import type { AggregateContext, MergeCall, ResultCall, UpdateCall } from '../function.ts';
import { maskOf } from '../operand.ts';
import { mergeInChunks } from './merge-by-update.ts';
import { stateValues } from './state-values.ts';
import { valueKind } from './value-kind.ts';

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

/** The values of states of one slot. */
export const keptValues = (ctx: AggregateContext, call: ResultCall, type: DataType): Vector =>
  stateValues(ctx, call, type, SLOT.valid);
