import { buildConstant } from '../../batch/builder.ts';
import { Vector } from '../../batch/vector.ts';
import { gather } from '../../kernels/vectors.ts';
import { INT64 } from '../../types/data-type.ts';
import type { EvalContext, ScalarCall } from '../function.ts';
import { maskOf } from '../operand.ts';
import { compactLists, elementsAt, listOperand, listSizes } from './list-operand.ts';

/** A whole number for all rows. */
export const wholeNumber = (ctx: EvalContext, value: number, { rows }: Pick<ScalarCall, 'rows'>): Vector =>
  buildConstant(ctx, INT64, BigInt(value), rows.count);

/** The element at an index from 1, or from the end for negative ones; NULL where there is none. */
export function elementOfLists(
  ctx: EvalContext,
  list: Vector,
  index: Vector,
  { rows }: Pick<ScalarCall, 'rows'>,
): Vector {
  const { arena, kernels } = ctx;
  const places = arena.alloc(rows.count * 4);
  const { data, validity } = index;
  const { selection, selected, count } = rows;
  kernels.list_at(...listOperand(list), data, maskOf(index), validity, selection, selected, count, places);
  return gather(ctx, list.children[0]!, places, count);
}

/**
 * The elements from one index to another, both included; with a step, every so many, backwards when it is negative. Without one
 * the lists share their elements with those they are made of.
 */
export function slicedLists(
  ctx: EvalContext,
  { rows, type, validity }: Pick<ScalarCall, 'rows' | 'type' | 'validity'>,
  list: Vector,
  start: Vector,
  end: Vector,
  step?: Vector,
): Vector {
  const { arena, kernels } = ctx;
  const lists = listOperand(list);
  const pairs = arena.alloc(rows.count * 8);
  const places = step === undefined ? 0 : arena.alloc((listSizes(ctx, lists, rows).total + 1) * 4);
  const count = kernels.list_slice(
    ...lists,
    start.data,
    maskOf(start),
    end.data,
    maskOf(end),
    step?.data ?? 0,
    step === undefined ? 0 : maskOf(step),
    rows.selection,
    rows.selected,
    pairs,
    places,
  );
  const child = list.children[0]!;
  return Vector.flat(type, rows.count, pairs, validity, [
    step === undefined ? child : elementsAt(ctx, child, places, count),
  ]);
}

/** The elements of the lists in each list, one after the other. Where these stand together already, they are shared. */
export function flattenedLists(ctx: EvalContext, { args, rows, type, validity }: ScalarCall): Vector {
  const { arena, kernels } = ctx;
  const outer = args[0]!;
  const child = outer.children[0]!;
  const own = child.form === 'flat' ? { lists: listOperand(outer), elements: child } : compactLists(ctx, outer, rows);
  const inner = own.elements;
  const pairs = arena.alloc(rows.count * 8);
  const operands = [...own.lists, inner.data, inner.validity, rows.selection, rows.selected, pairs] as const;
  const found = kernels.list_flatten(...operands, 0);
  const elements = inner.children[0]!;
  if (found >= 0) return Vector.flat(type, rows.count, pairs, validity, [elements]);
  const places = arena.alloc((-1 - found) * 4);
  const count = kernels.list_flatten(...operands, places);
  return Vector.flat(type, rows.count, pairs, validity, [elementsAt(ctx, elements, places, count)]);
}
