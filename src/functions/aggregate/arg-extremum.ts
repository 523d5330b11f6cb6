import { allRows } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import { selectValid, validityOf } from '../../kernels/vectors.ts';
import { plainType } from '../../types/coercion.ts';
import type { DataType } from '../../types/data-type.ts';
import type { AggregateContext, AggregateFunction, MergeCall, UpdateCall } from '../function.ts';
import { maskOf } from '../operand.ts';
import { aggregateDoc } from './documented.ts';
import { copyKept, keptValues, SLOT } from './kept-value.ts';
import { mergeInChunks } from './merge-by-update.ts';
import { fromStored, isNested, storedType, toStored } from './nested-value.ts';
import { type StateList, stateValues } from './state-values.ts';
import { valueKind } from './value-kind.ts';

function updateArg(max: number, ctx: AggregateContext, call: UpdateCall): void {
  const { states, statesMask, offset, rows } = call;
  const a = toStored(ctx, call.args[0]!, rows);
  const key = call.args[1]!;
  const dirty = ctx.arena.alloc(rows.selected * 8);
  const operands = [valueKind(key.physical), key.data, maskOf(key), valueKind(a.physical), a.data, maskOf(a)] as const;
  const list = [states, statesMask, offset, rows.selection, rows.selected] as const;
  copyKept(ctx, dirty, ctx.kernels.keep_arg(max, ...operands, ...list, dirty));
}

/** The values and keys that states keep; NULL where there was no row. */
function slotsOf(
  ctx: AggregateContext,
  list: StateList & { readonly argTypes: readonly DataType[] },
): readonly [values: Vector, keys: Vector] {
  const [type, keyType] = list.argTypes;
  return [
    stateValues(ctx, list, storedType(type!), SLOT.valid),
    stateValues(ctx, { ...list, offset: list.offset + SLOT.bytes }, keyType!, SLOT.valid),
  ];
}

function mergeArg(max: number, ctx: AggregateContext, call: MergeCall): void {
  mergeInChunks(call, (sources, update) => {
    const [values, keys] = slotsOf(ctx, { ...sources, argTypes: call.argTypes });
    const rows = selectValid(ctx, keys.validity, allRows(sources.count));
    updateArg(max, ctx, { ...update, args: [values, keys], rows });
  });
}

function argExtremum(name: string, aliases: readonly string[], max: 0 | 1, which: string): AggregateFunction {
  const example = `(SELECT ${name}(x, y) FROM (VALUES ('a', 1), ('b', 2)) t(x, y))`;
  return {
    name,
    aliases,
    doc: aggregateDoc(
      `The value of the row with the ${which} second argument; rows with NULLs don't count.`,
      ['arg', 'by'],
      [example, max === 1 ? 'b' : 'a'],
    ),
    overloads: [
      {
        key: 'any',
        signature: '(ANY, ANY) -> ANY',
        fit: ([x, by, ...rest]) => {
          if (x === undefined || by === undefined || rest.length > 0 || isNested(by)) return undefined;
          return { args: [plainType(x), plainType(by)], returns: plainType(x), cost: 0 };
        },
        nullable: true,
        skipsNulls: true,
        ordered: true,
        stateBytes: () => 2 * SLOT.bytes,
        update: (ctx, call) => updateArg(max, ctx, call),
        merge: (ctx, call) => mergeArg(max, ctx, call),
        partial: {
          types: ([x, by]) => [storedType(x!), by!],
          columns: slotsOf,
          fold: (ctx, call) => {
            const rows = selectValid(ctx, validityOf(ctx, call.args[1]!, call.rows), call.rows);
            if (rows.selected > 0) updateArg(max, ctx, { ...call, rows });
          },
        },
        result: (ctx, call) => fromStored(ctx, keptValues(ctx, call, storedType(call.type)), call.type),
      },
    ],
  };
}

/** `arg_min` and `arg_max`. */
export const argExtrema: readonly AggregateFunction[] = [
  argExtremum('arg_min', ['argmin', 'min_by'], 0, 'smallest'),
  argExtremum('arg_max', ['argmax', 'max_by'], 1, 'greatest'),
];
