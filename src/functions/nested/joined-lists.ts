import { allRows } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import { concatVectors, type VectorPart } from '../../kernels/concat-vectors.ts';
import { flatten } from '../../kernels/vectors.ts';
import { childTypes } from '../../types/physical.ts';
import type { EvalContext, ScalarCall } from '../function.ts';
import { maskOf } from '../operand.ts';
import { compactLists, elementsAt, type Lists, listOperand, listSizes } from './list-operand.ts';

/** What a row's list is put together of: the elements of a list, none for NULL, or one value. */
export type ListPart = { readonly list: Vector } | { readonly value: Vector };

type Placed = { readonly lists: Lists; readonly elements: Vector };

/** Lists of the parts' elements, one part after the other. */
export function joinedLists(
  ctx: EvalContext,
  { rows, type, validity }: Pick<ScalarCall, 'rows' | 'type' | 'validity'>,
  parts: readonly ListPart[],
): Vector {
  const { arena, kernels } = ctx;
  const { selection, selected, count } = rows;
  const placed = parts.map(part => ('list' in part ? ownElements(ctx, part.list, rows) : singles(ctx, part.value)));
  const pairs = arena.allocZeroed(count * 8);
  for (const { lists } of placed) kernels.list_longer(...lists, selection, selected, pairs);
  const ends = arena.alloc(count * 4);
  const total = kernels.list_starts(selection, selected, pairs, ends);
  const places = arena.alloc(total * 4);
  const sources: VectorPart[] = [];
  let base = 0;
  for (const { lists, elements } of placed) {
    kernels.list_put(...lists, base, selection, selected, ends, places);
    sources.push({ vector: elements, count: elements.length });
    base += elements.length;
  }
  const source = concatVectors(ctx, childTypes(type)[0]!, sources);
  return Vector.flat(type, count, pairs, validity, [elementsAt(ctx, source, places, total)]);
}

/** A list with few elements of other rows between its own: what is put together is copied as a whole. */
function ownElements(ctx: EvalContext, list: Vector, rows: ScalarCall['rows']): Placed {
  const lists = listOperand(list);
  const child = list.children[0]!;
  return child.length <= 2 * listSizes(ctx, lists, rows).total
    ? { lists, elements: child }
    : compactLists(ctx, list, rows);
}

/** Values as lists of one. */
function singles(ctx: EvalContext, value: Vector): Placed {
  const elements = compactConstant(ctx, value);
  const pairs = ctx.arena.alloc(elements.length * 8);
  ctx.kernels.list_even(1, elements.length, pairs);
  return { lists: [pairs, maskOf(value), 0], elements };
}

/** A constant as one value. */
const compactConstant = (ctx: EvalContext, value: Vector): Vector =>
  value.form === 'constant' ? flatten(ctx, value.slice(0, 1), allRows(1)) : value;

/** Lists of each row's values. */
export function valueLists(ctx: EvalContext, { args, rows, type, validity }: ScalarCall): Vector {
  const { arena, kernels } = ctx;
  const { count } = rows;
  const total = count * args.length;
  const places = arena.alloc(total * 4);
  const sources: VectorPart[] = [];
  let base = 0;
  args.forEach((value, k) => {
    const vector = compactConstant(ctx, value);
    kernels.list_interleave(maskOf(value), base, args.length, count, places + 4 * k);
    sources.push({ vector, count: vector.length });
    base += vector.length;
  });
  const pairs = arena.alloc(count * 8);
  kernels.list_even(args.length, count, pairs);
  const source = concatVectors(ctx, childTypes(type)[0]!, sources);
  return Vector.flat(type, count, pairs, validity, [elementsAt(ctx, source, places, total)]);
}
