import { allRows, type Rows } from '../../batch/batch.ts';
import { valueReader } from '../../batch/read.ts';
import { Vector } from '../../batch/vector.ts';
import { flatten, gather } from '../../kernels/vectors.ts';
import { childTypes } from '../../types/physical.ts';
import type { EvalContext, ScalarCall } from '../function.ts';
import { compactLists, elementsAt, listOperand, listSizes } from './list-operand.ts';

/** The elements where the list of booleans beside is true, NULL where that is longer. */
export const listsWhere = (ctx: EvalContext, call: ScalarCall): Vector => picked(ctx, call, 'list_where');

/** The elements at the indexes (from 1) in the list beside, NULL where there is none. */
export const selectedLists = (ctx: EvalContext, call: ScalarCall): Vector => picked(ctx, call, 'list_select');

function picked(
  ctx: EvalContext,
  { args, rows, type, validity }: ScalarCall,
  kernel: 'list_where' | 'list_select',
): Vector {
  const { arena, kernels } = ctx;
  const [list, by] = args as readonly [Vector, Vector];
  const child = by.children[0]!;
  const picks = child.form === 'flat' ? { lists: listOperand(by), elements: child } : compactLists(ctx, by, rows);
  const { data, validity: valid } = picks.elements;
  const pairs = arena.alloc(rows.count * 8);
  const places = arena.alloc((listSizes(ctx, picks.lists, rows).total + 1) * 4);
  const operands = [...listOperand(list), ...picks.lists, data, valid, rows.selection, rows.selected] as const;
  const count = kernels[kernel](...operands, pairs, places);
  return Vector.flat(type, rows.count, pairs, validity, [elementsAt(ctx, list.children[0]!, places, count)]);
}

/**
 * Structs of the elements of all lists at the same places; NULL where a list is shorter than another, but only as many as the
 * shortest has where a last argument is true.
 */
export function zippedLists(ctx: EvalContext, { args, rows, type }: ScalarCall): Vector {
  const { arena, kernels } = ctx;
  const { selection, selected, count } = rows;
  const lengths = arena.allocZeroed(selected * 4);
  const lists = args.at(-1)!.type.kind === 'boolean' ? args.slice(0, -1) : args;
  for (const list of lists) kernels.list_lengths(...listOperand(list), selection, selected, lengths);
  if (lists !== args) cutToShortest(ctx, lists, args.at(-1)!, rows, lengths);
  const pairs = arena.alloc(count * 8);
  const total = kernels.list_pairs(lengths, selection, selected, pairs);
  const [owners, numbers, places] = [total, total, total].map(n => arena.alloc(n * 4)) as [number, number, number];
  kernels.unnest_rows(lengths, selection, selected, false, arena.allocZeroed(8), total, owners, numbers);
  const fields = lists.map(list => {
    kernels.list_elements(...listOperand(list), owners, numbers, total, places);
    return flatten(ctx, gather(ctx, list.children[0]!, places, total), allRows(total));
  });
  const structs = Vector.flat(childTypes(type)[0]!, total, 0, 0, fields);
  return Vector.flat(type, count, pairs, 0, [structs]);
}

/** Sets the lengths of the rows whose flag is true to those of their shortest lists. */
function cutToShortest(
  { memory }: EvalContext,
  lists: readonly Vector[],
  flag: Vector,
  { selection, selected }: Rows,
  lengths: number,
): void {
  const isCut = valueReader(memory, flag);
  for (let j = 0; j < selected; j++) {
    const i = selection === 0 ? j : memory.u16[(selection >>> 1) + j]!;
    if (isCut(i) !== true) continue;
    for (const list of lists) {
      const at = (list.data >>> 2) + (list.form === 'constant' ? 0 : 2 * i);
      const length = list.isNull(memory, i) ? 0 : memory.u32[at + 1]!;
      if (length < memory.u32[(lengths >>> 2) + j]!) memory.u32[(lengths >>> 2) + j] = length;
    }
  }
}
