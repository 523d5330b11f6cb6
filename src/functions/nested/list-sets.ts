import { Vector } from '../../batch/vector.ts';
import { BOOLEAN, type DataType } from '../../types/data-type.ts';
import type { EvalContext, ScalarCall } from '../function.ts';
import { type ComparableLists, comparableLists, elementsAt, listSizes } from './list-operand.ts';

/** Bytes of a set (kernels/assembly/list-sets.ts) of so many values. */
const setBytes = (values: number): number => 16 + 28 * values;

const operand = ({ lists, values, valid }: ComparableLists) => [...lists, values, valid] as const;

/** Whether some (or all) of the values of one list are in the other; NULL elements are not looked for. */
export function listsHave(ctx: EvalContext, call: ScalarCall, all: boolean, list: Vector, other: Vector): Vector {
  const { rows } = call;
  const out = ctx.arena.alloc(rows.count);
  const sought = comparableLists(ctx, list, rows);
  const searched = comparableLists(ctx, other, rows);
  const set = ctx.arena.alloc(setBytes(listSizes(ctx, searched.lists, rows).longest));
  const { selection, selected } = rows;
  ctx.kernels.list_has(sought.kind, all, ...operand(sought), ...operand(searched), selection, selected, set, out);
  return Vector.flat(BOOLEAN, rows.count, out, call.validity);
}

/** The different values of each list, in the order of the first of each, without NULL: only those that are in another list, if one is given. */
export function distinctInLists(
  ctx: EvalContext,
  { rows }: Pick<ScalarCall, 'rows'>,
  type: DataType,
  validity: number,
  list: Vector,
  other?: Vector,
): Vector {
  const { arena, kernels } = ctx;
  const own = comparableLists(ctx, list, rows);
  const others = other && comparableLists(ctx, other, rows);
  const { total, longest } = listSizes(ctx, own.lists, rows);
  const set = arena.alloc(setBytes(longest));
  const otherSet = others === undefined ? 0 : arena.alloc(setBytes(listSizes(ctx, others.lists, rows).longest));
  const pairs = arena.alloc(rows.count * 8);
  const places = arena.alloc((total + 1) * 4);
  const count = kernels.list_distinct(
    own.kind,
    ...operand(own),
    ...(others === undefined ? ([0, 0, 0, 0, 0] as const) : operand(others)),
    rows.selection,
    rows.selected,
    set,
    otherSet,
    pairs,
    places,
  );
  return Vector.flat(type, rows.count, pairs, validity, [elementsAt(ctx, own.source, places, count)]);
}
