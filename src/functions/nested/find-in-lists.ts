import { Vector } from '../../batch/vector.ts';
import type { DataType } from '../../types/data-type.ts';
import { physicalType, widthOf } from '../../types/physical.ts';
import { allValid } from '../aggregate/state-values.ts';
import type { EvalContext, ScalarCall } from '../function.ts';
import { maskOf } from '../operand.ts';
import { comparableLists, comparableValues } from './list-operand.ts';

/**
 * Where each row's value is first in its list, as a number from 1, NULL (with 0 as its data) when it is not; or, as BOOLEAN, whether it
 * is there: NULL for lists NULL and for values NULL, of which none is in an empty list.
 */
export function findInLists(
  ctx: EvalContext,
  list: Vector,
  value: Vector,
  { rows }: Pick<ScalarCall, 'rows'>,
  type: DataType,
): Vector {
  const { lists, values, valid, kind } = comparableLists(ctx, list, rows);
  const needles = comparableValues(ctx, value, rows);
  const width = widthOf(physicalType(type));
  const out = ctx.arena.alloc(rows.count * width);
  const bits = allValid(ctx, rows.count);
  const nulls = ctx.kernels.list_find(
    kind,
    ...lists,
    values,
    valid,
    needles.data,
    maskOf(needles),
    needles.validity,
    rows.selection,
    rows.selected,
    width,
    out,
    bits,
  );
  return Vector.flat(type, rows.count, out, nulls === 0 ? 0 : bits);
}
