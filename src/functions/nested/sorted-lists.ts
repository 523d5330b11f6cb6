import type { Rows } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import { INT64 } from '../../types/data-type.ts';
import type { EvalContext, ScalarCall } from '../function.ts';
import { comparableLists, elementsAt, listSizes } from './list-operand.ts';

export type ListOrder = { readonly descending: boolean; readonly nullsFirst: boolean };

/**
 * The elements of each list in order, NULLs at one end; or their numbers, from 1, in that order. Rows may want different orders: `parts`
 * are all rows of the call.
 */
export function sortedLists(
  ctx: EvalContext,
  { args, rows, type, validity }: ScalarCall,
  parts: readonly (readonly [Rows, ListOrder])[],
  gives: 'elements' | 'numbers',
): Vector {
  const { arena, kernels } = ctx;
  const { lists, values, valid, kind, source } = comparableLists(ctx, args[0]!, rows);
  const { total, longest } = listSizes(ctx, lists, rows);
  const entries = arena.alloc(Math.max(1, longest) * 32);
  const pairs = arena.alloc(rows.count * 8);
  const places = arena.alloc(total * 4);
  let count = 0;
  for (const [{ selection, selected }, { descending, nullsFirst }] of parts) {
    const operands = [...lists, values, valid, selection, selected] as const;
    const room = [longest, entries, pairs, places] as const;
    count = kernels.list_order(kind, descending, nullsFirst, ...operands, gives === 'numbers', count, ...room);
  }
  if (gives === 'elements')
    return Vector.flat(type, rows.count, pairs, validity, [elementsAt(ctx, source, places, count)]);
  const numbers = arena.alloc(count * 8);
  kernels.element_ordinals(places, count, numbers, arena.alloc((count + 7) >> 3));
  return Vector.flat(type, rows.count, pairs, validity, [Vector.flat(INT64, count, numbers)]);
}
