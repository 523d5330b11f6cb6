import { allRows, type Rows } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import { encodeNested } from '../../kernels/encode-nested.ts';
import { valueKind } from '../../kernels/value-kind.ts';
import { bitmapBytes, flatten, gather } from '../../kernels/vectors.ts';
import { type PhysicalType, widthOf } from '../../types/physical.ts';
import type { EvalContext } from '../function.ts';
import { maskOf } from '../operand.ts';

/** How kernels take lists: pairs of {first element, length}, mask, bitmap. */
export type Lists = readonly [pairs: number, mask: 0 | -1, validity: number];

export const listOperand = (list: Vector): Lists => [list.data, maskOf(list), list.validity];

/** How many elements the rows' lists have together, how many the longest has, and where the first of all is if they stand together. */
export function listSizes({ memory, arena, kernels }: EvalContext, lists: Lists, rows: Rows, pairs = 0): ListSizes {
  const out = arena.alloc(16);
  kernels.list_sizes(...lists, rows.selection, rows.selected, pairs, out);
  const [total, longest, first, together] = memory.u32.subarray(out >>> 2, (out >>> 2) + 4) as unknown as number[];
  return { total: total!, longest: longest!, first: together === 1 ? first : undefined };
}

type ListSizes = { readonly total: number; readonly longest: number; readonly first: number | undefined };

/**
 * Lists with elements that kernels compare: `values` and their bitmap, of a kind that takes at most 8 bytes, or refs. Their places are
 * those in `source`.
 */
export type ComparableLists = {
  readonly lists: Lists;
  readonly values: number;
  readonly valid: number;
  readonly kind: number;
  readonly source: Vector;
};

/** The rows' lists ready to be compared: elements that are wide, nested or no flat vector are copied, or written as bytes. */
export function comparableLists(ctx: EvalContext, list: Vector, rows: Rows): ComparableLists {
  const child = list.children[0]!;
  if (child.form === 'flat' && isDirect(child.physical)) return comparableElements(listOperand(list), child, child);
  const { lists, elements } = compactLists(ctx, list, rows);
  return comparableElements(lists, elements, comparableValues(ctx, elements, allRows(elements.length)));
}

const comparableElements = (lists: Lists, source: Vector, { data, validity, physical }: Vector): ComparableLists => ({
  lists,
  values: data,
  valid: validity,
  kind: valueKind(physical),
  source,
});

/** Values as they are if kernels compare them so, else as bytes. */
export function comparableValues(ctx: EvalContext, vector: Vector, rows: Rows): Vector {
  if (isDirect(vector.physical)) return vector;
  if (vector.form !== 'constant') return encodeNested(ctx, vector, rows);
  const { type, data } = encodeNested(ctx, vector, allRows(1));
  return Vector.constant(type, vector.length, data, vector.validity);
}

const WIDE: ReadonlySet<PhysicalType> = new Set(['i128', 'u128', 'interval', 'list', 'struct']);
const isDirect = (physical: PhysicalType): boolean => !WIDE.has(physical);

/** The rows' lists one after the other, with no other elements between, which are a flat vector. */
export function compactLists(ctx: EvalContext, list: Vector, rows: Rows): CompactLists {
  const own = list.form === 'constant' ? allRows(1) : rows;
  const pairs = ctx.arena.alloc(own.count * 8);
  const sizes = listSizes(ctx, listOperand(list), own, pairs);
  const elements = elementRun(ctx, list, own, sizes)(0, sizes.total);
  return { lists: [pairs, maskOf(list), list.validity], elements };
}

type CompactLists = { readonly lists: Lists; readonly elements: Vector };

/** Elements of the rows' lists, counted one list after the other, from a number on: a flat vector. Where they stand together, nothing is copied. */
export function elementRun(
  ctx: EvalContext,
  list: Vector,
  rows: Rows,
  { total, first }: ListSizes,
): (from: number, count: number) => Vector {
  const { arena, kernels } = ctx;
  const child = list.children[0]!;
  if (first !== undefined && child.form === 'flat' && child.physical !== 'struct') {
    const width = widthOf(child.physical);
    return (from, count) => {
      const at = first + from;
      let validity = 0;
      if (child.validity !== 0) {
        validity = arena.alloc(bitmapBytes(count));
        kernels.copy_bits(child.validity, at, count, validity);
      }
      return Vector.flat(child.type, count, child.data + at * width, validity, child.children);
    };
  }
  const places = arena.alloc(total * 4);
  kernels.list_places(...listOperand(list), rows.selection, rows.selected, places, 0, 0, 0);
  return (from, count) => elementsAt(ctx, child, places + from * 4, count);
}

/** The elements at some places (u32; `NO_ROW` gives NULL), flat. */
export const elementsAt = (ctx: EvalContext, elements: Vector, places: number, count: number): Vector =>
  flatten(ctx, gather(ctx, elements, places, count), allRows(count));
