import { allRows } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import { valueKind } from '../../kernels/value-kind.ts';
import { selectValid, validityOf } from '../../kernels/vectors.ts';
import type { DataType } from '../../types/data-type.ts';
import type { AggregateContext, AggregateFunction, AggregateOverload, MergeCall, UpdateCall } from '../function.ts';
import { maskOf } from '../operand.ts';
import { aggregateDoc } from './documented.ts';
import { copyKept, keptValues, SLOT } from './kept-value.ts';
import { mergeInChunks } from './merge-by-update.ts';
import { fromStored, keyType, storedType, toKeys, toStored } from './nested-value.ts';
import { type StateList, stateValues } from './state-values.ts';
import { fitKeyed, topRow, topRows } from './top-rows.ts';

function updateArg(max: number, ctx: AggregateContext, call: UpdateCall): void {
  const { states, statesMask, offset } = call;
  const key = toKeys(ctx, call.args[1]!, call.rows);
  const rows = selectValid(ctx, validityOf(ctx, key, call.rows), call.rows);
  const a = toStored(ctx, call.args[0]!, rows);
  const dirty = ctx.arena.alloc(rows.selected * 8);
  const keys = [valueKind(key.physical), key.data, maskOf(key)] as const;
  const values = [valueKind(a.physical), a.data, maskOf(a), a.validity] as const;
  const list = [states, statesMask, offset, rows.selection, rows.selected] as const;
  copyKept(ctx, dirty, ctx.kernels.keep_arg(max, ...keys, ...values, ...list, dirty));
}

/** The values and keys that states keep; NULL where there was no row. */
function slotsOf(
  ctx: AggregateContext,
  list: StateList & { readonly argTypes: readonly DataType[] },
): readonly [values: Vector, keys: Vector] {
  const [type, by] = list.argTypes;
  return [
    stateValues(ctx, list, storedType(type!), SLOT.valid),
    stateValues(ctx, { ...list, offset: list.offset + SLOT.bytes }, keyType(by!), SLOT.valid),
  ];
}

function mergeArg(max: number, ctx: AggregateContext, call: MergeCall): void {
  mergeInChunks(call, (sources, update) => {
    const args = slotsOf(ctx, { ...sources, argTypes: call.argTypes });
    updateArg(max, ctx, { ...update, args, rows: allRows(sources.count) });
  });
}

/** The value of the row with the best key. @param takesNulls also when it is NULL */
const bestRow = (max: 0 | 1, takesNulls: boolean): AggregateOverload => ({
  key: 'any',
  signature: '(ANY, ANY) -> ANY',
  fit: fitKeyed,
  nullable: true,
  skipsNulls: !takesNulls,
  ordered: true,
  ignoresDistinct: true,
  overFrames: { kind: 'picked', rank: 'first', isMax: max, present: takesNulls ? [1] : [0, 1] },
  stateBytes: () => 2 * SLOT.bytes,
  update: (ctx, call) => updateArg(max, ctx, call),
  merge: (ctx, call) => mergeArg(max, ctx, call),
  partial: {
    types: ([x, by]) => [storedType(x!), keyType(by!)],
    columns: slotsOf,
    fold: (ctx, call) => updateArg(max, ctx, call),
  },
  result: (ctx, call) => fromStored(ctx, keptValues(ctx, call, storedType(call.type)), call.type),
});

const SUFFIXES = {
  complete: { suffix: '', what: "rows with NULLs don't count" },
  keyed: { suffix: '_null', what: 'it may be NULL' },
  all: { suffix: '_nulls_last', what: 'it may be NULL, and rows without a second argument come last' },
} as const;

function argExtremum(
  name: string,
  aliases: readonly string[],
  max: 0 | 1,
  which: string,
  counts: keyof typeof SUFFIXES,
): AggregateFunction {
  const { suffix, what } = SUFFIXES[counts];
  const full = `${name}${suffix}`;
  const takesN = counts !== 'keyed';
  const many = takesN ? ' With n, a list of the values of n rows, the best first.' : '';
  const from = "FROM (VALUES ('a', 1), ('b', 2), (NULL, NULL)) t(x, y))";
  const [first, second] = max === 1 ? ['b', 'a'] : ['a', 'b'];
  return {
    name: full,
    aliases,
    doc: aggregateDoc(
      `The value of the row with the ${which} second argument; ${what}.${many}`,
      takesN ? ['arg', 'by', 'n'] : ['arg', 'by'],
      [`(SELECT ${full}(x, y) ${from}`, first!],
      ...(takesN ? [[`(SELECT ${full}(x, y, 2) ${from}`, `[${first}, ${second}]`] as const] : []),
    ),
    overloads: [
      counts === 'all' ? topRow(full, max) : bestRow(max, counts === 'keyed'),
      ...(takesN ? [topRows(full, max, counts === 'all')] : []),
    ],
  };
}

/** `arg_min` and `arg_max`, and what they are with NULLs. */
export const argExtrema: readonly AggregateFunction[] = (['complete', 'keyed', 'all'] as const).flatMap(counts => [
  argExtremum('arg_min', counts === 'complete' ? ['argmin', 'min_by'] : [], 0, 'smallest', counts),
  argExtremum('arg_max', counts === 'complete' ? ['argmax', 'max_by'] : [], 1, 'greatest', counts),
]);
