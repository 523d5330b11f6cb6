import { allRows, type Rows } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import { encodeNested } from '../../kernels/encode-nested.ts';
import { flatten, gather } from '../../kernels/vectors.ts';
import type { PhysicalType } from '../../types/physical.ts';
import { valueKind } from '../aggregate/value-kind.ts';
import type { EvalContext } from '../function.ts';
import { maskOf } from '../operand.ts';

/** How kernels take lists: pairs of {first element, length}, mask, bitmap. */
export type Lists = readonly [pairs: number, mask: 0 | -1, validity: number];

export const listOperand = (list: Vector): Lists => [list.data, maskOf(list), list.validity];

/** How many elements the rows' lists have together, and how many the longest of them has. */
export function listSizes({ memory, arena, kernels }: EvalContext, lists: Lists, rows: Rows, pairs = 0): ListSizes {
  const out = arena.alloc(8);
  kernels.list_sizes(...lists, rows.selection, rows.selected, pairs, out);
  return { total: memory.u32[out >>> 2]!, longest: memory.u32[(out >>> 2) + 1]! };
}

type ListSizes = { readonly total: number; readonly longest: number };

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
export function compactLists(
  ctx: EvalContext,
  list: Vector,
  rows: Rows,
): { readonly lists: Lists; readonly elements: Vector } {
  const { arena, kernels } = ctx;
  const own = list.form === 'constant' ? allRows(1) : rows;
  const pairs = arena.alloc(own.count * 8);
  const { total } = listSizes(ctx, listOperand(list), own, pairs);
  const places = arena.alloc(total * 4);
  kernels.list_places(...listOperand(list), own.selection, own.selected, places, 0, 0, 0);
  return {
    lists: [pairs, maskOf(list), list.validity],
    elements: elementsAt(ctx, list.children[0]!, places, total),
  };
}

/** The elements at some places (u32; `NO_ROW` gives NULL), flat. */
export const elementsAt = (ctx: EvalContext, elements: Vector, places: number, count: number): Vector =>
  flatten(ctx, gather(ctx, elements, places, count), allRows(count));
